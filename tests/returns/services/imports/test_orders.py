"""Orders from Shopify's order JSON format."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from returns.models import CustomerAccount, Order, OrderLine, Product, Storefront
from returns.services import settlement
from returns.services.imports import ImportResult, RowError
from returns.services.imports.orders import import_orders
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db


def line(**changes: Any) -> dict[str, Any]:
    return {
        "id": 11,
        "sku": "VC-SERUM",
        "name": "Vital C serum - 1.7 oz",
        "title": "Vital C serum",
        "quantity": 2,
        "price": "68.00",
        "discount_allocations": [{"amount": "13.60"}],
        "tax_lines": [{"price": "9.00"}],
        "properties": [],
        **changes,
    }


def order(**changes: Any) -> dict[str, Any]:
    return {
        "id": 900,
        "name": "#1001",
        "created_at": "2026-11-02T09:15:00-05:00",
        "currency": "USD",
        "email": "Maya@Example.com",
        "customer": {"first_name": "Maya", "last_name": "Brennan"},
        "taxes_included": False,
        "payment_gateway_names": ["paypal"],
        "fulfillment_status": "fulfilled",
        "shipping_lines": [{"price": "9.95", "discount_allocations": [{"amount": "2.00"}]}],
        "line_items": [line()],
        "fulfillments": [],
        **changes,
    }


def take(shop: Storefront, *orders: dict[str, Any]) -> ImportResult:
    return import_orders(text=json.dumps({"orders": list(orders)}), storefront=shop)


@pytest.fixture
def shop(shops: dict[str, Storefront]) -> Storefront:
    Product.objects.create(
        storefront=shops[IMAGE], sku="VC-SERUM", name="Vital C", kind="retail", expires_on="2028-03-31", flags=[]
    )
    return shops[IMAGE]


def test_an_order_and_its_line_are_read(shop: Storefront) -> None:
    account = CustomerAccount.objects.create(storefront=shop, number="A1", email="maya@example.com", name="Maya")
    assert str(take(shop, order())) == "1 created, 0 updated, 0 unchanged, 0 not taken"
    made = Order.objects.get()
    assert (made.number, made.number_key, made.account) == ("#1001", "1001", account)
    assert made.placed_at == datetime(2026, 11, 2, 14, 15, tzinfo=UTC)
    assert made.delivered_at is None
    assert made.shipping_paid == Decimal("7.95")
    assert made.payment_method == "paypal"
    bought = made.lines.get()
    assert bought.paid_total == Decimal("122.40")
    assert (bought.kind, str(bought.expires_on), bought.available) == ("retail", "2028-03-31", 2)


def test_tax_inside_the_price_is_taken_out(shop: Storefront) -> None:
    take(shop, order(taxes_included=True))
    assert OrderLine.objects.get().paid_total == Decimal("113.40")


def test_delivery_is_known_only_from_a_delivered_fulfillment(shop: Storefront) -> None:
    shipped = {"status": "success", "shipment_status": "in_transit", "updated_at": "2026-11-04T10:00:00-05:00"}
    delivered = {
        "status": "success",
        "shipment_status": "delivered",
        "updated_at": "2026-11-05T16:30:00-05:00",
        "tracking_number": "7712",
        "tracking_company": "FedEx",
        "tracking_url": "https://track.example.com/7712",
    }
    take(shop, order(fulfillments=[shipped]))
    assert Order.objects.get().delivered_at is None
    assert take(shop, order(fulfillments=[shipped, delivered])).updated == 1
    made = Order.objects.get()
    assert made.delivered_at == datetime(2026, 11, 5, 21, 30, tzinfo=UTC)
    assert (made.status, made.carrier, made.tracking_number) == ("delivered", "FedEx", "7712")
    later = {**delivered, "updated_at": "2026-11-20T08:00:00-05:00"}
    take(shop, order(fulfillments=[later]))
    assert Order.objects.get().delivered_at == datetime(2026, 11, 5, 21, 30, tzinfo=UTC)


def test_a_link_that_is_not_a_web_address_is_left_out(shop: Storefront) -> None:
    take(shop, order(fulfillments=[{"tracking_number": "1", "tracking_url": "javascript:alert(1)"}]))
    assert Order.objects.get().tracking_url == ""


def test_importing_again_never_changes_price_or_quantity(shop: Storefront) -> None:
    take(shop, order())
    assert take(shop, order()).unchanged == 1
    changed = order(
        line_items=[line(quantity=5, price="10.00")], created_at="2026-11-15T09:15:00-05:00", cancelled_at="2026-11-16"
    )
    assert take(shop, changed).updated == 1
    made = Order.objects.get()
    assert (made.status, made.placed_at.day) == ("cancelled", 2)
    assert (made.lines.get().quantity, made.lines.get().paid_total) == (2, Decimal("122.40"))


def test_properties_of_the_line_win_over_the_product(shop: Storefront) -> None:
    properties = [
        {"name": "Kind", "value": "Trial kit"},
        {"name": "Flags", "value": "final_sale, ten_percent_back"},
        {"name": "Expiration", "value": "2027-01-31"},
    ]
    take(shop, order(line_items=[line(properties=properties)]))
    bought = OrderLine.objects.get()
    assert (bought.kind, bought.flags, str(bought.expires_on)) == (
        "trial_kit",
        ["final_sale", "ten_percent_back"],
        "2027-01-31",
    )


def test_a_product_outside_the_catalogue_is_unclassified_until_it_is_imported(shop: Storefront) -> None:
    take(shop, order(line_items=[line(sku="NEW-1")]))
    assert OrderLine.objects.get().kind is None


def test_refunded_units_are_not_returnable_again(shop: Storefront) -> None:
    refunds = [{"refund_line_items": [{"line_item_id": 11, "quantity": 1}]}]
    take(shop, order(refunds=refunds))
    assert OrderLine.objects.get().available == 1
    assert take(shop, order(refunds=[*refunds, *refunds])).updated == 1
    assert OrderLine.objects.get().available == 0


def test_what_the_portal_settled_is_not_counted_twice(cast: Cast, shop: Storefront, now: datetime) -> None:
    take(shop, order())
    made = Order.objects.get()
    request = factories.submitted(made, now=now, lines=[factories.asked(made.lines.get(), quantity=1)])
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    settlement.settle(request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now)
    take(shop, order(refunds=[{"refund_line_items": [{"line_item_id": 11, "quantity": 1}]}]))
    assert made.lines.get().available == 1


def test_a_refund_outside_of_units_on_their_way_back_is_one_clear_line(shop: Storefront, now: datetime) -> None:
    take(shop, order())
    factories.submitted(Order.objects.get(), now=now)
    result = take(shop, order(refunds=[{"refund_line_items": [{"line_item_id": 11, "quantity": 1}]}]))
    assert result.problems == [
        "order #1001: Vital C serum - 1.7 oz: the shop refunded 1 of 2, but 2 are being returned here"
    ]


HUGE = "9999999999.99"
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"name": ""}, "name is empty"),
    "a moment without offset": ({"created_at": "2026-11-02T09:15:00"}, "created_at"),
    "no moment": ({"created_at": "yesterday"}, "created_at"),
    "another currency": ({"currency": "EUR"}, "sells in USD"),
    "no lines": ({"line_items": []}, "no line_items"),
    "lines that are none": ({"line_items": "two"}, "line_items isn't a list"),
    "a price that is none": ({"line_items": [line(price="NaN")]}, "line_items 1: price"),
    "a negative price": ({"line_items": [line(price="-1.00")]}, "price"),
    "full-width digits": ({"line_items": [line(price="６８")]}, "price"),
    "a third decimal": ({"line_items": [line(price="1.005")]}, "more than two decimals"),
    "a discount beyond the price": ({"line_items": [line(discount_allocations=[{"amount": "999"}])]}, "discounts"),
    "no quantity": ({"line_items": [line(quantity=None)]}, "quantity"),
    "half a unit": ({"line_items": [line(quantity=1.5)]}, "quantity"),
    "an unknown kind": ({"line_items": [line(properties=[{"name": "kind", "value": "toy"}])]}, "kind “toy”"),
    "an unknown flag": ({"line_items": [line(properties=[{"name": "flags", "value": "x"}])]}, "flags name “x”"),
    "a bad date": ({"line_items": [line(properties=[{"name": "expiration", "value": "soon"}])]}, "expiration"),
    "an address that is none": ({"email": "maya@@example"}, "isn't an email address"),
    "an unknown channel": ({"note_attributes": [{"name": "channel", "value": "moon"}]}, "channel"),
    "a customer that is a text": ({"customer": "x"}, "customer isn't an object"),
    "an address that is a list": ({"customer": None, "shipping_address": [1]}, "shipping_address isn't an object"),
    "payment details that are a text": ({"payment_details": "x"}, "payment_details isn't an object"),
    "payment names that are a number": ({"payment_gateway_names": 5}, "payment_gateway_names isn't a list"),
    "a payment name that is a list": (
        {"payment_gateway_names": [["x"]]},
        "payment_gateway_names isn't text",
    ),
    "tracking numbers that are a number": (
        {"fulfillments": [{"tracking_numbers": 5}]},
        "fulfillments: tracking_numbers isn't a list",
    ),
    "discounts of a line that are numbers": (
        {"line_items": [line(discount_allocations=[1])]},
        "line_items 1: discount_allocations isn't a list",
    ),
    "discounts of the shipping that are numbers": (
        {"shipping_lines": [{"price": "9.95", "discount_allocations": [1]}]},
        "shipping_lines: discount_allocations isn't a list",
    ),
    "notes that are a number": ({"note_attributes": 5}, "note_attributes isn't a list"),
    "a seller that is a list": (
        {"note_attributes": {"seller_name": ["x"]}},
        "note_attributes: seller_name isn't text",
    ),
    "properties that are a text": ({"line_items": [line(properties="x")]}, "properties isn't a list"),
    "a kind that is an object": ({"line_items": [line(properties={"kind": {"a": 1}})]}, "kind isn't text"),
    "a title that is a list": ({"line_items": [line(name=["x"])]}, "line_items 1: name isn't text"),
    "an id that is an object": ({"id": {"a": 1}}, "id isn't text"),
    "an id without end": ({"id": "1" * 65}, "id is longer than 64"),
    "a shipping state that is a list": ({"fulfillment_status": ["x"]}, "fulfillment_status isn't text"),
    "taxes included or not": ({"taxes_included": "FALSE"}, "taxes_included “FALSE” is neither true nor false"),
    "refunds that are a text": ({"refunds": "x"}, "refunds isn't a list"),
    "a line beyond all columns": (
        {"line_items": [line(quantity=100_000, price=HUGE)]},
        "line_items 1: price × quantity is more than",
    ),
    "a price beyond all columns": ({"line_items": [line(price="10000000000")]}, "is more than 9999999999.99"),
    "shipping beyond all columns": ({"shipping_lines": [{"price": HUGE}] * 2}, "comes to more than"),
    "lines that are too much together": (
        {"line_items": [line(id=number, quantity=1, price=HUGE, discount_allocations=[]) for number in (1, 2)]},
        "comes to more than",
    ),
    "more lines than positions": ({"line_items": [line()] * 10_001}, "more than 10000 line_items"),
    "a number that grows in capitals": ({"name": "ß" * 30}, "longer than 40 characters in capitals"),
    "a moment at the beginning of time": ({"created_at": "0001-01-01T00:00:00+14:00"}, "isn't between 1900 and 2899"),
    "a moment at the end of time": ({"created_at": "9999-12-31T23:59:59-14:00"}, "isn't between 1900 and 2899"),
    "a delivery at the end of time": (
        {"fulfillments": [{"shipment_status": "delivered", "updated_at": "9999-12-31T23:59:59-14:00"}]},
        "fulfillments: updated_at “9999-12-31T23:59:59-14:00” isn't between",
    ),
    "an expiration at the end of time": (
        {"line_items": [line(properties={"expiration": "9999-12-31"})]},
        "line_items 1: properties: expiration “9999-12-31” isn't between",
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_an_order_that_can_not_be_taken_is_one_clear_line_and_nothing_of_it_is_kept(shop: Storefront, bad: str) -> None:
    changes, word = BAD[bad]
    result = take(shop, order(**changes), order(name="#1002"))
    assert len(result.problems) == 1
    assert word in result.problems[0]
    assert [made.number for made in Order.objects.all()] == ["#1002"]


@pytest.mark.parametrize("stray", ["\x00", "\ud800", "\r\n"])
def test_characters_that_can_not_be_stored_or_mailed_become_spaces(shop: Storefront, stray: str) -> None:
    names = {"first_name": f"Maya{stray}Jo", "last_name": f"Brennan{stray}"}
    notes = [{"name": "seller_name", "value": f"le{stray}petit"}, {"name": "seller_contact", "value": stray}]
    result = take(
        shop, order(id=f"9{stray}", phone=f"704{stray}555", customer=names, note_attributes=notes, name=f"#1001{stray}")
    )
    assert result.problems == []
    made = Order.objects.get()
    assert [" ".join(value.split()) for value in (made.number, made.name, made.phone, made.seller_name)] == [
        "#1001",
        "Maya Jo Brennan",
        "704 555",
        "le petit",
    ]
    assert (made.external_id, made.seller_contact) == ("9", "")
    assert not any(symbol in f"{made.name}{made.phone}{made.seller_name}" for symbol in stray)


def test_a_problem_is_one_line_that_can_be_printed(shop: Storefront) -> None:
    (problem,) = take(shop, order(name="#1\n\ud800", created_at="\x1b[2J\n" + "x" * 1000)).problems
    assert problem.isprintable()
    assert problem.startswith("order #1: created_at")
    assert len(problem) <= 400


@pytest.mark.parametrize("number", ["1" * 5000, "1e999999999999999999999", "1" * 99 + "e9"])
def test_a_number_beyond_all_sense_costs_one_order_only(shop: Storefront, number: str) -> None:
    good, bad = json.dumps(order(name="#1002")), json.dumps(order()).replace('"68.00"', number)
    result = import_orders(text=f"[{bad}, {good}]", storefront=shop)
    assert (result.created, len(result.problems)) == (1, 1)
    assert "price" in result.problems[0]


def test_what_only_the_database_refuses_costs_one_row_only(shop: Storefront) -> None:
    result = ImportResult()

    def overflow() -> str:
        Order.objects.create(storefront=shop, number="#1", placed_at=datetime.now(UTC), currency="USD")
        CustomerAccount.objects.create(storefront=shop, number="1" * 41, email="a@example.com", name="A")
        return "created"

    result.take("order #1", overflow)
    result.take("order #2", lambda: "created")
    assert result.problems == ["order #1: can't be stored: value too long for type character varying(40)"]
    assert result.created == 1
    assert not Order.objects.exists()


def test_a_long_title_is_cut_and_the_next_phone_is_taken(shop: Storefront) -> None:
    take(shop, order(line_items=[line(name="V" * 255)], billing_address={"phone": "704-555-0100"}))
    assert len(OrderLine.objects.get().title) == 200
    assert Order.objects.get().phone == "704-555-0100"


def test_tax_inside_the_shipping_price_is_taken_out(shop: Storefront) -> None:
    shipping = {"price": "11.90", "discount_allocations": [], "tax_lines": [{"price": "1.90"}]}
    take(shop, order(shipping_lines=[shipping], taxes_included=True))
    assert Order.objects.get().shipping_paid == Decimal("10.00")


@pytest.mark.parametrize("status", ["failure", "error", "cancelled"])
def test_a_fulfillment_that_never_left_gives_no_tracking(shop: Storefront, status: str) -> None:
    take(shop, order(fulfillments=[{"status": status, "tracking_number": "1"}, {"status": "success"}]))
    assert Order.objects.get().tracking_number == ""


def test_a_tracking_number_may_stand_in_the_list_alone(shop: Storefront) -> None:
    take(shop, order(fulfillments=[{"status": "success", "tracking_number": None, "tracking_numbers": ["7712"]}]))
    assert Order.objects.get().tracking_number == "7712"


def test_an_order_twice_in_one_file_is_taken_once(shop: Storefront) -> None:
    assert take(shop, order(), order(name="1001")).problems == ["order 1001: stands in the file twice"]


@pytest.mark.parametrize("text", ["", "{", "[", "12", '{"products": []}', "NaN", "[" * 100_000])
def test_a_file_that_holds_no_orders_is_refused(shop: Storefront, text: str) -> None:
    with pytest.raises(RowError):
        import_orders(text=text, storefront=shop)


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: [one], lambda one: {"order": one}])
def test_one_order_a_list_or_a_wrapped_one_are_all_read(shop: Storefront, wrap: Any) -> None:
    import_orders(text=json.dumps(wrap(order())), storefront=shop)
    assert Order.objects.count() == 1


def test_a_partner_purchase_names_its_seller(shop: Storefront) -> None:
    notes = [{"name": "channel", "value": "partner"}, {"name": "seller_name", "value": "le petit spa"}]
    take(shop, order(note_attributes=notes))
    made = Order.objects.get()
    assert (made.channel, made.seller_name) == ("partner", "le petit spa")


def test_the_command_reports_rows_and_exits_non_zero(shop: Storefront, tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text(json.dumps([order(), order(name="#2", currency="EUR")]), encoding="utf-8")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 not taken"):
        call_command("import_orders", str(path), storefront=IMAGE, stdout=out, stderr=err)
    assert out.getvalue() == "1 created, 0 updated, 0 unchanged, 1 not taken\n"
    assert err.getvalue().startswith("order #2: is in EUR")
    with pytest.raises(CommandError, match="no storefront nowhere"):
        call_command("import_orders", str(path), storefront="nowhere")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_orders", str(tmp_path / "none.json"), storefront=IMAGE)
