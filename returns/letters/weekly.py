"""The week's figures, for managers who want them by mail."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from accounts.models import User
from accounts.roles import Role
from returns.letters.frame import framed, reports_page
from returns.letters.timing import NoLongerTrue
from returns.models import Notification, ReportSubscription, Storefront
from returns.reports.figures import TIMES, Figures
from returns.reports.periods import By, Period
from returns.reports.reading import freshness, sums
from returns.wording.phrases import day_of_month, money, plain_date
from returns.wording.reports import compared, days_words, share_words, whole


def weekly_report(row: Notification, now: datetime) -> dict[str, Any]:
    """What was asked for and settled in a week, beside the week before; with links to the report and the file."""
    shop = row.storefront
    if shop is None:
        raise ValueError("The week's figures are a storefront's.")
    _refuse_unwanted(row, shop)
    week = Period(date.fromisoformat(row.context["first"]), date.fromisoformat(row.context["last"]))
    query = {"first": week.first.isoformat(), "last": week.last.isoformat(), "storefront": shop.slug}
    return framed(
        shop,
        begins=day_of_month(week.first),
        week=f"{plain_date(week.first)} to {plain_date(week.last)}",
        facts=list(_facts(shop, week, now)),
        url=f"{reports_page('reports:overview')}?{urlencode({**query, 'by': By.SETTLED.value})}",
        file_url=f"{reports_page('reports:lines')}?{urlencode({**query, 'by': By.REQUESTED.value})}",
        stop_url=reports_page("reports:weekly"),
        questions="",
    )


def _facts(shop: Storefront, week: Period, now: datetime) -> Iterator[tuple[str, str]]:
    fresh = freshness([shop], now=now)

    def figures(by: By, period: Period) -> Figures:
        return Figures(sums([shop], by, period, fresh))

    asked, asked_before = figures(By.REQUESTED, week), figures(By.REQUESTED, week.before)
    done, done_before = figures(By.SETTLED, week), figures(By.SETTLED, week.before)
    number, before = asked.number("requests"), asked_before.number("requests")
    yield "Returns asked for", f"{whole(number)}, {compared(number, before)}"
    yield "Of these decided", whole(asked.decided)
    yield "Authorized, of those decided", share_words(asked.authorized_share)
    yield "Settled", f"{whole(done.settled)}, {compared(done.settled, done_before.settled)}"
    yield "By the promised day", share_words(done.in_time_share)
    yield "Median days, receipt to done", days_words(done.quantile(50, *TIMES))
    yield "Paid back", money(done.paid_back, shop.currency)
    yield "Refunds", money(done.refunds, shop.currency)
    yield "Store credit", money(done.store_credit, shop.currency)
    yield "Fees kept", money(done.fees_kept, shop.currency)
    yield (
        "Overrides",
        f"{whole(done.number('override'))}, {money(done.amount('override'), shop.currency)} for customers",
    )


def _refuse_unwanted(row: Notification, shop: Storefront) -> None:
    person = User.objects.filter(
        public_id=row.context["person"], is_active=True, role=Role.MANAGER.value, memberships__storefront=shop
    )
    if not person.exists():
        raise NoLongerTrue("The person doesn't manage the storefront any more.")
    if not ReportSubscription.objects.filter(person__in=person, storefront=shop).exists():
        raise NoLongerTrue("The person doesn't want the week's figures any more.")
