"""Money when many give and take at once: never beyond what was paid, never below zero. Each race has its twin."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from itertools import count
from threading import Barrier

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F, Sum
from psycopg2.errors import LockNotAvailable

from returns.domain.workflow import Status
from returns.invariants import violations
from returns.models import LedgerAccount, LedgerEntry, OrderLine, ReturnRequest, Settlement, Storefront
from returns.services import settlement
from returns.services.errors import Refused
from returns.services.shares import shares_to_settle
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA
from tests.returns.services.test_races import at_once
from tests.sizes import AT_ONCE, UNITS

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS, LINES, TRIES = 5, 10, 2  # 50 lines with UNITS units each to give back, each of them tried twice
WORKERS = AT_ONCE
keys = count(1)


def inspected(order_id: int, cast: Cast, now: datetime) -> ReturnRequest:
    """One unit of every line of the order, ready to be settled."""
    lines = OrderLine.objects.filter(order=order_id).select_related("order__storefront").order_by("position")
    asked = [factories.asked(line, quantity=1) for line in lines]
    request = factories.submitted(lines[0].order, now=now, lines=asked)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    return request


def settle(request: ReturnRequest, cast: Cast, now: datetime) -> object:
    """Settle it at whatever the sum is by now; why not, where it can't be.

    On a slow machine somebody at the end of the line waits for longer than the database lets anybody wait.
    """
    try:
        lines = list(request.lines.order_by("position"))
        expected = shares_to_settle(request, lines)[1].total
        return settlement.settle(request_id=request.pk, expected_total=expected, by=By.staff(cast.renee), now=now)
    except Refused as refused:
        return refused
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        return error
    finally:
        connection.close()


@pytest.mark.parametrize("shop", [IMAGE, SPA])
def test_hundreds_of_refunds_and_credits_at_once_never_give_more_than_was_paid(
    cast: Cast, shops: dict[str, Storefront], now: datetime, shop: str
) -> None:
    cents = {"quantity": UNITS, "paid_total": Decimal("10.01")}  # doesn't divide: the last unit gets what is left
    orders = [
        factories.order(shops[shop], now=now, customer=cast.accounts[shop], lines=[cents] * LINES)
        for _ in range(ORDERS)
    ]
    ready = [inspected(order.pk, cast, now) for order in orders for _ in range(UNITS)]
    with ThreadPoolExecutor(WORKERS) as pool:
        tried = list(pool.map(lambda request: settle(request, cast, now), ready * TRIES))
    assert all(isinstance(one, ReturnRequest | Refused | OperationalError) for one in tried), tried
    # Whoever met a sum that had just changed, or gave up waiting, tries again, alone.
    for request in ReturnRequest.objects.exclude(status=Status.COMPLETED):
        settle(request, cast, now)
    assert Settlement.objects.count() == len(ready)
    assert not OrderLine.objects.exclude(refunded=F("paid_total")).exists()
    given = LedgerEntry.objects.aggregate(sum=Sum("amount"))["sum"]
    assert given == Decimal("10.01") * LINES * len(orders)
    assert list(violations()) == []


def naive_refund(line: OrderLine, account: LedgerAccount, returns: LedgerAccount, ready: Barrier, at: datetime) -> None:
    """The twin: read what is left, and give it. No lock, no counter in the database."""
    found = OrderLine.objects.get(pk=line.pk)
    ready.wait(timeout=30)
    if found.refunded + line.paid_total <= found.paid_total:
        book(returns, account, line.paid_total, at)
        OrderLine.objects.filter(pk=line.pk).update(refunded=found.refunded + line.paid_total)


def book(debit: LedgerAccount, credit: LedgerAccount, amount: Decimal, at: datetime) -> LedgerEntry:
    """One bare ledger entry."""
    key = f"test:{next(keys)}"
    return LedgerEntry.objects.create(debit=debit, credit=credit, amount=amount, currency="USD", idem_key=key, at=at)


def test_without_the_lock_the_same_race_gives_more_than_was_paid(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    line = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]).lines.get()
    payable, returns = (ledger_account(shops[IMAGE], kind) for kind in ("refunds_payable", "returns"))
    ready = Barrier(AT_ONCE)
    at_once(lambda _: naive_refund(line, payable, returns, ready, now))
    payable.refresh_from_db()
    assert payable.balance > line.paid_total


# ----------------------------------------------------------------------------------------- store credit above zero


def ledger_account(shop: Storefront, kind: str, cast: Cast | None = None) -> LedgerAccount:
    owner = cast.accounts[shop.slug] if cast else None
    return LedgerAccount.objects.create(storefront=shop, kind=kind, customer_account=owner, currency="USD")


@pytest.fixture
def credit(cast: Cast, shops: dict[str, Storefront], now: datetime) -> LedgerAccount:
    """A store credit of 50.00."""
    made = ledger_account(shops[SPA], LedgerAccount.STORE_CREDIT, cast)
    book(ledger_account(shops[SPA], LedgerAccount.RETURNS), made, Decimal(50), now)
    return made


def test_concurrent_debits_take_a_store_credit_to_zero_at_most(credit: LedgerAccount, now: datetime) -> None:
    returns = LedgerAccount.objects.get(kind=LedgerAccount.RETURNS)
    results = at_once(lambda _: book(credit, returns, Decimal(20), now))
    credit.refresh_from_db()
    assert sum(isinstance(one, LedgerEntry) for one in results) == 2
    assert sum(isinstance(one, DatabaseError) for one in results) == AT_ONCE - 2
    assert credit.balance == Decimal(10)


@pytest.fixture
def unchecked(credit: LedgerAccount) -> Iterator[None]:
    """The ledger's accounts without the floor under a store credit, for the length of a test."""
    check = "ledger_store_credit_not_negative"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE returns_ledgeraccount DROP CONSTRAINT {check}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE returns_ledgerentry, returns_ledgeraccount CASCADE")
        cursor.execute(
            f"ALTER TABLE returns_ledgeraccount ADD CONSTRAINT {check} CHECK (kind <> 'store_credit' OR balance >= 0)"
        )


