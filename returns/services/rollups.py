"""The managers' figures, added up for days and months. Triggers mark the days that changed; here they are added anew.

Nothing is ever lost between the two: a mark that is seen belongs to a change that is seen, so whoever takes the mark
adds the change; a mark that is not seen yet stays for the next sweep.
"""

import time
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from django.db import connection, transaction

from returns.models import Storefront
from returns.reports.facts import ALL_BOOKED, PARTS, facts, sums_of_all_days
from returns.reports.periods import By, stretches
from returns.services.heartbeats import show_life

BATCH = 120
"""Days added up in one transaction: a second's work at a thousand returns a day."""

LOCK = "'returns_reportfigure'::regclass::oid::bigint"
"""Held by whoever adds up: one at a time."""

MEMORY = "128MB"
"""What one step of making everything anew may take in the database before it uses the disk."""

SWEEP_LASTS = 20.0
"""Seconds in which a sweep begins new days."""

TAKE = """
DELETE FROM returns_reportmark m USING (
    SELECT storefront_id, by, day FROM returns_reportmark GROUP BY 1, 2, 3 ORDER BY 2, 1, 3 LIMIT %s
) taken
WHERE (m.storefront_id, m.by, m.day) = (taken.storefront_id, taken.by, taken.day)
RETURNING m.by, m.storefront_id, m.day
"""

FORGET_DAYS = """
DELETE FROM returns_reportfigure f USING unnest(%(shops)s::bigint[], %(days)s::date[]) AS gone (storefront_id, day)
WHERE f.by = %(by)s AND f.span = 'day' AND f.storefront_id = gone.storefront_id AND f.starts_on = gone.day
"""

ADD = """
INSERT INTO returns_reportfigure (span, storefront_id, by, starts_on, figure, detail, number, amount)
SELECT '{span}', sums.* FROM ({sums}) sums
"""

OF_DAYS = """
SELECT storefront_id, %(by)s, day, figure, detail, sum(number), sum(amount) FROM ({facts}) brought
GROUP BY storefront_id, day, figure, detail
"""

ALL_MONTHS = """
SELECT storefront_id, by, date_trunc('month', starts_on)::date, figure, detail, sum(number), sum(amount)
FROM returns_reportfigure WHERE span = 'day' GROUP BY 1, 2, 3, 4, 5
"""

ADD_MONTHS = """
WITH months AS (
    SELECT DISTINCT storefront_id, date_trunc('month', day)::date AS month
    FROM unnest(%(shops)s::bigint[], %(days)s::date[]) AS changed (storefront_id, day)
), gone AS (
    DELETE FROM returns_reportfigure f USING months m
    WHERE f.by = %(by)s AND f.span = 'month' AND f.storefront_id = m.storefront_id AND f.starts_on = m.month
    AND NOT EXISTS (
        SELECT 1 FROM returns_reportfigure d WHERE d.by = f.by AND d.span = 'day' AND d.storefront_id = f.storefront_id
        AND d.starts_on >= m.month AND d.starts_on < m.month + interval '1 month'
        AND d.figure = f.figure AND d.detail = f.detail
    )
)
INSERT INTO returns_reportfigure (storefront_id, by, span, starts_on, figure, detail, number, amount)
SELECT m.storefront_id, %(by)s, 'month', m.month, d.figure, d.detail, sum(d.number), sum(d.amount)
FROM months m JOIN returns_reportfigure d ON d.by = %(by)s AND d.span = 'day' AND d.storefront_id = m.storefront_id
    AND d.starts_on >= m.month AND d.starts_on < m.month + interval '1 month'
GROUP BY m.storefront_id, m.month, d.figure, d.detail
ON CONFLICT (storefront_id, by, span, starts_on, figure, detail)
    DO UPDATE SET number = EXCLUDED.number, amount = EXCLUDED.amount
"""


DAYS = """
SELECT count(*) FROM (SELECT DISTINCT storefront_id, by, starts_on FROM returns_reportfigure WHERE span = 'day') days
"""


def refresh(*, now: datetime, lasts: float = SWEEP_LASTS) -> int:
    """Add up the marked days for at most `lasts` seconds; how many it were. Where somebody else is at it, none."""
    end, added = time.monotonic() + lasts, 0
    while taken := _add_some():
        added += taken
        if time.monotonic() >= end:
            return added
    show_life("reports", now=now)
    return added


def rebuild(*, now: datetime) -> int:
    """Make all of it anew from the returns themselves, in one transaction; the number of days.

    Reports show what was there until it is done. Each figure is one statement over all returns. A change meanwhile
    leaves its mark for the next sweep.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        cursor.execute("DELETE FROM returns_reportmark")
        cursor.execute("DELETE FROM returns_reportfigure")
        for sums in (*map(sums_of_all_days, PARTS), ALL_BOOKED):
            cursor.execute(ADD.format(span="day", sums=sums))
        cursor.execute(ADD.format(span="month", sums=ALL_MONTHS))
        cursor.execute(DAYS)
        days: int = cursor.fetchone()[0]
    show_life("reports", now=now)
    return days


def _add_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(TAKE, [BATCH])
        taken = sorted(set(cursor.fetchall()))
        shops = {shop.pk: shop for shop in Storefront.objects.all()}
        for by, marked in groupby(taken, key=lambda mark: mark[0]):
            _add_days(By(by), [(shops[shop], day) for _, shop, day in marked if shop in shops])
        return len(taken)


def _add_days(by: By, marked: Sequence[tuple[Storefront, date]]) -> None:
    brought = facts(by, stretches(marked))
    shops, days = [shop.pk for shop, _ in marked], [day for _, day in marked]
    values = {**brought.values, "by": by.value, "shops": shops, "days": days}
    with connection.cursor() as cursor:
        cursor.execute(FORGET_DAYS, values)
        cursor.execute(ADD.format(span="day", sums=OF_DAYS.format(facts=brought.sql)), values)
        cursor.execute(ADD_MONTHS, values)
