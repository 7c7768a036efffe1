"""Many people at once: one wins, the others hear about it. Each race has a twin without the lock that shows it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction

from returns.domain.facts import Reason, Wish
from returns.domain.workflow import Status
from returns.invariants import violations
from returns.models import LedgerEntry, Notification, OrderLine, ReturnEvent, ReturnRequest, Settlement, Storefront
from returns.services import requests, settlement, transition
from returns.services.errors import AmountChanged, Refused
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA
from tests.sizes import AT_ONCE, PEOPLE, ROUNDS

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[int], object], people: int = AT_ONCE) -> list[object]:
    """Let `people` begin at the same moment, AT_ONCE of them at a time; their results, or the errors they raised."""
    threads = min(people, AT_ONCE)
    barrier = threading.Barrier(threads)

    def run(number: int) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return work(number)
        except Exception as error:  # noqa: BLE001  whatever it is, the test looks at it
            return error
        finally:
            connection.close()

    assert people % threads == 0, "the last wave would wait for ever"
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(people)))


def test_one_request_authorized_by_many_gets_one_number_and_one_mail(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    for round_number in range(1, ROUNDS + 1):
        request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)

        def authorize(number: int, request: ReturnRequest = request) -> ReturnRequest:
            return factories.authorized(request, by=[cast.renee, cast.sam][number % 2], now=now)

        results = at_once(authorize, people=PEOPLE)
        winners = [result for result in results if isinstance(result, ReturnRequest)]
        losers = [result for result in results if not isinstance(result, ReturnRequest)]
        assert (len(winners), len(losers)) == (1, PEOPLE - 1)
        assert all(isinstance(result, Refused) and "was first" in result.message for result in losers), losers
        assert ReturnEvent.objects.filter(action="authorize").count() == round_number
        assert Notification.objects.filter(kind="authorized").count() == round_number
    assert list(violations()) == []


def test_without_lock_and_constraints_the_same_race_gives_several_numbers(
    cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch, unguarded: None
) -> None:
    """The twin: the very same service without its row lock, on tables without their guards."""
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    everybody_has_read = threading.Barrier(AT_ONCE)

    @contextmanager
    def unlocked(request_id: int) -> Iterator[ReturnRequest]:
        with transaction.atomic():
            found = ReturnRequest.objects.get(pk=request_id)
            everybody_has_read.wait(timeout=30)
            yield found

    monkeypatch.setattr(transition, "locked", unlocked)
    results = at_once(lambda _: factories.authorized(request, by=cast.renee, now=now))
    numbers = {result.rma_number for result in results if isinstance(result, ReturnRequest)}
    assert len(numbers) > 1, results
    assert ReturnEvent.objects.filter(action="authorize").count() > 1


@pytest.fixture
def unguarded() -> Iterator[None]:
    """The tables of requests and events without what refuses a second authorization, for the length of a test."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE returns_returnevent DROP CONSTRAINT event_seq_once")
        cursor.execute("ALTER TABLE returns_returnevent DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE returns_returnrequest DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE returns_returnevent, returns_notification CASCADE")
        cursor.execute("ALTER TABLE returns_returnevent ADD CONSTRAINT event_seq_once UNIQUE (request_id, seq)")
        cursor.execute("ALTER TABLE returns_returnevent ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE returns_returnrequest ENABLE TRIGGER USER")


