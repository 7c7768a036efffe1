"""Two people with one package in their hands: one of them has it. The twin without the lock shows what it is for."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import transaction

from returns.domain.holding import HoldingState
from returns.models import HeldPackage, Package, ReturnRequest, Storefront
from returns.services import holding, receiving
from returns.services.errors import AlreadyDecided
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
