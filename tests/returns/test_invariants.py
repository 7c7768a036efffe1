"""check_invariants finds nothing in sound data and names each broken promise."""

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from returns import picture_files
from returns.invariants import PHOTOS_PROMISE, PROMISED, violations
from returns.models import Draft, ReturnRequest, Storefront
from returns.services import settlement
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    return settlement.settle(request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now)


def test_a_settled_return_breaks_no_promise(settled: ReturnRequest) -> None:
    assert list(violations()) == []
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue() == f"{PROMISED} promises checked, 0 violations\n"


BREAKS = {
    "a request's status is where its last event led": "UPDATE returns_returnrequest SET status = 'inspected'",
    "event numbers have no gap and end at the request's counter": "UPDATE returns_returnrequest SET event_seq = 9",
    "completed and settled go together": "UPDATE returns_returnrequest SET status = 'inspected'",
    "a ledger account's balance is the sum of its entries": "UPDATE returns_ledgeraccount SET balance = balance + 1",
    "the ledger sums to zero in each currency": "UPDATE returns_ledgeraccount SET balance = balance + 1",
    "an order line's refunds are those of its settled lines": "UPDATE returns_orderline SET refunded = 1",
    "an order line holds the units its requests hold": "UPDATE returns_orderline SET quantity = 5, "
    "returning_quantity = 4",
    "every event that owes a message has it in the outbox": "DELETE FROM returns_notification",
    "the database knows the same moves as the workflow table": "INSERT INTO returns_workflowtransition "
    "VALUES ('completed>submitted', 'completed', 'submitted')",
    "the ledger paid out what the settlement says": "UPDATE returns_settlement SET total = 500",
    "an order's shipping was given back as its settlements say": "UPDATE returns_order SET shipping_paid = 9, "
    "shipping_refunded = 9",
    "the ledger netted the balances the settlements say": "INSERT INTO returns_settlementline (position, kind, "
    "clause_id, amount, settlement_id) SELECT 9, 'balance_applied', '', -1, id FROM returns_settlement",
    "a request belongs to the account of its order": "UPDATE returns_order SET account_id = NULL",
    "a settlement pays out what the ledger booked for the payment method": "UPDATE returns_settlement SET payout = 1",
    "what is confirmed as paid out is paid out in the ledger, and nothing else is": "UPDATE returns_settlement "
    "SET state = 'confirmed'",
    "a settlement's lines add up to its total": "UPDATE returns_settlement SET total = 500",
    "what was withdrawn or expired says no sum": "UPDATE returns_returnrequest SET status = 'expired'",
}


@pytest.mark.parametrize("promise", BREAKS)
def test_a_broken_promise_is_found(settled: ReturnRequest, promise: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET session_replication_role = replica")  # the guards asleep: what a careless hand could do
        cursor.execute(BREAKS[promise])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert promise in {violation.promise for violation in violations()}
    with pytest.raises(SystemExit):
        call_command("check_invariants", stdout=StringIO())


@pytest.mark.parametrize("harm", ["large gone", "small gone", "a byte flipped"])
def test_a_photo_whose_file_is_gone_or_altered_is_found(settled: ReturnRequest, now: datetime, harm: str) -> None:
    photo = factories.photo(Draft.objects.create(order=settled.order, created_at=now, updated_at=now), now=now)
    assert list(violations()) == []
    path = Path(picture_files.storage().path(photo.thumbnail if harm == "small gone" else photo.file))
    if harm == "a byte flipped":
        content = bytearray(path.read_bytes())
        content[-9] ^= 1
        path.write_bytes(content)
    else:
        path.unlink()
    assert [(found.promise, found.where) for found in violations()] == [(PHOTOS_PROMISE, f"photo {photo.public_id}")]
