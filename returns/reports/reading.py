"""The sums of figures over a period: from roll-ups, and for days that changed a moment ago from the returns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from returns.models import Heartbeat, ReportFigure, ReportMark, Storefront
from returns.reports.facts import PARTS, facts, parameters
from returns.reports.periods import By, Cell, Period, Span, cells, window

NOTHING = Decimal("0.00")

MOST_LIVE = 250
"""So many marked days a report adds up for itself. With more of them, after an import, it waits for the sweep."""

OVERVIEW = tuple(name for name in PARTS if name != "product")
"""Every figure but the one with thousands of details."""

SUMS = """
SELECT storefront_id, {starts}, figure, detail, sum(number)::bigint, sum(amount) FROM (
    SELECT f.storefront_id, f.starts_on, f.figure, f.detail, f.number, f.amount
    FROM unnest(%(cell_shops)s::bigint[], %(spans)s::text[], %(firsts)s::date[])
        AS wanted (storefront_id, span, starts_on)
    JOIN returns_reportfigure f ON f.storefront_id = wanted.storefront_id AND f.by = %(by)s AND f.span = wanted.span
        AND f.starts_on = wanted.starts_on AND f.figure = ANY (%(figures)s)
    {live}
) parts
GROUP BY 1, 2, 3, 4
"""

LIVE = "UNION ALL SELECT storefront_id, day, figure, detail, number, amount FROM ({facts}) brought"


class Sum(NamedTuple):
    """One figure's sum at one storefront. `starts_on` is None where the whole period is one sum."""

    storefront_id: int
    starts_on: date | None
    figure: str
    detail: str
    number: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Freshness:
    """As of when figures are: of this very moment, or of the last sweep while many days wait for the next one."""

    marked: Mapping[tuple[int, By], frozenset[date]]
    as_of: datetime
    is_live: bool = True

    def dirty(self, storefront: Storefront, by: By, period: Period) -> list[date]:
        """The days of the period that are added up here and now."""
        if not self.is_live:
            return []
        return sorted(day for day in self.marked.get((storefront.pk, by), ()) if day in period)

    @property
    def waiting(self) -> int:
        """How many days the sweep still has to add up."""
        return 0 if self.is_live else sum(len(days) for days in self.marked.values())


def freshness(storefronts: Iterable[Storefront], *, now: datetime) -> Freshness:
    """What has changed since the last sweep."""
    marks = ReportMark.objects.filter(storefront__in=[shop.pk for shop in storefronts]).values_list(
        "storefront_id", "by", "day"
    )
    found: dict[tuple[int, By], set[date]] = {}
    for shop, by, day in marks.distinct():
        found.setdefault((shop, By(by)), set()).add(day)
    marked = {key: frozenset(days) for key, days in found.items()}
    if sum(map(len, marked.values())) <= MOST_LIVE:
        return Freshness(marked, now)
    swept = Heartbeat.objects.filter(name="reports").values_list("at", flat=True).first()
    return Freshness(marked, swept or now, is_live=False)


def sums(
    storefronts: Sequence[Storefront],
    by: By,
    period: Period,
    fresh: Freshness,
    *,
    figures: Collection[str] = OVERVIEW,
    each: Span | None = None,
) -> list[Sum]:
    """Every figure's sum, by storefront and detail; with `each` apart for every day or month."""
    dirty = {shop: fresh.dirty(shop, by, period) for shop in storefronts}
    wanted = [cell for shop in storefronts for cell in _cells(shop, period, dirty[shop], each)]
    live = [window(shop, day) for shop, days in dirty.items() for day in days]
    values: dict[str, Any] = {
        "by": by.value,
        "figures": list(figures),
        "cell_shops": [cell.storefront_id for cell in wanted],
        "spans": [cell.span for cell in wanted],
        "firsts": [cell.starts_on for cell in wanted],
        **(parameters(live) if live else {}),
    }
    starts = {None: "NULL::date", Span.DAY: "starts_on", Span.MONTH: "date_trunc('month', starts_on)::date"}[each]
    added = LIVE.format(facts=facts(by, _known(by, figures))) if live else ""
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(starts=starts, live=added), values)
        return [Sum(*row) for row in cursor.fetchall()]


def _known(by: By, figures: Collection[str]) -> list[str]:
    return [name for name in figures if by is not By.BOOKED and name in PARTS] or ["ledger"]


def _cells(shop: Storefront, period: Period, dirty: Sequence[date], each: Span | None) -> Iterable[Cell]:
    if each is Span.DAY:
        return [Cell(shop.pk, Span.DAY.value, day) for day in period if day not in set(dirty)]
    return cells(shop.pk, period, dirty)


def everything(storefronts: Iterable[Storefront], *, until: date) -> Period:
    """From the first day that any of these storefronts has a return of, to this day."""
    shops = [shop.pk for shop in storefronts]
    months = ReportFigure.objects.filter(storefront__in=shops, by=By.REQUESTED.value, span=Span.MONTH.value)
    starts = [
        months.order_by("starts_on").values_list("starts_on", flat=True).first(),
        ReportMark.objects.filter(storefront__in=shops).order_by("day").values_list("day", flat=True).first(),
    ]
    return Period(min([until, *(start for start in starts if start)]), until)
