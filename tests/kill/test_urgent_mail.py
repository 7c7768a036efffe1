"""However high the heap of reminders is, mail that somebody waits for leaves within a minute (C31)."""

import sys
import time
from datetime import datetime

import pytest
from django.utils import timezone

from returns.models import Notification
from returns.notices import NOW, REMINDER
from tests.kill.workers import Broker, Stack, at_full_size, wait_until
from tests.mail_server import MailServer, Taken
from tests.outbox import owed

pytestmark = pytest.mark.django_db(transaction=True)

REMINDERS, URGENT = (10_000, 60) if at_full_size() else (200, 4)
LONGEST = 60.0  # seconds


def test_a_heap_of_reminders_never_delays_urgent_mail_by_more_than_a_minute(
    stack: Stack, broker: Broker, server: MailServer, now: datetime
) -> None:
    """Worker and beat as in production; no doorbell rings for the urgent ones, so that the sweeps alone find them."""
    server.delay = 0.05  # as a real mail server: the heap lasts minutes at full size, and the two processes are busy
    taken_at: dict[str, float] = {}

    def note(mail: Taken) -> None:
        taken_at.setdefault(mail.message_id, time.monotonic())

    server.on_taken = note
    owed(now, REMINDERS, priority=REMINDER)
    stack.worker()
    stack.beat()
    broker.ring_until(lambda: taken_at, "sweep_outbox")
    owed_at: dict[str, float] = {}
    for number in range(1, URGENT + 1):
        [row] = owed(timezone.now(), priority=NOW)
        owed_at[f"<{row.pk.hex}@127.0.0.1>"] = time.monotonic()
        # One after the other while the heap shrinks, the last of them before it is gone.
        wait_until(lambda number=number: len(taken_at) >= number * REMINDERS // (URGENT + 2), seconds=600)  # type: ignore[misc]
    assert Notification.objects.filter(priority=REMINDER).exclude(state="sent").exists(), "the heap was gone too early"
    wait_until(lambda: owed_at.keys() <= taken_at.keys(), seconds=LONGEST)
    delays = sorted(taken_at[key] - owed_at[key] for key in owed_at)
    middle, longest = delays[URGENT // 2], delays[-1]
    sys.stdout.write(f"{URGENT} urgent, {REMINDERS} reminders: median {middle:.1f} s, longest {longest:.1f} s\n")
    assert longest <= LONGEST
