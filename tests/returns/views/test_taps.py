"""How many taps a return takes, from the landing page to the reference, for a guest whose mail is open."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings

from returns.models import GuestLink, ReturnRequest, Storefront
from returns.services import guest_links
from tests import factories
from tests.factories import IMAGE, PRO, SPA
from tests.returns.views.thumb import Thumb

pytestmark = pytest.mark.django_db

MOST_TAPS = 12


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


RETURN_THIS = "Return this"
"""The link beside a product of the order, which ticks it."""


def guest_in_front_of(
    shop: Storefront, now: datetime, *, way: str = "Choose what to return", **order: Any
) -> tuple[Thumb, str]:
    """A guest who has come as far as the items page; and the names of the first product's fields there."""
    made = factories.order(shop, now=now, number="#1042", email="gia@example.com", phone="704-555-0111", **order)
    thumb = Thumb()
    thumb.open(f"/{shop.slug}/")
    thumb.type("order_number", "1042")
    thumb.type("email", "gia@example.com")
    thumb.press("Email me the link")
    mailed = guest_links.url_for(GuestLink.objects.get()).removeprefix(settings.SITE_URL)
    thumb.open(mailed, taps=1)
    thumb.press("Open my order")
    thumb.follow(way)
    return thumb, f"{made.lines.order_by('position')[0].public_id}-0"


@pytest.mark.parametrize("slug", [SPA, IMAGE, PRO])
@pytest.mark.parametrize(("lines", "taps"), [(1, 10), (3, 11)])
def test_one_product_goes_back_in_a_few_taps(
    shops: dict[str, Storefront], now: datetime, slug: str, lines: int, taps: int
) -> None:
    thumb, product = guest_in_front_of(shops[slug], now, lines=[{}] * lines)
    thumb.tick(f"{product}-chosen")
    thumb.pick(f"{product}-reason", "changed_mind")
    thumb.press("Continue")
    thumb.press("Send my request")
    assert ReturnRequest.objects.get().reference in thumb.body
    assert thumb.typed == ["order_number", "email"]
    assert thumb.taps == taps <= MOST_TAPS


@pytest.mark.parametrize("lines", [1, 3])
def test_an_exchange_takes_a_tap_for_the_wish_and_one_for_the_product(
    shops: dict[str, Storefront], now: datetime, lines: int
) -> None:
    factories.product(shops[SPA], sku="OTHER")
    factories.product(shops[SPA], sku="ANOTHER")
    thumb, product = guest_in_front_of(shops[SPA], now, lines=[{}] * lines, way=RETURN_THIS)
    thumb.pick(f"{product}-reason", "ordered_wrong_item")
    thumb.update()
    thumb.choose(f"{product}-wants", "exchange")
    thumb.choose(f"{product}-exchange", "OTHER")
    thumb.press("Continue")
    thumb.press("Send my request")
    assert ReturnRequest.objects.get().submitted_quote.lines[0].resolution == "exchange"
    assert thumb.taps == MOST_TAPS


@pytest.mark.parametrize("lines", [1, 3])
def test_an_opened_product_takes_a_tap_to_say_so_and_one_for_how_much_is_used(
    shops: dict[str, Storefront], now: datetime, lines: int
) -> None:
    thumb, product = guest_in_front_of(shops[SPA], now, lines=[{}] * lines, way=RETURN_THIS)
    thumb.pick(f"{product}-reason", "dissatisfied")
    thumb.choose(f"{product}-condition", "opened")
    thumb.type(f"{product}-used_percent", "30")
    thumb.press("Continue")
    thumb.press("Send my request")
    assert ReturnRequest.objects.get().lines.get().used_percent == 30
    assert thumb.taps == MOST_TAPS


def test_after_day_thirty_the_expiration_date_is_all_that_is_typed_besides(
    shops: dict[str, Storefront], now: datetime
) -> None:
    thumb, product = guest_in_front_of(shops[IMAGE], now, days_ago=40, lines=[{"expires_on": None}])
    thumb.pick(f"{product}-reason", "changed_mind")
    thumb.type(f"{product}-expires_on", "08 2028")
    thumb.press("Continue")
    thumb.press("Send my request")
    assert ReturnRequest.objects.get().lines.get().expires_on is not None
    assert thumb.taps == 11
