"""A report as finished words, charts and tables; every figure with the address of what is behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from returns.components import Bar, BarChart, Ledger, LedgerRow
from returns.domain.workflow import OPEN, Status
from returns.models import SettlementLine
from returns.reports.figures import KEPT, TIMES, Figures, Total, share
from returns.reports.periods import Period
from returns.reports.reading import NOTHING, Sum
from returns.views.report_scope import Scope
from returns.wording.phrases import money
from returns.wording.reports import (
    LINE_WORDS,
    NONE,
    WORK_WORDS,
    compared,
    days_words,
    detail_words,
    share_words,
    signed,
    whole,
)

GIVEN = ("goodwill", "postage", "returns")
REFUNDS = tuple(f"{source}>refunds_payable" for source in GIVEN)
CREDITS = tuple(f"{source}>store_credit" for source in GIVEN)


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures on top, with a line of what it consists of, and the rows behind it."""

    label: str
    value: str
    below: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell: what it says, and where it leads."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its head, a second line below it, and its cells."""

    head: str
    cells: Sequence[Entry]
    below: str = ""
    url: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures; the first heading is that of the rows."""

    id: str
    heading: str
    headings: Sequence[str]
    rows: Sequence[TableRow]
    total: TableRow | None = None
    remark: str = ""
    empty: str = "Nothing in these days."


@dataclass(frozen=True, slots=True)
class Names:
    """What stands in figures by its key: people by their public id, products by their SKU."""

    people: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)


class Board:
    """Everything a report shows of one period, from its sums and those of the period before."""

    def __init__(self, scope: Scope, current: Sequence[Sum], before: Sequence[Sum], names: Names) -> None:
        self.scope, self.names = scope, names
        self.current, self.before = Figures(current), Figures(before)
        self.each = {
            shop: Figures(one for one in current if one.storefront_id == shop.pk) for shop in scope.storefronts
        }

    def money(self, amount: Decimal) -> str:
        """In the report's currency; a dash where several can't be added up."""
        return money(amount, self.scope.currency) if self.scope.currency else NONE

    # ------------------------------------------------------------------------------------------------------ on top

    @property
    def figures(self) -> list[Figure]:
        """Six figures."""
        now, before, scope = self.current, self.before, self.scope
        number = now.number("requests")
        late = now.number("settled_late")
        number_settled = late + now.number("settled_in_time")
        quantiles = [days_words(now.quantile(part, *TIMES)) for part in (50, 90, 99)]
        refunds, credit = self.money(now.refunds), self.money(now.store_credit)
        overridden = signed(now.amount("override"), scope.currency) if scope.currency else NONE
        return [
            Figure("Returns", whole(number), compared(number, before.number("requests")), scope.behind("requests")),
            Figure(
                "Authorized, of those decided",
                share_words(now.authorized_share),
                _points(now.authorized_share, before.authorized_share) or f"{whole(now.decided)} decided",
                scope.behind("decision", "authorized"),
            ),
            Figure(
                "Done by the promised day",
                share_words(now.in_time_share),
                f"{whole(late)} late" if now.in_time_share is not None else "none was due",
                scope.behind("settled_late") if late else scope.behind("settled_in_time"),
            ),
            Figure(
                "Median days, receipt to done",
                quantiles[0],
                f"9 of 10 within {quantiles[1]}, 99 of 100 within {quantiles[2]}"
                if number_settled
                else "none was settled after receipt",
                scope.behind(TIMES),
            ),
            Figure(
                "Paid back",
                self.money(now.paid_back),
                f"{refunds} refunds, {credit} credit",
                scope.behind("ledger", *REFUNDS, *CREDITS),
            ),
            Figure("Overrides", whole(now.number("override")), f"{overridden} for customers", scope.behind("override")),
        ]

    # ------------------------------------------------------------------------------------------------------ charts

    def bars(self, caption: str, figure: str, *, most: int = 10, names: Mapping[str, str] | None = None) -> BarChart:
        """The details of a figure as bars, the largest first; statuses as the workflow has them."""
        found = self._by_workflow if figure == "status" else self.current.top(figure, most)
        every = self.current.number(figure)
        bars = [
            Bar(
                (names or {}).get(detail) or detail_words(figure, detail, self.names.people),
                float(total.number),
                whole(total.number),
                share_words(share(total.number, every)),
                self.scope.behind(figure, detail),
            )
            for detail, total in found
        ]
        return BarChart(caption, bars)

    @property
    def _by_workflow(self) -> list[tuple[str, Total]]:
        found = self.current.details("status")
        return [(status.value, found[status.value]) for status in Status if status.value in found]

    # ------------------------------------------------------------------------------------------------------ tables

    @property
    def times(self) -> Table:
        """How long it took: median, nine in ten, ninety-nine in a hundred."""
        rows = [
            self._times("From request to decision", "decided_after"),
            self._times("From receipt to settlement", *TIMES),
        ]
        headings = ("Calendar days", "Median", "90 of 100", "99 of 100", "Returns")
        return Table("times", "How long it took", headings, rows)

    def _times(self, label: str, *figures: str) -> TableRow:
        quantiles = [Entry(days_words(self.current.quantile(part, *figures))) for part in (50, 90, 99)]
        number = sum(self.current.number(name) for name in figures)
        before = self.before.quantile(50, *figures)
        below = "" if before is None else f"median before: {before}"
        return TableRow(label, [*quantiles, Entry(whole(number), self.scope.behind(figures))], below)

    @property
    def by_storefront(self) -> Table:
        """A row for each storefront, and the sum."""
        headings = (
            "Storefront", "Returns", "Decided", "Settled", "On time", "Fees kept", "Refunds", "Store credit",
            "Balances netted",
        )  # fmt: skip
        rows = [
            TableRow(shop.name, self._row(figures, shop.slug, shop.currency), look=shop.look)
            for shop, figures in self.each.items()
        ]
        total = TableRow("All", self._row(self.current, "", self.scope.currency)) if len(rows) > 1 else None
        return Table("by-storefront", "By storefront", headings, rows, total)

    def _row(self, figures: Figures, slug: str, currency: str) -> list[Entry]:
        def link(figure: str | Sequence[str], *details: str) -> str:
            return self.scope.behind(figure, *details, shop=slug)

        def amount(value: Decimal) -> str:
            return money(value, currency) if currency else NONE

        return [
            Entry(whole(figures.number("requests")), link("requests")),
            Entry(whole(figures.decided), link("decision")),
            Entry(whole(figures.settled), link("status", "completed")),
            Entry(share_words(figures.in_time_share), link(TIMES)),
            Entry(amount(figures.fees_kept), link("line", *KEPT)),
            Entry(amount(figures.refunds), link("ledger", *REFUNDS)),
            Entry(amount(figures.store_credit), link("ledger", *CREDITS)),
            Entry(amount(figures.balances), link("ledger", "returns>receivable")),
        ]

    @property
    def payout(self) -> Ledger:
        """From price to payout, as the settlements' own signed lines; of several currencies only which there are."""
        found, caption = self.current.details("line"), "From price to payout"
        kinds = {kind: label for kind, label in LINE_WORDS.items() if kind in found}
        if not self.scope.currency:
            unsaid = [LedgerRow(label, NOTHING, instead=NONE) for label in kinds.values()]
            return Ledger(unsaid, "Paid back", NOTHING, caption=caption, total_instead=NONE)
        rows = [LedgerRow(label, found[kind].amount) for kind, label in kinds.items()]
        total = sum((row.amount for row in rows), NOTHING)
        return Ledger(rows, "Paid back", total, self.scope.currency, caption=caption)

    @property
    def moneys(self) -> Table:
        """Where the money went, each sum with the returns behind it."""
        now = self.current
        lines: list[tuple[str, Decimal, str, tuple[str, ...]]] = [
            ("Refunds to the payment method", now.refunds, "ledger", REFUNDS),
            ("Of these paid out and confirmed", now.paid_out, "ledger", ("refunds_payable>paid_out",)),
            ("Store credit", now.store_credit, "ledger", CREDITS),
            ("Exchanges and replacements, at the price paid", now.amount("resolution", *GOODS), "resolution", GOODS),
            ("Fees kept", now.fees_kept, "line", KEPT),
            ("Shipping refunded", now.amount("line", SettlementLine.SHIPPING), "line", (SettlementLine.SHIPPING,)),
            ("Balances netted", now.balances, "ledger", ("returns>receivable",)),
            ("Goodwill", now.amount("line", SettlementLine.GOODWILL), "line", (SettlementLine.GOODWILL,)),
            ("Service charges billed", now.charges, "ledger", ("receivable>service_charges",)),
        ]
        rows = [
            TableRow(label, [Entry(self.money(amount), self.scope.behind(figure, *details))])
            for label, amount, figure, details in lines
        ]
        return Table("money", "Where the money went", ("Sum", "Amount"), rows)

    @property
    def conditions(self) -> Table:
        """What customers declared beside what was found."""
        rows = [
            TableRow(
                detail_words("condition", detail, {}),
                [Entry(whole(total.number), self.scope.behind("condition", detail)), Entry(self.money(total.amount))],
                below="as declared" if len(set(detail.split(">"))) == 1 else "otherwise than declared",
            )
            for detail, total in self.current.top("condition")
        ]
        headings = ("Condition", "Lines", "Given")
        return Table("conditions", "Declared and found", headings, rows, empty="Nothing was inspected in these days.")

    @property
    def overrides(self) -> Table:
        """By clause, the largest change first."""
        return self._changes("overrides", "Overrides by clause", "Clause", "override")

    @property
    def overriders(self) -> Table:
        """By person."""
        return self._changes("overriders", "Overrides by person", "Person", "override_by")

    def _changes(self, key: str, heading: str, what: str, figure: str) -> Table:
        rows = [self._change(figure, *item) for item in self.current.top(figure, by_amount=True)]
        empty = "Nobody decided otherwise than the policy in these days."
        return Table(key, heading, (what, "Overrides", "For customers"), rows, empty=empty)

    def _change(self, figure: str, detail: str, total: Total) -> TableRow:
        cells = [
            Entry(whole(total.number), self.scope.behind(figure, detail)),
            Entry(signed(total.amount, self.scope.currency) if self.scope.currency else NONE),
        ]
        return TableRow(detail_words(figure, detail, self.names.people), cells)

    def work(self, open_now: Mapping[str, int]) -> Table:
        """Who did what, and how many open returns each looks after now."""
        done: dict[str, dict[str, int]] = {}
        for detail, total in self.current.details("work").items():
            who, _, what = detail.partition(":")
            done.setdefault(who, {})[what] = total.number
        keys = sorted({*done, *open_now}, key=lambda who: self.names.people.get(who, "~"))
        rows = [
            TableRow(
                self.names.people.get(who, "somebody"),
                [
                    *(self._did(who, what, done.get(who, {}).get(what, 0)) for what in WORK_WORDS),
                    Entry(whole(open_now.get(who, 0))),
                ],
            )
            for who in keys
        ]
        headings = ("Person", *WORK_WORDS.values(), "Open now")
        return Table("work", "Who did what", headings, rows, empty="Nobody worked on these returns yet.")

    def _did(self, who: str, what: str, number: int) -> Entry:
        return Entry(whole(number), self.scope.behind("work", f"{who}:{what}") if number else "")

    @property
    def notices(self) -> list[Figure]:
        """Customers who return often, and mails that didn't arrive."""
        repeat, bounced = self.current.number("repeat"), self.current.number("bounced")
        of_all = share_words(share(repeat, self.current.number("requests")))
        return [
            Figure(
                "From customers who return often",
                whole(repeat),
                f"{of_all} of these returns; two or more others in the year before",
                self.scope.behind("repeat"),
            ),
            Figure("Mails that didn’t arrive", whole(bounced), "about these returns", self.scope.behind("bounced")),
        ]


