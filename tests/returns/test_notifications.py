"""What is owed: one message for each event that tells somebody, in the event's transaction, and then a ring."""

from datetime import datetime
from unittest import mock

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from returns import doorbell, notifications
from returns.domain.workflow import Action
from returns.letters import LETTERS
from returns.models import GuestLink, Notification, ReturnEvent, Storefront
from returns.notices import BY_EVENT, CATALOGUE, STAFFED, Audience
from returns.services import requests
from returns.services.claims import URGENT
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA
from tests.mails import asked_back, bought, settled

pytestmark = pytest.mark.django_db


def test_the_catalogue_and_the_letters_are_the_same_kinds() -> None:
    assert [notice.kind for notice in CATALOGUE] == list(dict.fromkeys(notice.kind for notice in CATALOGUE))
    assert {notice.kind for notice in CATALOGUE} == set(LETTERS)


def test_every_action_but_these_tells_somebody() -> None:
    """Taking is ours alone, of answers and shipments the customer knows, and findings come with what follows them."""
    silent = {
        Action.TAKE,
        Action.ANSWER,
        Action.SHIP,
        Action.INSPECT,
        Action.ANSWER_DIFFERENCE,
        Action.REOPEN,
    }
    no_moves = {"file", "message", "package", "goods_sent", "goods_corrected", "refund_sent", "refund_failed"}
    assert set(Action) - silent == {Action(name) for name in BY_EVENT if name not in no_moves}


def test_a_whole_life_owes_one_message_for_each_step(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    request = factories.authorized(request, by=cast.renee, now=now)
    request = factories.received(request, by=cast.renee, now=now)
    settled(factories.inspected(request, by=cast.renee, now=now), cast, now)
    rows = Notification.objects.order_by("created_at", "dedupe_key")
    assert sorted(row.kind for row in rows) == ["authorized", "completed", "package_received", "received"]
    told = {event.seq for event in ReturnEvent.objects.filter(action__in=list(BY_EVENT))}
    assert {row.context["event_seq"] for row in rows} == told
    assert {row.recipient for row in rows} == {cast.maya.email}


def test_the_message_belongs_to_the_event_s_transaction(shops: dict[str, Storefront], now: datetime) -> None:
    class Later(Exception):
        pass

    order = factories.order(shops[IMAGE], now=now)
    with pytest.raises(Later), transaction.atomic():
        factories.submitted(order, now=now)
        assert Notification.objects.exists()
        raise Later
    assert not Notification.objects.exists()
    assert not GuestLink.objects.exists()


def test_the_bell_rings_after_the_commit_and_not_before(
    shops: dict[str, Storefront], now: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order = factories.order(shops[IMAGE], now=now)
    with mock.patch.object(doorbell, "ring") as ring:
        with django_capture_on_commit_callbacks(execute=True):
            factories.submitted(order, now=now)
            ring.assert_not_called()
        ring.assert_called_once_with(Notification.objects.get().pk)


def test_the_same_key_is_owed_once(now: datetime) -> None:
    def owe(recipient: str) -> Notification | None:
        return notifications.enqueue(kind="received", recipient=recipient, dedupe_key="received:1:1", now=now)

    first = owe("a@example.com")
    assert first is not None
    assert owe("b@example.com") is None
    assert Notification.objects.get() == first


def test_the_rma_number_leaves_before_everything_else_and_reminders_last() -> None:
    priorities = {notice.kind: notice.priority for notice in CATALOGUE}
    assert priorities["authorized"] == 1
    assert all(notice.priority <= URGENT for notice in BY_EVENT.values())
    assert {kind for kind, priority in priorities.items() if priority > URGENT} == {
        "information_reminder",
        "difference_reminder",
        "ship_reminder",
        *(notice.kind for notice in CATALOGUE if notice.audience in STAFFED),
    }


def test_only_the_completion_and_its_refund_go_to_the_main_contact() -> None:
    to_main_contact = {notice.kind for notice in CATALOGUE if notice.audience is Audience.MAIN_CONTACT}
    assert to_main_contact == {"completed", "refund_sent", "refund_failed"}


def test_a_signed_in_customer_who_names_another_address_opens_no_door_to_it(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    """The mail goes where they want it; what it links to asks for their password."""
    order = bought(shops[SPA], cast, now)
    order.email = "colleague@example.com"
    order.save()
    request = asked_back(order, now)
    assert request.contact_email == "colleague@example.com"
    requests.withdraw(request_id=request.pk, by=By.owner(cast.maya), now=now)
    assert set(Notification.objects.values_list("recipient", flat=True)) == {"colleague@example.com"}
    assert not GuestLink.objects.exists()
