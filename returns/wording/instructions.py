"""How to send an authorized return: what to pack, the box mark, where to, who pays (LPS-13…22, CON-30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from returns.coming_back import comes_back
from returns.differences import AUTHORIZED, by_line
from returns.domain.facts import NO_MONEY, Payer, Reason
from returns.domain.policy import BoxMark, PolicyTerms
from returns.domain.settlement import Quote
from returns.models import OrderLine, ReturnLine, ReturnRequest
from returns.wording.orders import units_of
from returns.wording.phrases import listing, money, policy_text
from returns.wording.states import named


@dataclass(frozen=True, slots=True)
class Instructions:
    """The steps of the turn box. ``mark`` is exactly what goes on the outside of the box."""

    pack: str
    free_items: str
    packing: Sequence[str]
    mark: str
    mark_is: str
    address: str
    postage: str
    insure: str
    notices: Sequence[str]
    carriers: Sequence[str]


def instructions(
    request: ReturnRequest, terms: PolicyTerms, bought: Sequence[OrderLine], lines: Sequence[ReturnLine], quote: Quote
) -> Instructions:
    """The instructions of an authorized request, from the terms it was judged by and the quote of the decision."""
    by_order = terms.package.box_mark is BoxMark.ORDER_NUMBER
    pack = [named(line, line.authorized_quantity or 0, lines) for line in lines if comes_back(line)]
    return Instructions(
        pack=listing(pack),
        free_items=listing([units_of(units, title) for title, units in free_items(quote, bought)]),
        packing=packing(terms, lines),
        mark=request.order.number if by_order else request.number,
        mark_is=_("your order number") if by_order else _("your RMA number"),
        address=request.storefront.return_address,
        postage=postage(quote, [line.title for line in bought]),
        insure=_insure(value_to_send(quote, lines), quote.currency),
        notices=[policy_text(sentence) for sentence in terms.package.notices],
        carriers=terms.package.carriers,
    )


def free_items(quote: Quote, bought: Sequence[OrderLine]) -> Sequence[tuple[str, int]]:
    """What came free and comes back too: each title, with the units of it that are left (LPS-17, RES-13)."""
    free = [bought[index] for index in quote.also_return]
    return [(line.title, line.available) for line in free if line.available > 0]


def packing(terms: PolicyTerms, lines: Sequence[ReturnLine]) -> Sequence[str]:
    """How to pack what comes back. The policy speaks of goods that are as new; what came damaged or wrong isn't."""
    reasons = {Reason(line.reason) for line in lines if comes_back(line)}
    claims = {reason for reason in reasons if reason.is_merchant_fault}
    usual = [policy_text(sentence) for sentence in terms.package.packing]
    if not claims:
        return usual
    if claims == reasons:
        return [_("Put it in as it came to you, with everything that came with it.")]
    return [*usual, _("What came damaged or wrong goes in as it came to you.")]


def postage(quote: Quote, titles: Sequence[str]) -> str:
    """Who pays for the way to us, line by line where that differs (LPS-19, CON-26, PRO-23, RES-10)."""
    if quote.return_shipping_paid_by is Payer.CUSTOMER:
        return _("You pay the shipping.")
    if quote.return_shipping_paid_by is Payer.MERCHANT:
        return _("We pay the shipping, because the mistake was ours.")
    ours = [titles[line.line] for line in quote.lines if line.paid_by is Payer.MERCHANT]
    if not ours:
        return ""
    return _("We pay the shipping of %(products)s, you pay the rest.") % {"products": listing(ours)}


def value_to_send(quote: Quote, lines: Sequence[ReturnLine]) -> Decimal:
    """What the goods in the box were worth to the customer (LPS-21); what never arrived isn't in it."""
    judged = by_line(quote, lines, AUTHORIZED)
    sent = [judged[line.pk] for line in lines if comes_back(line) and line.pk in judged]
    return sum((line.gross for line in sent if line.is_granted), NO_MONEY)


def _insure(value: Decimal, currency: str) -> str:
    if not value:
        return ""
    words = _("Ask for a tracking number, and insure the package for %(value)s.")
    return words % {"value": money(value, currency)}
