"""The quote for a request of 20 lines, by the policy with the most rules: every kind of verdict is among them."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from returns.domain.facts import (
    AccountFacts,
    AccountType,
    Channel,
    Condition,
    OrderFacts,
    OrderLineFacts,
    Reason,
    RequestFacts,
    RequestLineFacts,
    Wish,
)
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import Quote, quote
from returns.domain.storefront import SHIPPED, load_storefront

LINES = 20
TARGET_MS = 1.0
ROUNDS = 2000

_NEW_YORK = ZoneInfo("America/New_York")
_PLACED = datetime(2026, 3, 1, 10, 0, tzinfo=_NEW_YORK)
_ASKED = datetime(2026, 4, 20, 12, 0, tzinfo=_NEW_YORK)  # day 50
_EXPIRY = date(2030, 12, 31)

# Five lines that come back in turn: less the fee, of an excluded kind, opened, expiring too soon, claimed too late.
_ITEMS = (
    OrderLineFacts("SERUM", "retail", frozenset(), 2, Decimal("90.06"), _EXPIRY),
    OrderLineFacts("TEE", "tshirt", frozenset(), 1, Decimal("25.00"), None),
    OrderLineFacts("MASQUE", "retail", frozenset(), 1, Decimal("45.00"), _EXPIRY),
    OrderLineFacts("BALM", "retail", frozenset(), 1, Decimal("12.00"), date(2026, 9, 1)),
    OrderLineFacts("CREAM", "retail", frozenset(), 1, Decimal("80.00"), _EXPIRY),
)
_EXPECTED = ("RESTOCKING_FEE", "EXCLUDED_KIND", "OPENED", "EXPIRY_TOO_SOON", "CLAIM_WINDOW_EXPIRED")
_EXPECTED_TOTAL = Decimal("288.20")  # four times 90.06 less 18.01


def _asked_line(number: int) -> RequestLineFacts:
    turn = number % len(_ITEMS)
    return RequestLineFacts(
        line=number,
        quantity=_ITEMS[turn].quantity,
        reason=Reason.DAMAGED if turn == 4 else Reason.CHANGED_MIND,
        condition=Condition.OPENED if turn == 2 else Condition.UNOPENED,
        used_percent=None,
        wants=Wish.REFUND,
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """What is timed: terms that are parsed once, and the facts of one request."""

    terms: PolicyTerms
    account: AccountFacts
    order: OrderFacts
    request: RequestFacts

    @classmethod
    def build(cls) -> Subject:
        """The consumer policy and 20 lines."""
        _, terms = load_storefront(SHIPPED / "image-consumer.toml")
        lines = tuple(_ITEMS[number % len(_ITEMS)] for number in range(LINES))
        order = OrderFacts("CON-1", _PLACED, _PLACED, Channel.DIRECT, Decimal("10.00"), lines)
        request = RequestFacts(_ASKED, tuple(_asked_line(number) for number in range(LINES)))
        return cls(terms, AccountFacts(AccountType.CONSUMER, Decimal("0.00")), order, request)

    def run(self) -> Quote:
        """One quote."""
        return quote(self.terms, self.account, self.order, self.request)


def check(answer: Quote) -> None:
    """The answer is the right one, or the time means nothing. Raises ValueError."""
    codes = tuple(line.verdict.code.value for line in answer.lines)
    if codes != _EXPECTED * (LINES // len(_EXPECTED)) or answer.total != _EXPECTED_TOTAL:
        raise ValueError(f"the quote is wrong: {codes}, {answer.total}")


def measure() -> float:
    """The median time of a quote in milliseconds."""
    subject = Subject.build()
    check(subject.run())
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subject.run()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000
