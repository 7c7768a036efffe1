"""Nobody fills a mailbox through the portal: filing has a limit for each order and for addresses not on file (B51)."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from returns.models import Order, ReturnRequest, Storefront
from returns.services import requests, shipments
from returns.services.errors import Refused
from returns.services.requests import MOST_REQUESTS_AN_HOUR, MOST_TO_OTHER_ADDRESSES
from returns.services.shipments import MOST_CORRECTIONS_A_DAY
from returns.services.transition import By
from returns.views.desk_history import history
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def file_and_withdraw(cast: Cast, shops: dict[str, Storefront], now: datetime) -> Callable[..., ReturnRequest]:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])

    def act(*, at: datetime = now, email: str = "", by: By | None = None, order: Order = order) -> ReturnRequest:
        contact = factories.contact(order)
        request = requests.submit(
            order=order,
            asked=[factories.asked(order.lines.get())],
            contact=replace(contact, email=email or contact.email),
            by=by or By.owner(cast.maya),
            now=at,
            nonce=uuid.uuid4(),
        )
        return requests.withdraw(request_id=request.pk, by=By.owner(cast.maya), now=at)

    return act


def test_filing_in_circles_ends(file_and_withdraw: Callable[..., ReturnRequest], cast: Cast, now: datetime) -> None:
    for _ in range(MOST_REQUESTS_AN_HOUR):
        file_and_withdraw()
    with pytest.raises(Refused, match="within the hour"):
        file_and_withdraw()
    file_and_withdraw(by=By.staff(cast.renee))
    file_and_withdraw(at=now + timedelta(hours=2))


@pytest.fixture
def shipped(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    request = factories.submitted(order, now=now)
    factories.authorized(request, by=cast.renee, now=now)
    return shipments.mark_shipped(request_id=request.pk, by=By.owner(cast.maya), now=now)


def test_a_tracking_number_is_corrected_a_few_times_a_day(shipped: ReturnRequest, cast: Cast, now: datetime) -> None:
    def correct(number: str, *, by: By, at: datetime = now) -> None:
        shipments.correct_shipment(request_id=shipped.pk, by=by, now=at, tracking_number=number)

    maya = By.owner(cast.maya)
    for count in range(MOST_CORRECTIONS_A_DAY):
        correct(f"1Z{count}", by=maya)
    with pytest.raises(Refused, match="many times today"):
        correct("1Z", by=maya)
    correct(f"1Z{MOST_CORRECTIONS_A_DAY - 1}", by=maya)  # said twice, it is no correction
    correct("2Z", by=By.staff(cast.renee))
    correct("3Z", by=maya, at=now + timedelta(days=1))
    stages = history(shipped, list(shipped.events.select_related("actor").order_by("seq")))
    corrected = [stage for stage in stages if stage.name == "Tracking corrected"]
    assert len(corrected) == 3
    assert f"{MOST_CORRECTIONS_A_DAY} times" in corrected[0].note


def test_an_address_that_is_not_on_file_gets_few_mails(file_and_withdraw: Callable[..., ReturnRequest]) -> None:
    for _ in range(MOST_TO_OTHER_ADDRESSES):
        file_and_withdraw(email="victim@example.com")
    with pytest.raises(Refused, match="Use the one you ordered with"):
        file_and_withdraw(email="Victim@example.com")
    file_and_withdraw()
