"""Which messages leave next: taken from the outbox in small batches, most urgent first, each by one worker alone.

Small, so that what is urgent never waits for more than one batch of what isn't, however much of that there is (C31).
"""

import logging
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from returns.letters import read_together
from returns.models import Notification
from returns.notices import TODAY
from returns.services import gate

logger = logging.getLogger(__name__)

BATCH = 50
URGENT = TODAY
"""Priorities up to this one are of mail that somebody waits for."""

SILENT_AFTER = timedelta(seconds=45)
"""A claim this old belongs to a worker that is gone: no batch takes as long (delivery.BATCH_LASTS and one attempt)."""

OURS = (InterfaceError, OperationalError, SoftTimeLimitExceeded)
"""The trouble of our own house, not the message's: the claim lapses and somebody tries again."""

MINUTE = timedelta(minutes=1)
KEPT_FOR_URGENT = 10
"""Of a limit for each minute, one part in so many is left for urgent mail."""

# One statement takes a batch: of any number of workers, the row locks let one have each message.
# Of a batch whose worker died, the first message was in its hands, and is the only one that may have killed it.
_CLAIM = """
WITH due AS (
    SELECT id, state, priority, next_attempt_at, claimed_at FROM returns_notification
    WHERE (state IN ('queued', 'retry', 'uncertain') AND next_attempt_at <= %(now)s
           OR state = 'sending' AND claimed_at < %(silent)s)
        AND priority <= %(least)s AND (%(only)s::uuid IS NULL OR id = %(only)s)
    ORDER BY priority, next_attempt_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
), judged AS (
    SELECT id, state = 'sending' AS lapsed,
        state = 'sending' AND row_number() OVER (
            PARTITION BY state, claimed_at ORDER BY priority, next_attempt_at, id) = 1 AS suspect
    FROM due
)
UPDATE returns_notification n SET state = 'sending', claimed_at = %(now)s,
    attempts = attempts + CASE WHEN lapsed AND NOT suspect THEN 0 ELSE 1 END,
    interruptions = interruptions + suspect::int
FROM judged WHERE n.id = judged.id RETURNING n.id
"""
_LEAST_OF_ALL = 32_767
_LIMIT_LOCK = "SELECT pg_advisory_xact_lock('returns_notification'::regclass::oid::bigint)"


def claim(now: datetime, *, only: uuid.UUID | None = None) -> list[Notification]:
    """The next messages, most urgent first, with what their mails are about; none while the outbox is held.

    `only`: that one, if it is due. Counted as tried from now on; whoever doesn't get to one gives it back (`release`).
    """
    if gate.is_held(now=now):
        return []
    with transaction.atomic():
        most, least = _room(now)
        if most <= 0:
            return []
        with connection.cursor() as cursor:
            silent = now - SILENT_AFTER
            cursor.execute(_CLAIM, {"now": now, "silent": silent, "most": most, "least": least, "only": only})
            taken = [key for (key,) in cursor.fetchall()]
    return loaded(taken) if taken else []


def release(rows: Sequence[Notification]) -> None:
    """Give back messages that were claimed and not begun, as if they had never been taken."""
    if rows:
        ours = Notification.objects.filter(state=Notification.SENDING, claimed_at=rows[0].claimed_at)
        ours.filter(pk__in=[row.pk for row in rows]).update(state=Notification.QUEUED, attempts=F("attempts") - 1)


def _room(now: datetime) -> tuple[int, int]:
    """How many may be taken, and down to which priority, under the limit for each minute (MAILS_PER_MINUTE)."""
    limit = settings.MAILS_PER_MINUTE
    if not limit:
        return BATCH, _LEAST_OF_ALL
    with connection.cursor() as cursor:
        cursor.execute(_LIMIT_LOCK)  # until the claim is committed: two who count at once would both find room
    used = Notification.objects.filter(state=Notification.SENT, sent_at__gt=now - MINUTE).count()
    used += Notification.objects.filter(state=Notification.SENDING, claimed_at__gt=now - SILENT_AFTER).count()
    for_all = limit - max(limit // KEPT_FOR_URGENT, 1) - used
    return (min(BATCH, for_all), _LEAST_OF_ALL) if for_all > 0 else (min(BATCH, limit - used), URGENT)


def loaded(keys: Iterable[uuid.UUID]) -> list[Notification]:
    """The rows, most urgent first, with what their mails are about."""
    rows = list(Notification.objects.filter(pk__in=list(keys)).order_by("priority", "next_attempt_at", "pk"))
    read(rows)
    return rows


def read(rows: Sequence[Notification]) -> None:
    """Read what these messages are about anew, all together."""
    try:
        read_together(rows)
    except OURS:
        raise
    except Exception:
        # One of them names something that can't be looked for. Each is read alone then, and that one fails alone.
        logger.exception("A batch can't be read together.")
        for row in rows:
            row.matter = None
