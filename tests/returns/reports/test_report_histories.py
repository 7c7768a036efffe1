"""Whatever happened, in whatever order: the managers' figures are the ledger's, to the cent."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from returns.domain.workflow import Action, Actor, Status
from returns.models import LedgerEntry, Override, ReportMark, ReturnRequest, Settlement, SettlementLine, Storefront
from returns.reports.figures import Figures
from returns.reports.periods import By, Period
from returns.reports.proof import differences
from returns.reports.reading import freshness, sums
from returns.services import rollups
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA
from tests.returns.services.test_histories import lively, started

pytestmark = pytest.mark.django_db

ZERO = Decimal("0.00")
WAY = (Action.AUTHORIZE, Action.RECEIVE, Action.INSPECT, Action.SEND_DIFFERENCE, Action.SETTLE)


def report(shops: list[Storefront], by: By, now: datetime) -> Figures:
    """Everything there is, as a page would show it."""
    period = Period(now.date() - timedelta(days=100), now.date() + timedelta(days=100))
    return Figures(sums(shops, by, period, freshness(shops, now=now)))


def summed(rows: object) -> Decimal:
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO  # type: ignore[attr-defined]


def booked(credit: str) -> Decimal:
    return summed(LedgerEntry.objects.filter(idem_key__startswith="refund:", credit__kind=credit))


def agrees(figures: Figures) -> None:
    """Each sum beside the ledger's, the settlements' and the register's own."""
    assert figures.refunds == booked("refunds_payable")
    assert figures.store_credit == booked("store_credit")
    assert figures.balances == summed(LedgerEntry.objects.filter(idem_key__startswith="balance:"))
    assert figures.charges == summed(LedgerEntry.objects.filter(idem_key__startswith="charge:"))
    assert figures.paid_back == figures.amount("line") == (Settlement.objects.aggregate(s=Sum("total"))["s"] or ZERO)
    assert figures.fees_kept == -summed(SettlementLine.objects.filter(kind__in=["restocking_fee", "partly_used_share"]))
    changed = Override.objects.aggregate(sum=Sum(F("amount_after") - F("amount_before")))["sum"] or ZERO
    assert figures.amount("override") == figures.amount("override_by") == changed
    assert figures.number("override") == Override.objects.count()
    assert figures.settled == Settlement.objects.count() == figures.number("status", "completed")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate],
)
@given(data=st.data())
def test_the_figures_of_any_history_are_the_ledgers(
    cast: Cast, shops: dict[str, Storefront], now: datetime, data: st.DataObject
) -> None:
    outside = transaction.savepoint()
    everywhere = list(shops.values())
    try:
        for shop in data.draw(st.lists(st.sampled_from([SPA, IMAGE, PRO]), min_size=1, max_size=3)):
            history = started(cast, shops, now, shop, claim=data.draw(st.booleans()))
            for number in range(data.draw(st.integers(2, 8))):
                status = Status(history.request.status)
                if status.is_final:
                    break
                if data.draw(st.integers(0, 3)):  # mostly straight on, so that money moves
                    action, actor, size = WAY[min(number, 4)], Actor.MANAGER, data.draw(st.integers(1, 3))
                else:
                    action, actor, size = data.draw(st.composite(lively)(status))
                history.attempt(action, actor, size)
                history.request.refresh_from_db()
                if data.draw(st.integers(0, 4)) == 0:
                    rollups.refresh(now=now)
        marked = report(everywhere, By.REQUESTED, now)
        agrees(marked)
        rollups.refresh(now=now)
        assert not ReportMark.objects.exists()
        for by in (By.REQUESTED, By.SETTLED):
            figures = report(everywhere, by, now)
            agrees(figures)
            if by is By.REQUESTED:
                assert figures.totals == marked.totals, "the same before the sweep and after it"
                assert figures.number("requests") == ReturnRequest.objects.count()
        assert report(everywhere, By.BOOKED, now).paid_back == report(everywhere, By.SETTLED, now).paid_back
        assert list(differences()) == []
    finally:
        transaction.savepoint_rollback(outside)
