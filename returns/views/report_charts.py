"""The columns of a report: returns over time, and how long the settled ones took."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from returns.components import Column, ColumnChart
from returns.models import Storefront
from returns.reports.figures import Figures
from returns.reports.periods import DAY, Period, Span, month_of
from returns.reports.reading import Sum
from returns.views.report_scope import Scope
from returns.wording.phrases import day_of_month

MOST_DAYS, MOST_WEEKS = 31, 27 * 7
LONGEST_TIME = 20
"""Days drawn one by one; what took longer stands in the last column."""

MOST_SERIES = 4
TICKS = 8
STEPS = (3, 6, 12, 15, 30, 60, 90, 120, 150, 300, 600, 900, 1200, 1500)


def top_of(largest: float) -> int:
    """The highest line of the grid: a number that thirds divide."""
    size = 1
    while True:
        for step in STEPS:
            if step * size >= largest:
                return step * size
        size *= 1000


def each_of(period: Period) -> Span:
    """Days that are drawn as days or weeks; months beyond half a year."""
    return Span.DAY if period.days <= MOST_WEEKS else Span.MONTH


def steps(period: Period) -> tuple[str, list[date]]:
    """What the columns are, and the first day of each."""
    if period.days <= MOST_DAYS:
        return "days", list(period)
    if each_of(period) is Span.DAY:
        monday = period.first - timedelta(days=period.first.weekday())
        mondays = (monday + timedelta(days=day) for day in range(0, period.days + 7, 7))
        return "weeks from Monday", [day for day in mondays if day <= period.last]
    months, month = [], month_of(period.first)
    while month <= period.last:
        months.append(month)
        month = month_of(month + timedelta(days=31))
    return "months", months


def over_time(scope: Scope, sums: Iterable[Sum]) -> ColumnChart:
    """How many returns came when, by storefront."""
    axis, starts = steps(scope.period)
    shops = list(scope.storefronts) if len(scope.storefronts) <= MOST_SERIES else []
    numbers: dict[tuple[date, int], int] = {}
    for one in sums:
        if one.starts_on is not None and starts:
            key = _step_of(starts, one.starts_on), one.storefront_id if shops else 0
            numbers[key] = numbers.get(key, 0) + one.number
    keys = [shop.pk for shop in shops] or [0]
    often = max(1, -(-len(starts) // TICKS))
    ends = [*(following - DAY for _, following in pairwise(starts)), scope.period.last]
    columns = [
        _column(
            scope,
            shops,
            Period(max(start, scope.period.first), end),
            axis,
            [numbers.get((start, key), 0) for key in keys],
            is_named=place % often == 0,
        )
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    top = top_of(max((sum(column.values) for column in columns), default=0))
    series = [shop.short_name for shop in shops] or ["All storefronts"]
    return ColumnChart("Returns over time", columns, series, top, axis, label_heading="From")


def _step_of(starts: Sequence[date], day: date) -> date:
    return max((start for start in starts if start <= day), default=starts[0])


def _column(
    scope: Scope, shops: Sequence[Storefront], period: Period, axis: str, values: Sequence[int], *, is_named: bool
) -> Column:
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    urls = [scope.behind("requests", shop=slug, **days) for slug in [shop.slug for shop in shops] or [""]]
    label = f"{day_of_month(period.first)[:3]} {period.first:%Y}" if axis == "months" else _short(period.first)
    return Column(label, values, urls=urls, tick=is_named)


def _short(day: date) -> str:
    return f"{day_of_month(day)[:3]} {day.day}"


def promise(scope: Scope, figures: Figures) -> ColumnChart:
    """How many days the settled ones took from receipt, and which of them were late."""
    found = [figures.days("settled_in_time"), figures.days("settled_late")]
    longest = max((day for days in found for day in days), default=0)
    last = min(max(longest, 1), LONGEST_TIME)
    columns = []
    for day in range(last + 1):
        is_rest = day == last and longest > last
        details = [[str(each) for each in days if each == day or (is_rest and each > day)] for days in found]
        values = [sum(days[int(each)] for each in named) for days, named in zip(found, details, strict=True)]
        urls = [
            scope.behind(name, *named) if named else ""
            for name, named in zip(("settled_in_time", "settled_late"), details, strict=True)
        ]
        figure = f"{sum(values):,}" if sum(values) else ""
        columns.append(Column(f"{day}+" if is_rest else str(day), values, figure, urls))
    top = top_of(max((sum(column.values) for column in columns), default=0))
    return ColumnChart(
        "Kept our promise?", columns, ("by the promised day", "late"), top, "calendar days from receipt to settlement"
    )
