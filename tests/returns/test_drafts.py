"""A draft as it is read: whose it is, and what it keeps."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from returns import drafts
from returns.domain.facts import Condition, Reason, Wish
from returns.models import Draft, Order, Storefront
from returns.quoting import quote_asked
from returns.services.drafts import keep, open_draft
from returns.viewer import Viewer
from tests import factories
from tests.conftest import Cast
from tests.factories import SPA

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shops: dict[str, Storefront], cast: Cast, now: datetime) -> Order:
    return factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])


def guest_of(order: Order) -> Viewer:
    return Viewer(AnonymousUser(), frozenset({order.pk}))


def test_what_is_asked_comes_back_as_it_was(order: Order, now: datetime) -> None:
    asked = factories.asked(
        order.lines.get(),
        reason=Reason.DISSATISFIED,
        condition=Condition.OPENED,
        wants=Wish.STORE_CREDIT,
        used_percent=Decimal("30.50"),
        expires_on=date(2028, 8, 31),
        ask_anyway=True,
        exchange_product_id=7,
    )
    seen = quote_asked(order, [asked], at=now)
    draft = open_draft(order=order, user=None, now=now)
    keep(draft, data=json.loads(json.dumps(drafts.as_data([asked], seen))), now=now)
    again = drafts.find(order, guest_of(order))
    assert drafts.asked_in(again) == (asked,)
    assert drafts.seen_in(again) == seen


def test_a_draft_follows_its_person_to_another_device(order: Order, cast: Cast, now: datetime) -> None:
    kept = open_draft(order=order, user=cast.maya, now=now)
    assert drafts.find(order, Viewer(cast.maya)) == kept
    assert drafts.find(order, Viewer(cast.otto)) is None
    assert drafts.find(order, guest_of(order)) is None


def test_guests_of_an_order_share_their_draft(order: Order, cast: Cast, now: datetime) -> None:
    kept = open_draft(order=order, user=None, now=now)
    assert drafts.find(order, guest_of(order)) == kept
    somebody = Viewer(cast.otto, frozenset({order.pk}))
    assert drafts.person_of(order, somebody) is None
    assert drafts.find(order, somebody) == kept
    assert drafts.find(order, Viewer(AnonymousUser())) is None


def test_each_lane_has_its_own(order: Order, cast: Cast, now: datetime) -> None:
    open_draft(order=order, user=cast.maya, now=now)
    assert drafts.find(order, Viewer(cast.maya), Draft.DAMAGE) is None


@pytest.mark.parametrize("broken", [{}, {"asked": 1, "seen": 1}, {"asked": [{}], "seen": {"lines": 1}}, 5, [1], None])
def test_what_cannot_be_read_is_nothing(order: Order, broken: Any, now: datetime) -> None:
    draft = Draft(order=order, data=broken)
    assert drafts.asked_in(draft) == ()
    assert drafts.seen_in(draft) is None
    assert drafts.entered_in(draft) is None
