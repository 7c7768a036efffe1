"""The doorbell: tells a worker that the outbox has something new. It may fail at any time; the sweep needs no bell.

A thread of its own does the ringing, so that no request ever waits for the broker: not for one that is frozen (M6),
and not for a name server that doesn't say where it is (C3).
"""

import contextvars
import logging
import threading
import time
import uuid
from queue import Full, Queue

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REST = 15.0
"""Seconds for which a broker that failed is left alone."""

UNHEARD = 60
"""Seconds after which a ring that no worker heard is dropped; the sweep has done its work by then."""

WAITING = 1_000
"""Rings that may wait for the thread. More of them are dropped: somebody who floods the bell needs no bell."""


class Doorbell:
    """One for each process; its thread starts with the first ring, also after a fork."""

    def __init__(self) -> None:
        self._rings: Queue[tuple[contextvars.Context, uuid.UUID]] = Queue(WAITING)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._rests_until = 0.0  # time.monotonic()

    def ring(self, notification_id: uuid.UUID) -> None:
        """Ask a worker to deliver this message now. Returns at once and never raises."""
        try:
            # The context carries the request's id into the worker's log.
            self._rings.put_nowait((contextvars.copy_context(), notification_id))
        except Full:
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="doorbell", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            context, notification_id = self._rings.get()
            try:
                if time.monotonic() >= self._rests_until:
                    context.run(self._send, notification_id)
            finally:
                self._rings.task_done()

    def _send(self, notification_id: uuid.UUID) -> None:
        try:
            current_app.send_task("returns.tasks.deliver", [str(notification_id)], expires=UNHEARD, retry=False)
        except (OperationalError, RedisError, OSError) as error:
            self._rests_until = time.monotonic() + REST
            logger.warning("The broker is away (%s); the outbox is swept without it.", type(error).__name__)


_doorbell = Doorbell()


def ring(notification_id: uuid.UUID) -> None:
    """Ask a worker to deliver this message now. Returns at once, whatever state the broker is in."""
    _doorbell.ring(notification_id)
