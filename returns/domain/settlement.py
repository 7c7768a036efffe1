"""The quote: what a request gives, line by line and as a sum, and the only place where money is rounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from returns.domain.eligibility import Asked, judge_asked
from returns.domain.facts import (
    NO_MONEY,
    AccountFacts,
    OrderFacts,
    Payer,
    Reason,
    RequestFacts,
    Resolution,
    Returned,
    Wish,
)
from returns.domain.moment import Moment
from returns.domain.policy import PolicyTerms, Remedy
from returns.domain.records import read, write
from returns.domain.verdict import Code, Verdict

_CENT = Decimal("0.01")
_CLAIMS = (Code.DAMAGED, Code.SHIPPING_ERROR)
_GOODS_WISHES = (Wish.EXCHANGE, Wish.REPLACEMENT)


@dataclass(frozen=True, slots=True)
class LineQuote:
    """The answer to one request line in money.

    ``line`` is the index of the order line. ``gross`` is what was paid for these units, ``fee`` what the shop keeps
    as a restocking fee, ``amount`` what is given back; all three are 0.00 for a line that is not granted, and
    ``amount`` is 0.00 where goods are given for goods (GEN-08). ``rate`` is the percentage behind the figures: the
    fee's, or the share of a partial credit; it goes into ``Returned.rate`` of later requests.
    """

    line: int
    quantity: int
    verdict: Verdict
    resolution: Resolution | None
    gross: Decimal
    fee: Decimal
    amount: Decimal
    paid_by: Payer | None
    rate: Decimal | None = None

    @property
    def is_granted(self) -> bool:
        """Whether the goods are taken back, or made good without coming back."""
        return self.resolution is not None and self.resolution is not Resolution.NONE


@dataclass(frozen=True, slots=True)
class Extras:
    """What a person adds to the policy's answer at the settlement, on top of it and never netted.

    ``goodwill`` is given freely (RES-18), ``postage`` repays the way back where the shop pays it (RES-10), and
    ``waived_charge`` is a service charge that isn't billed (RES-11).
    """

    goodwill: Decimal = NO_MONEY
    postage: Decimal = NO_MONEY
    waived_charge: Decimal = NO_MONEY


@dataclass(frozen=True, slots=True)
class Quote:
    """The whole answer to a request: ``total`` = sum of amounts + ``shipping_refund`` less ``balance_applied``.

    At the settlement ``extras`` may come on top of it.
    ``service_charge`` is billed apart and not in ``total`` (RES-11). ``also_return`` are indexes of order lines (free
    items) that must travel back too (LPS-17). ``return_shipping_paid_by`` is None where nothing is granted or the
    payers differ (RES-54). ``requested_on`` is the day of the request at the storefront.
    """

    currency: str
    lines: tuple[LineQuote, ...]
    shipping_refund: Decimal
    service_charge: Decimal
    balance_applied: Decimal
    total: Decimal
    return_shipping_paid_by: Payer | None
    also_return: tuple[int, ...]
    requested_on: date
    extras: Extras | None = None

    def as_data(self) -> dict[str, Any]:
        """JSON-safe data, stored with the request; ``from_data`` gives an equal quote back."""
        return cast("dict[str, Any]", write(self))

    @property
    def gives_goods(self) -> bool:
        """Whether goods are given for some of it."""
        return any(line.resolution in (Resolution.EXCHANGE, Resolution.REPLACEMENT) for line in self.lines)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Quote:
        """The stored quote again, whatever the policy says today. Raises DataError."""
        return read(cls, data)


def quote(terms: PolicyTerms, account: AccountFacts, order: OrderFacts, request: RequestFacts) -> Quote:
    """What the policy gives for this request. Lines and quantities are those of the order; services check that."""
    moment = Moment.of(terms, order, request.requested_at)
    given: dict[int, _Given] = {}
    lines = []
    for line in request.lines:
        item = order.lines[line.line]
        asked = Asked(terms, account, order, item, line, moment)
        so_far = given.setdefault(line.line, _Given.by(item.returned))
        quoted = _line(asked, so_far)
        if quoted.is_granted:
            given[line.line] = so_far.plus(quoted.quantity, quoted.gross)
        lines.append(quoted)
    reasons = [line.reason for line, quoted in zip(request.lines, lines, strict=True) if quoted.is_granted]
    shipping = _shipping_refund(terms, order, reasons)
    money = sum((line.amount for line in lines), shipping)
    balance = _balance(terms, account, money)
    return Quote(
        currency=order.currency,
        lines=tuple(lines),
        shipping_refund=shipping,
        service_charge=_service_charge(terms, reasons, request.refused_packages),
        balance_applied=balance,
        total=money - balance,
        return_shipping_paid_by=_one_payer(lines),
        also_return=_also_return(terms, order, lines),
        requested_on=moment.requested_on,
    )


def with_extras(quote: Quote, extras: Extras) -> Quote:
    """The quote with what a person adds to it; ``extras.waived_charge`` says at most how much of the charge falls."""
    waived = min(extras.waived_charge, quote.service_charge)
    added = Extras(extras.goodwill, extras.postage, waived)
    if added == Extras():
        return quote
    return replace(
        quote,
        total=quote.total + added.goodwill + added.postage,
        service_charge=quote.service_charge - waived,
        extras=added,
    )


# ---------------------------------------------------------------------------------------------------------- rounding


def to_cents(amount: Decimal) -> Decimal:
    """Half-up to the cent (GEN-05)."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def _share(of: Decimal, percent: Decimal) -> Decimal:
    return to_cents(of * percent / 100)