def test_without_the_constraint_looking_first_does_not_keep_a_store_credit_above_zero(
    credit: LedgerAccount, now: datetime, unchecked: None
) -> None:
    returns, ready = LedgerAccount.objects.get(kind=LedgerAccount.RETURNS), Barrier(AT_ONCE)

    def spend(_: int) -> None:
        found = LedgerAccount.objects.get(pk=credit.pk)
        ready.wait(timeout=30)
        if found.balance >= Decimal(20):
            book(credit, returns, Decimal(20), now)

    at_once(spend)
    credit.refresh_from_db()
    assert credit.balance < 0


BAD = {
    "an entry that overdraws a store credit": "INSERT INTO returns_ledgerentry (public_id, debit_id, credit_id, "
    "amount, currency, idem_key, at) SELECT gen_random_uuid(), d.id, c.id, 50.01, 'USD', 'raw', now() "
    "FROM returns_ledgeraccount d, returns_ledgeraccount c WHERE d.kind = 'store_credit' AND c.kind = 'returns'",
    "a balance below zero": "UPDATE returns_ledgeraccount SET balance = -0.01 WHERE kind = 'store_credit'",
    "a balance that no entry moved": "UPDATE returns_ledgeraccount SET balance = 60 WHERE kind = 'store_credit'",
}


@pytest.mark.parametrize("bad", BAD)
def test_the_database_refuses_raw_sql_that_would_spend_what_is_not_there(credit: LedgerAccount, bad: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BAD[bad])
        assert cursor.rowcount, "the statement has to touch a row to prove anything"
    credit.refresh_from_db()
    assert credit.balance == Decimal(50)
