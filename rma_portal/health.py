"""Is this process alive (/healthz)? Is the portal ready to work (/readyz)? Names, ok or fail, and never more (B48)."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from returns.models import Heartbeat
from returns.waiting import waiting
from rma_portal.metrics import metrics

logger = logging.getLogger(__name__)

# Beat rings every 30 seconds and the worker writes it down; four missed in a row mean that one of them is gone.
STALE_HEARTBEAT = timedelta(minutes=2)


class HealthMiddleware:
    """Answers /healthz, /readyz and /metrics before hosts, sessions and people are looked at: a probe has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The probe's answer, or what comes from further in."""
        view = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}.get(request.path_info)
        return view(request) if view else self.get_response(request)


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view
    """200 as long as this process answers at all; asks nobody."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view
    """200 where everything the portal needs works, else 503; JSON of name → ok or fail."""
    results = {name: passes(name, probe) for name, probe in PROBES.items()}
    # Without the database these are not asked: each would wait for a connection of its own.
    results |= {name: results["database"] and passes(name, probe) for name, probe in DATABASE_PROBES.items()}
    body = {name: "ok" if good else "fail" for name, good in results.items()}
    return JsonResponse(body, status=200 if all(results.values()) else 503, headers={"Cache-Control": "no-store"})


def passes(name: str, probe: Callable[[], bool]) -> bool:
    """Whether the probe says yes; one that breaks says no. The reason goes to the log only."""
    try:
        return probe()
    except Exception as error:  # noqa: BLE001  whatever broke, the answer is "fail"
        logger.warning("Readiness: %s failed with %s.", name, type(error).__name__)
        return False


def database_answers() -> bool:
    """PostgreSQL takes a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def migrations_are_applied() -> bool:
    """Every migration this release brings has run."""
    return newest_migrations() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """(app, name) of the last migrations on disk, which do not change while the process lives."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def broker() -> redis.Redis:
    """A connection to Redis that gives up after a second; use it in a `with` block."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
    )


def broker_answers() -> bool:
    """Redis says PONG within a second."""
    with broker() as client:
        return bool(client.ping())


def broker_evicts() -> bool:
    """Whether Redis throws away keys when its memory is full; False where it doesn't tell."""
    try:
        with broker() as client:
            return client.config_get("maxmemory-policy") not in ({}, {"maxmemory-policy": "noeviction"})
    except redis.RedisError:
        return False


def beat_is_alive() -> bool:
    """Beat rang and a worker wrote it down, not long ago."""
    return Heartbeat.objects.filter(name="beat", at__gte=timezone.now() - STALE_HEARTBEAT).exists()


def mail_leaves() -> bool:
    """No urgent message waits for long, unless somebody holds the outbox."""
    now = timezone.now()
    return not waiting(now).is_late(now)


PROBES: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "broker": broker_answers,
}
DATABASE_PROBES: dict[str, Callable[[], bool]] = {
    "migrations": migrations_are_applied,
    "beat": beat_is_alive,
    "mail": mail_leaves,
}