def _clamp(amount: Decimal, most: Decimal) -> Decimal:
    return min(max(amount, NO_MONEY), most)


@dataclass(frozen=True, slots=True)
class _Given:
    """Units of an order line that have been taken back so far, and what had been paid for them."""

    quantity: int
    gross: Decimal

    @classmethod
    def by(cls, returned: Iterable[Returned]) -> _Given:
        total = cls(0, NO_MONEY)
        for earlier in returned:
            total = total.plus(earlier.quantity, earlier.gross)
        return total

    def plus(self, quantity: int, gross: Decimal) -> _Given:
        return _Given(self.quantity + quantity, self.gross + gross)


def _gross(asked: Asked, so_far: _Given) -> Decimal:
    """What was paid for these units: that of all units so far less that of the earlier ones (D1.4).

    So any split of a line ends at exactly its paid total, in any order, and never beyond it.
    """
    item = asked.item
    units = min(so_far.quantity + asked.line.quantity, item.quantity)
    return _clamp(to_cents(item.paid_total * units / item.quantity) - so_far.gross, item.paid_total)


def _same_terms(asked: Asked, code: Code, rate: Decimal) -> list[Returned]:
    """What earlier requests gave on this order line under the very terms of now (D1.4)."""
    return [
        earlier
        for earlier in asked.item.returned
        if earlier.code == code and (earlier.rate is None or earlier.rate == rate)
    ]


def _fee(asked: Asked, verdict: Verdict, gross: Decimal) -> Decimal:
    """The restocking fee on all units so far, less what earlier requests have kept (CON-28, PRO-22, RES-43)."""
    percent, fixed = verdict.numbers.fee_percent, verdict.numbers.fixed_fee
    if percent is None or fixed is None:
        return NO_MONEY
    earlier = _same_terms(asked, verdict.code, percent)
    base = sum((part.gross for part in earlier), gross)
    units = sum((part.quantity for part in earlier), asked.line.quantity)
    kept = sum((part.fee for part in earlier), NO_MONEY)
    return _clamp(min(_share(base, percent) + fixed * units, base) - kept, gross)


def _partial(asked: Asked, gross: Decimal, percent: Decimal) -> Decimal:
    """The share of the price for opened goods, of all units so far, less what earlier requests gave (LPS-06)."""
    earlier = _same_terms(asked, Code.PARTIAL_USED_CREDIT, percent)
    base = sum((part.gross for part in earlier), gross)
    paid = sum((part.amount for part in earlier), NO_MONEY)
    return _clamp(_share(base, percent) - paid, gross)


# ------------------------------------------------------------------------------------------------------------- lines


@dataclass(frozen=True, slots=True)
class _Money:
    """The three figures of a line, and the percentage behind them."""

    gross: Decimal
    fee: Decimal
    amount: Decimal
    rate: Decimal | None = None


def _line(asked: Asked, so_far: _Given) -> LineQuote:
    verdict = judge_asked(asked)
    resolution = _resolution(asked, verdict)
    line = asked.line
    if resolution is None or resolution is Resolution.NONE:
        return LineQuote(line.line, line.quantity, verdict, resolution, NO_MONEY, NO_MONEY, NO_MONEY, None)
    gross = _gross(asked, so_far)
    money = _money(asked, verdict, gross) if resolution.is_money else _Money(gross, NO_MONEY, NO_MONEY)
    return LineQuote(
        line=line.line,
        quantity=line.quantity,
        verdict=verdict,
        resolution=resolution,
        gross=gross,
        fee=money.fee,
        amount=money.amount,
        paid_by=_payer(asked),
        rate=money.rate,
    )


