"""Redis is a doorbell: frozen, emptied, killed or never there, it costs nobody time and no mail (E3, E4, C1-C4, C6)."""

import json
import os
import statistics
import subprocess
import sys
import uuid
from datetime import datetime
from pathlib import Path

import pytest

from returns.models import Heartbeat, Notification, Storefront
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE
from tests.kill.workers import Broker, Stack, at_full_size, wait_until
from tests.mail_server import MailServer, free_port, silent
from tests.outbox import database_url, owed

pytestmark = pytest.mark.django_db(transaction=True)

FILING = Path(__file__).with_name("filing.py")


def test_a_broker_emptied_and_restarted_again_and_again_loses_nothing(
    stack: Stack, broker: Broker, server: MailServer, now: datetime
) -> None:
    """FLUSHALLs and restarts under a worker and beat; beat alone finds what was forgotten."""
    server.delay = 0.01
    worker, beat = stack.worker(), stack.beat()
    rows = []
    restarts, flushes = (20, 10) if at_full_size() else (2, 2)
    for number in range(restarts):
        more = owed(now, 20)
        rows += more
        for row in more:
            broker.ring("deliver", str(row.pk))
        wait_until(lambda number=number: len(server.taken) > 20 * number)  # type: ignore[misc]
        if number < flushes:
            broker.flush()
        broker.kill()
        rows += owed(now, 10)
        broker.start_again()
    server.wait_for(len(rows), seconds=120)
    wait_until(lambda: Notification.objects.filter(state="sent").count() == len(rows))
    assert set(server.message_ids) == {f"<{row.pk.hex}@127.0.0.1>" for row in rows}
    assert len(server.taken) == len(rows), "nobody was killed while sending, so nobody got a second copy"
    assert (worker.poll(), beat.poll()) == (None, None), "worker and beat live through it"
    wait_until(lambda: Heartbeat.objects.filter(name="beat", at__gt=now).exists(), seconds=60)


def test_messages_that_are_no_messages_hold_nobody_up(
    stack: Stack, broker: Broker, server: MailServer, now: datetime
) -> None:
    """Unknown tasks, wrong arguments, a pickle, plain noise: whoever reaches the broker can only ring (B46, C10)."""
    rows = owed(now, 5)
    for _ in range(20):
        broker.ring("no_such_task")
        broker.ring("deliver")
        broker.ring("deliver", "nonsense")
        broker.ring("deliver", str(uuid.uuid4()))
        broker.push(b"\x80\x04noise")
        broker.push(json.dumps(PICKLE).encode())
    worker = stack.worker()
    for row in rows:
        broker.ring("deliver", str(row.pk))
    server.wait_for(len(rows), seconds=60)
    assert worker.poll() is None


PICKLE = {
    "body": "gASVHwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu",
    "content-encoding": "binary",
    "content-type": "application/x-python-serialize",
    "headers": {"task": "returns.tasks.deliver", "id": "1", "lang": "py"},
    "properties": {
        "delivery_tag": "1",
        "delivery_info": {"exchange": "", "routing_key": "celery"},
        "body_encoding": "base64",
    },
}
"""A task whose arguments are a pickle."""


ROUNDS, FILED = (3, 50) if at_full_size() else (1, 20)
SLOWEST = 2.0
"""Seconds that filing may take, of the slowest in twenty."""


@pytest.mark.parametrize("state", ["frozen", "silent", "refused"])
def test_filing_does_not_wait_for_the_broker(
    broker: Broker, shops: dict[str, Storefront], cast: Cast, now: datetime, state: str
) -> None:
    """It is stopped, takes connections and answers nobody, or isn't there."""
    if state == "frozen":
        broker.freeze()
    with silent() as hole:
        url = {"frozen": broker.url, "silent": at_port(hole), "refused": at_port(free_port())}[state]
        for number in range(1, ROUNDS + 1):
            orders = [factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]) for _ in range(FILED)]
            seconds = file_in_another_process(url, [order.pk for order in orders])
            *_, p95 = statistics.quantiles(seconds, n=20)
            sys.stdout.write(f"{state} {number}, {FILED} filed: p95 {p95:.3f} s, slowest {max(seconds):.3f} s\n")
            assert len(seconds) == FILED
            assert p95 < SLOWEST, seconds
    assert Notification.objects.filter(kind="received", state="queued").count() == ROUNDS * FILED


def at_port(port: int) -> str:
    """A broker's address on this machine."""
    return f"redis://127.0.0.1:{port}/0"


def file_in_another_process(broker_url: str, orders: list[int]) -> list[float]:
    """File a request for each of these orders, as the web server would; the seconds each one took."""
    done = subprocess.run(
        [sys.executable, str(FILING), *map(str, orders)],
        env={**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": broker_url},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    seconds: list[float] = json.loads(done.stdout)
    return seconds
