"""What other terms would change about a request that was made: verdicts, cents, and what is worse for the customer.

Two quotes of the same facts are compared, and the differences of many requests are tallied by what decided. A request
is judged by itself, as it was declared, at the moment it was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from returns.domain.facts import NO_MONEY, Outcome, Payer, Resolution
from returns.domain.settlement import LineQuote, Quote

RANK = {Outcome.ELIGIBLE: 0, Outcome.NEEDS_REVIEW: 1, Outcome.REDIRECT: 2, Outcome.NOT_ELIGIBLE: 2}
"""From what a customer likes best; a redirect and a "no" both give nothing here."""


class Kind(StrEnum):
    """How a request fares under the other terms."""

    SAME = "same"
    OTHER_AMOUNT = "other_amount"
    OTHER_VERDICT = "other_verdict"


class Apart(StrEnum):
    """What belongs to the request as a whole and to none of its lines."""

    SHIPPING = "SHIPPING_REFUND"
    CHARGE = "SERVICE_CHARGE"
    BALANCE = "BALANCE"
    POSTAGE = "POSTAGE"
    FREE_ITEMS = "FREE_ITEMS"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two answers to a line: the deciding code and clause, and the percentage behind the amount."""

    code: str
    clause: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A line, or something of the whole request, that differs; ``amount`` is what the customer gets more, or less."""

    before: Side
    after: Side
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """One request under both terms. ``is_worse``: in at least one respect the customer fares worse."""

    kind: Kind
    before: Decimal
    after: Decimal
    changes: tuple[Change, ...]
    is_worse: bool

    @property
    def amount(self) -> Decimal:
        """What the customer gets more, or less; a charge billed apart counts."""
        return self.after - self.before


def compare(before: Quote, after: Quote) -> Comparison:
    """The same request under two terms, line by line and as a whole."""
    pairs = tuple(zip(before.lines, after.lines, strict=True))
    changes = tuple(_changes(before, after, pairs))
    is_other_verdict = any(old.verdict.outcome is not new.verdict.outcome for old, new in pairs)
    kind = Kind.OTHER_VERDICT if is_other_verdict else Kind.OTHER_AMOUNT if changes else Kind.SAME
    is_worse = bool(changes) and (worth(after) < worth(before) or _is_worse(before, after, pairs))
    return Comparison(kind, worth(before), worth(after), changes, is_worse)


def worth(quote: Quote) -> Decimal:
    """What the customer gets, less a charge that is billed apart."""
    return quote.total - quote.service_charge


def _changes(before: Quote, after: Quote, pairs: tuple[tuple[LineQuote, LineQuote], ...]) -> Iterator[Change]:
    for old, new in pairs:
        if old.verdict.code is not new.verdict.code or old.amount != new.amount or old.resolution != new.resolution:
            yield Change(_side(old), _side(new), new.amount - old.amount)
    for what, amount in (
        (Apart.SHIPPING, after.shipping_refund - before.shipping_refund),
        (Apart.CHARGE, before.service_charge - after.service_charge),
        (Apart.BALANCE, before.balance_applied - after.balance_applied),
    ):
        if amount:
            yield _apart(what, amount)
    if before.return_shipping_paid_by is not after.return_shipping_paid_by:
        yield _apart(Apart.POSTAGE, NO_MONEY)
    if before.also_return != after.also_return:
        yield _apart(Apart.FREE_ITEMS, NO_MONEY)


def _apart(what: Apart, amount: Decimal) -> Change:
    return Change(Side(what), Side(what), amount)


def _side(line: LineQuote) -> Side:
    return Side(line.verdict.code, line.verdict.clause_id, line.rate)


def _is_worse(before: Quote, after: Quote, pairs: tuple[tuple[LineQuote, LineQuote], ...]) -> bool:
    """Worse otherwise than in money: a harder answer, credit for a refund, postage to pay, more to send back."""
    for old, new in pairs:
        if RANK[new.verdict.outcome] > RANK[old.verdict.outcome]:
            return True
        if old.resolution is Resolution.REFUND and new.resolution is Resolution.STORE_CREDIT:
            return True
    pays_now = after.return_shipping_paid_by is Payer.CUSTOMER and before.return_shipping_paid_by is Payer.MERCHANT
    return pays_now or not set(after.also_return) <= set(before.also_return)


@dataclass(slots=True)
class Group:
    """Changes that the same answers bring about."""

    changes: int = 0
    amount: Decimal = NO_MONEY


@dataclass(slots=True)
class Tally:
    """The sums over many requests. ``matrix`` counts lines by outcome before and after."""

    requests: int = 0
    before: Decimal = NO_MONEY
    after: Decimal = NO_MONEY
    kinds: dict[Kind, Group] = field(default_factory=lambda: {kind: Group() for kind in Kind})
    worse: Group = field(default_factory=Group)
    matrix: dict[tuple[Outcome, Outcome], int] = field(default_factory=dict)
    groups: dict[tuple[Side, Side], Group] = field(default_factory=dict)

    def add(self, before: Quote, after: Quote) -> Comparison:
        """Count one request; how it fares."""
        found = compare(before, after)
        self.requests += 1
        self.before += found.before
        self.after += found.after
        _count(self.kinds[found.kind], found.amount)
        if found.is_worse:
            _count(self.worse, found.amount)
        for old, new in zip(before.lines, after.lines, strict=True):
            cell = (old.verdict.outcome, new.verdict.outcome)
            self.matrix[cell] = self.matrix.get(cell, 0) + 1
        for change in found.changes:
            _count(self.groups.setdefault((change.before, change.after), Group()), change.amount)
        return found


def _count(group: Group, amount: Decimal) -> None:
    group.changes += 1
    group.amount += amount
