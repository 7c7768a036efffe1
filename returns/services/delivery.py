"""The outbox leaves the house: claim messages, render each, hand it to the mail server, write down what became of it.

A batch is claimed by one statement, so that of any number of workers and sweeps one delivers a message; it goes through
one conversation with the mail server. No transaction is open while that talks. Between its "250" and our "sent" stands
one small UPDATE; a worker killed just there costs a second copy under the same Message-ID, and never a mail (M10).
"""

import logging
import random
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from returns import mail, smtp
from returns.letters import NoLongerTrue, NotYet, matter_of
from returns.models import Notification
from returns.services import claims
from returns.services.errors import Refused
from returns.services.heartbeats import show_life
from returns.services.undelivered import tell_of_failure

logger = logging.getLogger(__name__)

MOST_INTERRUPTIONS = 12
"""A message whose worker died this often is set aside, before it kills the next one (C9).

More often than a message meets by chance: where workers are killed a hundred times over a thousand messages, some are
hit five times, and none of them may be lost for it.
"""

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (15, 30, 45, 60, 60, 120, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 21_600, 21_600)
)
"""How long to wait after the first, second … attempt, a good 24 hours together; then it has failed (C26)."""

JITTER = 0.3
"""At most this share of a wait comes on top, so that a thousand messages don't all come back at once."""

LONGEST_REASON = 200  # characters, as the column has it
BATCH_LASTS = 4.0
"""Seconds in which a batch begins new messages; a slow server gets the rest of it later, behind what is urgent."""

FRESH = 1.0
"""Seconds for which what a batch read holds; whoever's turn comes later is told by what is so then."""

SWEEP_LASTS = 20.0
"""Seconds in which a sweep begins new messages; with the longest attempt on top it stays below the task's limit."""

# Whoever else may have taken it over meanwhile: it was accepted, so it is sent. In SQL, as it follows every mail.
_SENT = """
UPDATE returns_notification SET state = 'sent', sent_at = %s, last_error = '' WHERE id = %s AND state <> 'sent'
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: messages it took, and whether it stopped because the mail server is away."""

    taken: int
    server_away: bool


def deliver(notification_id: uuid.UUID, *, now: datetime) -> Notification | None:
    """Send this message if it is due and nobody else has it; the row as it is afterwards, or None.

    Never raises for the message's own trouble: a template that doesn't render, an address that isn't one, or whatever
    the mail server says ends in the row.
    """
    rows = claims.claim(now, only=notification_id)
    with smtp.Delivery() as door:
        for row in rows:
            return _one(row, door, now)
    return None


def deliver_due(*, clock: Callable[[], datetime] = timezone.now, lasts: float = SWEEP_LASTS) -> Swept:
    """Deliver what is due, most urgent first, for `lasts` seconds; reads the database and nothing else.

    Any number of sweeps may run at once.
    """
    end = time.monotonic() + lasts
    taken = 0
    _wake_those_who_waited_for_the_server(clock())
    with smtp.Delivery() as door:
        while time.monotonic() < end and (rows := claims.claim(clock())):
            begun, server_away = _batch(rows, door, clock, until=end)
            taken += begun
            if server_away:
                return Swept(taken, server_away=True)
    show_life("outbox", now=clock())
    return Swept(taken, server_away=False)


def _batch(
    rows: Sequence[Notification], door: smtp.Delivery, clock: Callable[[], datetime], *, until: float
) -> tuple[int, bool]:
    """Deliver claimed messages; how many were begun, and whether the server is away. The others are given back."""
    read_at = time.monotonic()
    end = min(read_at + BATCH_LASTS, until)
    begun, server_away = 0, False
    try:
        _give_links(rows, clock())
        for row in rows:
            if time.monotonic() - read_at > FRESH:
                claims.read(rows[begun:])
                read_at = time.monotonic()
            begun += 1
            server_away = _one(row, door, clock()).last_error.startswith(smtp.AWAY)
            if server_away or time.monotonic() >= end:
                break
    finally:
        # Where the database is the trouble they lapse instead.
        with suppress(InterfaceError, OperationalError):
            claims.release(rows[begun:])
    return begun, server_away


def _give_links(rows: Sequence[Notification], now: datetime) -> None:
    """Make the links of a batch together; where that can't be done each message makes its own, and one fails alone."""
    try:
        mail.give_links([row for row in rows if row.matter is not None], now=now)
    except claims.OURS:
        raise
    except Exception:
        logger.exception("The links of a batch can't be made together.")


