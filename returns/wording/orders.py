"""An order in words: how far it is, what was bought, what has come back already."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from returns.components import AfterRow, Kind, Ledger, LedgerRow
from returns.models import Order, OrderLine
from returns.wording.help import help_topics
from returns.wording.phrases import listing, long_date, money
from returns.wording.policies import Fact


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """The pill of an order."""

    kind: Kind
    icon: str
    word: str


_STATUS: Mapping[str, tuple[Kind, str, str]] = {
    "placed": (Kind.INFO, "clock", N_("Placed")),
    "shipped": (Kind.INFO, "truck", N_("Shipped")),
    "delivered": (Kind.OK, "box", N_("Delivered")),
    "cancelled": (Kind.IDLE, "slash-circle", N_("Canceled")),
}


def order_status(order: Order) -> OrderStatus:
    """How far an order is; a status nobody has named is shown as the shop wrote it."""
    if order.status not in _STATUS:
        return OrderStatus(Kind.INFO, "info", order.status.replace("_", " ").capitalize())
    kind, icon, word = _STATUS[order.status]
    return OrderStatus(kind, icon, _(word))


def placed_on(order: Order) -> str:
    """The day of the order at the storefront, which is day 0 (GEN-02)."""
    return long_date(order.placed_at.astimezone(order.storefront.zone).date())


def delivered_on(order: Order) -> str:
    """The day of delivery at the storefront; empty while it is unknown."""
    if order.delivered_at is None:
        return ""
    return long_date(order.delivered_at.astimezone(order.storefront.zone).date())


def contents(lines: list[OrderLine]) -> str:
    """`2 Vital C serum and 1 more product`: enough to recognize an order."""
    named = [units_of(line.quantity, line.title) for line in lines[:2]]
    if len(lines) > 2:
        more = len(lines) - 2
        named.append(ngettext("%(count)s more product", "%(count)s more products", more) % {"count": more})
    return listing(named)


def units_of(quantity: int, title: str) -> str:
    """`2 × Vital C serum`, `Vital C serum`."""
    return f"{quantity} × {title}" if quantity > 1 else title


def tracking_words(order: Order) -> str:
    """What stands in place of a tracking number that isn't there; nothing where none is to be expected."""
    if order.is_delivered or order.status == "cancelled":
        return ""
    if order.status == "placed":
        return _("The number shows up here as soon as the order ships.")
    return _("We have no tracking number for this order.")


def order_topics(order: Order) -> tuple[Fact, ...]:
    """What the shop says about orders: when it ships, holding or redirecting a package, text alerts (CON-08…14)."""
    return help_topics(order.storefront, "order")


def bought(line: OrderLine, currency: str) -> str:
    """`1.7 fl oz · 2 bought · $61.20 each, after discount`: the line below a product's name."""
    size = line.product.size if line.product else ""
    each = line.paid_total / line.quantity
    price = money(each, currency)
    if line.quantity > 1 and each == round(each, 2):
        price = _("%(price)s each") % {"price": price}
    elif each != round(each, 2):
        price = _("%(price)s for all") % {"price": money(line.paid_total, currency)}
    units = ngettext("%(count)s bought", "%(count)s bought", line.quantity) % {"count": f"{line.quantity:,}"}
    return " · ".join(part for part in (size, units, price, left_words(line)) if part)


def left_words(line: OrderLine) -> str:
    """How many can still go back, where that isn't all of them."""
    if line.available == line.quantity:
        return ""
    if line.available < 1:
        return _("nothing left to return")
    return ngettext("%(count)s can still go back", "%(count)s can still go back", line.available) % {
        "count": f"{line.available:,}"
    }


def gone_words(line: OrderLine) -> str:
    """`1 returned, 1 asked back`: what has become of the units that can't be asked for any more."""
    returned = line.returned_quantity + line.refunded_before
    asked = line.returning_quantity - line.returned_quantity
    parts = []
    if returned:
        parts.append(ngettext("%(count)s returned", "%(count)s returned", returned) % {"count": f"{returned:,}"})
    if asked:
        parts.append(ngettext("%(count)s asked back", "%(count)s asked back", asked) % {"count": f"{asked:,}"})
    return ", ".join(parts)


def receipt(order: Order, lines: list[OrderLine]) -> Ledger:
    """What was paid for the order, line by line (CON-16, PRO-12). Tax isn't known here, so none is named."""
    rows = [_receipt_row(line, order.currency) for line in lines]
    if order.shipping_paid:
        rows.append(LedgerRow(_("Shipping"), order.shipping_paid))
    total = sum((row.amount for row in rows), Decimal("0.00"))
    after = [AfterRow(_("Paid with"), order.payment_method)] if order.payment_method else []
    return Ledger(rows, _("Total without tax"), total, order.currency, after, caption=_("What you paid"))


def _receipt_row(line: OrderLine, currency: str) -> LedgerRow:
    each = line.paid_total / line.quantity
    how = " · ".join(part for part in (line.product.size if line.product else "", line.sku) if part)
    if line.quantity == 1:
        return LedgerRow(line.title, line.paid_total, how)
    if each != round(each, 2):
        return LedgerRow(units_of(line.quantity, line.title), line.paid_total, how)
    units = f"{line.quantity:,} × {money(each, currency)}"
    return LedgerRow(_("%(product)s, %(units)s") % {"product": line.title, "units": units}, line.paid_total, how)
