"""The package to the customer: noted once, mailed, and shown to them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from returns.domain.facts import Reason, Wish
from returns.invariants import violations
from returns.letters import NoLongerTrue, letter_of
from returns.models import Notification, OutgoingShipment, ReturnRequest, Storefront
from returns.services import outgoing, settlement
from returns.services.errors import Refused
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db

SENT = {"carrier": "UPS", "tracking_number": "1Z999AA10123456784", "shipped_on": "2026-11-17"}


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


@pytest.fixture
def replaced(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=10)
    asked = factories.asked(order.lines.get(), reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    request = factories.authorized(factories.submitted(order, now=now, lines=[asked]), by=cast.sam, now=now)
    by = By.staff(cast.sam)
    return settlement.settle_without_goods(request_id=request.pk, expected_total=Decimal(0), by=by, now=now)


def send(browser: Client, rma: ReturnRequest, **data: str) -> Any:
    return browser.post(reverse("desk:send_goods", args=[rma.reference]), {**SENT, **data})


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def test_the_package_of_a_replacement_is_noted_mailed_and_shown(
    renee: Client, replaced: ReturnRequest, cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    page = reverse("desk:request", args=[replaced.reference])
    assert "Note the package to the customer" in text(renee.get(page))
    assert send(renee, replaced).status_code == 302
    assert "Note the package" not in text(renee.get(page))
    mail = Notification.objects.get(kind="goods_sent")
    letter = letter_of(mail, now=now)
    assert (mail.recipient, letter["tracking"], letter["day"]) == (
        replaced.contact_email,
        SENT["tracking_number"],
        "Tuesday, November 17, 2026",
    )
    shown = text(signed_in(cast.maya).get(reverse("portal:return", args=[IMAGE, replaced.reference])))
    assert "Our package to you" in shown
    assert "https://www.ups.com/track?tracknum=1Z999AA10123456784" in shown
    assert list(violations()) == []


def test_it_is_noted_once(renee: Client, replaced: ReturnRequest, cast: Cast, signed_in: SignIn) -> None:
    send(renee, replaced)
    assert send(renee, replaced).status_code == 302  # the same button pressed twice
    answer = send(signed_in(cast.sam), replaced)
    assert answer.status_code == 409
    assert "was noted before" in text(answer)
    assert OutgoingShipment.objects.count() == 1
    assert Notification.objects.filter(kind="goods_sent").count() == 1


def correct(browser: Client, rma: ReturnRequest, **data: str) -> Any:
    return browser.post(reverse("desk:send_correct", args=[rma.reference]), {**SENT, **data})


def test_a_wrong_tracking_number_is_corrected_mailed_anew_and_what_was_noted_before_is_kept(
    renee: Client, replaced: ReturnRequest, cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    assert correct(renee, replaced).status_code == 409  # nothing was noted yet
    send(renee, replaced, tracking_number="1Z9")
    first = Notification.objects.get(kind="goods_sent")
    assert correct(renee, replaced, carrier=" ").status_code == 422
    assert correct(signed_in(cast.sam), replaced).status_code == 302
    assert correct(renee, replaced).status_code == 302  # the same once more tells nobody
    second = Notification.objects.filter(kind="goods_sent").exclude(pk=first.pk).get()
    assert (letter_of(second, now=now)["is_corrected"], letter_of(second, now=now)["tracking"]) == (
        True,
        SENT["tracking_number"],
    )
    with pytest.raises(NoLongerTrue):
        letter_of(first, now=now)
    page = text(renee.get(reverse("desk:send_correct", args=[replaced.reference])))
    assert "Noted before" in page
    assert "by Sam T." in page
    assert "1Z9<" in page
    assert "1Z9<" not in text(signed_in(cast.maya).get(reverse("portal:return", args=[IMAGE, replaced.reference])))
    assert "Package to the customer corrected" in text(renee.get(reverse("desk:request", args=[replaced.reference])))
    assert list(violations()) == []


def test_a_correction_of_an_old_package_may_leave_the_day_as_it_was(
    renee: Client, replaced: ReturnRequest, cast: Cast, now: datetime
) -> None:
    send(renee, replaced)
    by, later = By.staff(cast.renee), now + timedelta(days=90)
    day = date.fromisoformat(SENT["shipped_on"])
    outgoing.correct_shipment(
        request_id=replaced.pk, carrier="UPS", tracking_number="1Z8", shipped_on=day, by=by, now=later
    )
    with pytest.raises(Refused):
        outgoing.correct_shipment(
            request_id=replaced.pk,
            carrier="UPS",
            tracking_number="1Z8",
            shipped_on=day - timedelta(days=1),
            by=by,
            now=later,
        )


@pytest.mark.parametrize(
    "bad",
    [
        "DELETE FROM returns_outgoingcorrection",
        "UPDATE returns_outgoingcorrection SET tracking_number = 'other'",
        "UPDATE returns_outgoingcorrection SET corrected_at = now()",
        "UPDATE returns_outgoingshipment SET carrier = ''",
    ],
)
def test_the_database_keeps_what_was_noted_before(renee: Client, replaced: ReturnRequest, bad: str) -> None:
    send(renee, replaced, tracking_number="1Z9")
    correct(renee, replaced)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(bad)


@pytest.mark.parametrize(
    "bad", [{"carrier": " "}, {"shipped_on": ""}, {"shipped_on": "2026-11-19"}, {"shipped_on": "2026-01-01"}]
)
def test_a_package_without_carrier_or_with_an_impossible_day_comes_back(
    renee: Client, replaced: ReturnRequest, bad: dict[str, str]
) -> None:
    assert send(renee, replaced, **bad).status_code == 422
    assert not OutgoingShipment.objects.exists()


def test_a_return_that_gives_money_sends_nothing(renee: Client, cast: Cast, now: datetime) -> None:
    paid = factories.settled(cast.accounts[IMAGE], by=cast.sam, now=now)
    assert send(renee, paid).status_code == 409
    url = reverse("desk:send_goods", args=[paid.reference])
    assert renee.get(url).headers["Location"] == reverse("desk:request", args=[paid.reference])


def test_the_database_refuses_a_second_package(renee: Client, replaced: ReturnRequest) -> None:
    send(renee, replaced)
    columns = "request_id, carrier, tracking_number, shipped_on, noted_by_id, noted_at"
    again = f"INSERT INTO returns_outgoingshipment ({columns}) SELECT {columns} FROM returns_outgoingshipment"  # noqa: S608  constants
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(again)


def test_staff_see_by_when_the_customer_was_told_that_it_leaves(renee: Client, replaced: ReturnRequest) -> None:
    address, promised = reverse("desk:request", args=[replaced.reference]), "leaves by Fri, Nov 20."
    assert promised in text(renee.get(address))
    send(renee, replaced)
    assert promised not in text(renee.get(address))
