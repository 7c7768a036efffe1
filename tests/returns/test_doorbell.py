"""The doorbell: rings where it can, gives up where it can't, and never lets anybody wait for it."""

import time
import uuid
from unittest import mock

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from returns import doorbell
from returns.doorbell import Doorbell


def test_a_ring_reaches_the_worker_s_queue_with_nothing_but_the_id() -> None:
    notification_id = uuid.uuid4()
    with mock.patch.object(current_app, "send_task") as send_task:
        bell = Doorbell()
        bell.ring(notification_id)
        bell._rings.join()
    send_task.assert_called_once_with("returns.tasks.deliver", [str(notification_id)], expires=60, retry=False)


def test_nobody_waits_for_a_broker_that_does_not_answer() -> None:
    with mock.patch.object(current_app, "send_task", side_effect=lambda *_, **__: time.sleep(0.5)):
        bell = Doorbell()
        start = time.monotonic()
        for _ in range(3):
            bell.ring(uuid.uuid4())
        assert time.monotonic() - start < 0.3
        bell._rings.join()


@pytest.mark.parametrize("error", [OperationalError("refused"), ConnectionRefusedError(), TimeoutError()])
def test_a_broker_that_failed_is_left_alone_for_a_while(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    with mock.patch.object(current_app, "send_task", side_effect=error) as send_task:
        bell = Doorbell()
        for _ in range(10):
            bell.ring(uuid.uuid4())
        bell._rings.join()
        assert send_task.call_count == 1
        monkeypatch.setattr(bell, "_rests_until", time.monotonic())
        bell.ring(uuid.uuid4())
        bell._rings.join()
        assert send_task.call_count == 2


def test_rings_beyond_what_may_wait_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "WAITING", 3)
    with mock.patch.object(current_app, "send_task", side_effect=lambda *_, **__: time.sleep(0.1)) as send_task:
        bell = Doorbell()
        for _ in range(50):
            bell.ring(uuid.uuid4())
        bell._rings.join()
    assert send_task.call_count <= 1 + 3


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_died_is_replaced() -> None:
    """As after a fork: the child has the object and not its thread."""
    with mock.patch.object(current_app, "send_task", side_effect=[SystemExit, None]) as send_task:
        bell = Doorbell()
        bell.ring(uuid.uuid4())
        bell._rings.join()
        while bell._thread is not None and bell._thread.is_alive():
            time.sleep(0.01)
        bell.ring(uuid.uuid4())
        bell._rings.join()
    assert send_task.call_count == 2
