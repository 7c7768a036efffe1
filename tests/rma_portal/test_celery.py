"""What the Celery application promises: a doorbell that never holds up a page, and a schedule in code (C1-C5, M6)."""

import gc
import socket
import weakref
from collections.abc import Iterator

import pytest
from celery import signals
from celery.schedules import crontab
from django.conf import settings
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads
from pytest_django.fixtures import Settings

from rma_portal import health
from rma_portal.celery import app, warn_of_eviction
from tests.rma_portal.conftest import Logged
from tests.rma_portal.production import PRODUCTION, run_python

RING = """
import time
from rma_portal.celery import app
for attempt in range(2):
    started = time.monotonic()
    try:
        app.send_task("returns.tasks.sweep_outbox")
    except Exception as error:
        # A second by the settings; ten leave room for a machine that is busy with other things. Without them: forever.
        print(type(error).__name__, time.monotonic() - started < 10)
"""


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A broker that accepts and never answers: what a frozen or black-holed one looks like."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_silent_broker_costs_a_second_not_forever(silent_port: int) -> None:
    environment = PRODUCTION | {"REDIS_URL": f"redis://127.0.0.1:{silent_port}/0"}
    result = run_python("-c", RING, **environment)
    assert result.stdout == "OperationalError True\nOperationalError True\n", result.stderr


@pytest.mark.parametrize("address", ["redis://127.0.0.1:9/0", "redis://no-such-host.invalid/0"])
def test_a_broker_that_is_not_there_fails_at_once(address: str) -> None:
    result = run_python("-c", RING, **PRODUCTION | {"REDIS_URL": address})
    assert result.stdout == "OperationalError True\nOperationalError True\n", result.stderr


def test_the_broker_is_rung_when_it_is_there() -> None:
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue("rung only here")
        app.send_task("a task nobody has", queue="rung only here")
        message = queue.get(timeout=2)
        message.ack()
        assert message.headers["task"] == "a task nobody has"
        assert message.content_type == "application/json"


def test_only_json_is_taken_so_that_nobody_who_reaches_redis_can_run_code() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    with pytest.raises(ContentDisallowed):
        loads(b"cos\nsystem\n.", "application/x-python-serialize", "binary", accept=set(app.conf.accept_content))


def test_no_task_runs_for_ever_and_none_is_stopped_while_it_may_still_wait_for_the_mail_server() -> None:
    assert settings.EMAIL_TIMEOUT < app.conf.task_soft_time_limit < app.conf.task_time_limit < 120


def test_nothing_is_kept_in_redis_but_the_bell() -> None:
    assert app.conf.result_backend is None
    assert app.conf.task_ignore_result
    assert app.conf.task_publish_retry is False
    assert app.conf.task_always_eager is False


def test_the_schedule_rings_for_every_sweep_and_forgets_a_ring_before_the_next() -> None:
    schedule = {entry["task"]: entry for entry in app.conf.beat_schedule.values()}
    assert schedule.pop("returns.tasks.sweep_drafts")["schedule"] == crontab(hour="7", minute="20"), "once a day"
    assert schedule.pop("returns.tasks.sweep_photos")["schedule"] == crontab(hour="7", minute="40"), "after the drafts"
    assert schedule.pop("returns.tasks.forget_old_mails")["schedule"] == crontab(hour="8", minute="0"), "once a day"
    assert schedule.pop("returns.tasks.sweep_exports")["schedule"] == crontab(hour="8", minute="10"), "after both"
    assert {name: entry["schedule"] for name, entry in schedule.items()} == {
        "returns.tasks.refresh_reports": 30.0,
        "returns.tasks.write_exports": 5.0,
        "returns.tasks.owe_weekly_reports": 300.0,
        "returns.tasks.sweep_outbox": 10,
        "returns.tasks.send_due_reminders": 60,
        "returns.tasks.fold_queue_counts": 60,
        "returns.tasks.run_policy_replays": 5,
        "returns.tasks.beat_heartbeat": 30,
    }
    assert all(entry["options"]["expires"] <= entry["schedule"] for entry in schedule.values())


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_a_redis_that_forgets_when_full_is_warned_about(logged: Logged) -> None:
    with health.broker() as redis:
        before = redis.config_get("maxmemory-policy")["maxmemory-policy"]
        for policy, warned in (("noeviction", []), ("allkeys-lru", ["warning"])):
            redis.config_set("maxmemory-policy", policy)
            warn_of_eviction()
            assert [line["level"] for line in logged()] == warned
        redis.config_set("maxmemory-policy", before)


def test_a_redis_that_does_not_tell_is_not_warned_about(logged: Logged, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    warn_of_eviction()
    assert logged() == []


def test_a_failed_task_leaves_nothing_of_the_ones_before_it() -> None:
    class Away(Exception):
        """Built-in ones can't be watched."""

    earlier = Away()
    earlier.args = (earlier,)  # as a traceback's frames hold the exception, and it the frames
    still_there = weakref.ref(earlier)
    gc.disable()
    try:
        del earlier
        assert still_there() is not None, "it went by itself: the test would show nothing"
        signals.task_failure.send(sender=None)
        assert still_there() is None
    finally:
        gc.enable()


def test_beat_keeps_no_file() -> None:
    assert app.conf.beat_scheduler == "celery.beat:Scheduler"
