"""The managers' figures are the ledger's, by the calendar of each storefront."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from pytest_django import DjangoAssertNumQueries

from returns.demo.seed import seed
from returns.models import LedgerEntry, Settlement, Storefront
from returns.reports import Period, first_report
from returns.services import authorization, settlement
from returns.services.transition import By
from returns.views.reports import payout
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


def settled(shop: Storefront, cast: Cast, now: datetime, *, days_ago: int = 5) -> None:
    request = factories.submitted(
        factories.order(shop, now=now, customer=cast.accounts[shop.slug], days_ago=days_ago), now=now
    )
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    settlement.settle(request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now)


def test_each_storefront_has_its_figures(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    cast.accounts[PRO].outstanding_balance = Decimal("10.00")
    cast.accounts[PRO].save()
    settled(shops[SPA], cast, now)
    settled(shops[PRO], cast, now, days_ago=40)
    rejected = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    authorization.reject(request_id=rejected.pk, reason="policy", text="", by=By.staff(cast.renee), now=now)
    late = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    for step in (factories.authorized, factories.received):
        late = step(late, by=cast.renee, now=now - timedelta(days=11))
    period = Period(now.date(), now.date())
    report = first_report(storefronts=list(shops.values()), period=period, now=now)
    rows = {row.storefront.slug: row for row in report.rows}
    assert (rows[SPA].store_credit, rows[SPA].refunds, rows[SPA].completed) == (Decimal("122.40"), Decimal(0), 1)
    assert (rows[PRO].refunds, rows[PRO].fees_kept, rows[PRO].balance_applied) == (
        Decimal("87.92"),
        Decimal("24.48"),
        Decimal("10.00"),
    )
    assert (rows[IMAGE].requested, rows[IMAGE].decided, rows[IMAGE].authorized) == (2, 1, 0)
    assert (rows[IMAGE].open, rows[IMAGE].overdue) == (1, 1)
    assert report.total("paid_back") == Decimal("210.32")
    assert report.total("open") == 1


def test_a_day_is_the_storefronts_own(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    late_evening = datetime.fromisoformat("2026-11-18T23:59:59-05:00")
    factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=late_evening)

    def requested(day: date) -> int:
        report = first_report(storefronts=[shops[IMAGE]], period=Period(day, day), now=now)
        return report.rows[0].requested

    assert [requested(date(2026, 11, day)) for day in (17, 18, 19)] == [0, 1, 0]


def test_every_figure_of_the_demo_equals_the_ledger(now: datetime) -> None:
    seed(now=now)
    everything = Period(date(2020, 1, 1), date(2027, 1, 1))
    shops = list(Storefront.objects.all())
    report = first_report(storefronts=shops, period=everything, now=now)
    paid = LedgerEntry.objects.filter(idem_key__startswith="refund:").aggregate(sum=Sum("amount"))["sum"]
    assert report.total("paid_back") == paid
    assert payout(report).total == paid == Settlement.objects.aggregate(sum=Sum("total"))["sum"]


def test_the_number_of_queries_does_not_grow_with_the_storefronts(
    cast: Cast, shops: dict[str, Storefront], now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for shop in shops.values():
        settled(shop, cast, now)
    period = Period(now.date(), now.date())
    for chosen in (list(shops.values())[:1], list(shops.values())):
        with django_assert_num_queries(6):
            first_report(storefronts=chosen, period=period, now=now)


def test_no_storefront_gives_an_empty_report(now: datetime, shops: dict[str, Storefront]) -> None:
    report = first_report(storefronts=[], period=Period(now.date(), now.date()), now=now)
    assert report.rows == []
    assert report.total("requested") == 0
