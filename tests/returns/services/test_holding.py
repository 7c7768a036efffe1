"""Packages nobody can place: held, their senders tried, and ended once."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from returns import mail
from returns.domain.holding import HoldingState, Way
from returns.domain.workflow import Status
from returns.letters import NoLongerTrue
from returns.models import ContactTry, HeldPackage, Notification, Photo, Storefront
from returns.services import holding, receiving
from returns.services.errors import AlreadyDecided, Refused
from returns.services.holding import Label
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA
from tests.mails import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(cast: Cast, shops: dict[str, Storefront], now: datetime) -> HeldPackage:
    return factories.held(shops[IMAGE], by=cast.renee, now=now, sender_email="kate@example.com", tracking_number="94 1")


def test_the_same_form_sent_twice_holds_one_package(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    nonce = uuid.uuid4()
    made = [
        holding.hold(storefront=shops[IMAGE], label=Label(sender="K."), nonce=nonce, by=By.staff(cast.renee), now=now)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    with pytest.raises(Refused):  # somebody else's form can't name it
        holding.hold(storefront=shops[SPA], label=Label(), nonce=nonce, by=By.staff(cast.sam), now=now)
    assert HeldPackage.objects.count() == 1


def test_customers_hold_nothing(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    for by in (By.owner(cast.maya), By.owner(None), By.worker()):
        with pytest.raises(Refused):
            holding.hold(storefront=shops[IMAGE], label=Label(), nonce=uuid.uuid4(), by=by, now=now)


def test_an_email_to_the_sender_is_owed_with_the_try_and_leads_to_the_next_step(
    held: HeldPackage, cast: Cast, now: datetime
) -> None:
    by = By.staff(cast.renee)
    holding.note_try(held_id=held.public_id, seen=0, way=Way.EMAIL, note="", by=by, now=now)
    held.refresh_from_db()
    assert (held.next_step_on - now.date()).days == 3
    row = Notification.objects.get(kind="package_unknown")
    assert row.recipient == "kate@example.com"
    words = text_of(mail.render(row, now=now))
    assert held.mark in words
    assert "94 1" in words
    holding.note_try(held_id=held.public_id, seen=1, way=Way.PHONE, note="Nobody there", by=by, now=now)
    assert Notification.objects.filter(kind="package_unknown").count() == 1
    assert list(held.tries.values_list("number", "way")) == [(1, "email"), (2, "phone")]


def test_the_mail_is_dropped_where_the_package_has_gone_meanwhile(held: HeldPackage, cast: Cast, now: datetime) -> None:
    by = By.staff(cast.renee)
    holding.note_try(held_id=held.public_id, seen=0, way=Way.EMAIL, note="", by=by, now=now)
    holding.close(held_id=held.public_id, state=HoldingState.SENT_BACK, reason="Not ours", by=by, now=now)
    with pytest.raises(NoLongerTrue):
        mail.render(Notification.objects.get(kind="package_unknown"), now=now)


def test_a_try_that_somebody_noted_meanwhile_is_not_made_twice(held: HeldPackage, cast: Cast, now: datetime) -> None:
    def note(by: By) -> HeldPackage:
        return holding.note_try(held_id=held.public_id, seen=0, way=Way.EMAIL, note="", by=by, now=now)

    note(By.staff(cast.renee))
    with pytest.raises(AlreadyDecided):
        note(By.staff(cast.sam))
    assert ContactTry.objects.count() == Notification.objects.filter(kind="package_unknown").count() == 1


def test_without_an_address_no_email_is_noted(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    held = factories.held(shops[IMAGE], by=cast.renee, now=now)
    with pytest.raises(Refused, match="No email"):
        holding.note_try(held_id=held.public_id, seen=0, way=Way.EMAIL, note="", by=By.staff(cast.renee), now=now)
    assert not held.tries.exists()


def test_it_ends_once_and_with_a_reason(held: HeldPackage, cast: Cast, now: datetime) -> None:
    by = By.staff(cast.renee)
    for state, reason in ((HoldingState.SCRAPPED, " "), (HoldingState.MATCHED, "x"), (HoldingState.HELD, "x")):
        with pytest.raises(Refused):
            holding.close(held_id=held.public_id, state=state, reason=reason, by=by, now=now)
    done = holding.close(held_id=held.public_id, state=HoldingState.SCRAPPED, reason="Leaking", by=by, now=now)
    assert (done.state, done.closed_by, done.closed_at) == ("scrapped", cast.renee, now)
    with pytest.raises(AlreadyDecided, match="Renee O. was first"):
        holding.close(held_id=held.public_id, state=HoldingState.SENT_BACK, reason="x", by=by, now=now)
    with pytest.raises(AlreadyDecided):
        holding.note_try(held_id=held.public_id, seen=0, way=Way.PHONE, note="", by=by, now=now)


def test_a_later_match_is_received_then_and_the_deadline_runs_from_then(
    held: HeldPackage, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    request = factories.authorized(factories.submitted(made, now=now), by=cast.sam, now=now)
    later = now + timedelta(days=12)
    done = receiving.receive(
        request_id=request.pk, counts={1: 2}, by=By.staff(cast.sam), now=later, held_id=held.public_id
    )
    held.refresh_from_db()
    assert (held.state, held.package) == ("matched", done.packages.get())
    assert done.received_at == later
    assert done.due_on == later.date() + timedelta(days=10)


def test_a_held_package_that_has_ended_receives_nothing(
    held: HeldPackage, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    by = By.staff(cast.renee)
    holding.close(held_id=held.public_id, state=HoldingState.SENT_BACK, reason="Not ours", by=by, now=now)
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    request = factories.authorized(factories.submitted(made, now=now), by=cast.sam, now=now)
    for held_id in (held.public_id, uuid.uuid4()):
        with pytest.raises(Refused):
            receiving.receive(request_id=request.pk, counts={1: 2}, by=by, now=now, held_id=held_id)
    request.refresh_from_db()
    assert request.status == Status.AUTHORIZED
    assert not request.packages.exists()


def test_the_database_keeps_tries_and_ends(held: HeldPackage, cast: Cast, now: datetime) -> None:
    holding.note_try(held_id=held.public_id, seen=0, way=Way.PHONE, note="", by=By.staff(cast.renee), now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        ContactTry.objects.update(note="another story")
    changes: list[dict[str, Any]] = [{"state": "scrapped"}, {"state": "matched", "closed_at": now}, {"state": "lost"}]
    for changed in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            HeldPackage.objects.update(**changed)


def test_photos_of_a_held_package_are_staffs_alone(held: HeldPackage, cast: Cast, now: datetime) -> None:
    factories.photo(held, now=now, by=By.staff(cast.renee), stage=Photo.FOUND)
    with pytest.raises(Refused):
        factories.photo(held, now=now, by=By.owner(cast.maya), color="red")
    assert held.photos.count() == 1
