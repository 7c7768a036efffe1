"""An order of Shopify's JSON format, read into plain values. Pure: what isn't as expected is a RowError."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from returns.services.imports import RowError, clean_text
from returns.services.imports.columns import LONGEST_EMAIL, MOST_MONEY, read_amount, read_day, read_email
from returns.services.imports.fields import Json, flag, instant, mapping, mappings, pairs, text, texts, units, within

ZERO = Decimal("0.00")
MOST_LINES = 10_000
LONGEST_ID = 64
LONGEST_URL = 500
# Of these no package ever left.
NOT_SENT = frozenset({"cancelled", "error", "failure"})

PROPERTY_KIND = "kind"
PROPERTY_FLAGS = "flags"
PROPERTY_EXPIRATION = ("expiration", "expires_on", "expiration_date")


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One line: `paid_total` is price × quantity less its discount allocations, without tax.

    `kind`, `flags` and `expires_on` are set where the line's properties name them, and win over the product's.
    """

    external_id: str
    sku: str
    title: str
    quantity: int
    paid_total: Decimal
    refunded: int
    kind: str | None = None
    flags: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop reports it; `delivered_at` None where no fulfillment says delivered."""

    number: str
    external_id: str
    placed_at: datetime
    delivered_at: datetime | None
    status: str
    email: str
    name: str
    phone: str
    currency: str
    shipping_paid: Decimal
    payment_method: str
    carrier: str
    tracking_number: str
    tracking_url: str
    channel: str
    seller_name: str
    seller_contact: str
    account_number: str
    lines: tuple[ShopLine, ...] = field(default_factory=tuple)


def orders_in(document: object) -> list[object]:
    """The orders of a file: a list of them, one of them, or either under `orders` or `order`."""
    if isinstance(document, Mapping):
        if isinstance(document.get("orders"), list):
            return list(document["orders"])
        if "order" in document:
            return [document["order"]]
        if "line_items" in document or "name" in document:
            return [document]
        raise RowError("the file holds no orders: neither a list, nor `orders`, nor an order")
    if isinstance(document, list):
        return [entry.get("order", entry) if isinstance(entry, Mapping) else entry for entry in document]
    raise RowError("the file holds no orders: neither a list, nor `orders`, nor an order")


def label(order: object, position: int) -> str:
    """How to name an order in a message, even one that can't be read."""
    name = order.get("name") if isinstance(order, Mapping) else None
    written = clean_text(name)[:60] if isinstance(name, str) else ""
    return f"order {written}" if written else f"order {position} of the file"


def read_order(order: object) -> ShopOrder:
    """The order in plain values. Raises RowError naming the field that can't be read."""
    if not isinstance(order, Mapping):
        raise RowError("isn't an order")
    lines = _lines(order)
    shipping_paid = _shipping_paid(order)
    # All of an order can come back in one request, so its sum has to fit a column as well.
    if shipping_paid + sum(line.paid_total for line in lines) > MOST_MONEY:
        raise RowError(f"comes to more than {MOST_MONEY}")
    fulfillments = [entry for entry in mappings(order, "fulfillments") if entry.get("status") not in NOT_SENT]
    carrier, tracking, url = _tracking(fulfillments)
    delivered_at = _delivered_at(fulfillments)
    notes = pairs(order, "note_attributes")
    with within("note_attributes"):
        channel = _channel(notes)
        seller_name = text(notes, "seller_name", 150, cut=True) or text(notes, "seller", 150, cut=True)
        seller_contact = text(notes, "seller_contact", 254, cut=True)
        account_number = text(notes, "account_number", 40)
    return ShopOrder(
        number=text(order, "name", 40, required=True),
        external_id=text(order, "id", LONGEST_ID),
        placed_at=instant(order, "created_at"),
        delivered_at=delivered_at,
        status=_status(order, delivered_at),
        email=_email(order),
        name=_person(order),
        phone=_phone(order),
        currency=_currency(order),
        shipping_paid=shipping_paid,
        payment_method=_payment_method(order),
        carrier=carrier,
        tracking_number=tracking,
        tracking_url=url,
        channel=channel,
        seller_name=seller_name,
        seller_contact=seller_contact,
        account_number=account_number,
        lines=lines,
    )


def _lines(order: Json) -> tuple[ShopLine, ...]:
    entries = mappings(order, "line_items")
    if not entries:
        raise RowError("has no line_items")
    if len(entries) > MOST_LINES:
        raise RowError(f"has more than {MOST_LINES} line_items")
    refunded = _refunded_units(order)
    included = flag(order, "taxes_included")
    lines = []
    for position, entry in enumerate(entries, start=1):
        with within(f"line_items {position}"):
            lines.append(_line(entry, refunded, taxes_included=included))
    return tuple(lines)


def _line(line: Json, refunded: Mapping[str, int], *, taxes_included: bool) -> ShopLine:
    quantity = units(line, "quantity")
    if quantity < 1:
        raise RowError("quantity is 0")
    external_id = text(line, "id", LONGEST_ID)
    properties = pairs(line, "properties")
    with within("properties"):
        kind = text(properties, PROPERTY_KIND, 60)
        flags = text(properties, PROPERTY_FLAGS, 200)
        expires_on = _expiration(properties)
    return ShopLine(
        external_id=external_id,
        sku=text(line, "sku", 64),
        title=text(line, "name", 200, cut=True) or text(line, "title", 200, required=True, cut=True),
        quantity=quantity,
        paid_total=_paid(line, quantity, taxes_included=taxes_included),
        refunded=min(quantity, max(refunded.get(external_id, 0), quantity - _current(line, quantity))),
        kind=kind or None,
        flags=flags or None,
        expires_on=expires_on,
    )


