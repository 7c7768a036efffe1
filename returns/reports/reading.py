"""The sums of figures over a period: from roll-ups, and for days that changed a moment ago from the returns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from returns.models import Heartbeat, ReportFigure, Storefront
from returns.reports.facts import PARTS, Statement, facts
from returns.reports.periods import By, Part, Period, Span, day_parts, parts, stretches

NOTHING = Decimal("0.00")

MOST_LIVE = 250
"""So many marked days a report adds up for itself. With more of them, after an import, it waits for the sweep."""

MOST_LIVE_RETURNS = 5_000
"""So many returns those days may have: a tenth of a second's work. With more of them a report waits, too."""

OVERVIEW = tuple(name for name in PARTS if name != "product")
"""Every figure but the one with thousands of details."""

MARKED = """
SELECT marked.*, f.number FROM (
    SELECT storefront_id, by, day, count(*) OVER () AS waiting, min(day) OVER () AS first FROM (
        SELECT DISTINCT storefront_id, by, day FROM returns_reportmark WHERE storefront_id = ANY (%(shops)s)
    ) one LIMIT %(most)s
) marked
LEFT JOIN returns_reportfigure f ON f.storefront_id = marked.storefront_id AND f.by = marked.by AND f.span = 'day'
    AND f.figure = 'requests' AND f.starts_on = marked.day
"""

LIVE = """live_{by} AS MATERIALIZED (
    SELECT storefront_id, day AS starts_on, figure, detail, sum(number) AS number, sum(amount) AS amount
    FROM ({facts}) brought GROUP BY 1, 2, 3, 4
)"""

SUMS = """(
SELECT {place}, storefront_id, {starts}, figure, detail, sum(number)::bigint, sum(amount) FROM (
    SELECT storefront_id, starts_on, figure, detail, number, amount FROM returns_reportfigure
    WHERE by = '{by}' AND figure = ANY (%(figures_{place})s) AND ({kept})
    {live}
) parts GROUP BY 1, 2, 3, 4, 5
)"""

KEPT = (
    "(storefront_id = ANY (%(shops_{key})s) AND span = '{span}' AND starts_on BETWEEN %(from_{key})s AND %(to_{key})s)"
)

ADDED = """UNION ALL SELECT storefront_id, starts_on, figure, detail, number, amount FROM live_{by}
    WHERE figure = ANY (%(figures_{place})s) AND starts_on BETWEEN %(first_{place})s AND %(last_{place})s"""

STARTS = {None: "NULL::date", Span.DAY: "starts_on", Span.MONTH: "date_trunc('month', starts_on)::date"}


class Sum(NamedTuple):
    """One figure's sum at one storefront. `starts_on` is None where the whole period is one sum."""

    storefront_id: int
    starts_on: date | None
    figure: str
    detail: str
    number: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Asked:
    """Sums that somebody asks for: every figure's of a period; with `each` apart for every day or month."""

    by: By
    period: Period
    figures: Collection[str] = OVERVIEW
    each: Span | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """As of when figures are: of this very moment, or of the last sweep while much waits for the next one."""

    marked: Mapping[tuple[int, By], frozenset[date]]
    as_of: datetime
    waiting: int = 0
    """How many days the sweep still has to add up; none where the report adds them up for itself."""
    first: date | None = None
    """The first of them."""

    @property
    def is_live(self) -> bool:
        """Of this very moment."""
        return not self.waiting

    def dirty(self, storefront: Storefront, by: By, period: Period) -> list[date]:
        """The days of the period that are added up here and now."""
        return sorted(day for day in self.marked.get((storefront.pk, by), ()) if day in period)


