"""Orders from a file in Shopify's order JSON format, one transaction each."""

import json
from collections.abc import Sequence
from functools import partial

from returns.domain.policy import PolicyTerms
from returns.models import CustomerAccount, Order, OrderLine, Product, Storefront
from returns.models.orders import order_number_key
from returns.policy_in_force import current_policy_version
from returns.services.imports import ImportResult, RowError
from returns.services.imports.fields import decimal_number, whole_number
from returns.services.imports.product_rows import read_flags
from returns.services.imports.shopify import ShopLine, ShopOrder, label, orders_in, read_order

LONGEST_KEY = 40


def import_orders(*, text: str, storefront: Storefront) -> ImportResult:
    """Create the orders of a file, or update status, tracking and delivery of those that are there.

    Price, quantity and the moment of purchase never change afterwards. A line without a product in the catalogue is
    unclassified (RES-53). Raises RowError where the file as a whole can't be read; an order that can't be taken is one
    line of the result, and nothing of it is kept.
    """
    try:
        document = json.loads(text, parse_int=whole_number, parse_float=decimal_number)
    except (ValueError, RecursionError) as error:
        raise RowError(f"the file isn't JSON: {error}") from error
    terms = current_policy_version(storefront).parsed()
    result = ImportResult()
    seen: set[str] = set()
    for position, entry in enumerate(orders_in(document), start=1):
        result.take(label(entry, position), partial(_take, entry, storefront, terms, seen))
    return result


def _take(entry: object, storefront: Storefront, terms: PolicyTerms, seen: set[str]) -> str:
    shop = read_order(entry)
    key = order_number_key(shop.number)
    if not key:
        raise RowError(f"name “{shop.number}” has neither letters nor digits")
    if len(key) > LONGEST_KEY:
        # A capital letter can be several: ß becomes SS.
        raise RowError(f"name is longer than {LONGEST_KEY} characters in capitals")
    if key in seen:
        raise RowError("stands in the file twice")
    seen.add(key)
    if shop.currency != storefront.currency:
        raise RowError(f"is in {shop.currency}; {storefront.name} sells in {storefront.currency}")
    known = Order.objects.select_for_update().filter(storefront=storefront, number_key=key).first()
    if known is None:
        _create(shop, storefront, terms)
        return "created"
    return _update(known, shop)


def _create(shop: ShopOrder, storefront: Storefront, terms: PolicyTerms) -> None:
    order = Order.objects.create(
        storefront=storefront,
        account=_account(shop, storefront),
        number=shop.number,
        external_id=shop.external_id,
        email=shop.email,
        name=shop.name,
        phone=shop.phone,
        placed_at=shop.placed_at,
        currency=shop.currency,
        shipping_paid=shop.shipping_paid,
        payment_method=shop.payment_method,
        channel=shop.channel,
        seller_name=shop.seller_name,
        seller_contact=shop.seller_contact,
        **_moving(shop),
    )
    products = {
        product.sku: product
        for product in Product.objects.filter(storefront=storefront, sku__in={line.sku for line in shop.lines})
    }
    OrderLine.objects.bulk_create(
        [
            _line(order, position, line, products.get(line.sku), terms)
            for position, line in enumerate(shop.lines, start=1)
        ]
    )


def _line(order: Order, position: int, line: ShopLine, product: Product | None, terms: PolicyTerms) -> OrderLine:
    kind = line.kind.lower().replace(" ", "_").replace("-", "_") if line.kind else (product.kind if product else None)
    if kind is not None and kind not in terms.kinds:
        raise RowError(f"line_items {position}: kind “{kind}”; allowed are {', '.join(terms.kinds)}")
    flags = read_flags(line.flags, terms) if line.flags else (product.flags if product else [])
    return OrderLine(
        order=order,
        position=position,
        external_id=line.external_id,
        product=product,
        sku=line.sku,
        title=line.title,
        kind=kind,
        flags=flags,
        expires_on=line.expires_on or (product.expires_on if product else None),
        quantity=line.quantity,
        paid_total=line.paid_total,
        refunded_before=line.refunded,
    )


def _account(shop: ShopOrder, storefront: Storefront) -> CustomerAccount | None:
    accounts = CustomerAccount.objects.filter(storefront=storefront)
    if shop.account_number:
        return accounts.filter(number=shop.account_number).first()
    if not shop.email:
        return None
    return accounts.filter(email__iexact=shop.email).order_by("pk").first()


def _moving(shop: ShopOrder) -> dict[str, object]:
    return {
        "delivered_at": shop.delivered_at,
        "status": shop.status,
        "carrier": shop.carrier,
        "tracking_number": shop.tracking_number,
        "tracking_url": shop.tracking_url,
    }


def _update(order: Order, shop: ShopOrder) -> str:
    moving = _moving(shop)
    if order.delivered_at is not None and shop.delivered_at is not None:
        # The first report of the delivery counts: the claim clock must not start anew with each update of the shop.
        moving["delivered_at"] = min(order.delivered_at, shop.delivered_at)
    elif order.delivered_at is not None:
        moving.pop("delivered_at")
    changed = {name: value for name, value in moving.items() if getattr(order, name) != value}
    if changed:
        Order.objects.filter(pk=order.pk).update(**changed)
    refunded = _update_refunded(order, shop.lines)
    return "updated" if changed or refunded else "unchanged"


def _update_refunded(order: Order, lines: Sequence[ShopLine]) -> bool:
    reported = {line.external_id: line.refunded for line in lines if line.external_id}
    changed = False
    for line in OrderLine.objects.select_for_update().filter(order=order).order_by("pk"):
        # What the portal settled, the shop pays out and reports as refunded too: it counts once.
        outside = max(line.refunded_before, reported.get(line.external_id, 0) - line.returned_quantity)
        if outside == line.refunded_before:
            continue
        if outside + line.returning_quantity > line.quantity:
            raise RowError(
                f"{line.title}: the shop refunded {outside} of {line.quantity}, but {line.returning_quantity} are "
                "being returned here"
            )
        OrderLine.objects.filter(pk=line.pk).update(refunded_before=outside)
        changed = True
    return changed
