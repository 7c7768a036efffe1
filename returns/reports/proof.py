"""The proof that the roll-ups are what the returns say: every day is added up again, every month from its days."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection

from returns.models import Storefront
from returns.reports.facts import facts, parameters
from returns.reports.periods import DAY, By, Period, window

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
    WHERE storefront_id = %(shop)s AND by = %(by)s AND span = 'day'
) kept USING (day, figure, detail)
WHERE (told.number, told.amount) IS DISTINCT FROM (kept.number, kept.amount)
AND NOT EXISTS (
    SELECT 1 FROM returns_reportmark m WHERE m.storefront_id = %(shop)s AND m.by = %(by)s AND m.day = day
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
        period = _extent(shop)
        for by in By if period else ():
            yield from (f"{shop.slug} by {by.value}, {where}" for where in _days_differ(shop, by, period))
    with connection.cursor() as cursor:
        cursor.execute(MONTHS_DIFFER)
        yield from (where for (where,) in cursor.fetchall())


def _extent(shop: Storefront) -> Period | None:
    with connection.cursor() as cursor:
        cursor.execute(EXTENT, {"shop": shop.pk})
        first, last = cursor.fetchone()
    return Period(_day(first, shop), _day(last, shop) + DAY) if first else None


def _day(at: datetime, shop: Storefront) -> date:
    return at.astimezone(shop.zone).date()


def _days_differ(shop: Storefront, by: By, period: Period | None) -> Iterator[str]:
    windows = [window(shop, day) for day in period or ()]
    values = {**parameters(windows), "shop": shop.pk, "by": by.value}
    with connection.cursor() as cursor:
        cursor.execute(DAYS_DIFFER.format(facts=facts(by)), values)
        yield from (f"{day}: {figure} {detail}" for day, figure, detail in cursor.fetchall())
