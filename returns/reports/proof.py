"""The proof that the roll-ups are what the returns say: every day is added up again, every month from its days."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import connection

from returns.models import Storefront
from returns.reports.facts import facts
from returns.reports.periods import DAY, By, Period, stretches

DAYS_AT_ONCE = 92
LONG_AGO = date(2000, 1, 1)

EXTENT = """
SELECT min(at), max(at) FROM (
    SELECT min(requested_at) AS at FROM returns_returnrequest WHERE storefront_id = %(shop)s
    UNION ALL SELECT greatest(max(requested_at), max(received_at), max(closed_at)) FROM returns_returnrequest
        WHERE storefront_id = %(shop)s
    UNION ALL SELECT unnest(ARRAY[min(e.at), max(e.at)]) FROM returns_ledgerentry e
        JOIN returns_ledgeraccount a ON a.id = e.debit_id WHERE a.storefront_id = %(shop)s
) moments
"""

DAYS_DIFFER = """
SELECT day, figure, detail FROM (
    SELECT day, figure, detail, sum(number) AS number, sum(amount) AS amount FROM ({facts}) brought GROUP BY 1, 2, 3
) told
FULL JOIN (
    SELECT starts_on AS day, figure::text, detail::text, number::numeric, amount FROM returns_reportfigure
    WHERE storefront_id = %(shop)s AND by = %(by)s AND span = 'day' AND starts_on BETWEEN %(first)s AND %(last)s
) kept USING (day, figure, detail)
WHERE (told.number, told.amount) IS DISTINCT FROM (kept.number, kept.amount)
AND NOT EXISTS (
    SELECT 1 FROM returns_reportmark m WHERE m.storefront_id = %(shop)s AND m.by = %(by)s AND m.day = day
)
"""

DAYS_WITHOUT_RETURNS = """
SELECT 'storefront ' || storefront_id || ' by ' || f.by || ', ' || starts_on || ': ' || figure || ' ' || detail
FROM returns_reportfigure f
WHERE storefront_id = %(shop)s AND span = 'day' AND starts_on NOT BETWEEN %(first)s AND %(last)s
AND NOT EXISTS (
    SELECT 1 FROM returns_reportmark m WHERE m.storefront_id = %(shop)s AND m.by = f.by AND m.day = starts_on
)
"""

MONTHS_DIFFER = """
SELECT 'storefront ' || storefront_id || ' by ' || by || ', ' || month || ': ' || figure || ' ' || detail FROM (
    SELECT storefront_id, by, date_trunc('month', starts_on)::date AS month, figure, detail,
        sum(number) AS number, sum(amount) AS amount
    FROM returns_reportfigure WHERE span = 'day' GROUP BY 1, 2, 3, 4, 5
) told
FULL JOIN (
    SELECT storefront_id, by, starts_on AS month, figure, detail, number::numeric, amount
    FROM returns_reportfigure WHERE span = 'month'
) kept USING (storefront_id, by, month, figure, detail)
WHERE (told.number, told.amount) IS DISTINCT FROM (kept.number, kept.amount)
"""


def differences() -> Iterator[str]:
    """Where a roll-up isn't what the returns say. Marked days are left out: they are still to be added up."""
    for shop in Storefront.objects.all():
        extent = _extent(shop)
        for part in _parts(extent):
            for by in By:
                yield from (f"{shop.slug} by {by.value}, {where}" for where in _days_differ(shop, by, part))
        yield from _found(DAYS_WITHOUT_RETURNS, {"shop": shop.pk, "first": extent.first, "last": extent.last})
    yield from _found(MONTHS_DIFFER, {})


def _found(sql: str, values: dict[str, Any]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [where for (where,) in cursor.fetchall()]


def _parts(period: Period) -> Iterator[Period]:
    """A quarter of a year at a time: what one statement may add up."""
    first = period.first
    while first <= period.last:
        last = min(first + (DAYS_AT_ONCE - 1) * DAY, period.last)
        yield Period(first, last)
        first = last + DAY


def _extent(shop: Storefront) -> Period:
    """From the first day on which anything happened to the day after the last; a day long past where nothing has."""
    with connection.cursor() as cursor:
        cursor.execute(EXTENT, {"shop": shop.pk})
        first, last = cursor.fetchone()
    return Period(_day(first, shop), _day(last, shop) + DAY) if first else Period(LONG_AGO, LONG_AGO)


def _day(at: datetime, shop: Storefront) -> date:
    return at.astimezone(shop.zone).date()


def _days_differ(shop: Storefront, by: By, period: Period) -> Iterator[str]:
    brought = facts(by, stretches((shop, day) for day in period))
    values = {**brought.values, "shop": shop.pk, "by": by.value, "first": period.first, "last": period.last}
    with connection.cursor() as cursor:
        cursor.execute(DAYS_DIFFER.format(facts=brought.sql), values)
        yield from (f"{day}: {figure} {detail}" for day, figure, detail in cursor.fetchall())