def resend(*, notification_id: uuid.UUID, now: datetime) -> Notification:
    """Try a failed message again from the start, under its old Message-ID. Raises Refused where it hasn't failed."""
    fresh = {"state": Notification.QUEUED, "attempts": 0, "interruptions": 0, "next_attempt_at": now, "last_error": ""}
    if not Notification.objects.filter(pk=notification_id, state=Notification.FAILED).update(**fresh):
        raise Refused("Only a message that failed can be sent again.")
    return Notification.objects.get(pk=notification_id)


def _one(row: Notification, door: smtp.Delivery, now: datetime) -> Notification:
    """Whatever becomes of a claimed message."""
    if row.interruptions >= MOST_INTERRUPTIONS:
        return _give_up(row, f"Its worker ended {row.interruptions} times while sending it.", now)
    try:
        message = None if matter_of(row).is_suppressed else mail.render(row, now=now)
    except claims.OURS:
        raise
    except NoLongerTrue as news:
        return _conclude(row, state=Notification.DROPPED, last_error=_cut(str(news)))
    except NotYet as news:
        return _conclude(
            row, state=Notification.QUEUED, next_attempt_at=news.until, attempts=F("attempts") - 1, last_error=""
        )
    except Exception as error:
        # One message that can't be rendered must not hold up the others, whatever is wrong with it.
        logger.exception("Notification %s (%s) can't be rendered.", row.pk, row.kind)
        return _give_up(row, f"It can't be rendered: {type(error).__name__}.", now)
    if message is None:
        return _give_up(row, "Nobody has this address, a mail server said; a manager can lift that.", now)
    return _hand_over(row, message, door, now)


def _hand_over(row: Notification, message: EmailMessage, door: smtp.Delivery, now: datetime) -> Notification:
    try:
        door.send(message)
    except smtp.NeverAccepted as trouble:
        return _give_up(row, trouble.reason, now, nobody_there=isinstance(trouble, smtp.NoSuchAddress))
    except smtp.Unknown as trouble:
        return _try_again(row, Notification.UNCERTAIN, trouble.reason, now)
    except smtp.TryLater as trouble:
        return _try_again(row, Notification.RETRY, trouble.reason, now)
    _sent(row)
    return row


def _sent(row: Notification) -> None:
    row.state, row.sent_at, row.last_error = Notification.SENT, timezone.now(), ""
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [row.sent_at, row.pk])
    logger.info("Notification %s (%s) is sent.", row.pk, row.kind)


def _try_again(row: Notification, state: str, reason: str, now: datetime) -> Notification:
    if row.attempts > len(WAITS):
        return _give_up(row, reason, now)
    wait = WAITS[row.attempts - 1] * (1 + JITTER * random.random())  # noqa: S311  spreads load, keeps no secret
    logger.warning("Notification %s (%s) is tried again: %s", row.pk, row.kind, reason)
    return _conclude(row, state=state, next_attempt_at=now + wait, last_error=_cut(reason))


def _give_up(row: Notification, reason: str, now: datetime, *, nobody_there: bool = False) -> Notification:
    logger.error("Notification %s (%s) has failed: %s", row.pk, row.kind, reason)
    # Both or none: a worker that dies in between would leave a failure nobody hears of.
    with transaction.atomic():
        row = _conclude(row, state=Notification.FAILED, last_error=_cut(reason))
        if row.state == Notification.FAILED:
            tell_of_failure(row, now=now, nobody_there=nobody_there)
    return row


def _conclude(row: Notification, **fields: object) -> Notification:
    """Write down how this claim ended, unless it lapsed and somebody else has the row now."""
    Notification.objects.filter(pk=row.pk, state=Notification.SENDING, claimed_at=row.claimed_at).update(**fields)
    row.refresh_from_db(fields=["state", "attempts", "next_attempt_at", "last_error"])
    return row


def _cut(reason: str) -> str:
    return reason[:LONGEST_REASON]


def _wake_those_who_waited_for_the_server(now: datetime) -> None:
    """A mail server that is back finds everybody at the door who waited for it, however long they still had to wait."""
    waiting = Notification.objects.filter(
        state=Notification.RETRY, next_attempt_at__gt=now, last_error__startswith=smtp.AWAY
    )
    if waiting.exists() and smtp.is_there():
        waiting.update(next_attempt_at=now)
