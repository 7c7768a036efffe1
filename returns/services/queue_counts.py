"""The queue's counters: every change of a request adds rows to them (by a trigger); here they are folded into few."""

from datetime import date, timedelta

from django.db import connection, transaction

MARGIN = timedelta(days=2)
"""Whatever was due so long ago is overdue by every storefront's calendar, and needs no day of its own."""

FOLD = """
WITH kept AS (
    SELECT id, count(*) OVER (
        PARTITION BY storefront_id, status, owner_id, is_claim,
            CASE WHEN due_on < %(oldest)s THEN %(oldest)s ELSE due_on END
    ) AS alike FROM returns_queuecount
), gone AS (
    DELETE FROM returns_queuecount USING kept WHERE kept.id = returns_queuecount.id AND alike > 1
    RETURNING storefront_id, status, owner_id, is_claim,
        CASE WHEN due_on < %(oldest)s THEN %(oldest)s ELSE due_on END AS due_on, delta
)
INSERT INTO returns_queuecount (storefront_id, status, owner_id, is_claim, due_on, delta)
SELECT storefront_id, status, owner_id, is_claim, due_on, sum(delta) FROM gone
GROUP BY 1, 2, 3, 4, 5 HAVING sum(delta) <> 0
"""


def fold(*, today: date) -> bool:
    """Put rows of one kind together; False where somebody else is at it. `today` is the date in UTC.

    One statement takes what it saw away and adds its sum, so whoever counts sees the same before and after. What others
    add meanwhile isn't seen, and stays.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock('returns_queuecount'::regclass::oid::bigint)")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(FOLD, {"oldest": today - MARGIN})
        return True


def recount() -> None:
    """Begin again from the requests themselves, after rows came in without triggers; nobody changes one meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT recount_queue()")
