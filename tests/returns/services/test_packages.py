"""Several packages of one return, and what the dock notes of each."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from returns.domain.workflow import Status
from returns.models import Notification, ReturnRequest, Storefront
from returns.services import receiving
from returns.services.errors import AlreadyDecided, Refused
from returns.services.receiving import Noted
from returns.services.transition import By
from returns.wording.receipts import receipts_of
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def rma(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    """Two units of serum and two of crème are authorized."""
    lines: list[dict[str, object]] = [{"title": "Serum"}, {"title": "Crème"}]
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=lines)
    return factories.authorized(factories.submitted(made, now=now), by=cast.sam, now=now)


def units(rma: ReturnRequest) -> list[int | None]:
    return list(rma.lines.order_by("position").values_list("received_quantity", flat=True))


def remarks(rma: ReturnRequest) -> list[list[str]]:
    return [receipt.remarks for receipt in receipts_of(rma)]


def test_counts_of_several_packages_add_up_and_the_due_day_stays(rma: ReturnRequest, cast: Cast, now: datetime) -> None:
    by, later = By.staff(cast.renee), now + timedelta(days=3)
    first = receiving.receive(request_id=rma.pk, counts={1: 2, 2: 0}, by=by, now=now)
    assert remarks(rma) == [["Crème: 2 missing"]]
    again = receiving.receive_another(request_id=rma.pk, nonce=uuid.uuid4(), counts={1: 0, 2: 2}, by=by, now=later)
    assert units(rma) == [2, 2]
    assert (again.status, again.due_on, again.received_at) == (Status.RECEIVED, first.due_on, now)
    assert remarks(rma) == [[], []]
    assert [(receipt.number, receipt.of) for receipt in receipts_of(rma)] == [(1, 2), (2, 2)]
    assert list(rma.events.filter(action="package").values_list("data__units", flat=True)) == [2]
    assert Notification.objects.filter(kind="package_received").count() == 2


def test_the_same_further_package_sent_twice_counts_once(rma: ReturnRequest, cast: Cast, now: datetime) -> None:
    by, nonce = By.staff(cast.renee), uuid.uuid4()
    receiving.receive(request_id=rma.pk, counts={1: 1, 2: 0}, by=by, now=now)
    for _ in range(2):
        receiving.receive_another(request_id=rma.pk, nonce=nonce, counts={1: 1, 2: 1}, by=by, now=now)
    assert units(rma) == [2, 1]
    assert rma.packages.count() == 2


def test_more_than_authorized_is_taken_only_where_somebody_says_so(
    rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    by = By.staff(cast.renee)
    with pytest.raises(Refused, match="Serum: 3 are more than the 2 expected"):
        receiving.receive(request_id=rma.pk, counts={1: 3, 2: 2}, by=by, now=now)
    assert units(rma) == [None, None]
    receiving.receive(request_id=rma.pk, counts={1: 1, 2: 2}, by=by, now=now)
    with pytest.raises(Refused, match="2 are more than the 1 expected"):
        receiving.receive_another(request_id=rma.pk, nonce=uuid.uuid4(), counts={1: 2, 2: 0}, by=by, now=now)
    receiving.receive_another(
        request_id=rma.pk, nonce=uuid.uuid4(), counts={1: 2, 2: 0}, by=by, now=now, over_is_right=True
    )
    assert units(rma) == [3, 2]
    assert remarks(rma)[-1] == ["Serum: 1 more than authorized"]


def test_damage_on_the_way_and_other_goods_stand_on_the_receipt(rma: ReturnRequest, cast: Cast, now: datetime) -> None:
    by = By.staff(cast.renee)
    for damaged in ({1: 3}, {1: -1}, {2: 1}, {7: 1}):
        with pytest.raises(Refused):
            receiving.receive(request_id=rma.pk, counts={1: 2, 2: 0}, by=by, now=now, damaged=damaged)
    noted: Noted = {"damaged": {1: 1}, "other_items": "A blue hat"}
    receiving.receive(request_id=rma.pk, counts={1: 2, 2: 0}, by=by, now=now, **noted)
    assert remarks(rma) == [["Serum: 1 unit damaged on the way back", "Crème: 2 missing", "Also in it: A blue hat"]]


def test_a_package_with_nothing_but_other_goods_is_received_and_said(
    rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    by = By.staff(cast.renee)
    with pytest.raises(Refused, match="Nothing was counted"):
        receiving.receive(request_id=rma.pk, counts={1: 0, 2: 0}, by=by, now=now, other_items=" ")
    done = receiving.receive(request_id=rma.pk, counts={1: 0, 2: 0}, by=by, now=now, other_items="Shoes")
    assert done.status == Status.RECEIVED
    assert "Also in it: Shoes" in remarks(rma)[0]


def test_only_a_return_that_waits_for_its_inspection_takes_a_further_package(
    rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    by = By.staff(cast.renee)
    another: dict[str, Any] = {"counts": {1: 1, 2: 1}, "now": now}
    with pytest.raises(AlreadyDecided, match="Hold the package"):
        receiving.receive_another(request_id=rma.pk, nonce=uuid.uuid4(), by=by, **another)
    factories.received(rma, by=cast.renee, now=now)
    with pytest.raises(Refused):
        receiving.receive_another(request_id=rma.pk, nonce=uuid.uuid4(), by=By.owner(cast.maya), **another)
    factories.inspected(rma, by=cast.renee, now=now)
    with pytest.raises(AlreadyDecided, match="Hold the package"):
        receiving.receive_another(request_id=rma.pk, nonce=uuid.uuid4(), by=by, **another)
    assert units(rma) == [2, 2]