def test_without_the_row_lock_the_unique_event_number_still_lets_one_win(
    cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second line of defence: two people who both believe they were first can't both write the next event."""
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    reached = threading.Barrier(2)

    @contextmanager
    def unlocked(request_id: int) -> Iterator[ReturnRequest]:
        with transaction.atomic():
            found = ReturnRequest.objects.get(pk=request_id)
            reached.wait(timeout=30)
            yield found

    monkeypatch.setattr(transition, "locked", unlocked)
    results = at_once(lambda _: factories.authorized(request, by=cast.renee, now=now), people=2)
    assert sum(isinstance(result, ReturnRequest) for result in results) == 1, results
    assert ReturnEvent.objects.filter(action="authorize").count() == 1


def test_authorize_against_withdraw_has_one_winner(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    for _ in range(4):
        request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)

        def act(number: int, request: ReturnRequest = request) -> ReturnRequest:
            if number:
                return requests.withdraw(request_id=request.pk, by=By.owner(cast.maya), now=now)
            return factories.authorized(request, by=cast.renee, now=now)

        results = at_once(act, people=2)
        request.refresh_from_db()
        # Authorizing first leaves a request that can still be withdrawn; withdrawing first leaves nothing to authorize.
        assert request.status in {Status.WITHDRAWN, Status.AUTHORIZED}
        assert all(isinstance(result, ReturnRequest | Refused) for result in results), results
    assert list(violations()) == []


def test_many_settlements_of_one_return_pay_once(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    results = at_once(
        lambda _: settlement.settle(
            request_id=request.pk, expected_total=Decimal("122.40"), by=By.staff(cast.renee), now=now
        )
    )
    assert sum(isinstance(result, ReturnRequest) for result in results) == 1
    assert all(isinstance(result, ReturnRequest | Refused) for result in results), results
    assert Settlement.objects.count() == 1
    assert LedgerEntry.objects.count() == 1
    assert OrderLine.objects.get(order=request.order).refunded == Decimal("122.40")
    assert list(violations()) == []


def test_many_requests_for_the_last_unit_file_one(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    order = factories.order(
        shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{"quantity": 1, "paid_total": Decimal("61.20")}]
    )
    results = at_once(lambda _: factories.submitted(order, now=now))
    assert sum(isinstance(result, ReturnRequest) for result in results) == 1
    assert all(isinstance(result, ReturnRequest | Refused) for result in results), results
    assert order.lines.get().available == 0
    assert list(violations()) == []


def test_one_form_sent_many_times_at_once_files_one_request(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    first = factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), quantity=1)])
    requests.withdraw(request_id=first.pk, by=By.owner(cast.maya), now=now)
    nonce = first.nonce.__class__(int=first.nonce.int ^ 1)

    def send(_: int) -> ReturnRequest:
        return requests.submit(
            order=order,
            asked=[factories.asked(order.lines.get())],
            contact=factories.contact(order),
            by=By.owner(cast.maya),
            now=now,
            nonce=nonce,
        )

    results = at_once(send)
    assert {result.pk for result in results if isinstance(result, ReturnRequest)} == {
        ReturnRequest.objects.get(nonce=nonce).pk
    }
    assert all(isinstance(result, ReturnRequest) for result in results), results
    assert Notification.objects.filter(kind="received").count() == 2


def test_two_claims_of_one_guest_order_get_its_shipping_back_once_at_the_same_moment(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, shipping_paid=Decimal("9.95"), lines=[{}, {}])
    ready = []
    for line in order.lines.order_by("position"):
        asked = factories.asked(line, reason=Reason.DAMAGED, wants=Wish.STORE_CREDIT)
        request = factories.submitted(order, now=now, lines=[asked])
        for step in (factories.authorized, factories.received, factories.inspected):
            request = step(request, by=cast.renee, now=now)
        ready.append(request)

    def settle(number: int) -> ReturnRequest:
        one = ready[number]
        return settlement.settle(request_id=one.pk, expected_total=one.amount, by=By.staff(cast.renee), now=now)

    results = at_once(settle, people=2)
    assert sum(isinstance(result, ReturnRequest) for result in results) == 1, results
    assert sum(isinstance(result, AmountChanged) for result in results) == 1, results
    order.refresh_from_db()
    assert order.shipping_refunded == Decimal("9.95")
    assert list(violations()) == []


def test_filing_and_settling_on_one_order_never_wait_for_each_other_in_a_circle(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    for _ in range(5):
        order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{}, {}])
        first, second = order.lines.order_by("position")
        request = factories.submitted(order, now=now, lines=[factories.asked(first)])
        for step in (factories.authorized, factories.received, factories.inspected):
            request = step(request, by=cast.renee, now=now)

        def act(number: int, request: ReturnRequest = request, second: OrderLine = second) -> ReturnRequest:
            if number:
                return factories.submitted(second.order, now=now, lines=[factories.asked(second)])
            return settlement.settle(
                request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now
            )

        results = at_once(act, people=2)
        assert all(isinstance(result, ReturnRequest) for result in results), results
    assert list(violations()) == []
