"""The orders of the person who asks: the list, one order, its receipt."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from returns.models import Order, OrderLine, Storefront
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db

PAGE_OF_ONE = ["order", "receipt", "damage", "missing", "choose", "check"]


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def url(name: str, *args: object) -> str:
    return reverse(f"portal:{name}", args=args)


def page(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    response = client.get(url(name, *args), query)
    assert response.status_code == status
    return unescape(" ".join(response.content.decode().split()))


def mayas(cast: Cast, shops: dict[str, Storefront], now: datetime, slug: str = IMAGE, **fields: object) -> Order:
    return factories.order(shops[slug], now=now, customer=cast.accounts[slug], **fields)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------------ the list


def test_customers_see_their_own_orders_and_nobody_elses(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    mine = mayas(cast, shops, now)
    other = factories.order(shops[IMAGE], now=now, customer=cast.ottos[IMAGE])
    at_another_shop = mayas(cast, shops, now, SPA)
    body = page(signed_in(cast.maya), "orders", IMAGE)
    assert mine.number in body
    assert other.number not in body
    assert at_another_shop.number not in body


@pytest.mark.parametrize("orders", [1, 25])
def test_the_list_of_orders_costs_the_same_however_long_it_is(
    cast: Cast,
    shops: dict[str, Storefront],
    signed_in: SignIn,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
    orders: int,
) -> None:
    for _ in range(orders):
        mayas(cast, shops, now, lines=({}, {}))
    client = signed_in(cast.maya)
    # session, person, storefront, account, orders, lines, policy version of the foot; nothing is counted
    with django_assert_num_queries(7):
        client.get(url("orders", IMAGE))


def test_pages_follow_each_other_without_gap_or_repetition(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = [mayas(cast, shops, now, days_ago=number // 3) for number in range(45)]
    client, seen, after = signed_in(cast.maya), [], ""
    for _ in range(3):
        response = client.get(url("orders", IMAGE), {"after": after} if after else {})
        seen += [row["order"].number for row in response.context["rows"]]
        after = response.context["page"].next
    assert after == ""
    newest_first = sorted(made, key=lambda order: (order.placed_at, order.number_key), reverse=True)
    assert seen == [order.number for order in newest_first]


@pytest.mark.parametrize(
    "after", ["x", "2026-11-18T17:00:00+00:00,1 or 1", "2026-11-18,1000", "9999-12-31T23:59:59-14:00,1", ",,"]
)
def test_a_page_nobody_made_is_the_first_one(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime, after: str
) -> None:
    made = mayas(cast, shops, now)
    assert made.number in page(signed_in(cast.maya), "orders", IMAGE, after=after)


def test_with_more_than_ten_orders_there_is_a_search(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    for number in range(10):
        mayas(cast, shops, now, number=f"IC-30{number:02}")
    assert 'role="search"' not in page(signed_in(cast.maya), "orders", IMAGE)
    mayas(cast, shops, now, number="IC-4077", lines=({"title": "Clay mask"},))
    client = signed_in(cast.maya)
    assert 'role="search"' in page(client, "orders", IMAGE)
    for sought in ("ic 4077", "IC-40", "clay"):
        body = page(client, "orders", IMAGE, q=sought)
        assert "IC-4077" in body
        assert "IC-3001" not in body


@pytest.mark.parametrize("sought", ["zebra", "#", "%", "_", "x" * 500, "1' OR '1'='1"])
def test_a_search_that_finds_nothing_says_so_and_shows_the_way_back(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime, sought: str
) -> None:
    for _ in range(3):
        mayas(cast, shops, now)
    factories.order(shops[IMAGE], now=now, customer=cast.ottos[IMAGE], lines=({"title": "A zebra mask"},))
    body = page(signed_in(cast.maya), "orders", IMAGE, q=sought)
    assert "zebra mask" not in body
    assert "No order like that" in body or "Pick the one" in body


def test_who_comes_to_report_damage_is_led_there(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made, bought_elsewhere = mayas(cast, shops, now), mayas(cast, shops, now, channel="partner")
    body = page(signed_in(cast.maya), "orders", IMAGE, lane="damage")
    assert "What arrived damaged or wrong?" in body
    assert f'href="{url("damage", IMAGE, made.public_id)}"' in body
    assert f'href="{url("order", IMAGE, bought_elsewhere.public_id)}"' in body


def test_a_customer_without_orders_is_told_the_way_out(cast: Cast, signed_in: SignIn) -> None:
    body = page(signed_in(cast.maya), "orders", IMAGE)
    assert "No orders here yet" in body
    assert url("start", IMAGE) in body


# ----------------------------------------------------------------------------------------------------------- one order


def test_an_order_shows_its_tracking_and_what_can_go_back_until_when(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(cast, shops, now, carrier="UPS", tracking_number="1Z999", tracking_url="https://example.com/1Z999")
    body = page(signed_in(cast.maya), "order", IMAGE, made.public_id)
    assert 'href="https://example.com/1Z999"' in body
    assert "In full until Sunday, December 13, 2026." in body


@pytest.mark.parametrize("slug", [SPA, IMAGE, PRO])
@pytest.mark.parametrize(("lines", "returns"), [(1, 0), (1, 1), (12, 6)])
def test_an_order_costs_at_most_eight_queries_however_much_it_has(
    cast: Cast,
    shops: dict[str, Storefront],
    signed_in: SignIn,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    slug: str,
    lines: int,
    returns: int,
) -> None:
    made = mayas(cast, shops, now, slug, lines=[{"product": factories.product(shops[slug])} for _ in range(lines)])
    settled(made, cast, now)
    for line in list(made.lines.order_by("position"))[1 : returns + 1]:
        factories.submitted(made, now=now, lines=[factories.asked(line, quantity=1)])
    client = signed_in(cast.maya)
    client.get(url("order", slug, made.public_id))
    with django_assert_max_num_queries(8):
        client.get(url("order", slug, made.public_id))


def settled(made: Order, cast: Cast, now: datetime) -> None:
    """One unit of the first line came back and was settled."""
    first = made.lines.order_by("position")[0]
    request = factories.submitted(made, now=now, lines=[factories.asked(first, quantity=1)])
    for step in (factories.authorized, factories.received, factories.inspected):
        step(request, by=cast.renee, now=now)
    request.refresh_from_db()
    from returns.services import settlement
    from returns.services.transition import By

    settlement.settle(
        request_id=request.pk, expected_total=request.current_quote.total, by=By.staff(cast.renee), now=now
    )


def test_a_partner_order_stays_within_eight_queries_too(
    cast: Cast,
    shops: dict[str, Storefront],
    signed_in: SignIn,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    made = mayas(cast, shops, now, channel="partner", seller_name="le petit spa")
    client = signed_in(cast.maya)
    client.get(url("order", IMAGE, made.public_id))
    with django_assert_max_num_queries(8):
        client.get(url("order", IMAGE, made.public_id))


def test_a_return_is_called_on_its_order_as_on_its_own_page(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(cast, shops, now, SPA)
    settled(made, cast, now)
    body = page(signed_in(cast.maya), "order", SPA, made.public_id)
    assert "Credited" in body
    assert "Completed" not in body


def test_what_came_back_before_is_counted_in_the_next_quote(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(cast, shops, now, days_ago=40, lines=({"quantity": 3, "paid_total": Decimal("100.00")},))
    settled(made, cast, now)
    body = page(signed_in(cast.maya), "order", IMAGE, made.public_id)
    assert "1 returned" in body
    assert "2 can still go back" in body
    assert "$66.67 less $13.33" in body, "the third unit takes the cent that the first one left"


def test_what_is_asked_back_is_said_beside_the_product(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(cast, shops, now)
    request = factories.submitted(made, now=now)
    body = page(signed_in(cast.maya), "order", IMAGE, made.public_id)
    assert "2 asked back" in body
    assert url("return", IMAGE, request.reference) in body
    assert "Everything of this order was returned or asked for already." in body


def test_what_came_free_with_an_order_is_no_product_to_return_by_itself(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    free = {"title": "Gift bag", "kind": "promo", "quantity": 1, "paid_total": Decimal(0)}
    made = mayas(cast, shops, now, SPA, lines=({}, free))
    body = page(signed_in(cast.maya), "order", SPA, made.public_id)
    beside = body.partition("Gift bag</h2>")[2].partition("</section>")[0]
    assert "Send back too, as soon as you return anything of this order. It came free with it." in beside
    assert "Return this" not in beside
    assert "nothing was paid for it" not in body


def test_units_the_shop_refunded_itself_are_returned_ones(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(cast, shops, now)
    OrderLine.objects.filter(order=made).update(refunded_before=1)
    assert "1 returned" in page(signed_in(cast.maya), "order", IMAGE, made.public_id)


def test_damage_and_missing_packages_begin_at_the_order(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(cast, shops, now)
    body = page(signed_in(cast.maya), "order", IMAGE, made.public_id)
    assert url("damage", IMAGE, made.public_id) in body
    assert url("missing", IMAGE, made.public_id) in body


def test_what_isnt_shown_as_delivered_cant_be_missing_yet(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(cast, shops, now, status="shipped", delivered_hours_ago=None)
    assert url("missing", IMAGE, made.public_id) not in page(signed_in(cast.maya), "order", IMAGE, made.public_id)


def test_a_partner_order_names_the_seller_and_hints_at_no_damage_lane(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(cast, shops, now, channel="partner", seller_name="le petit spa", seller_contact="980-216-1527")
    body = page(signed_in(cast.maya), "order", IMAGE, made.public_id)
    assert "Bought at le petit spa" in body
    assert 'href="tel:9802161527"' in body
    assert f'href="{url("landing", SPA)}"' in body
    assert url("damage", IMAGE, made.public_id) not in body
    assert "Ask us anyway" in body


def test_help_with_orders_is_the_shops_own(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    at_image, at_the_spa = mayas(cast, shops, now), mayas(cast, shops, now, SPA)
    client = signed_in(cast.maya)
    assert "within two business days" in page(client, "order", IMAGE, at_image.public_id)
    assert "within two business days" not in page(client, "order", SPA, at_the_spa.public_id)


@pytest.mark.parametrize("name", PAGE_OF_ONE)
def test_somebody_elses_order_is_not_found(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime, name: str
) -> None:
    made = mayas(cast, shops, now)
    for person in (cast.otto, cast.renee, cast.mona):
        page(signed_in(person), name, IMAGE, made.public_id, status=404)
    page(signed_in(cast.maya), name, SPA, made.public_id, status=404)


def test_an_order_without_a_policy_says_so(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    bare = Storefront.objects.create(slug="bare", name="Bare", short_name="Bare")
    made = factories.order(bare, now=now, customer=factories.account(bare, user=cast.maya))
    assert "published its return policy" in page(signed_in(cast.maya), "order", "bare", made.public_id)
    page(signed_in(cast.maya), "choose", "bare", made.public_id, status=409)


# --------------------------------------------------------------------------------------------------------- the receipt


def test_a_receipt_adds_up_what_was_paid(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(
        cast,
        shops,
        now,
        lines=({}, {"title": "Clay mask", "quantity": 3, "paid_total": Decimal("100.00")}),
        shipping_paid=Decimal("9.95"),
        payment_method="Visa ending in 4242",
    )
    body = page(signed_in(cast.maya), "receipt", IMAGE, made.public_id)
    assert "Vital C hydrating serum, 2 × $61.20" in body
    assert "3 × Clay mask" in body
    assert "$100.00" in body
    assert "$9.95" in body
    assert "$232.35" in body
    assert "Visa ending in 4242" in body
    assert cast.accounts[IMAGE].number in body


def test_a_receipt_invents_no_tax(cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime) -> None:
    made = mayas(cast, shops, now)
    assert "Tax isn’t part of this receipt" in page(signed_in(cast.maya), "receipt", IMAGE, made.public_id)


def test_a_receipt_stays_what_it_was_when_something_comes_back(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    made = mayas(cast, shops, now)
    settled(made, cast, now + timedelta(hours=1))
    assert "$122.40" in page(signed_in(cast.maya), "receipt", IMAGE, made.public_id)
