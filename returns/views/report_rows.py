"""The returns behind a figure, and the customers behind the store credit that is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from returns.domain.queue import read_amount
from returns.models import LedgerAccount
from returns.paging import Key, page
from returns.reports.facts import PARTS
from returns.reports.figures import Figures
from returns.reports.reading import freshness, sums
from returns.reports.rows import Behind, Wanted, behind
from returns.views.access import manager_required
from returns.views.codes import UNPROCESSABLE
from returns.views.report_scope import Scope, range_form, storefronts_of
from returns.wording.phrases import brief_moment, money
from returns.wording.reports import BY_WORDS, FIGURE_WORDS, NONE, detail_words, period_words, whole

PAGE_SIZE = 50
MOST_DETAILS = 60
"""So many details an address may name; ours name a dozen."""


def _amount(text: str) -> Decimal:
    amount = read_amount(text)
    if amount is None:
        raise ValueError(text)
    return amount


def _key(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError(text)
    return number


CREDIT_KEYS = (Key("balance", _amount), Key("pk", _key))
"""How store credits are sorted, in descending order."""


@dataclass(frozen=True, slots=True)
class Row:
    """A return behind a figure, its cells finished."""

    reference: str
    number: str
    customer: str
    look: str
    shop: str
    status: str
    day: str
    brings: str
    amount: str

    @classmethod
    def of(cls, row: Behind) -> "Row":
        """Finished words."""
        request = row.request
        return cls(
            request.reference,
            request.number,
            request.contact_name,
            request.storefront.look,
            request.storefront.short_name,
            detail_words("status", request.status, {}),
            brief_moment(row.moment, request.storefront.zone),
            whole(row.number),
            money(row.amount, request.storefront.currency),
        )


def wanted_from(request: HttpRequest) -> Wanted:
    """The figures of the address, those nobody knows left out; all returns where none is left."""
    figures = [name for name in dict.fromkeys(request.GET.getlist("figure")) if name in PARTS]
    details = [one for one in dict.fromkeys(request.GET.getlist("detail")) if one and len(one) <= 200]
    details = [one for one in details if "\x00" not in one][:MOST_DETAILS]
    return Wanted(figures, details) if figures else Wanted(["requests"])


@manager_required
@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """What is behind one figure of a report, page by page, the newest first."""
    now, storefronts = timezone.now(), storefronts_of(request)
    form = range_form(request.GET.dict(), storefronts, now)
    if not form.is_valid():
        context = {"form": form, "storefronts": storefronts, "has_problems": True}
        return render(request, "reports/overview.html", context, status=UNPROCESSABLE)
    scope, wanted = Scope.of(form), wanted_from(request)
    fresh = freshness(scope.storefronts, now=now)
    figures = Figures(sums(scope.storefronts, scope.by, scope.period, fresh, figures=wanted.figures))
    shown = behind(
        scope.storefronts, scope.by, scope.period, fresh, wanted, after=request.GET.get("after", ""), size=PAGE_SIZE
    )
    here = scope.behind(wanted.figures, *wanted.details)
    context = {
        "heading": heading(wanted),
        "range": period_words(scope.period),
        "by_words": BY_WORDS[scope.by.value],
        "storefront_words": ", ".join(shop.name for shop in scope.storefronts),
        "number": whole(sum(figures.number(name, *wanted.details) for name in wanted.figures)),
        "amount": total_of(scope, figures, wanted),
        "rows": [Row.of(row) for row in shown.rows],
        "page": shown,
        "query": here.partition("?")[2],
        "back_url": scope.address("reports:overview"),
        "has_money": wanted.figures[0] in MONEYS,
    }
    return render(request, "reports/returns.html", context)


MONEYS = frozenset({"line", "ledger", "override", "override_by", "reason", "product", "resolution", "condition"})
"""Figures that have an amount."""


def total_of(scope: Scope, figures: Figures, wanted: Wanted) -> str:
    """The sum of the amounts, where they are of one currency."""
    if not scope.currency:
        return NONE
    amount = sum((figures.amount(name, *wanted.details) for name in wanted.figures), Decimal("0.00"))
    return money(amount, scope.currency)


def heading(wanted: Wanted) -> str:
    """`Reason: arrived damaged`, `Ledger`."""
    people = people_of(wanted)
    figure = FIGURE_WORDS[wanted.figures[0]]
    words = [detail_words(wanted.figures[0], one, people) for one in wanted.details[:3]]
    more = f" and {len(wanted.details) - 3} more" if len(wanted.details) > 3 else ""
    return f"{figure}: {', '.join(words)}{more}" if words else figure


def people_of(wanted: Wanted) -> dict[str, str]:
    """Those whom the details name."""
    keys = [key for one in wanted.details if len(key := one.partition(":")[0]) == 36]
    if not keys or not {"work", "override_by"} & set(wanted.figures):
        return {}
    return {str(user.public_id): user.get_short_name() for user in User.objects.filter(public_id__in=_uuids(keys))}


def _uuids(keys: Sequence[str]) -> list[str]:
    found = []
    for key in keys:
        try:
            found.append(str(UUID(key)))
        except ValueError:
            continue
    return found


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A customer with store credit left."""

    name: str
    number: str
    look: str
    shop: str
    url: str
    amount: str


@manager_required
@require_safe
def credit(request: HttpRequest) -> HttpResponse:
    """Customers who can still spend store credit, the largest first."""
    storefronts = storefronts_of(request)
    chosen = [shop for shop in storefronts if request.GET.get("storefront", "all") in {"all", shop.slug}] or storefronts
    books = LedgerAccount.objects.filter(
        storefront__in=chosen, kind=LedgerAccount.STORE_CREDIT, balance__gt=0
    ).select_related("customer_account", "storefront")
    shown = page(
        books.order_by("-balance", "-pk"),
        CREDIT_KEYS,
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
        is_descending=True,
    )
    rows = [_credit_row(book) for book in shown.rows]
    slug = request.GET.get("storefront", "all") if len(chosen) == 1 else "all"
    context = {"rows": rows, "page": shown, "slug": slug, "storefront_words": ", ".join(shop.name for shop in chosen)}
    return render(request, "reports/credit.html", context)


def _credit_row(book: LedgerAccount) -> CreditRow:
    customer, shop = book.customer_account, book.storefront
    assert customer is not None  # noqa: S101  the database holds it: store credit has an owner
    url = reverse("desk:account", args=[customer.public_id])
    return CreditRow(
        customer.name, customer.number, shop.look, shop.short_name, url, money(book.balance, book.currency)
    )
