"""A sum as lines that add up before the reader's eyes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


class UnbalancedLedgerError(ValueError):
    """The lines of a ledger do not add up to its total."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One signed line of a sum. ``how`` is the small line below, ``clause`` the policy's id that staff see.

    ``instead`` replaces the figure where a line moves no money (`1 new`); its amount is zero then.
    """

    label: str
    amount: Decimal
    how: str = ""
    clause: str = ""
    instead: str = ""

    def __post_init__(self) -> None:
        if self.instead and self.amount:
            raise UnbalancedLedgerError(f"{self.label}: an amount of {self.amount} can't be shown as {self.instead}")


@dataclass(frozen=True, slots=True)
class AfterRow:
    """What isn't in the sum, in soft ink below it: `Shipping to us` · `you pay`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Signed lines and the total they add up to. Raises UnbalancedLedgerError where they don't.

    ``caption`` names the table for screen readers; it is not shown. ``total_instead`` replaces the figure of a total
    of zero where goods come instead of money (`1 serum`). ``as_of`` is a soft line above: `As of Wednesday, …`.
    """

    rows: Sequence[LedgerRow]
    total_label: str
    total: Decimal
    currency: str = "USD"
    after: Sequence[AfterRow] = ()
    caption: str = "How the amount is made up"
    total_instead: str = ""
    as_of: str = ""

    def __post_init__(self) -> None:
        found = sum((row.amount for row in self.rows), Decimal(0))
        if found != self.total:
            raise UnbalancedLedgerError(f"{self.caption}: the lines add up to {found}, the total says {self.total}")
        if self.total_instead and self.total:
            raise UnbalancedLedgerError(f"a total of {self.total} can't be shown as {self.total_instead}")
