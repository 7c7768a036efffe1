"""What the outbox forgets: of a message that ended long ago stays that it was sent, when and about what (D7)."""

from datetime import datetime, timedelta

from django.db import connection

KEPT = timedelta(days=30)
BATCH = 5_000

_FORGET = """
WITH old AS (
    SELECT id FROM returns_notification
    WHERE state IN ('sent', 'dropped') AND created_at < %(before)s AND context <> '{}'::jsonb LIMIT %(batch)s
)
UPDATE returns_notification n SET context = '{}', last_error = '' FROM old WHERE n.id = old.id
"""


def forget_old_contexts(*, now: datetime) -> int:
    """Empty the contexts of messages that ended more than 30 days ago, batch by batch; how many.

    The rows stay: their keys are why nobody is ever told the same twice. What failed hasn't ended: somebody may send it
    again, and its context holds ids alone.
    """
    emptied = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, {"before": now - KEPT, "batch": BATCH})
            done = int(cursor.rowcount)
        emptied += done
        if done < BATCH:
            return emptied