def freshness(storefronts: Iterable[Storefront], *, now: datetime) -> Freshness:
    """What has changed since the last sweep."""
    with connection.cursor() as cursor:
        cursor.execute(MARKED, {"shops": [shop.pk for shop in storefronts], "most": MOST_LIVE + 1})
        rows = cursor.fetchall()
    first = rows[0][4] if rows else None
    if len(rows) > MOST_LIVE or sum(number or 0 for *_, number in rows) > MOST_LIVE_RETURNS:
        swept = Heartbeat.objects.filter(name="reports").values_list("at", flat=True).first()
        return Freshness({}, swept or now, waiting=rows[0][3], first=first)
    marked: dict[tuple[int, By], set[date]] = {}
    for shop, by, day, *_ in rows:
        marked.setdefault((shop, By(by)), set()).add(day)
    return Freshness({key: frozenset(days) for key, days in marked.items()}, now, first=first)


def sums(
    storefronts: Sequence[Storefront],
    by: By,
    period: Period,
    fresh: Freshness,
    *,
    figures: Collection[str] = OVERVIEW,
    each: Span | None = None,
) -> list[Sum]:
    """Every figure's sum, by storefront and detail."""
    return all_sums(storefronts, [Asked(by, period, figures, each)], fresh)[0]


def all_sums(storefronts: Sequence[Storefront], asked: Sequence[Asked], fresh: Freshness) -> list[list[Sum]]:
    """What was asked for, in its order, by one statement. Days that changed are added up once for all of it."""
    values: dict[str, Any] = {}
    live = []
    for by in dict.fromkeys(one.by for one in asked):
        if brought := _live(storefronts, [one for one in asked if one.by is by], fresh):
            live.append(LIVE.format(by=by.value, facts=brought.sql))
            values |= brought.values
    selects = []
    for place, one in enumerate(asked):
        select = _select(storefronts, one, place, fresh)
        selects.append(select.sql)
        values |= select.values
    found: list[list[Sum]] = [[] for _ in asked]
    with connection.cursor() as cursor:
        cursor.execute(f"{'WITH ' if live else ''}{', '.join(live)} {' UNION ALL '.join(selects)}", values)
        for place, *columns in cursor.fetchall():
            found[place].append(Sum(*columns))
    return found


def _live(storefronts: Sequence[Storefront], asked: Sequence[Asked], fresh: Freshness) -> Statement | None:
    by, names = asked[0].by, {name for one in asked for name in one.figures}
    days = {(shop, day) for one in asked for shop in storefronts for day in fresh.dirty(shop, by, one.period)}
    return facts(by, stretches(days), [name for name in PARTS if name in names]) if days else None


def _select(storefronts: Sequence[Storefront], one: Asked, place: int, fresh: Freshness) -> Statement:
    shops_of: dict[Part, list[int]] = {}
    is_live = False
    for shop in storefronts:
        dirty = fresh.dirty(shop, one.by, one.period)
        is_live = is_live or bool(dirty)
        rows = day_parts(one.period, dirty) if one.each is Span.DAY else parts(one.period, dirty)
        for part in rows:
            shops_of.setdefault(part, []).append(shop.pk)
    values: dict[str, Any] = {
        f"figures_{place}": list(one.figures),
        f"first_{place}": one.period.first,
        f"last_{place}": one.period.last,
    }
    arms = []
    for number, (part, shops) in enumerate(shops_of.items()):
        key = f"{place}_{number}"
        arms.append(KEPT.format(span=part.span.value, key=key))
        values |= {f"shops_{key}": shops, f"from_{key}": part.first, f"to_{key}": part.last}
    sql = SUMS.format(
        place=place,
        by=one.by.value,
        starts=STARTS[one.each],
        kept=" OR ".join(arms) or "FALSE",
        live=ADDED.format(by=one.by.value, place=place) if is_live else "",
    )
    return Statement(sql, values)


def everything(storefronts: Iterable[Storefront], fresh: Freshness, *, until: date) -> Period:
    """From the first day that any of these storefronts has a return of, to this day."""
    months = ReportFigure.objects.filter(
        storefront__in=[shop.pk for shop in storefronts],
        by=By.REQUESTED.value,
        span=Span.MONTH.value,
        figure="requests",
    )
    starts = [months.order_by("starts_on").values_list("starts_on", flat=True).first(), fresh.first]
    return Period(min([until, *(start for start in starts if start)]), until)