def _money(asked: Asked, verdict: Verdict, gross: Decimal) -> _Money:
    """What a granted line pays: a share that staff or the policy name, else all of it less the fee."""
    if asked.line.override is not None:
        percent = asked.line.override.percent
        return _Money(gross, NO_MONEY, _share(gross, percent), percent)
    share = verdict.numbers.share_percent
    if share is not None:
        return _Money(gross, NO_MONEY, _partial(asked, gross, share), share)
    fee = _fee(asked, verdict, gross)
    return _Money(gross, fee, gross - fee, verdict.numbers.fee_percent)


def _payer(asked: Asked) -> Payer:
    """Who pays for the way back: for a claim the merchant (LPS-19, CON-26, PRO-23, RES-10)."""
    rule = asked.terms.return_shipping
    return rule.claims_paid_by if asked.line.reason.is_merchant_fault else rule.paid_by


def _resolution(asked: Asked, verdict: Verdict) -> Resolution | None:
    """What the customer gets; None for a line that is not granted."""
    if asked.line.override is not None:
        return asked.line.override.resolution
    if not verdict.is_eligible:
        return None
    if verdict.code is Code.EXCHANGE:
        return Resolution.EXCHANGE
    if verdict.code in _CLAIMS and _is_replaced(asked, verdict):
        return Resolution.REPLACEMENT
    return _money_form(asked, verdict)


def _is_replaced(asked: Asked, verdict: Verdict) -> bool:
    """Goods wished for a claim are a replacement; excluded goods are replaced whatever is wished (RES-23, RES-50)."""
    remedies = asked.terms.claims.remedies
    if verdict.numbers.only_replacement or Remedy.MONEY not in remedies:
        return True
    return Remedy.REPLACEMENT in remedies and asked.line.wants in _GOODS_WISHES


def _money_form(asked: Asked, verdict: Verdict) -> Resolution:
    """The wished form of money where the shop has it, else the shop's first (LPS-07, RES-30, RES-49)."""
    fixed = asked.terms.opened.paid_as
    if verdict.code is Code.PARTIAL_USED_CREDIT and fixed is not None:
        return fixed.resolution
    forms = asked.terms.money.forms
    return next((form.resolution for form in forms if form.value == asked.line.wants.value), forms[0].resolution)


# --------------------------------------------------------------------------------------------------------------- sum


def _balance(terms: PolicyTerms, account: AccountFacts, money: Decimal) -> Decimal:
    """What the customer owes comes off all money, once, never below zero (PRO-21, RES-31)."""
    return NO_MONEY if terms.balance_netting is None else _clamp(account.outstanding_balance, money)


def _one_payer(lines: list[LineQuote]) -> Payer | None:
    """The payer of all granted lines; None where there are none, or two kinds (GEN-13, RES-54)."""
    payers = {line.paid_by for line in lines if line.paid_by is not None}
    return payers.pop() if len(payers) == 1 else None


def _shipping_refund(terms: PolicyTerms, order: OrderFacts, granted: list[Reason]) -> Decimal:
    """The whole original fee, once per order, for a granted claim where the policy says so (LPS-26, RES-08)."""
    if not terms.claims.refund_shipping or order.shipping_already_refunded:
        return NO_MONEY
    return order.shipping_paid if any(reason.is_merchant_fault for reason in granted) else NO_MONEY


def _service_charge(terms: PolicyTerms, granted: list[Reason], refused: int | None) -> Decimal:
    """Once for each refused package that is taken back: as the dock saw, else one if the customer says so (LPS-25)."""
    rule = terms.refused_packages
    if rule is None or not granted:
        return NO_MONEY
    packages = int(Reason.REFUSED_PACKAGE in granted) if refused is None else refused
    return rule.service_charge * packages


def _also_return(terms: PolicyTerms, order: OrderFacts, lines: list[LineQuote]) -> tuple[int, ...]:
    """Free items that nothing brings back yet, neither this request nor another, once anything is granted (RES-13)."""
    rule = terms.free_items_back
    coming: dict[int, int] = {}
    for line in lines:
        if line.is_granted:
            coming[line.line] = coming.get(line.line, 0) + line.quantity
    if rule is None or not coming:
        return ()
    return tuple(
        number
        for number, item in enumerate(order.lines)
        if item.kind in rule.kinds
        and not item.comes_back
        and item.returned_quantity + coming.get(number, 0) < item.quantity
    )
