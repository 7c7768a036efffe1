"""What the database itself refuses, whoever asks: the constraints and triggers, one bad statement at a time."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from returns.models import LedgerAccount, LedgerEntry, Notification, Override, ReturnEvent, ReturnRequest, Storefront
from returns.services import settlement
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], shipping_paid=Decimal("9.95"))
    request = factories.submitted(order, now=now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    return settlement.settle(request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now)


BAD = {
    "refund beyond what was paid": "UPDATE returns_orderline SET refunded = paid_total + 0.01",
    "negative refund": "UPDATE returns_orderline SET refunded = -0.01",
    "more units back than bought": "UPDATE returns_orderline SET returning_quantity = quantity + 1",
    "units given that nobody asked back": "UPDATE returns_orderline SET returning_quantity = 0",
    "shipping back beyond what was paid": "UPDATE returns_order SET shipping_refunded = 9.96",
    "two orders with one number": "INSERT INTO returns_order (public_id, storefront_id, number, number_key, "
    "external_id, email, name, phone, placed_at, channel, seller_name, seller_contact, currency, shipping_paid, "
    "shipping_refunded, payment_method, status, carrier, tracking_number, tracking_url) SELECT gen_random_uuid(), "
    "storefront_id, number || ' ', number_key, '', '', '', '', now(), 'direct', '', '', 'USD', 0, 0, '', '', '', "
    "'', '' "
    "FROM returns_order",
    "an illegal move": "UPDATE returns_returnrequest SET status = 'submitted'",
    "a step back that forgets nothing": "UPDATE returns_returnrequest SET status = 'inspected', closed_at = NULL",
    "an unknown status": "UPDATE returns_returnrequest SET status = 'lost'",
    "another RMA number": "UPDATE returns_returnrequest SET rma_number = 'RMA-2222-2222-2'",
    "no RMA number any more": "UPDATE returns_returnrequest SET rma_number = NULL, authorized_at = NULL",
    "another submitted quote": "UPDATE returns_returnrequest SET quote = '{}'",
    "another moment of asking": "UPDATE returns_returnrequest SET requested_at = requested_at - interval '1 day'",
    "receipt before authorization": "UPDATE returns_returnrequest SET received_at = authorized_at - interval '1 s'",
    "an edited event": "UPDATE returns_returnevent SET action = 'nothing'",
    "a deleted event": "DELETE FROM returns_returnevent WHERE seq = 1",
    "an edited ledger entry": "UPDATE returns_ledgerentry SET amount = amount - 1",
    "a deleted ledger entry": "DELETE FROM returns_ledgerentry",
    "an edited settlement line": "UPDATE returns_settlementline SET amount = amount - 1",
    "another settlement total": "UPDATE returns_settlement SET total = total + 1",
    "an overdrawn store credit": "UPDATE returns_ledgeraccount SET balance = -1 WHERE kind = 'store_credit'",
    "an edited policy": "UPDATE returns_policyversion SET terms = '{}'",
    "a deleted policy": "DELETE FROM returns_policyversion",
    "a negative balance owed": "UPDATE returns_customeraccount SET outstanding_balance = -0.01",
    "more accepted than received": "UPDATE returns_returnline SET accepted_quantity = received_quantity + 1",
    "more authorized than asked": "UPDATE returns_returnline SET authorized_quantity = requested_quantity + 1",
    "more than all of it used": "UPDATE returns_returnline SET used_percent = 100.01",
    "a settlement of somebody else's return": "UPDATE returns_settlement SET request_id = 0",
    "an unknown resolution": "UPDATE returns_settlement SET resolution = 'gift'",
    "a payout beyond the total": "UPDATE returns_settlement SET payout = total + 0.01",
    "a payout that skips a step": "UPDATE returns_settlement SET state = 'sent', provider_reference = 'x'",
    "an unknown ledger account": "UPDATE returns_ledgeraccount SET kind = 'pocket'",
    "more damaged units than came": "UPDATE returns_packageline SET damaged_quantity = quantity + 1",
    "a package refused in a way nobody knows": "UPDATE returns_package SET refused = 'lost'",
    "sent without a moment": "UPDATE returns_notification SET state = 'sent'",
}


@pytest.mark.parametrize("bad", BAD)
def test_the_database_refuses(settled: ReturnRequest, bad: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BAD[bad])
        assert cursor.rowcount, "the statement has to touch a row to prove anything"
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_event_can_not_make_an_illegal_move(settled: ReturnRequest, now: datetime) -> None:
    for source, target in (("completed", "received"), ("inspected", "completed"), ("", "completed")):
        with pytest.raises(DatabaseError), transaction.atomic():
            ReturnEvent.objects.create(
                request=settled,
                seq=99,
                action="receive",
                transition_id=f"{source}>{target}" if source else None,
                source=source,
                target=target,
                actor_kind="support",
                at=now,
            )
            connection.check_constraints()


def test_two_people_can_not_write_the_same_event_number(settled: ReturnRequest, now: datetime) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ReturnEvent.objects.create(request=settled, seq=1, action="note", actor_kind="support", at=now)


def test_a_ledger_entry_is_booked_once_in_one_currency_and_one_storefront(
    settled: ReturnRequest, shops: dict[str, Storefront], now: datetime
) -> None:
    entry = LedgerEntry.objects.get()
    euro = LedgerAccount.objects.create(storefront=shops[SPA], kind="returns", currency="EUR")
    elsewhere = LedgerAccount.objects.create(storefront=shops[IMAGE], kind="returns", currency="USD")
    bad = [
        {"debit": entry.debit, "credit": entry.credit, "idem_key": entry.idem_key},
        {"debit": entry.debit, "credit": euro, "idem_key": "one"},
        {"debit": entry.debit, "credit": elsewhere, "idem_key": "two"},
        {"debit": entry.debit, "credit": entry.debit, "idem_key": "three"},
        {"debit": entry.debit, "credit": entry.credit, "idem_key": "four", "amount": Decimal(0)},
        {"debit": entry.credit, "credit": entry.debit, "idem_key": "five", "amount": Decimal(1000)},
    ]
    for fields in bad:
        with pytest.raises(DatabaseError), transaction.atomic():
            LedgerEntry.objects.create(**{"amount": Decimal(1), "currency": "USD", "at": now, **fields})


def test_the_same_message_is_owed_once(settled: ReturnRequest, now: datetime) -> None:
    row = Notification.objects.filter(request=settled).first()
    assert row is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        Notification.objects.create(
            kind=row.kind, recipient=row.recipient, dedupe_key=row.dedupe_key, next_attempt_at=now, created_at=now
        )


def test_one_form_files_one_request(settled: ReturnRequest, now: datetime) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ReturnRequest.objects.create(
            storefront=settled.storefront,
            order=settled.order,
            policy_version=settled.policy_version,
            reference="2222-3333",
            nonce=settled.nonce,
            contact_name="x",
            contact_email="x@example.com",
            quote={},
            requested_at=now,
            last_activity_at=now,
        )


def test_a_request_is_authorized_only_with_a_number(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    for sql in (
        "UPDATE returns_returnrequest SET status = 'authorized' WHERE id = %s",
        "UPDATE returns_returnrequest SET rma_number = 'RMA-2222-2222-2' WHERE id = %s",
        "UPDATE returns_returnrequest SET due_on = '2026-12-01' WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [request.pk])


def test_numbers_are_unique(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    one, other = (
        factories.authorized(
            factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now),
            by=cast.renee,
            now=now + timedelta(minutes=1),
        )
        for _ in range(2)
    )
    assert one.rma_number != other.rma_number
    with pytest.raises(DatabaseError), transaction.atomic():
        ReturnRequest.objects.filter(pk=other.pk).update(reference=one.reference, nonce=uuid.uuid4())


def test_an_override_is_never_edited_or_deleted(settled: ReturnRequest, cast: Cast, now: datetime) -> None:
    Override.objects.create(
        line=settled.lines.get(),
        clause_id="LPS-04",
        code="WINDOW_EXPIRED",
        resolution="store_credit",
        percent=Decimal(50),
        amount_before=Decimal(0),
        amount_after=Decimal("61.20"),
        reason="Goodwill",
        actor=cast.renee,
        at=now,
    )
    for sql in ("UPDATE returns_override SET reason = 'none'", "DELETE FROM returns_override"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
