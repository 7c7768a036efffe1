"""A report: the sums of a period, asked by name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from returns.domain.workflow import OPEN
from returns.models import LedgerAccount, SettlementLine
from returns.reports.reading import NOTHING, Sum

KEPT = (SettlementLine.FEE, SettlementLine.SHARE)
"""Lines of a settlement that stay with the shop."""

TIMES = ("settled_in_time", "settled_late")
OPEN_VALUES = frozenset(status.value for status in OPEN)


@dataclass(frozen=True, slots=True)
class Total:
    """How many, and how much."""

    number: int = 0
    amount: Decimal = NOTHING

    def __add__(self, other: "Total") -> "Total":
        return Total(self.number + other.number, self.amount + other.amount)


class Figures:
    """The sums of one period, of one storefront or of several."""

    def __init__(self, sums: Iterable[Sum]) -> None:
        self.totals: dict[str, dict[str, Total]] = {}
        for one in sums:
            details = self.totals.setdefault(one.figure, {})
            details[one.detail] = details.get(one.detail, Total()) + Total(one.number, one.amount)

    def details(self, figure: str) -> Mapping[str, Total]:
        """Every detail of a figure with its sum."""
        return self.totals.get(figure, {})

    def number(self, figure: str, *details: str) -> int:
        """How many, of these details or of all."""
        return self._total(figure, details).number

    def amount(self, figure: str, *details: str) -> Decimal:
        """How much, of these details or of all."""
        return self._total(figure, details).amount

    def _total(self, figure: str, details: Sequence[str]) -> Total:
        found = self.details(figure)
        return sum((total for name, total in found.items() if not details or name in details), Total())

    # ------------------------------------------------------------------------------------------------------ the ledger

    def credited(self, account: str, *, apart_from: str = "") -> Decimal:
        """What the ledger credited to accounts of this kind, less what it debited; transfers to `apart_from` apart."""
        change = NOTHING
        for detail, total in self.details("ledger").items():
            debit, _, credit = detail.partition(">")
            if credit == account:
                change += total.amount
            if debit == account and credit != apart_from:
                change -= total.amount
        return change

    @property
    def refunds(self) -> Decimal:
        """Owed to payment methods, whether paid out by now or not."""
        return self.credited(LedgerAccount.REFUNDS_PAYABLE, apart_from=LedgerAccount.PAID_OUT)

    @property
    def store_credit(self) -> Decimal:
        """Given as store credit."""
        return self.credited(LedgerAccount.STORE_CREDIT)

    @property
    def paid_back(self) -> Decimal:
        """Refunds and store credit together."""
        return self.refunds + self.store_credit

    @property
    def balances(self) -> Decimal:
        """Netted against what customers owed."""
        return self._moved(LedgerAccount.RETURNS, LedgerAccount.RECEIVABLE)

    @property
    def charges(self) -> Decimal:
        """Service charges billed apart."""
        return self._moved(LedgerAccount.RECEIVABLE, LedgerAccount.SERVICE_CHARGES)

    @property
    def paid_out(self) -> Decimal:
        """Refunds that have arrived."""
        return self._moved(LedgerAccount.REFUNDS_PAYABLE, LedgerAccount.PAID_OUT)

    def _moved(self, debit: str, credit: str) -> Decimal:
        return self.amount("ledger", f"{debit}>{credit}") - self.amount("ledger", f"{credit}>{debit}")

    @property
    def fees_kept(self) -> Decimal:
        """Restocking fees, and the part of partly used goods that isn't given back."""
        return -self.amount("line", *KEPT)

    # ------------------------------------------------------------------------------------------------------- the rest

    @property
    def decided(self) -> int:
        """Returns that were authorized, rejected or redirected."""
        return self.number("decision")

    @property
    def settled(self) -> int:
        """Returns that came to a settlement."""
        return self.number("status", "completed")

    @property
    def open(self) -> int:
        """Returns in which somebody still owes somebody something."""
        return self.number("status", *OPEN_VALUES)

    @property
    def authorized_share(self) -> Decimal | None:
        """Per cent of those decided; None where nothing was."""
        return share(self.number("decision", "authorized"), self.decided)

    @property
    def in_time_share(self) -> Decimal | None:
        """Per cent of those settled after receipt that were settled by the promised day."""
        return share(self.number("settled_in_time"), self.number("settled_in_time") + self.number("settled_late"))

    def days(self, *figures: str) -> dict[int, int]:
        """How many returns took how many days, the quickest first."""
        found: dict[int, int] = {}
        for figure in figures:
            for detail, total in self.details(figure).items():
                found[int(detail)] = found.get(int(detail), 0) + total.number
        return dict(sorted(found.items()))

    def quantile(self, percent: int, *figures: str) -> int | None:
        """The days within which so many per cent were done: 50 is the median. None where nothing was."""
        days = self.days(*figures)
        wanted, seen = -(-sum(days.values()) * percent // 100), 0
        for day, number in days.items():
            seen += number
            if seen >= wanted:
                return day
        return None

    def top(self, figure: str, most: int | None = None, *, by_amount: bool = False) -> list[tuple[str, Total]]:
        """The details of a figure, the largest first."""

        def size(item: tuple[str, Total]) -> tuple[Decimal | int, str]:
            return (-abs(item[1].amount) if by_amount else -item[1].number, item[0])

        key: Callable[[tuple[str, Total]], tuple[Decimal | int, str]] = size
        return sorted(self.details(figure).items(), key=key)[:most]


def share(part: int, whole: int) -> Decimal | None:
    """Per cent, to one place; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else None
