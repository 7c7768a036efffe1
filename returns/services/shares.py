"""What a return is settled at, line by line, with what a person adds to it; and in which form it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from returns.coming_back import needs_nothing_back, units_found
from returns.domain.facts import NO_MONEY, Resolution
from returns.domain.settlement import Extras, LineQuote, Quote, with_extras
from returns.domain.workflow import Status
from returns.models import ReturnLine, ReturnRequest
from returns.quoting import as_decided, quote_judged
from returns.services.extras import extras_of


@dataclass(frozen=True, slots=True)
class Share:
    """One line's units and what they are settled at."""

    line: ReturnLine
    quantity: int
    judged: LineQuote


def shares_to_settle(request: ReturnRequest, lines: Sequence[ReturnLine]) -> tuple[list[Share], Quote]:
    """What would be settled now: the accepted units and what never arrived, or before receipt the authorized ones.

    The answer has the extras in that are planned for it.
    """
    shares, answer = _judged(request, lines)
    return shares, with_extras(answer, extras_of(request))


def quoted_without_extras(request: ReturnRequest) -> Quote:
    """What would be settled now by the policy and the decisions about its lines alone."""
    return _judged(request, list(request.lines.select_related("order_line").order_by("position")))[1]


def _judged(request: ReturnRequest, lines: Sequence[ReturnLine]) -> tuple[list[Share], Quote]:
    before_receipt = request.status == Status.AUTHORIZED.value
    judged = as_decided(lines, _units_authorized if before_receipt else units_found)
    counted = [one for one in judged if one.quantity]
    answer = quote_judged(request, counted)
    return [Share(one.line, one.quantity, line) for one, line in zip(counted, answer.lines, strict=True)], answer


def _units_authorized(line: ReturnLine) -> int:
    return line.authorized_quantity or 0


def goods_stay(shares: Sequence[Share]) -> bool:
    """True where every line replaces the merchant's own mistake or never arrived, so that nothing has to come back."""
    return needs_nothing_back((share.line, share.judged) for share in shares)


def settled_resolution(shares: Sequence[Share]) -> Resolution:
    """One word for the whole: a refund where any line is refunded, else credit, exchange, replacement, or none."""
    given = {share.judged.resolution for share in shares}
    for candidate in (Resolution.REFUND, Resolution.STORE_CREDIT, Resolution.EXCHANGE, Resolution.REPLACEMENT):
        if candidate in given:
            return candidate
    return Resolution.NONE


def payout_of(request: ReturnRequest, shares: Sequence[Share], answer: Quote) -> Decimal:
    """Of the answer's total what would go to the payment method; the rest is store credit.

    A balance owed is taken off refunds first, then off credit, then off the original shipping: as it is booked.
    """
    refunds, credit = (_sum_of(shares, form) for form in (Resolution.REFUND, Resolution.STORE_CREDIT))
    paid = max(refunds - answer.balance_applied, NO_MONEY)
    if money_form(request, shares) is not Resolution.REFUND:
        return paid
    owed_still = max(answer.balance_applied - refunds - credit, NO_MONEY)
    extras = answer.extras or Extras()
    return paid + answer.shipping_refund - owed_still + extras.goodwill + extras.postage


def _sum_of(shares: Sequence[Share], form: Resolution) -> Decimal:
    return sum((share.judged.amount for share in shares if share.judged.resolution is form), NO_MONEY)


def money_form(request: ReturnRequest, shares: Sequence[Share]) -> Resolution:
    """How money of this return is given: as its lines are, a refund first; the storefront's own way where none is.

    The original shipping of a replacement comes back in that way too: at le petit spa as store credit, never to a card
    (RES-01, RES-08).
    """
    given = {share.judged.resolution for share in shares}
    if Resolution.REFUND in given:
        return Resolution.REFUND
    if Resolution.STORE_CREDIT in given:
        return Resolution.STORE_CREDIT
    return request.policy_version.parsed().money.forms[0].resolution
