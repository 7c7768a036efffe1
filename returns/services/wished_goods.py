"""Goods that a request wishes for: what may be sent instead, and whether there is one to send (CON-15)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from returns.domain.facts import Wish
from returns.models import Order, OrderLine, Product
from returns.policy_in_force import policy_version_for
from returns.quoting import Asked, quote_asked
from returns.services.errors import Refused


def refuse_wrong_products(order: Order, asked: Sequence[Asked]) -> None:
    """What is wished in exchange is sold at this storefront, and there is one to send (CON-15)."""
    wished = {line.exchange_product_id for line in asked if line.exchange_product_id is not None}
    if not wished:
        return
    if any(line.wants is not Wish.EXCHANGE for line in asked if line.exchange_product_id is not None):
        raise Refused(_("Only an exchange asks for another product."))
    offered = Product.objects.exchangeable_at(order.storefront, policy_version_for(order).parsed())
    sold = {product.pk: product for product in offered.filter(pk__in=wished)}
    if wished - sold.keys():
        raise Refused(_("One of the products you'd like instead isn't sold here. Choose another one."))
    for product in sold.values():
        if not product.in_stock:
            why = _("%(product)s is out of stock by now, and we take no back orders.") % {"product": product.name}
            raise Refused(f"{why} {_('Go back and choose another product, or something else than an exchange.')}")


def refuse_what_is_gone(order: Order, asked: Sequence[Asked], now: datetime) -> None:
    """No new one is promised of what is out of stock, where money is a way too; else a person decides (CON-15)."""
    lines = OrderLine.objects.filter(order=order, product__in_stock=False)
    wished = {line.order_line_id for line in asked if line.wants is Wish.REPLACEMENT}
    gone = {line.pk: line for line in lines.filter(pk__in=wished)} if wished else {}
    forms = policy_version_for(order).parsed().money.forms if gone else ()
    for line in asked:
        if line.order_line_id not in gone or line.wants is not Wish.REPLACEMENT or not forms:
            continue
        instead = quote_asked(order, [replace(line, wants=Wish(forms[0].value))], at=now).lines[0]
        if instead.is_granted and instead.resolution is not None and instead.resolution.is_money:
            said = {"product": gone[line.order_line_id].title}
            why = _("%(product)s is out of stock by now, and we take no back orders.") % said
            raise Refused(f"{why} {_('Go back and choose money instead of a new one.')}")
