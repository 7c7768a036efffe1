"""The result of a replay in words: figures, the matrix of verdicts, why requests change, and which ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from returns.domain.facts import Outcome
from returns.domain.replay import Apart
from returns.domain.verdict import Code
from returns.wording.phrases import money, percent

OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.ELIGIBLE: ("ok", "Eligible"),
    Outcome.NEEDS_REVIEW: ("wait", "Needs review"),
    Outcome.NOT_ELIGIBLE: ("no", "Not eligible"),
    Outcome.REDIRECT: ("idle", "Redirect"),
}
CODES: Mapping[str, tuple[str, str]] = {
    Code.FULL_REFUND: ("ok", "In full"),
    Code.RESTOCKING_FEE: ("ok", "Less a fee"),
    Code.PARTIAL_USED_CREDIT: ("ok", "A part, opened"),
    Code.EXCHANGE: ("ok", "Exchange"),
    Code.DAMAGED: ("ok", "Damaged: made good"),
    Code.SHIPPING_ERROR: ("ok", "Wrong item: made good"),
    Code.REFUSED_PACKAGE: ("ok", "Package refused"),
    Code.STAFF_OVERRIDE: ("ok", "Decided by staff"),
    Code.WINDOW_EXPIRED: ("no", "Window over"),
    Code.CLAIM_WINDOW_EXPIRED: ("no", "Reported too late"),
    Code.EXCHANGE_WINDOW_EXPIRED: ("no", "No exchange any more"),
    Code.EXPIRY_TOO_SOON: ("no", "Too close to expiration"),
    Code.OPENED: ("no", "Opened"),
    Code.OVER_HALF_USED: ("no", "Used too much"),
    Code.REPEAT_RETURN: ("no", "Opened before already"),
    Code.EXCLUDED_KIND: ("no", "Excluded kind"),
    Code.EXCLUDED_FLAG: ("no", "Excluded flag"),
    Code.FINAL_SALE: ("no", "Final sale"),
    Code.OPENING_ORDER: ("no", "Opening order"),
    Code.TEN_PERCENT_BACK: ("no", "10% back"),
    Code.NOT_RESALABLE: ("no", "Incomplete"),
    Code.PARTNER_PURCHASE: ("idle", "Bought elsewhere"),
    Code.KIND_UNKNOWN: ("wait", "Kind unknown"),
    Code.EXPIRY_UNKNOWN: ("wait", "Expiration unknown"),
    Code.USAGE_UNKNOWN: ("wait", "Usage unknown"),
    Code.DELIVERY_UNKNOWN: ("wait", "Delivery unknown"),
    Code.LATE_MERCHANT_FAULT: ("wait", "Reported late"),
    Code.EXCHANGE_BY_STAFF: ("wait", "Exchange, by a person"),
    Code.NOT_RECEIVED: ("wait", "Never arrived"),
    Apart.SHIPPING: ("info", "Original shipping"),
    Apart.CHARGE: ("info", "Service charge"),
    Apart.BALANCE: ("info", "Balance taken off"),
    Apart.POSTAGE: ("info", "Who pays the way back"),
    Apart.FREE_ITEMS: ("info", "Free items to send back"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict as a pill."""

    kind: str
    word: str
    clause: str


def answer_of(side: Sequence[str]) -> Answer:
    """`Less 20%` from code, clause and rate."""
    code, clause, rate = side
    kind, word = CODES[code]
    if rate and code in {Code.RESTOCKING_FEE, Code.PARTIAL_USED_CREDIT}:
        share = percent(Decimal(rate))
        word = f"Less {share}" if code == Code.RESTOCKING_FEE else f"Opened: {share}"
    return Answer(kind, word, clause)


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures on top."""

    label: str
    count: str
    amount: str


@dataclass(frozen=True, slots=True)
class Why:
    """Changes that the same answers bring about."""

    before: Answer
    after: Answer
    changes: str
    amount: str


@dataclass(frozen=True, slots=True)
class ChangedRequest:
    """One request that changes."""

    reference: str
    number: str
    order: str
    before: Answer
    after: Answer
    was: str
    becomes: str
    amount: str
    is_worse: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of one verdict before and one after; off the diagonal they change."""

    lines: str
    is_change: bool


def signed(amount: str, currency: str) -> str:
    """`+$42.07`, `−$6.12`, `$0.00`."""
    value = Decimal(amount)
    return f"{'+' if value > 0 else ''}{money(value, currency)}"


def figures(result: Mapping[str, Any], currency: str) -> list[Figure]:
    """Same to the cent, another amount, another verdict."""
    labels = {
        "same": "Same to the cent",
        "other_amount": "Same verdict, other amount",
        "other_verdict": "Other verdict",
    }
    return [
        Figure(
            label,
            f"{result['kinds'][kind]['changes']:,}",
            "" if kind == "same" else signed(result["kinds"][kind]["amount"], currency),
        )
        for kind, label in labels.items()
    ]


def matrix(result: Mapping[str, Any]) -> list[tuple[Outcome, list[Cell]]]:
    """Lines by verdict: a row for each before, a cell for each after."""
    lines = {(before, after): number for before, after, number in result["matrix"]}
    return [
        (before, [_cell(lines.get((before, after), 0), before, after) for after in OUTCOMES]) for before in OUTCOMES
    ]


def _cell(lines: int, before: Outcome, after: Outcome) -> Cell:
    return Cell(f"{lines:,}" if lines else "·", is_change=bool(lines) and before is not after)


def reasons(result: Mapping[str, Any], currency: str) -> list[Why]:
    """Why requests change, the most frequent first."""
    return [
        Why(
            answer_of(each["before"]),
            answer_of(each["after"]),
            f"{each['changes']:,}",
            signed(each["amount"], currency),
        )
        for each in result["groups"]
    ]


def changed_requests(result: Mapping[str, Any], currency: str, only: str = "") -> list[ChangedRequest]:
    """Which requests change: all, of one kind (`other_verdict`, `other_amount`), or those that fare `worse`."""
    wanted = [
        each
        for each in result["changed"]
        if not only or (each["is_worse"] if only == "worse" else each["kind"] == only)
    ]
    return [
        ChangedRequest(
            each["reference"],
            each["number"],
            each["order"],
            answer_of(each["before"]),
            answer_of(each["after"]),
            money(Decimal(each["was"]), currency),
            money(Decimal(each["becomes"]), currency),
            signed(each["amount"], currency),
            each["is_worse"],
        )
        for each in wanted
    ]
