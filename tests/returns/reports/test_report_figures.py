"""The managers' figures: by which date, by whose calendar, and what is behind each of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from returns.differences import Answer
from returns.domain.facts import Resolution
from returns.invariants import REPORTS_PROMISE, violations
from returns.models import (
    Heartbeat,
    LedgerAccount,
    Notification,
    OrderLine,
    ReportFigure,
    ReportMark,
    ReturnRequest,
    Storefront,
)
from returns.reports import reading
from returns.reports.facts import PARTS
from returns.reports.figures import Figures
from returns.reports.periods import By, Part, Period, Span, day_parts, next_month, parts
from returns.reports.reading import OVERVIEW, everything, freshness, sums
from returns.reports.rows import Behind, Wanted, behind
from returns.services import authorization, difference, inspection, requests, rollups, settlement
from returns.services.authorization import Decision
from returns.services.overrides import OverrideAsked
from returns.services.transition import By as Actor
from returns.tasks import refresh_reports
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA
from tests.mails import bought, differing

pytestmark = pytest.mark.django_db

ALWAYS = Period(date(2020, 1, 1), date(2027, 12, 31))


def figures(shops: list[Storefront], by: By, period: Period, now: datetime) -> Figures:
    return Figures(sums(shops, by, period, freshness(shops, now=now), figures=tuple(PARTS)))


def all_behind(shops: list[Storefront], by: By, wanted: Wanted, now: datetime, *, size: int = 3) -> list[Behind]:
    """Every row, page by page."""
    after, rows = "", list[Behind]()
    while True:
        page = behind(shops, by, ALWAYS, freshness(shops, now=now), wanted, after=after, size=size)
        rows += page.rows
        after = page.next
        if not after:
            return rows


@pytest.fixture
def seeded(cast: Cast, shops: dict[str, Storefront], now: datetime) -> list[Storefront]:
    """Something of everything, on different days and at different storefronts."""
    for days, slug, line in ((40, SPA, {}), (33, PRO, {}), (3, PRO, {"quantity": 1}), (2, IMAGE, {}), (2, IMAGE, {})):
        factories.settled(cast.accounts[slug], by=cast.renee, now=now - timedelta(days=days), **line)
    for slug, days in ((IMAGE, 1), (PRO, 36), (SPA, 0)):
        at = now - timedelta(days=days)
        request = factories.submitted(factories.order(shops[slug], now=at, customer=cast.accounts[slug]), now=at)
        if days == 1:
            authorization.reject(request_id=request.pk, reason="policy", text="", by=Actor.staff(cast.sam), now=at)
        if days == 36:
            factories.received(factories.authorized(request, by=cast.mona, now=at), by=cast.sam, now=at)
        Notification.objects.filter(request=request).update(state="failed")
    overridden = factories.submitted(
        factories.order(shops[PRO], now=now, customer=cast.ottos[PRO], days_ago=40), now=now
    )
    asked = OverrideAsked(Resolution.REFUND, Decimal(100), "Waited for us")
    authorization.authorize(
        request_id=overridden.pk, decisions=[Decision(1, 2, override=asked)], by=Actor.staff(cast.renee), now=now
    )
    return list(shops.values())


# ------------------------------------------------------------------------------------------------------------ the dates


def test_each_date_puts_a_return_into_its_own_days(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    shop, filed, came = shops[IMAGE], now - timedelta(days=9), now - timedelta(days=4)
    order = factories.order(shop, now=filed, customer=cast.accounts[IMAGE])
    request = factories.submitted(order, now=filed)
    request = factories.authorized(request, by=cast.renee, now=filed + timedelta(days=2))
    request = factories.received(request, by=cast.renee, now=came)
    request = factories.inspected(request, by=cast.renee, now=came)
    settlement.settle(request_id=request.pk, expected_total=request.amount, by=Actor.staff(cast.renee), now=now)
    for at, by in ((filed, By.REQUESTED), (came, By.RECEIVED), (now, By.SETTLED), (now, By.BOOKED)):
        for moment in (filed, came, now):
            day = Period(moment.date(), moment.date())
            assert bool(figures([shop], by, day, now).totals) is (moment == at), (by, moment)
    found = figures([shop], By.SETTLED, Period(now.date(), now.date()), now)
    assert (found.days("decided_after"), found.days("settled_in_time")) == ({2: 1}, {4: 1})
    assert found.refunds == Decimal("122.40")


def test_a_day_is_the_storefronts_own(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    late_evening = datetime.fromisoformat("2026-11-18T23:59:59-05:00")
    factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=late_evening)

    def requested(day: int) -> int:
        only = Period(date(2026, 11, day), date(2026, 11, day))
        return figures([shops[IMAGE]], By.REQUESTED, only, now).number("requests")

    assert [requested(day) for day in (17, 18, 19)] == [0, 1, 0]
    rollups.refresh(now=now)
    assert [requested(day) for day in (17, 18, 19)] == [0, 1, 0]


def test_another_time_zone_makes_other_days(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    shop = shops[IMAGE]
    late_evening = datetime.fromisoformat("2026-11-18T23:59:59-05:00")
    factories.submitted(factories.order(shop, now=now, customer=cast.accounts[IMAGE]), now=late_evening)
    rollups.refresh(now=now)
    Storefront.objects.filter(pk=shop.pk).update(timezone="Asia/Tokyo")
    rollups.refresh(now=now)
    assert list(ReportFigure.objects.filter(span="day").values_list("starts_on", flat=True).distinct()) == [
        date(2026, 11, 19)
    ]
    assert all(violation.promise != REPORTS_PROMISE for violation in violations())


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026-10-01 2026-10-31", "2026-09-01 2026-09-30"),
        ("2026-01-01 2026-03-31", "2025-10-01 2025-12-31"),
        ("2026-11-12 2026-11-18", "2026-11-05 2026-11-11"),
        ("2026-11-18 2026-11-18", "2026-11-17 2026-11-17"),
        ("2028-02-01 2028-02-29", "2028-01-01 2028-01-31"),
    ],
)
def test_whole_months_are_compared_with_months_and_days_with_as_many(period: str, before: str) -> None:
    (first, last), (other_first, other_last) = (map(date.fromisoformat, text.split()) for text in (period, before))
    assert Period(first, last).before == Period(other_first, other_last)


def test_a_period_is_made_of_whole_months_and_the_days_beside_them() -> None:
    period = Period(date(2026, 1, 30), date(2026, 5, 2))
    assert parts(period, [date(2026, 3, 15)]) == [
        (Span.DAY, date(2026, 1, 30), date(2026, 1, 31)),
        (Span.MONTH, date(2026, 2, 1), date(2026, 2, 1)),
        (Span.DAY, date(2026, 3, 1), date(2026, 3, 14)),
        (Span.DAY, date(2026, 3, 16), date(2026, 3, 31)),
        (Span.MONTH, date(2026, 4, 1), date(2026, 4, 1)),
        (Span.DAY, date(2026, 5, 1), date(2026, 5, 2)),
    ]
    assert parts(Period(date(2026, 1, 1), date(2026, 12, 31)), []) == [
        (Span.MONTH, date(2026, 1, 1), date(2026, 12, 1))
    ]


@given(
    first=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    days=st.integers(1, 400),
    without=st.sets(st.dates(date(2024, 1, 1), date(2027, 2, 5)), max_size=12),
)
def test_the_parts_of_a_period_are_its_days_once_each(first: date, days: int, without: set[date]) -> None:
    period = Period(first, first + timedelta(days=days - 1))
    for found in (parts(period, without), day_parts(period, without)):
        covered = [day for part in found for day in _days_of(part)]
        assert sorted(covered) == [day for day in period if day not in without]


def _days_of(part: Part) -> Iterator[date]:
    last = part.last if part.span is Span.DAY else next_month(part.last) - timedelta(days=1)
    yield from Period(part.first, last)


# ------------------------------------------------------------------------------------------------- what is behind them


def test_the_rows_behind_every_figure_add_up_to_it(seeded: list[Storefront], now: datetime) -> None:
    rollups.refresh(now=now)
    fresh = freshness(seeded, now=now)
    for by in (By.REQUESTED, By.SETTLED):
        found = figures(seeded, by, ALWAYS, now)
        assert set(found.totals) >= {"requests", "reason", "ledger", "line", "work", "status"}
        for name, details in found.totals.items():
            for detail, total in [*sorted(details.items())[:2], *sorted(details.items())[-1:]]:
                rows = behind(seeded, by, ALWAYS, fresh, Wanted([name], [detail] if detail else []), size=500).rows
                assert sum(row.number for row in rows) == total.number, (by, name, detail)
                assert sum(row.amount for row in rows) == total.amount, (by, name, detail)
                assert len({row.reference for row in rows}) == len(rows)


def test_rows_come_newest_first_and_pages_dont_overlap(seeded: list[Storefront], now: datetime) -> None:
    rollups.refresh(now=now)
    for size in (7, 100):
        rows = all_behind(seeded, By.REQUESTED, Wanted(["requests"]), now, size=size)
        assert len(rows) == ReturnRequest.objects.count()
        assert rows == sorted(rows, key=lambda row: row[:3], reverse=True)


@pytest.mark.parametrize(
    "after", ["", "soon", "2026-11-18,x,y", "2026-11-18,2026-11-18T10:00:00+00:00,\x00", ",,", "9" * 500]
)
def test_a_key_of_nobodys_is_the_first_page(
    cast: Cast, shops: dict[str, Storefront], now: datetime, after: str
) -> None:
    everywhere = list(shops.values())
    factories.submitted(factories.order(shops[SPA], now=now, customer=cast.accounts[SPA]), now=now)
    page = behind(everywhere, By.REQUESTED, ALWAYS, freshness(everywhere, now=now), Wanted(["requests"]), after=after)
    assert (len(page.rows), page.next, page.is_first) == (1, "", True)


def test_every_figure_of_the_demo_is_of_the_storefront_it_says(seeded: list[Storefront], now: datetime) -> None:
    one_by_one = [figures([shop], By.REQUESTED, ALWAYS, now) for shop in seeded]
    together = figures(seeded, By.REQUESTED, ALWAYS, now)
    for name in PARTS:
        assert together.number(name) == sum(each.number(name) for each in one_by_one)
    for shop, each in zip(seeded, one_by_one, strict=True):
        assert each.number("requests") == ReturnRequest.objects.filter(storefront=shop).count()


def test_every_return_is_counted_where_it_stands(
    seeded: list[Storefront], cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    withdrawn, sent_on, expired = (
        factories.submitted(factories.order(shops[SPA], now=now, customer=cast.accounts[SPA]), now=now)
        for _ in range(3)
    )
    requests.withdraw(request_id=withdrawn.pk, by=Actor.owner(cast.maya), now=now)
    authorization.redirect(request_id=sent_on.pk, by=Actor.staff(cast.renee), now=now)
    requests.expire(request_id=factories.authorized(expired, by=cast.renee, now=now).pk, now=now)
    there = Counter(ReturnRequest.objects.values_list("status", flat=True))
    assert {"completed", "rejected", "redirected", "withdrawn", "expired"} <= set(there)
    rollups.refresh(now=now)
    found = figures(seeded, By.REQUESTED, ALWAYS, now).totals["status"]
    assert {status: total.number for status, total in found.items()} == there


def test_entries_are_booked_on_the_storefronts_day(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    late_evening = datetime.fromisoformat("2026-11-18T23:59:59-05:00")
    factories.settled(cast.accounts[IMAGE], by=cast.renee, now=late_evening)

    def refunded(day: int) -> Decimal:
        only = Period(date(2026, 11, day), date(2026, 11, day))
        return figures([shops[IMAGE]], By.BOOKED, only, now).refunds

    for _ in ("by its mark", "added up"):
        assert [refunded(day) for day in (17, 18, 19)] == [0, Decimal("122.40"), 0]
        rollups.refresh(now=now)


def test_credit_owed_is_what_accounts_have(seeded: list[Storefront], now: datetime) -> None:
    balances = LedgerAccount.objects.filter(kind="store_credit").values_list("balance", flat=True)
    period = everything(seeded, freshness(seeded, now=now), until=now.date() + timedelta(days=1))
    assert figures(seeded, By.BOOKED, period, now).credited("store_credit") == sum(balances) > 0


# ------------------------------------------------------------------------------------------------------- some of them


def test_who_returns_often_is_counted_from_the_third_return_on(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    for days in (500, 20, 10, 5):
        at = now - timedelta(days=days)
        factories.submitted(factories.order(shops[IMAGE], now=at, customer=cast.accounts[IMAGE]), now=at)
    factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.ottos[IMAGE]), now=now)
    rows = all_behind(list(shops.values()), By.REQUESTED, Wanted(["repeat"]), now)
    assert [row.day for row in rows] == [(now - timedelta(days=5)).date()]


def test_a_mail_that_fails_counts_until_it_is_sent_again(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = factories.submitted(factories.order(shops[PRO], now=now, customer=cast.accounts[PRO]), now=now)
    everywhere = list(shops.values())
    for state, number in (("failed", 1), ("queued", 0)):
        rollups.refresh(now=now)
        Notification.objects.filter(request=request).update(state=state)
        assert figures(everywhere, By.REQUESTED, ALWAYS, now).number("bounced") == number


def test_another_name_of_a_product_counts_at_once(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    lines = OrderLine.objects.filter(return_lines__request=request)
    for change in ({"sku": ""}, {"title": "Another serum"}):
        rollups.refresh(now=now)
        lines.update(**change)
        assert ReportMark.objects.exists()
    assert "Another serum" in figures([shops[IMAGE]], By.REQUESTED, ALWAYS, now).details("product")
    rollups.refresh(now=now)
    lines.update(sku="", title="Another serum", quantity=F("quantity") + 1)
    assert not ReportMark.objects.exists()


def test_the_second_inspection_is_work_of_who_made_it(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = differing(bought(shops[SPA], cast, now), cast, now)
    difference.answer_difference(
        request_id=request.pk, answer=Answer.DISAGREE, text="They were sealed.", by=Actor.owner(cast.maya), now=now
    )
    sealed = [factories.finding(1, 2), factories.finding(2, 1)]
    inspection.inspect_again(request_id=request.pk, findings=sealed, by=Actor.staff(cast.mona), now=now)
    work = figures([shops[SPA]], By.REQUESTED, ALWAYS, now).details("work")
    for who in (cast.renee, cast.mona):
        assert work[f"{who.public_id}:inspected"].number == 1


def test_shares_and_medians_of_nothing_are_none(shops: dict[str, Storefront], now: datetime) -> None:
    found = figures(list(shops.values()), By.REQUESTED, Period(date(2020, 1, 1), date(2020, 1, 31)), now)
    assert (found.authorized_share, found.in_time_share, found.quantile(50, "decided_after")) == (None, None, None)
    assert (found.paid_back, found.open, found.number("requests")) == (Decimal("0.00"), 0, 0)


def test_quantiles_are_those_of_the_sorted_days() -> None:
    days = [*([1] * 50), *([2] * 40), *([9] * 9), 30]
    found = Figures(reading.Sum(1, None, "decided_after", str(day), 1, Decimal(0)) for day in days)
    assert [found.quantile(part, "decided_after") for part in (50, 90, 99, 100)] == [1, 2, 9, 30]


# -------------------------------------------------------------------------------------------------------- the roll-ups


def test_reports_are_of_this_moment_between_sweeps(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    everywhere = list(shops.values())
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    rollups.refresh(now=now)
    assert not ReportMark.objects.exists()
    authorization.reject(request_id=request.pk, reason="policy", text="", by=Actor.staff(cast.renee), now=now)
    assert freshness(everywhere, now=now).as_of == now
    assert figures(everywhere, By.REQUESTED, ALWAYS, now).number("status", "rejected") == 1


def test_after_an_import_reports_wait_for_the_sweep_and_say_so(
    cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_LIVE", 2)
    everywhere, swept = list(shops.values()), now - timedelta(minutes=7)
    rollups.refresh(now=swept)
    for days in (1, 2, 3):
        at = now - timedelta(days=days)
        factories.submitted(factories.order(shops[IMAGE], now=at, customer=cast.accounts[IMAGE]), now=at)
    fresh = freshness(everywhere, now=now)
    assert (fresh.as_of, fresh.waiting, fresh.is_live) == (swept, 3, False)
    assert figures(everywhere, By.REQUESTED, ALWAYS, now).number("requests") == 0
    refresh_reports()
    assert freshness(everywhere, now=now).is_live
    assert figures(everywhere, By.REQUESTED, ALWAYS, now).number("requests") == 3
    assert Heartbeat.objects.filter(name="reports").exists()


def test_days_with_too_many_returns_wait_for_the_sweep(
    cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    rollups.refresh(now=now - timedelta(minutes=1))
    ReturnRequest.objects.filter(pk=request.pk).update(amount=Decimal("1.00"))
    assert freshness([shops[IMAGE]], now=now).is_live
    monkeypatch.setattr(reading, "MOST_LIVE_RETURNS", 2)
    fresh = freshness([shops[IMAGE]], now=now)
    assert (fresh.is_live, fresh.waiting, fresh.as_of) == (False, 1, now - timedelta(minutes=1))


def test_a_rebuild_gives_what_was_there(seeded: list[Storefront], now: datetime) -> None:
    rollups.refresh(now=now)
    columns = ("storefront", "by", "span", "starts_on", "figure", "detail", "number", "amount")
    before = sorted(ReportFigure.objects.values_list(*columns))
    assert rollups.rebuild(now=now) > 0
    assert sorted(ReportFigure.objects.values_list(*columns)) == before != []


@pytest.mark.parametrize("span", ["day", "month"])
def test_a_figure_that_is_off_is_found(seeded: list[Storefront], now: datetime, span: str) -> None:
    rollups.refresh(now=now)
    one = ReportFigure.objects.filter(span=span, figure="ledger").first()
    assert one is not None
    ReportFigure.objects.filter(pk=one.pk).update(amount=one.amount + Decimal("0.01"))
    found = [violation for violation in violations() if violation.promise == REPORTS_PROMISE]
    assert found
    assert "ledger" in found[0].where
    rollups.rebuild(now=now)
    assert [violation for violation in violations() if violation.promise == REPORTS_PROMISE] == []


def test_what_came_in_without_triggers_is_found(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE returns_reportmark")
    assert [violation.where for violation in violations() if violation.promise == REPORTS_PROMISE] != []


def marks() -> Iterator[tuple[str, date]]:
    yield from ReportMark.objects.values_list("by", "day").distinct()


def test_what_changes_no_figure_marks_no_day(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    rollups.refresh(now=now)
    ReturnRequest.objects.filter(pk=request.pk).update(owner=cast.renee, last_activity_at=now + timedelta(days=1))
    assert list(marks()) == []
    ReturnRequest.objects.filter(pk=request.pk).update(amount=Decimal("1.00"))
    assert list(marks()) == [("requested", now.date())]


def test_the_number_of_queries_grows_neither_with_storefronts_nor_with_years(
    cast: Cast, shops: dict[str, Storefront], now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for shop in (SPA, IMAGE, PRO):
        factories.settled(cast.accounts[shop], by=cast.renee, now=now)
    everywhere = list(shops.values())
    fresh = freshness(everywhere, now=now)
    for chosen, period in ((everywhere[:1], Period(now.date(), now.date())), (everywhere, ALWAYS)):
        with django_assert_num_queries(1):
            sums(chosen, By.SETTLED, period, fresh, figures=OVERVIEW)


def test_nobodys_storefronts_have_no_figures(now: datetime) -> None:
    assert sums([], By.REQUESTED, ALWAYS, freshness([], now=now)) == []
    assert behind([], By.REQUESTED, ALWAYS, freshness([], now=now), Wanted(["requests"])).rows == []
