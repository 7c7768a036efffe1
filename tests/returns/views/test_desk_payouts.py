"""Refunds to pay out: noted as sent, confirmed or failed, by pages and by the database alike."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from returns import mail
from returns.invariants import violations
from returns.letters import NoLongerTrue, letter_of
from returns.models import LedgerAccount, Notification, ReturnRequest, Settlement, Storefront
from returns.services import payouts
from returns.services.errors import Refused
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


@pytest.fixture
def refund(cast: Cast, now: datetime) -> Settlement:
    return factories.settled(cast.accounts[IMAGE], by=cast.sam, now=now).settlement


def note(browser: Client, refund: Settlement, step: str, **data: str) -> Any:
    return browser.post(reverse(f"desk:payout_{step}", args=[refund.public_id]), data)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def shown(cast: Cast, signed_in: SignIn, request: ReturnRequest, page: str = "settlement") -> str:
    return text(signed_in(cast.maya).get(reverse(f"portal:{page}", args=[IMAGE, request.reference])))


def test_a_refund_is_sent_and_confirmed_and_the_customer_reads_how_far_it_is(
    renee: Client, refund: Settlement, cast: Cast, signed_in: SignIn
) -> None:
    assert refund.request.number in text(renee.get("/desk/payouts/"))
    assert "Decided; we send it the way you paid" in shown(cast, signed_in, refund.request)
    assert note(renee, refund, "sent", reference="ch_1").status_code == 302
    assert "Nothing to pay out" in text(renee.get("/desk/payouts/"))
    assert "ch_1" in text(renee.get("/desk/payouts/", {"state": "sent"}))
    assert "Sent on Wednesday, November 18, 2026" in shown(cast, signed_in, refund.request)
    assert "Sent on Wednesday, November 18, 2026 the way" in shown(cast, signed_in, refund.request, "return")
    assert note(renee, refund, "confirmed").status_code == 302
    assert "Your refund of $122.40 has arrived" in shown(cast, signed_in, refund.request, "return")
    kinds = dict(LedgerAccount.objects.values_list("kind", "balance"))
    assert (kinds["refunds_payable"], kinds["paid_out"]) == (Decimal(0), Decimal("122.40"))
    assert list(violations()) == []


def test_a_refund_that_failed_is_sent_again_under_another_reference(
    renee: Client, refund: Settlement, cast: Cast, signed_in: SignIn
) -> None:
    note(renee, refund, "sent", reference="ch_1")
    assert note(renee, refund, "failed").status_code == 422
    note(renee, refund, "failed", reason="Card closed")
    assert "Card closed" in text(renee.get(reverse("desk:payout", args=[refund.public_id])))
    page = shown(cast, signed_in, refund.request)
    assert "It came back to us" in page
    assert "Card closed" not in page
    note(renee, refund, "sent", reference="ch_2")
    refund.refresh_from_db()
    assert (refund.state, refund.provider_reference, refund.failure) == ("sent", "ch_2", "")
    assert list(violations()) == []


def test_the_customer_hears_that_it_was_sent_and_that_it_came_back_and_staff_hear_why(
    renee: Client, refund: Settlement, cast: Cast, now: datetime
) -> None:
    note(renee, refund, "sent", reference="ch_1")
    sent = Notification.objects.get(kind="refund_sent")
    letter = letter_of(sent, now=now)
    assert sent.recipient == cast.accounts[IMAGE].completion_email
    assert (letter["amount"], letter["provider_reference"]) == ("$122.40", "ch_1")
    note(renee, refund, "failed", reason="Card closed")
    with pytest.raises(NoLongerTrue):
        letter_of(sent, now=now)
    customers = Notification.objects.get(kind="refund_failed")
    assert "Card closed" not in str(mail.render(customers, now=now).message())
    staffs = Notification.objects.get(kind="refund_failed_staff")  # Renee noted it herself
    assert staffs.recipient == cast.sam.email
    assert ("Why it failed", "Card closed") in letter_of(staffs, now=now)["facts"]
    note(renee, refund, "sent", reference="ch_2")
    for row in (customers, staffs, sent):
        with pytest.raises(NoLongerTrue):
            letter_of(row, now=now)
    note(renee, refund, "confirmed")
    assert Notification.objects.filter(kind__startswith="refund").count() == 4


def test_a_refund_needs_a_reference_of_its_own(renee: Client, refund: Settlement, cast: Cast, now: datetime) -> None:
    other = factories.settled(cast.accounts[IMAGE], by=cast.sam, now=now).settlement
    assert note(renee, refund, "sent", reference="  ").status_code == 422
    note(renee, refund, "sent", reference="ch_1")
    answer = note(renee, other, "sent", reference="ch_1")
    assert answer.status_code == 409
    assert "Another refund has this reference" in text(answer)
    other.refresh_from_db()
    assert other.state == "decided"


def test_what_somebody_else_noted_is_said_and_ones_own_second_press_leads_on(
    renee: Client, refund: Settlement, cast: Cast, signed_in: SignIn
) -> None:
    assert note(renee, refund, "confirmed").status_code == 409  # nothing was sent yet
    note(renee, refund, "sent", reference="ch_1")
    assert note(renee, refund, "sent", reference="ch_1").status_code == 302
    answer = note(signed_in(cast.sam), refund, "sent", reference="ch_9")
    assert answer.status_code == 409
    assert "is sent by now" in text(answer)
    assert refund.request.events.filter(action="refund_sent").count() == 1


def test_nobody_pays_out_a_refund_of_their_own(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    own = factories.account(shops[IMAGE], user=cast.renee)
    refund = factories.settled(own, by=cast.sam, now=now).settlement
    with pytest.raises(Refused, match="your own order"):
        payouts.mark_sent(settlement_id=refund.public_id, reference="ch_1", by=By.staff(cast.renee), now=now)


def test_store_credit_is_no_refund_to_pay_out(renee: Client, cast: Cast, now: datetime) -> None:
    credit = factories.settled(cast.accounts[SPA], by=cast.sam, now=now).settlement
    assert (credit.state, credit.payout) == ("confirmed", Decimal(0))
    assert renee.get(reverse("desk:payout", args=[credit.public_id])).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        "UPDATE returns_settlement SET state = 'confirmed'",
        "UPDATE returns_settlement SET state = 'sent'",
        "UPDATE returns_settlement SET state = 'failed', provider_reference = 'x'",
        "UPDATE returns_settlement SET payout = total + 1",
    ],
)
def test_the_database_refuses_a_payout_that_skips_a_step(refund: Settlement, bad: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(bad)


def test_the_list_costs_the_same_however_long_it_is(
    renee: Client, cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        factories.settled(cast.accounts[IMAGE], by=cast.sam, now=now)
    renee.get("/desk/payouts/")
    with django_assert_num_queries(3):  # session, person, refunds
        renee.get("/desk/payouts/")
