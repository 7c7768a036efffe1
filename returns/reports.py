"""What managers read: figures of a period, by storefront, and how price became payout. Every sum is the ledger's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from returns.models import LedgerAccount, LedgerEntry, Override, ReturnRequest, Settlement, SettlementLine, Storefront
from returns.querysets import overdue

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, each storefront by its own calendar."""

    first: date
    last: date

    def bounds(self, storefront: Storefront) -> tuple[datetime, datetime]:
        """The first moment of the first day and the first moment after the last, at this storefront."""
        start = datetime.combine(self.first, time.min, storefront.zone)
        return start, datetime.combine(self.last + timedelta(days=1), time.min, storefront.zone)

    def holds(self, column: str, storefronts: Iterable[Storefront], *, prefix: str = "") -> Q:
        """Rows whose moment in `column` falls into the period, by the calendar of the row's own storefront."""
        any_of = Q(pk__in=[])
        for storefront in storefronts:
            start, end = self.bounds(storefront)
            any_of |= Q(**{f"{prefix}storefront": storefront, f"{column}__gte": start, f"{column}__lt": end})
        return any_of


@dataclass(slots=True)
class Row:
    """One storefront's figures. Open and overdue are as of now, everything else is of the period."""

    storefront: Storefront
    requested: int = 0
    open: int = 0
    overdue: int = 0
    decided: int = 0
    authorized: int = 0
    completed: int = 0
    refunds: Decimal = ZERO
    store_credit: Decimal = ZERO
    fees_kept: Decimal = ZERO
    balance_applied: Decimal = ZERO

    @property
    def paid_back(self) -> Decimal:
        """Refunds and store credit together."""
        return self.refunds + self.store_credit


@dataclass(frozen=True, slots=True)
class Report:
    """The first report: a row for each storefront, the sum of all, and the lines from price to payout."""

    period: Period
    rows: Sequence[Row]
    by_kind: Mapping[str, Decimal]
    overrides: Sequence[Override] = field(default_factory=tuple)

    def total(self, figure: str) -> int | Decimal:
        """The sum of one figure over all storefronts."""
        values = [getattr(row, figure) for row in self.rows]
        return sum(values, ZERO if values and isinstance(values[0], Decimal) else 0)


NEWEST_OVERRIDES = 10

BOOKED = {
    LedgerAccount.REFUNDS_PAYABLE: "refunds",
    LedgerAccount.STORE_CREDIT: "store_credit",
    LedgerAccount.RECEIVABLE: "balance_applied",
}
"""Which figure an entry counts into, by the kind of the account it credits."""


def first_report(*, storefronts: Sequence[Storefront], period: Period, now: datetime) -> Report:
    """The figures of these storefronts for the period; six queries, whatever their number."""
    rows = {storefront.pk: Row(storefront) for storefront in storefronts}
    _count_requests(rows, storefronts, period, now)
    by_kind = _count_settled(rows, storefronts, period)
    of_lines = period.holds("at", storefronts, prefix="line__request__")
    of_requests = period.holds("at", storefronts, prefix="request__")
    overrides = Override.objects.filter(of_lines | of_requests).select_related(
        "actor", "line__request__storefront", "request__storefront"
    )
    return Report(period, list(rows.values()), by_kind, list(overrides[:NEWEST_OVERRIDES]))


def _count_requests(rows: Mapping[int, Row], storefronts: Sequence[Storefront], period: Period, now: datetime) -> None:
    # The period's rows and the open ones are found by their own indexes; the rest of the table is not read.
    decided = period.holds("decided_at", storefronts)
    requests = ReturnRequest.objects.filter(storefront__in=storefronts)
    current = (
        requests.open()
        .values_list("storefront")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=overdue(now, storefronts)),
        )
    )
    for shop, open_now, overdue_now in current:
        rows[shop].open, rows[shop].overdue = open_now, overdue_now
    requested = period.holds("requested_at", storefronts)
    moved = (
        requests.filter(requested | decided)
        .values_list("storefront")
        .annotate(
            requested=Count("pk", filter=requested),
            decided=Count("pk", filter=decided),
            authorized=Count("pk", filter=decided & Q(authorized_at__isnull=False)),
        )
    )
    for shop, asked, done, granted in moved:
        rows[shop].requested, rows[shop].decided, rows[shop].authorized = asked, done, granted


def _count_settled(rows: Mapping[int, Row], storefronts: Sequence[Storefront], period: Period) -> dict[str, Decimal]:
    settled = (
        Settlement.objects.filter(period.holds("decided_at", storefronts, prefix="request__"))
        .values_list("request__storefront")
        .annotate(completed=Count("pk"))
    )
    for shop, completed in settled:
        rows[shop].completed = completed
    booked = (
        LedgerEntry.objects.filter(period.holds("at", storefronts, prefix="debit__"))
        .values_list("debit__storefront", "credit__kind")
        .annotate(sum=Sum("amount"))
    )
    for shop, account, amount in booked:
        name = BOOKED.get(account)
        if name is not None:
            setattr(rows[shop], name, amount)
    lines = (
        SettlementLine.objects.filter(
            period.holds("settlement__decided_at", storefronts, prefix="settlement__request__")
        )
        .values_list("settlement__request__storefront", "kind")
        .annotate(sum=Sum("amount"))
    )
    by_kind: dict[str, Decimal] = {}
    for shop, kind, amount in lines:
        by_kind[kind] = by_kind.get(kind, ZERO) + amount
        if kind in {SettlementLine.FEE, SettlementLine.SHARE}:
            rows[shop].fees_kept -= amount
    return by_kind
