"""The returns behind a figure, the newest first, with what each of them brings to it.

The roll-ups say on which days there is something, so that a page looks at those days alone, however many years the
period has.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from returns.models import ReportFigure, ReturnRequest, Storefront
from returns.paging import Key, read_key
from returns.reports.facts import MOMENTS, facts
from returns.reports.periods import DAY, By, Period, Span, stretches
from returns.reports.reading import Freshness

DAYS_AT_ONCE = 200

ROWS = """
SELECT b.day, {moment} AS moment, r.reference, r.id, sum(b.number)::bigint, sum(b.amount) FROM ({facts}) b
JOIN returns_returnrequest r ON r.id = b.request_id LEFT JOIN returns_settlement s ON s.request_id = r.id
WHERE (%(all)s OR b.detail = ANY (%(details)s))
AND (b.day, {moment}, r.reference) < (%(day)s, %(moment)s, %(reference)s)
GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT %(size)s
"""

BEHIND_KEYS = (
    Key("day", date.fromisoformat),
    Key("moment", lambda text: datetime.fromisoformat(text).astimezone(UTC)),
    Key("reference", str),
)
"""How the rows are sorted, in descending order."""


class Place(NamedTuple):
    """Where a page begins: after this row."""

    day: date
    moment: datetime
    reference: str


END_OF_TIME = Place(date.max, datetime(9999, 12, 31, tzinfo=UTC), "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures, and which of their details; no detail is all of them."""

    figures: Sequence[str]
    details: Sequence[str] = ()


class Behind(NamedTuple):
    """A return behind a figure."""

    day: date
    moment: datetime
    reference: str
    request: ReturnRequest
    number: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BehindPage:
    """One page of them; `next` is empty on the last."""

    rows: Sequence[Behind]
    next: str
    is_first: bool


ShopDay = tuple[Storefront, date]
Found = tuple[date, datetime, str, int, int, Decimal]


def behind(
    storefronts: Sequence[Storefront],
    by: By,
    period: Period,
    fresh: Freshness,
    wanted: Wanted,
    *,
    after: str = "",
    size: int = 50,
) -> BehindPage:
    """The page that begins after this key."""
    key = _read(after)
    found: list[Found] = []
    for days in _days(storefronts, by, period, fresh, wanted, until=key.day if key else period.last, size=size):
        found += _rows(by, wanted, days, key or END_OF_TIME, size + 1 - len(found))
        if len(found) > size:
            break
    shown = found[:size]
    requests = ReturnRequest.objects.select_related("storefront").in_bulk([row[3] for row in shown])
    rows = [Behind(*row[:3], requests[row[3]], *row[4:]) for row in shown]
    last = rows[-1] if len(found) > size else None
    following = f"{last.day},{last.moment.isoformat()},{last.reference}" if last else ""
    return BehindPage(rows, following, is_first=key is None)


def _read(after: str) -> Place | None:
    key = read_key(after, BEHIND_KEYS)
    return Place(*key) if key and "\x00" not in key[2] else None


def _days(
    storefronts: Sequence[Storefront],
    by: By,
    period: Period,
    fresh: Freshness,
    wanted: Wanted,
    *,
    until: date,
    size: int,
) -> Iterator[list[ShopDay]]:
    """Days with something to show, the latest first, in handfuls that should fill a page."""
    shops = {shop.pk: shop for shop in storefronts}
    dirty = [(shop, day) for shop, each in shops.items() for day in fresh.dirty(each, by, period)]
    last = min(until, period.last)
    while last >= period.first:
        numbers = _numbers(shops, by, Period(period.first, last), wanted)
        # The last day of a full answer may not be whole, so the next one begins with it again.
        is_full = len(numbers) == DAYS_AT_ONCE + len(shops)
        first = min(day for _, day in numbers) + DAY if is_full else period.first
        marked = {mark: 0 for mark in dirty if first <= mark[1] <= last}
        yield from _handfuls(shops, marked | {mark: n for mark, n in numbers.items() if mark[1] >= first}, size)
        last = first - DAY


def _handfuls(
    shops: Mapping[int, Storefront], numbers: Mapping[tuple[int, date], int], size: int
) -> Iterator[list[ShopDay]]:
    handful, expected = list[ShopDay](), 0
    days = groupby(sorted(numbers, key=lambda mark: mark[1], reverse=True), key=lambda mark: mark[1])
    for day, marks in days:
        for shop, _ in marks:
            handful.append((shops[shop], day))
            expected += numbers[shop, day]
        if expected > 2 * size:
            yield handful
            handful, expected = [], 0
    if handful:
        yield handful


def _numbers(shops: Mapping[int, Storefront], by: By, period: Period, wanted: Wanted) -> dict[tuple[int, date], int]:
    rows = ReportFigure.objects.filter(
        storefront__in=list(shops), by=by.value, span=Span.DAY.value, figure__in=wanted.figures
    ).filter(starts_on__range=(period.first, period.last))
    if wanted.details:
        rows = rows.filter(detail__in=wanted.details)
    numbered = rows.values_list("storefront_id", "starts_on").annotate(sum=Sum("number"))
    return {
        (shop, day): n for shop, day, n in numbered.order_by("-starts_on", "storefront_id")[: DAYS_AT_ONCE + len(shops)]
    }


def _rows(by: By, wanted: Wanted, days: Sequence[ShopDay], place: Place, size: int) -> list[Found]:
    brought = facts(by, stretches(days), wanted.figures)
    values = {
        **brought.values,
        "all": not wanted.details,
        "details": list(wanted.details),
        **place._asdict(),
        "size": size,
    }
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(facts=brought.sql, moment=MOMENTS[by]), values)
        return list(cursor.fetchall())
