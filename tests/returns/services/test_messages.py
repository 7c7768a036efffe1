"""Customers write at any stage until a month after the end; carriers and tracking numbers can be corrected."""

import uuid
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from returns import picture_files
from returns.domain.facts import Reason, Wish
from returns.models import Notification, ReturnRequest, Storefront
from returns.picture_files import names
from returns.pictures import Picture
from returns.services import authorization, conversation, requests, shipments
from returns.services.conversation import LONGEST_MESSAGE, MOST_MESSAGES_AN_HOUR
from returns.services.errors import AlreadyDecided, Refused
from returns.services.preferences import change
from returns.services.ship_reminders import owe_ship_reminders
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE
from tests.mails import asked_back, bought

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    """A place of this test's own, so that its files can be counted."""
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]


@pytest.fixture
def request_(shops: dict[str, Storefront], cast: Cast, now: datetime) -> ReturnRequest:
    return asked_back(bought(shops[IMAGE], cast, now), now)


def write(
    request: ReturnRequest, cast: Cast, at: datetime, body: str = "Hello", nonce: uuid.UUID | None = None
) -> None:
    by = By.owner(cast.maya)
    conversation.write_message(request_id=request.pk, nonce=nonce or uuid.uuid4(), body=body, by=by, now=at)


def test_the_same_form_twice_is_one_message(request_: ReturnRequest, cast: Cast, now: datetime) -> None:
    nonce = uuid.uuid4()
    write(request_, cast, now, nonce=nonce)
    write(request_, cast, now, nonce=nonce)
    assert request_.messages.count() == 1
    request_.refresh_from_db()
    assert request_.last_activity_at == now


def test_who_writes_too_much_waits(request_: ReturnRequest, cast: Cast, now: datetime) -> None:
    for _ in range(MOST_MESSAGES_AN_HOUR):
        write(request_, cast, now)
    with pytest.raises(Refused, match="within the hour"):
        write(request_, cast, now)
    write(request_, cast, now + timedelta(hours=2))


@pytest.mark.parametrize("body", ["", "   ", "x" * (LONGEST_MESSAGE + 1)])
def test_nothing_and_too_much_is_no_message(request_: ReturnRequest, cast: Cast, now: datetime, body: str) -> None:
    with pytest.raises(Refused):
        write(request_, cast, now, body)
    assert not request_.messages.exists()


def test_a_closed_return_takes_messages_for_thirty_days(request_: ReturnRequest, cast: Cast, now: datetime) -> None:
    requests.withdraw(request_id=request_.pk, by=By.owner(cast.maya), now=now, reason="I keep it.")
    assert request_.messages.get().body == "I keep it."
    write(request_, cast, now + timedelta(days=30))
    with pytest.raises(Refused, match="closed a while ago"):
        write(request_, cast, now + timedelta(days=30, seconds=1))
    late = now + timedelta(days=90)
    renee = By.staff(cast.renee)
    conversation.write_message(request_id=request_.pk, nonce=uuid.uuid4(), body="Hi", by=renee, now=late)
    assert Notification.objects.filter(kind="message").count() == 1


# ----------------------------------------------------------------------------------------------------------- its photos


def send(request: ReturnRequest, cast: Cast, at: datetime, color: str, body: str = "") -> None:
    pictures = [factories.picture(color)]
    by, nonce = By.owner(cast.maya), uuid.uuid4()
    conversation.write_message(request_id=request.pk, nonce=nonce, body=body, by=by, now=at, pictures=pictures)


def test_a_photo_that_is_here_already_is_no_message(request_: ReturnRequest, cast: Cast, now: datetime) -> None:
    send(request_, cast, now, "red")
    with pytest.raises(Refused, match="This photo is here already"):
        send(request_, cast, now, "red")
    authorization.request_information(request_id=request_.pk, question="?", by=By.staff(cast.renee), now=now)
    answer = partial(conversation.answer, request_id=request_.pk, by=By.owner(cast.maya), now=now)
    pictures = [factories.picture("red")]
    with pytest.raises(Refused, match="This photo is here already"):
        answer(body="", pictures=pictures)
    request_.refresh_from_db()
    assert request_.status == "information_requested"
    assert [message.body for message in request_.messages.order_by("at", "pk")] == ["", "?"]
    answer(body="It's the one above.", pictures=pictures)
    assert request_.photos.count() == 1
    assert len(list(names())) == 2


@pytest.mark.django_db(transaction=True)
def test_files_are_written_before_anything_is_locked_and_go_where_the_message_does_not_come(
    request_: ReturnRequest, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, locked = picture_files.keep, []

    def watched(picture: Picture) -> picture_files.Kept:
        locked.append(connection.in_atomic_block)
        return keep(picture)

    monkeypatch.setattr(picture_files, "keep", watched)
    send(request_, cast, now, "red")
    requests.withdraw(request_id=request_.pk, by=By.owner(cast.maya), now=now)
    with pytest.raises(Refused, match="closed a while ago"):
        send(request_, cast, now + timedelta(days=31), "blue")
    with pytest.raises(AlreadyDecided):
        conversation.answer(
            request_id=request_.pk, body="", by=By.owner(cast.maya), now=now, pictures=[factories.picture("green")]
        )
    assert locked == [False, False, False]
    assert len(list(names())) == 2


# --------------------------------------------------------------------------------------------------------- the package


def test_the_tracking_number_is_corrected_while_the_package_travels(
    request_: ReturnRequest, cast: Cast, now: datetime
) -> None:
    owner = By.owner(cast.maya)
    with pytest.raises(AlreadyDecided):
        shipments.correct_shipment(request_id=request_.pk, by=owner, now=now, carrier="UPS")
    request = factories.authorized(request_, by=cast.renee, now=now)
    shipments.mark_shipped(request_id=request.pk, by=owner, now=now, carrier="UPS", tracking_number="1Z")
    for _ in range(2):
        shipments.correct_shipment(request_id=request.pk, by=owner, now=now, carrier="USPS", tracking_number="9400")
    request.refresh_from_db()
    assert (request.carrier, request.tracking_number, request.status) == ("USPS", "9400", "shipped")
    assert request.events.filter(action="tracking").count() == 1


def ship_reminders(request: ReturnRequest) -> int:
    return request.notifications.filter(kind="ship_reminder").count()


def test_a_week_without_a_package_is_reminded_of_once(
    request_: ReturnRequest, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    factories.authorized(request_, by=cast.renee, now=now)
    assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=6, hours=23)) == 0
    assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=7)) == 1
    for days in (7, 8, 20):
        assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=days)) == 0
    assert ship_reminders(request_) == 1


def test_nobody_is_reminded_of_what_is_on_its_way_long_gone_or_unwanted(
    request_: ReturnRequest, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    factories.authorized(request_, by=cast.renee, now=now)
    assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=31)) == 0
    change(storefront=shops[IMAGE], email=cast.maya.email, wants_optional=False, now=now)
    assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=8)) == 0
    change(storefront=shops[IMAGE], email=cast.maya.email, wants_optional=True, now=now)
    shipments.mark_shipped(request_id=request_.pk, by=By.owner(cast.maya), now=now)
    assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=8)) == 0
    assert ship_reminders(request_) == 0


def test_nobody_is_reminded_of_goods_that_stay(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=5)
    claim = factories.asked(made.lines.get(), reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    request = factories.authorized(factories.submitted(made, now=now, lines=[claim]), by=cast.renee, now=now)
    assert not request.goods_come_back
    assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=8)) == 0
