"""The managers' figures, added up for days and months. Triggers mark the days that changed; here they are added anew.

Nothing is ever lost between the two: a mark that is seen belongs to a change that is seen, so whoever takes the mark
adds the change; a mark that is not seen yet stays for the next sweep.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import connection, transaction

from returns.models import Storefront
from returns.reports.facts import facts, parameters
from returns.reports.periods import By, Window, window
from returns.services.heartbeats import show_life

BATCH = 120
"""Days added up in one transaction: a second's work at a thousand returns a day."""

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

ADD_DAYS = """
INSERT INTO returns_reportfigure (storefront_id, by, span, starts_on, figure, detail, number, amount)
SELECT storefront_id, %(by)s, 'day', day, figure, detail, sum(number), sum(amount) FROM ({facts}) brought
GROUP BY storefront_id, day, figure, detail
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
    """Make all of it anew from the returns themselves; the number of days. Reports stay right meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT mark_all_reports(id) FROM returns_storefront")
    return refresh(now=now, lasts=float("inf"))


def _add_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock('returns_reportfigure'::regclass::oid::bigint)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(TAKE, [BATCH])
        taken = sorted(set(cursor.fetchall()))
        shops = {shop.pk: shop for shop in Storefront.objects.all()}
        for by, marked in groupby(taken, key=lambda mark: mark[0]):
            windows = [window(shops[shop], day) for _, shop, day in marked if shop in shops]
            _add_days(By(by), windows)
        return len(taken)


def _add_days(by: By, windows: Sequence[Window]) -> None:
    values = {**parameters(windows), "by": by.value}
    with connection.cursor() as cursor:
        cursor.execute(FORGET_DAYS, values)
        cursor.execute(ADD_DAYS.format(facts=facts(by)), values)
        cursor.execute(ADD_MONTHS, values)
