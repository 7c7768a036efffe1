"""Two people with one package in their hands: one of them has it. The twin without the lock shows what it is for."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import transaction

from returns.domain.holding import HoldingState
from returns.domain.workflow import Status
from returns.models import HeldPackage, Package, ReturnRequest, Storefront
from returns.services import holding, inspection, receiving
from returns.services.errors import AlreadyDecided, CountsChanged
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE
from tests.returns.services.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(cast: Cast, shops: dict[str, Storefront], now: datetime) -> list[ReturnRequest]:
    """Two returns that might be whose package it is."""
    return [
        factories.authorized(
            factories.submitted(factories.order(shops[IMAGE], now=now, customer=each), now=now), by=cast.sam, now=now
        )
        for each in (cast.accounts[IMAGE], cast.ottos[IMAGE])
    ]


@pytest.fixture
def held(cast: Cast, shops: dict[str, Storefront], now: datetime) -> HeldPackage:
    return factories.held(shops[IMAGE], by=cast.renee, now=now)


def match_both(two: list[ReturnRequest], held: HeldPackage, cast: Cast, now: datetime) -> list[object]:
    people = [cast.renee, cast.sam]
    return at_once(
        lambda number: receiving.receive(
            request_id=two[number].pk,
            counts={1: 2},
            by=By.staff(people[number]),
            now=now,
            held_id=held.public_id,
        ),
        people=2,
    )


def test_of_two_who_match_the_same_package_one_receives_it(
    two: list[ReturnRequest], held: HeldPackage, cast: Cast, now: datetime
) -> None:
    results = match_both(two, held, cast, now)
    assert sum(isinstance(result, ReturnRequest) for result in results) == 1, results
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 1, results
    held.refresh_from_db()
    assert held.package == Package.objects.get()


def test_without_the_lock_both_receive_it(
    two: list[ReturnRequest], held: HeldPackage, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the very same service without the row lock of the held package."""
    both_have_read = threading.Barrier(2)

    @contextmanager
    def unlocked(held_id: uuid.UUID, by: By) -> Iterator[HeldPackage]:
        with transaction.atomic():
            found = HeldPackage.objects.get(public_id=held_id)
            both_have_read.wait(timeout=30)
            yield found

    monkeypatch.setattr(holding, "_held", unlocked)
    results = match_both(two, held, cast, now)
    assert all(isinstance(result, ReturnRequest) for result in results), results
    assert Package.objects.count() == 2


def test_matched_or_sent_back_but_not_both(
    two: list[ReturnRequest], held: HeldPackage, cast: Cast, now: datetime
) -> None:
    def act(number: int) -> object:
        if number:
            by = By.staff(cast.sam)
            return holding.close(
                held_id=held.public_id, state=HoldingState.SENT_BACK, reason="Not ours", by=by, now=now
            )
        return receiving.receive(
            request_id=two[0].pk, counts={1: 2}, by=By.staff(cast.renee), now=now, held_id=held.public_id
        )

    results = at_once(act, people=2)
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 1, results
    held.refresh_from_db()
    assert (held.state == HoldingState.MATCHED) == Package.objects.exists()


def test_two_further_packages_at_once_never_pass_what_is_authorized_in_silence(
    two: list[ReturnRequest], cast: Cast, now: datetime
) -> None:
    receiving.receive(request_id=two[0].pk, counts={1: 1}, by=By.staff(cast.renee), now=now)
    results = at_once(
        lambda _: receiving.receive_another(
            request_id=two[0].pk, nonce=uuid.uuid4(), counts={1: 1}, by=By.staff(cast.renee), now=now
        ),
        people=4,
    )
    assert sum(isinstance(result, ReturnRequest) for result in results) == 1, results
    assert two[0].lines.get().received_quantity == 2


def test_what_came_while_it_was_inspected_is_never_inspected_unseen(
    two: list[ReturnRequest], cast: Cast, now: datetime
) -> None:
    rma = two[0]
    receiving.receive(request_id=rma.pk, counts={1: 1}, by=By.staff(cast.renee), now=now)
    seen = factories.finding(1, 1, counted=1)

    def act(number: int) -> object:
        if number:
            return receiving.receive_another(
                request_id=rma.pk, nonce=uuid.uuid4(), counts={1: 1}, by=By.staff(cast.sam), now=now
            )
        return inspection.inspect(request_id=rma.pk, findings=[seen], by=By.staff(cast.renee), now=now)

    results = at_once(act, people=2)
    assert sum(isinstance(result, ReturnRequest) for result in results) == 1, results
    assert sum(isinstance(result, AlreadyDecided | CountsChanged) for result in results) == 1, results
    rma.refresh_from_db()
    assert rma.lines.get().received_quantity == (1 if rma.status == Status.INSPECTED else 2)


def test_what_another_package_brought_is_looked_at_before_it_is_inspected(
    two: list[ReturnRequest], cast: Cast, now: datetime
) -> None:
    rma, by = two[0], By.staff(cast.renee)
    receiving.receive(request_id=rma.pk, counts={1: 1}, by=by, now=now)
    receiving.receive_another(request_id=rma.pk, nonce=uuid.uuid4(), counts={1: 1}, by=By.staff(cast.sam), now=now)
    with pytest.raises(CountsChanged) as refused:
        inspection.inspect(request_id=rma.pk, findings=[factories.finding(1, 1, counted=1)], by=by, now=now)
    assert refused.value.lines == {1: 2}
    assert rma.lines.get().accepted_quantity is None
    done = inspection.inspect(request_id=rma.pk, findings=[factories.finding(1, 2, counted=2)], by=by, now=now)
    assert done.status == Status.INSPECTED
