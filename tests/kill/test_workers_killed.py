"""kill -9 at any moment loses no mail and makes no second one under another name (E2, C7, C8, M10)."""

import random
import signal
import sys
import threading
from collections import Counter
from datetime import datetime

import pytest

from returns.models import Notification
from tests.kill.workers import Broker, Stack, at_full_size, kill, kill_children, signal_group, time_passes
from tests.mail_server import MailServer, Taken
from tests.outbox import owed

pytestmark = pytest.mark.django_db(transaction=True)

KILLS, MAILS = (100, 1_000) if at_full_size() else (12, 120)


def message_ids(rows: list[Notification]) -> set[str]:
    return {f"<{row.pk.hex}@127.0.0.1>" for row in rows}


def all_sent() -> bool:
    return not Notification.objects.exclude(state="sent").exists()


def test_workers_killed_again_and_again_lose_nothing(
    stack: Stack, broker: Broker, server: MailServer, now: datetime
) -> None:
    """At moments nobody chose, by turns of the whole worker and of its children alone."""
    moments = random.Random(20261118)  # noqa: S311  the same moments in every run
    server.delay = 0.02  # accepted, and the answer on its way: the window in which nobody can know
    rows = owed(now, MAILS)
    worker = stack.worker()
    for number in range(KILLS):
        before = len(server.taken)
        target = before + moments.randint(1, MAILS // KILLS)
        broker.ring("sweep_outbox")
        broker.ring_until(lambda target=target: len(server.taken) >= target or all_sent(), "sweep_outbox")  # type: ignore[misc]
        if number % 2:
            kill(worker)
            worker = stack.worker()
        else:
            kill_children(worker)
        time_passes()
    broker.ring_until(all_sent, "sweep_outbox")
    copies = Counter(server.message_ids)
    assert set(copies) == message_ids(rows), "every mail, and none under another name"
    again = sum(copies.values()) - len(rows)
    sys.stdout.write(f"{KILLS} kills, {MAILS} mails, all sent, {again} second copies under the same Message-ID\n")
    assert again <= 2 * KILLS, "at most what two processes had in hand at each kill"
    assert Notification.objects.filter(attempts__gt=1).exists(), "no kill hit a mail: the test has shown nothing"


def test_a_worker_killed_at_each_step_loses_nothing(
    stack: Stack, broker: Broker, server: MailServer, now: datetime
) -> None:
    """Before the message, with the message and without an answer, and with the answer but before it is noted."""
    rows = owed(now, 3)

    def kill_with(moment: str) -> None:
        worker = stack.worker()
        die = threading.Event()

        def before_the_answer(_mail: Taken) -> None:
            if moment == "answered":
                # The answer reaches the worker's socket, and the worker doesn't get to read it.
                signal_group(worker, signal.SIGSTOP)
                threading.Timer(0.2, die.set).start()
            else:
                signal_group(worker, signal.SIGKILL)
                die.set()

        def at_the_sender() -> None:
            signal_group(worker, signal.SIGKILL)
            die.set()

        server.on_taken, server.on_sender = before_the_answer, at_the_sender if moment == "claimed" else (lambda: None)
        broker.ring_until(die.is_set, "deliver", str(rows.pop(0).pk))
        kill(worker)
        server.on_taken, server.on_sender = (lambda _mail: None), (lambda: None)

    everybody = message_ids(rows)
    for moment in ("claimed", "handed over", "answered"):
        kill_with(moment)
    assert Notification.objects.filter(state="sending").count() == 3
    time_passes()
    stack.worker()
    broker.ring_until(all_sent, "sweep_outbox")
    copies = Counter(server.message_ids)
    assert set(copies) == everybody
    assert sorted(copies.values()) == [1, 2, 2]
    assert set(Notification.objects.values_list("attempts", "interruptions")) == {(2, 1)}
