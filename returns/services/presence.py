"""Who has a request open: a look is remembered for some minutes, in Redis, and forgotten with it.

A hint, never a lock, and never the truth: without Redis nobody is seen, and no page waits for it.
"""

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.models import User

logger = logging.getLogger(__name__)

SEEN_FOR = timedelta(minutes=5)
PATIENCE = 0.2
"""Seconds that a page waits for Redis at most."""

REST = 30.0
"""Seconds for which a Redis that failed is left alone."""


@dataclass(frozen=True, slots=True)
class Look:
    """A colleague who had it open, and when."""

    name: str
    at: datetime


class _Rest:
    """When Redis is asked again."""

    until = 0.0  # time.monotonic()


def look(reference: str, user: User, now: datetime) -> list[Look]:
    """Remember that this person has it open; the colleagues who opened it in the last minutes, the latest first."""
    if time.monotonic() < _Rest.until:
        return []
    try:
        return _looked(_client(settings.REDIS_URL), f"open:{reference}", user, now)
    except (redis.RedisError, OSError, ValueError) as error:
        _Rest.until = time.monotonic() + REST
        logger.warning("Nobody is seen at work: Redis is away (%s).", type(error).__name__)
        return []


def _looked(client: redis.Redis, key: str, user: User, now: datetime) -> list[Look]:
    with client.pipeline(transaction=False) as pipeline:
        pipeline.hgetall(key)
        pipeline.hset(key, str(user.public_id), f"{now.timestamp():.0f} {user.get_short_name()}")
        pipeline.expire(key, SEEN_FOR)
        seen = pipeline.execute()[0]
    others = (text.decode().partition(" ") for who, text in seen.items() if who.decode() != str(user.public_id))
    looks = [Look(name, datetime.fromtimestamp(float(at), UTC)) for at, _, name in others]
    recent = [one for one in looks if now - SEEN_FOR <= one.at]
    return sorted(recent, key=lambda one: one.at, reverse=True)


@cache
def _client(url: str) -> redis.Redis:
    """One pool of connections for the process."""
    return redis.Redis.from_url(
        url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    )