def _paid(line: Json, quantity: int, *, taxes_included: bool) -> Decimal:
    paid = read_amount(line.get("price"), "price") * quantity - _discount(line)
    if taxes_included:
        paid -= _sum(line, "tax_lines", "price")
    if paid < 0:
        raise RowError("discounts are more than the price")
    if paid > MOST_MONEY:
        raise RowError(f"price × quantity is more than {MOST_MONEY}")
    return paid


def _discount(line: Json) -> Decimal:
    if line.get("discount_allocations") is not None:
        return _sum(line, "discount_allocations", "amount")
    # Files of older versions of the format have only the line's own discount.
    return read_amount(line.get("total_discount") or "0", "total_discount")


def _sum(source: Json, entries: str, key: str) -> Decimal:
    return sum((read_amount(entry.get(key), f"{entries} {key}") for entry in mappings(source, entries)), ZERO)


def _current(line: Json, quantity: int) -> int:
    # Units an edit of the order took off; missing in files of older versions of the format.
    return quantity if line.get("current_quantity") is None else min(quantity, units(line, "current_quantity"))


def _refunded_units(order: Json) -> dict[str, int]:
    refunded: dict[str, int] = {}
    with within("refunds"):
        for refund in mappings(order, "refunds"):
            for entry in mappings(refund, "refund_line_items"):
                key = text(entry, "line_item_id", LONGEST_ID)
                refunded[key] = refunded.get(key, 0) + units(entry, "quantity")
    return refunded


def _shipping_paid(order: Json) -> Decimal:
    included = flag(order, "taxes_included")
    with within("shipping_lines"):
        return sum((_shipping(line, taxes_included=included) for line in mappings(order, "shipping_lines")), ZERO)


def _shipping(line: Json, *, taxes_included: bool) -> Decimal:
    price = read_amount(line.get("price"), "price")
    if line.get("discount_allocations") is not None:
        price -= _sum(line, "discount_allocations", "amount")
    elif line.get("discounted_price") is not None:
        price = read_amount(line["discounted_price"], "discounted_price")
    if taxes_included:
        price -= _sum(line, "tax_lines", "price")
    return max(ZERO, price)


def _delivered_at(fulfillments: Sequence[Json]) -> datetime | None:
    delivered = [entry for entry in fulfillments if entry.get("shipment_status") == "delivered"]
    with within("fulfillments"):
        return max((instant(entry, "updated_at") for entry in delivered), default=None)


def _tracking(fulfillments: Sequence[Json]) -> tuple[str, str, str]:
    with within("fulfillments"):
        for entry in fulfillments:
            number = text(entry, "tracking_number", 80, cut=True)
            number = number or next(iter(texts(entry, "tracking_numbers")), "")[:80]
            if number:
                return text(entry, "tracking_company", 60, cut=True), number, _link(entry)
    return "", "", ""


def _link(fulfillment: Json) -> str:
    # Only a web address may become a link, and half of one leads nowhere.
    url = text(fulfillment, "tracking_url", LONGEST_URL + 1, cut=True)
    return url if url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL else ""


def _status(order: Json, delivered_at: datetime | None) -> str:
    if order.get("cancelled_at"):
        return "cancelled"
    if delivered_at:
        return "delivered"
    return "shipped" if text(order, "fulfillment_status", 40, cut=True) in {"fulfilled", "partial"} else "placed"


def _email(order: Json) -> str:
    found = text(order, "email", LONGEST_EMAIL) or text(order, "contact_email", LONGEST_EMAIL)
    customer = mapping(order, "customer")
    with within("customer"):
        found = found or text(customer, "email", LONGEST_EMAIL)
    return read_email(found, "email") if found else ""


def _person(order: Json) -> str:
    customer = mapping(order, "customer")
    with within("customer"):
        name = f"{text(customer, 'first_name', 150, cut=True)} {text(customer, 'last_name', 150, cut=True)}".strip()
    for key in ("shipping_address", "billing_address"):
        address = mapping(order, key)
        with within(key):
            name = name or text(address, "name", 150, cut=True)
    return name[:150].strip()


def _phone(order: Json) -> str:
    phone = text(order, "phone", 40, cut=True)
    for key in ("shipping_address", "customer", "billing_address"):
        source = mapping(order, key)
        with within(key):
            phone = phone or text(source, "phone", 40, cut=True)
    return phone


def _payment_method(order: Json) -> str:
    details = mapping(order, "payment_details")
    with within("payment_details"):
        card = text(details, "credit_card_company", 80, cut=True)
    names = ", ".join(texts(order, "payment_gateway_names"))
    return (card or names)[:80].strip() or text(order, "gateway", 80, cut=True)


def _currency(order: Json) -> str:
    code = text(order, "currency", 40, cut=True)
    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise RowError(f"currency “{code}” isn't a code such as USD")
    return code


def _channel(notes: Json) -> str:
    channel = text(notes, "channel", 40, cut=True).lower() or "direct"
    if channel not in {"direct", "partner"}:
        raise RowError(f"channel “{channel}”; allowed are direct, partner")
    return channel


def _expiration(properties: Json) -> date | None:
    for name in PROPERTY_EXPIRATION:
        if written := text(properties, name, 40):
            return read_day(written, name)
    return None
