"""Drafts as rows: begun once, kept, dropped with the request they become, and swept when nobody comes back."""

import uuid
from datetime import datetime, timedelta

import pytest

from returns import drafts as reading
from returns.models import Draft, Order, Photo, ReturnRequest, Storefront
from returns.services import drafts, requests
from returns.services.errors import Refused
from returns.services.transition import By
from returns.tasks import sweep_drafts
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shops: dict[str, Storefront], cast: Cast, now: datetime) -> Order:
    return factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])


def photo_of(draft: Draft, now: datetime) -> Photo:
    name = uuid.uuid4().hex
    sizes = {"width": 10, "height": 10, "size": 100}
    return Photo.objects.create(
        draft=draft, file=f"{name}.jpg", thumbnail=f"{name}-s.jpg", sha256="0" * 64, at=now, **sizes
    )


def file(order: Order, draft: Draft, now: datetime, **more: object) -> ReturnRequest:
    return requests.submit(
        order=order,
        asked=[factories.asked(line, **more) for line in order.lines.all()],
        contact=factories.contact(order),
        by=By.owner(order.account.user if order.account else None),
        now=now,
        nonce=draft.nonce,
        draft=draft,
        language="de",
        checks=("neighbor",),
        stated_received_at=now - timedelta(hours=3),
    )


def test_a_draft_is_begun_once(order: Order, cast: Cast, now: datetime) -> None:
    first = drafts.open_draft(order=order, user=cast.maya, now=now)
    again = drafts.open_draft(order=order, user=cast.maya, now=now + timedelta(days=1))
    assert (again, again.created_at) == (first, now)
    guests = [drafts.open_draft(order=order, user=None, now=now) for _ in range(2)]
    assert guests[0] == guests[1] != first


def test_another_request_than_before_gets_another_nonce(order: Order, now: datetime) -> None:
    draft = drafts.open_draft(order=order, user=None, now=now)
    before = draft.nonce
    drafts.keep(draft, data={"entered": {}}, now=now + timedelta(minutes=1))
    assert (Draft.objects.get().nonce, Draft.objects.get().updated_at) == (before, now + timedelta(minutes=1))
    asked = reading.as_data([factories.asked(line) for line in order.lines.all()])
    for _ in range(2):
        drafts.keep(draft, data=asked, now=now)
        drafts.keep(draft, data={"entered": {"a": "b"}}, now=now)
    after = Draft.objects.get()
    assert after.nonce == draft.nonce != before
    assert reading.entered_in(after) == {"a": "b"}
    first = after.nonce
    drafts.keep(draft, data=asked, now=now)
    assert Draft.objects.get().nonce == first
    drafts.keep(draft, data=reading.as_data([]), now=now)
    assert Draft.objects.get().nonce != first


def test_what_another_page_kept_meanwhile_is_not_undone(order: Order, now: datetime) -> None:
    late = drafts.open_draft(order=order, user=None, now=now)
    drafts.keep(
        drafts.open_draft(order=order, user=None, now=now),
        data=reading.as_data([factories.asked(line) for line in order.lines.all()]),
        now=now,
    )
    kept = Draft.objects.get()
    drafts.keep(late, data={"entered": {"x": "on"}}, now=now)
    after = Draft.objects.get()
    assert (after.nonce, after.data["asked"]) == (kept.nonce, kept.data["asked"])
    assert late.nonce == kept.nonce


def test_a_draft_that_is_gone_stays_gone(order: Order, now: datetime) -> None:
    draft = drafts.open_draft(order=order, user=None, now=now)
    drafts.drop(draft)
    drafts.keep(draft, data={}, now=now)
    assert not Draft.objects.exists()


def test_a_request_takes_over_its_draft_with_the_photos(order: Order, cast: Cast, now: datetime) -> None:
    draft = drafts.open_draft(order=order, user=cast.maya, now=now)
    photo = photo_of(draft, now)
    filed = file(order, draft, now)
    photo.refresh_from_db()
    assert (photo.request, photo.draft) == (filed, None)
    assert not Draft.objects.exists()
    assert (filed.language, filed.checks, filed.stated_received_at) == ("de", ["neighbor"], now - timedelta(hours=3))


def test_a_refused_request_leaves_its_draft(order: Order, now: datetime) -> None:
    draft = drafts.open_draft(order=order, user=None, now=now)
    photo_of(draft, now)
    with pytest.raises(Refused):
        file(order, draft, now, quantity=9)
    assert draft.photos.count() == 1


def test_drafts_nobody_touched_for_thirty_days_are_swept(order: Order, cast: Cast, now: datetime) -> None:
    old = drafts.open_draft(order=order, user=None, now=now - timedelta(days=30, seconds=1))
    photo_of(old, now)
    young = drafts.open_draft(order=order, user=cast.maya, now=now - timedelta(days=40))
    drafts.keep(young, data=reading.as_data([]), now=now - timedelta(days=29))
    assert drafts.sweep(now) == 1
    assert list(Draft.objects.all()) == [young]
    assert not Photo.objects.exists()
    sweep_drafts()
