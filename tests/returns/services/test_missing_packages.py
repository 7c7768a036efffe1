"""What never arrived can't come back: it is decided by a person, and settled without a package (CON-12, RES-29)."""

from datetime import datetime
from decimal import Decimal

import pytest

from returns.domain.facts import Reason, Resolution
from returns.domain.workflow import Status
from returns.invariants import violations
from returns.models import LedgerEntry, ReturnRequest, Storefront
from returns.services import authorization, requests, settlement
from returns.services.authorization import Decision
from returns.services.errors import Refused
from returns.services.overrides import OverrideAsked
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


def decided(
    cast: Cast, shop: Storefront, now: datetime, resolution: Resolution, *, percent: int = 100
) -> ReturnRequest:
    """A report of two missing units that staff decide for the customer; they ask for the goods back, too."""
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug])
    lost = factories.asked(order.lines.get(), reason=Reason.NOT_RECEIVED)
    filed = factories.submitted(order, now=now, lines=[lost])
    override = OverrideAsked(resolution, Decimal(percent), "The carrier has lost it.")
    return authorization.authorize(
        request_id=filed.pk,
        decisions=[Decision(1, 2, override=override)],
        by=By.staff(cast.renee),
        now=now,
        asks_goods_back=True,
    )


@pytest.mark.parametrize(
    ("slug", "resolution"),
    [
        (IMAGE, Resolution.REFUND),
        (SPA, Resolution.STORE_CREDIT),
        (IMAGE, Resolution.REPLACEMENT),
        (IMAGE, Resolution.EXCHANGE),
    ],
)
def test_whatever_is_given_for_it_nothing_comes_back_and_it_is_settled_at_once(
    cast: Cast, shops: dict[str, Storefront], now: datetime, slug: str, resolution: Resolution
) -> None:
    request = decided(cast, shops[slug], now, resolution)
    assert not request.goods_come_back
    with pytest.raises(Refused, match="Nothing has to come back"):
        requests.mark_shipped(request_id=request.pk, by=By.staff(cast.renee), now=now)
    request = settlement.settle_without_goods(
        request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now
    )
    assert request.status == Status.COMPLETED
    assert request.settlement.resolution == resolution
    assert request.received_at is None
    assert request.lines.get().order_line.available == 0
    assert not list(violations())


def test_money_for_it_is_booked_as_decided(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = decided(cast, shops[IMAGE], now, Resolution.REFUND, percent=50)
    by = By.staff(cast.renee)
    settlement.settle_without_goods(request_id=request.pk, expected_total=request.amount, by=by, now=now)
    assert request.amount == Decimal("61.20")
    assert sum(entry.amount for entry in LedgerEntry.objects.filter(request=request)) == request.amount


def test_what_is_asked_back_beside_it_has_to_arrive_first(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{}, {}])
    lost, here = order.lines.order_by("position")
    asked = [factories.asked(lost, reason=Reason.NOT_RECEIVED), factories.asked(here)]
    filed = factories.submitted(order, now=now, lines=asked)
    override = OverrideAsked(Resolution.REFUND, Decimal(100), "Lost.")
    by = By.staff(cast.renee)
    decisions = [Decision(1, 2, override=override), Decision(2, 2)]
    request = authorization.authorize(request_id=filed.pk, decisions=decisions, by=by, now=now)
    assert request.goods_come_back
    with pytest.raises(Refused, match="needs no package"):
        settlement.settle_without_goods(request_id=request.pk, expected_total=request.amount, by=by, now=now)
