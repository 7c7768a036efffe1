"""The managers' figures in words."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from returns.components import STATUS_LOOKS
from returns.models import Override, SettlementLine
from returns.reports.periods import By, Period
from returns.wording.desk import REASON_WORDS, RESOLUTION_WORDS
from returns.wording.phrases import count, money, month, plain_date

BY_WORDS: Mapping[str, str] = {
    By.REQUESTED.value: "date of request",
    By.RECEIVED.value: "date of receipt",
    By.SETTLED.value: "date of settlement",
}

NONE = "–"
"""Where there is nothing to take a share or a median of."""

FIGURE_WORDS: Mapping[str, str] = {
    "requests": "Returns",
    "status": "Status",
    "decision": "Decision",
    "decided_after": "Days from request to decision",
    "settled_in_time": "Settled by the promised day; days from receipt",
    "settled_late": "Settled after the promised day; days from receipt",
    "repeat": "From customers with two or more other returns in the year before",
    "reason": "Reason",
    "product": "Product",
    "condition": "Declared and found",
    "resolution": "What customers got",
    "line": "Lines of settlements",
    "ledger": "Ledger",
    "override": "Overrides, by clause",
    "override_by": "Overrides, by person",
    "work": "Work",
    "bounced": "Mails that didn’t arrive",
}

LINE_WORDS: Mapping[str, str] = {
    SettlementLine.GROSS: "Price paid for goods accepted",
    SettlementLine.SHARE: "Partly used goods, the part not given back",
    SettlementLine.FEE: "Restocking fees",
    SettlementLine.SHIPPING: "Original shipping refunded",
    SettlementLine.BALANCE: "Balances owed",
    SettlementLine.GOODWILL: "Goodwill",
    SettlementLine.POSTAGE: "Customers' postage repaid",
}

DECISION_WORDS: Mapping[str, str] = {"authorized": "Authorized", "refused": "Rejected or redirected"}
WORK_WORDS: Mapping[str, str] = {
    "decided": "Decided",
    "received": "Received",
    "inspected": "Inspected",
    "settled": "Settled",
}
CLAUSE_WORDS: Mapping[str, str] = {
    Override.GOODWILL: "Goodwill",
    Override.CHARGE_WAIVED: "Service charge waived",
}
"""What stands in the clause's column where it isn't about a line of the policy's."""

_FOUND = {"unopened": "unopened", "opened": "opened"}
_DAYS = re.compile(r"-?[0-9]+")


def detail_words(figure: str, detail: str, people: Mapping[str, str]) -> str:
    """A detail of a figure as people say it; as it is stored where nobody says it otherwise."""
    if figure in {"status", "reason", "resolution"}:
        return _enum_words(figure, detail)
    if figure == "work":
        who, _, what = detail.partition(":")
        return f"{WORK_WORDS.get(what, what)} by {people.get(who, 'somebody')}"
    if figure == "override_by":
        return people.get(detail, "somebody")
    if figure == "condition":
        declared, _, found = detail.partition(">")
        return f"Declared {_FOUND.get(declared, declared)}, found {_FOUND.get(found, found)}"
    if figure in {"decided_after", "settled_in_time", "settled_late"}:
        return count(int(detail), "day") if _DAYS.fullmatch(detail) else detail
    return {**LINE_WORDS, **DECISION_WORDS, **CLAUSE_WORDS}.get(detail, detail.replace("_", " "))


def _enum_words(figure: str, detail: str) -> str:
    known: Mapping[str, Mapping[str, str]] = {
        "status": {status.value: look.word(staff=True) for status, look in STATUS_LOOKS.items()},
        "reason": {reason.value: words for reason, words in REASON_WORDS.items()},
        "resolution": {given.value: words for given, words in RESOLUTION_WORDS.items()},
    }
    return known[figure].get(detail, detail)


def period_words(period: Period) -> str:
    """`October 2026`, `October 1, 2026 to October 18, 2026`, `October 1, 2026`."""
    if period.first == period.last:
        return plain_date(period.first)
    if period.months == [period.first] and period.last < _next_month(period.first):
        return month(period.first)
    return f"{plain_date(period.first)} to {plain_date(period.last)}"


def _next_month(first: date) -> date:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def whole(number: int | None) -> str:
    """`1,386`; a dash for nothing to count."""
    return NONE if number is None else f"{number:,}"


def share_words(per_cent: Decimal | None) -> str:
    """`79.0%`; a dash for a share of nothing."""
    return NONE if per_cent is None else f"{per_cent}%"


def signed(amount: Decimal, currency: str) -> str:
    """`+$12.00`, `−$12.00`, `$0.00`."""
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}"


def days_words(days: int | None) -> str:
    """`5`; a dash where nothing was done."""
    return NONE if days is None else str(days)


def compared(now: Decimal | int, before: Decimal | int, unit: str = "") -> str:
    """`23 more than before`, `1.2 points less than before`, `as before`."""
    change = now - before
    if not change:
        return "as before"
    size = f"{abs(change):,}"
    return f"{size}{f' {unit}' if unit else ''} {'more' if change > 0 else 'less'} than before"
