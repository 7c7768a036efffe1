"""The test bench: rows of requests become facts, are judged under two terms, and are compared and tallied.

All of it on one core, and without PostgreSQL: the rows are as its driver hands them over.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from returns.domain.past import Row, past_of
from returns.domain.policy import PolicyTerms
from returns.domain.replay import Kind, Tally
from returns.domain.settlement import quote
from returns.domain.storefront import SHIPPED, load_storefront

REQUESTS = 2_000
ROUNDS = 5
TARGET = 5_000
"""Requests for each second of processor time."""

_NEW_YORK = ZoneInfo("America/New_York")
_PLACED = datetime(2026, 3, 1, 10, 0, tzinfo=_NEW_YORK)
_NO_FLAGS: list[str] = []
_OTHER_AMOUNT = REQUESTS // 4


def _rows(number: int) -> list[Row]:
    """One line asked back; days 5, 20, 45 and, with a date too near, 45 again take turns."""
    turn = number % 4
    asked_at = _PLACED + timedelta(days=(5, 20, 45, 45)[turn])
    expires_on = date(2026, 9, 1) if turn == 3 else date(2030, 12, 31)
    order = ("1001", _PLACED, _PLACED, "direct", Decimal("0.00"), "USD")
    account = (7, "m@example.com", "consumer", Decimal("0.00"))
    item = (number, "SERUM", "retail", _NO_FLAGS, 2, Decimal("90.06"), expires_on)
    line = (2, "changed_mind", "unopened", None, "refund", True, None)
    return [(number, "4T7H-2WPC", None, asked_at, *order, *account, *item, *line)]


@dataclass(frozen=True, slots=True)
class Subject:
    """The terms in force and a draft with another fee."""

    before: PolicyTerms
    after: PolicyTerms

    @classmethod
    def build(cls) -> Subject:
        """The consumer policy, with 15% instead of 20%."""
        _, terms = load_storefront(SHIPPED / "image-consumer.toml")
        first, last = terms.tiers
        return cls(terms, replace(terms, tiers=(first, replace(last, fee_percent=Decimal(15)))))

    def run(self, requests: list[list[Row]]) -> Tally:
        """All requests, as a replay does it."""
        tally = Tally()
        for rows in requests:
            past = past_of(rows, {}, _NEW_YORK)
            facts = (past.account, past.order, past.request)
            tally.add(quote(self.before, *facts), quote(self.after, *facts))
        return tally


def check(tally: Tally) -> None:
    """The answer is the right one, or the time means nothing. Raises ValueError."""
    found = tally.kinds[Kind.OTHER_AMOUNT]
    gained = Decimal("4.50") * _OTHER_AMOUNT
    if (tally.requests, found.changes, found.amount) != (REQUESTS, _OTHER_AMOUNT, gained):
        raise ValueError(f"the replay is wrong: {tally.requests}, {found}")


def measure() -> float:
    """Requests for each second of processor time, the median of some rounds."""
    subject, requests = Subject.build(), [_rows(number) for number in range(REQUESTS)]
    check(subject.run(requests))
    speeds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        subject.run(requests)
        speeds.append(REQUESTS / (time.process_time() - start))
    return statistics.median(speeds)
