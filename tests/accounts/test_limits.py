"""The one limiter: exact, in the database, the same for all spellings of an address (B5, B6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from accounts import limits
from accounts.clients import client_address
from accounts.limits import Count, Limit
from accounts.models import Attempt

THREE = Limit("three", 3, timedelta(hours=1))
ONE = Limit("one", 1, timedelta(minutes=1))


@pytest.mark.django_db
def test_a_full_bucket_takes_no_more_until_the_oldest_is_past(now: datetime) -> None:
    minutes = [timedelta(minutes=minute) for minute in (0, 10, 20, 30, 59, 61)]
    assert [limits.take([Count(THREE, "x")], now=now + minute) for minute in minutes] == [
        True, True, True, False, False, True,
    ]  # fmt: skip


@pytest.mark.django_db
def test_an_attempt_counts_everywhere_or_nowhere(now: datetime) -> None:
    assert limits.take([Count(ONE, "x"), Count(THREE, "x")], now=now)
    assert not limits.take([Count(ONE, "x"), Count(THREE, "x")], now=now)
    assert Attempt.objects.filter(limit="three").count() == 1


@pytest.mark.django_db
def test_an_attempt_can_be_given_back_and_a_bucket_forgotten(now: datetime) -> None:
    counts = [Count(ONE, "x")]
    limits.take(counts, now=now)
    limits.give_back(counts)
    assert limits.take(counts, now=now)
    limits.forget(counts)
    assert limits.take(counts, now=now)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_one_after_another(now: datetime) -> None:
    def attempt(_turn: int) -> bool:
        try:
            return limits.take([Count(THREE, "x")], now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(24))) == 3


@pytest.mark.parametrize(
    "spelling", ["maya.b@example.com", "MAYAB@Example.COM", "m.a.y.a.b+shop@example.com", "ｍａｙａｂ@example.com"]
)
def test_spellings_of_one_mailbox_count_as_one(spelling: str) -> None:
    assert limits.same_mailbox(spelling) == "mayab@example.com"


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "client"),
    [
        (0, "203.0.113.7", None, "203.0.113.7"),
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "192.0.2.1, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "192.0.2.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "nonsense", "10.0.0.1"),
        (1, "10.0.0.1", None, "10.0.0.1"),
        (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::"),
        (0, "", None, "unknown"),
    ],
)
def test_the_client_is_who_our_own_proxies_saw(proxies: int, peer: str, forwarded: str | None, client: str) -> None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    with override_settings(TRUSTED_PROXIES=proxies):
        assert client_address(request) == client
