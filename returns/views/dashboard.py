"""The managers' dashboard: the figures of a period beside the one before, and what is open now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from returns.domain.queue import Criteria, DueBy
from returns.models import Product, QueueCount, Storefront
from returns.queue import desk_of, numbers_in
from returns.reports.figures import OPEN_VALUES, Figures
from returns.reports.periods import DAY, By, Period
from returns.reports.reading import Asked, Freshness, Sum, all_sums, everything, freshness
from returns.views.access import manager_required, person
from returns.views.codes import UNPROCESSABLE
from returns.views.desk_queue import address
from returns.views.report_board import Board, Figure, Names, open_ages
from returns.views.report_charts import each_of, over_time, promise
from returns.views.report_scope import Scope, presets, range_form, storefronts_of, today_at, zone_words
from returns.wording.phrases import brief_moment, money
from returns.wording.reports import BY_WORDS, NONE, period_words

MOST_PRODUCTS = 10
AGES = (("0–2 days", 2), ("3–7 days", 7), ("8–14 days", 14), ("15–30 days", 30))


@manager_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The report of a range of days; a range that makes no sense is said beside its field."""
    now, storefronts = timezone.now(), storefronts_of(request)
    form = range_form(request.GET.dict(), storefronts, now)
    context = {"form": form, "storefronts": storefronts, "has_problems": not form.is_valid()}
    if form.is_valid():
        context |= shown(Scope.of(form), storefronts, person(request), now)
    return render(request, "reports/overview.html", context, status=200 if form.is_valid() else UNPROCESSABLE)


@dataclass(frozen=True, slots=True)
class Sums:
    """All sums of a report, read with one statement, and the moment they are of."""

    fresh: Freshness
    always: Period
    current: Sequence[Sum]
    before: Sequence[Sum]
    products: Sequence[Sum]
    asked: Sequence[Sum]
    booked: Sequence[Sum]
    ages: Sequence[Sequence[Sum]]
    """One for each of `buckets_of`, by the day of request."""

    @classmethod
    def of(cls, scope: Scope, now: datetime) -> "Sums":
        """Read them."""
        fresh = freshness(scope.storefronts, now=now)
        always = everything(scope.storefronts, fresh, until=today_at(scope.storefronts, now))
        wanted = [
            Asked(scope.by, scope.period),
            Asked(scope.by, scope.period.before),
            Asked(scope.by, scope.period, ("product",)),
            Asked(scope.by, scope.period, ("requests",), each_of(scope.period)),
            Asked(By.BOOKED, Period(always.first, always.last + DAY), ("ledger",)),
            *(Asked(By.REQUESTED, period, ("status",)) for _, period in buckets_of(always)),
        ]
        current, before, products, asked, booked, *ages = all_sums(scope.storefronts, wanted, fresh)
        return cls(fresh, always, current, before, products, asked, booked, ages)


def shown(scope: Scope, storefronts: Sequence[Storefront], user: User, now: datetime) -> dict[str, object]:
    """The report as finished words and figures."""
    sums = Sums.of(scope, now)
    people = people_in(sums.current)
    named = Names(
        {str(user.public_id): user.get_short_name() for user in people},
        product_names(scope.storefronts, sums.products),
    )
    board = Board(scope, [*sums.current, *sums.products], sums.before, named)
    return {
        "report": board,
        "range": period_words(scope.period),
        "by_words": BY_WORDS[scope.by.value],
        "compared_with": period_words(scope.period.before),
        "as_of": brief_moment(sums.fresh.as_of, zone_of(storefronts)),
        "zone_words": zone_words(storefronts),
        "waiting": sums.fresh.waiting,
        "presets": presets(scope, storefronts, sums.always, now),
        "over_time": over_time(scope, sums.asked),
        "promise": promise(scope, board.current),
        "reasons": board.bars("Why, by line", "reason"),
        "got": board.bars("What customers got, by line", "resolution"),
        "statuses": board.bars("Where these returns stand", "status"),
        "products": board.bars("Products, by line", "product", most=MOST_PRODUCTS, names=named.products),
        "open": open_ages(scope, [Figures(age) for age in sums.ages], buckets_of(sums.always)),
        "open_figures": open_figures(scope, Figures(sums.booked), user, now),
        "lines_url": scope.address("reports:lines"),
        "exports_url": scope.address("reports:exports"),
        "work": board.work(open_by_owner(scope.storefronts, people)),
    }


def zone_of(storefronts: Sequence[Storefront]) -> ZoneInfo:
    """Whose clock the page shows."""
    return storefronts[0].zone if storefronts else ZoneInfo("UTC")


def people_in(current: Sequence[Sum]) -> list[User]:
    """Everybody named in the figures."""
    keys = {one.detail.partition(":")[0] for one in current if one.figure in {"work", "override_by"}}
    return list(User.objects.filter(public_id__in=keys))


def product_names(storefronts: Sequence[Storefront], found: Sequence[Sum]) -> dict[str, str]:
    """The catalogue's names of the products that are shown."""
    skus = [detail for detail, _ in Figures(found).top("product", MOST_PRODUCTS)]
    rows = Product.objects.filter(storefront__in=[shop.pk for shop in storefronts], sku__in=skus)
    return {sku: f"{name} ({sku})" for sku, name in rows.values_list("sku", "name")}


def open_by_owner(storefronts: Sequence[Storefront], people: Sequence[User]) -> Mapping[str, int]:
    """How many open returns each of these people looks after now."""
    open_rows = QueueCount.objects.filter(storefront__in=[shop.pk for shop in storefronts], status__in=OPEN_VALUES)
    numbers = dict(open_rows.values_list("owner_id").annotate(sum=models.Sum("delta")))
    return {str(user.public_id): numbers.get(user.pk, 0) for user in people}


def buckets_of(always: Period) -> list[tuple[str, Period]]:
    """Ages with their days of request."""
    found, last = [], always.last + DAY  # a storefront may be a day ahead
    for label, days in AGES:
        first = always.last - timedelta(days=days)
        found.append((label, Period(first, last)))
        last = first - DAY
    return [*found, ("over 30 days", Period(min(always.first, last), last))]


def open_figures(scope: Scope, booked: Figures, user: User, now: datetime) -> list[Figure]:
    """Open, overdue, due this week, and what customers can still spend; as of now, whatever the period."""
    slug = scope.slug if scope.slug in {shop.slug for shop in scope.storefronts} else ""
    views = [Criteria(storefront=slug, due=due) for due in ("", DueBy.OVERDUE.value, DueBy.WEEK.value)]
    numbers = numbers_in(views, desk_of(user, now))
    liability = money(booked.credited("store_credit"), scope.currency) if scope.currency else NONE
    return [
        Figure("Open now", numbers[0], "not finished yet", address(views[0])),
        Figure("Overdue now", numbers[1], "past the promised day", address(views[1])),
        Figure("At risk now", numbers[2], "due today or by Sunday", address(views[2])),
        Figure("Store credit owed now", liability, "what customers can still spend", scope.address("reports:credit")),
    ]