GOODS = ("exchange", "replacement")


def _points(now: Decimal | None, before: Decimal | None) -> str:
    return "" if now is None or before is None else compared(now, before, "points")


def open_ages(scope: Scope, ages: Sequence[Figures], buckets: Sequence[tuple[str, Period]]) -> Table:
    """Open returns by status, as the workflow has them, and by how long ago they were asked for, each with its rows."""
    rows = []
    for status in filter(OPEN.__contains__, Status):
        found = [figures.number("status", status.value) for figures in ages]
        if any(found):
            cells = [*_aged(scope, status.value, found, [period for _, period in buckets])]
            rows.append(TableRow(detail_words("status", status.value, {}), cells))
    headings = ("Open now", *(label for label, _ in buckets), "All")
    return Table("open", "Open by status and age", headings, rows, empty="Nothing is open. Everybody has an answer.")


def _aged(scope: Scope, status: str, found: Sequence[int], periods: Sequence[Period]) -> Iterable[Entry]:
    whole_of = Period(periods[-1].first, periods[0].last)
    for number, period in zip((*found, sum(found)), (*periods, whole_of), strict=True):
        days = {"first": period.first.isoformat(), "last": period.last.isoformat(), "by": "requested"}
        yield Entry(whole(number), scope.behind("status", status, **days) if number else "")
