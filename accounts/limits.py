"""How often somebody may try: counted in the database, so that emptying or losing Redis opens no door (B5, C36).

What is counted are keyed hashes of addresses and of network addresses, never these themselves, for a day at most.
The counting is exact under concurrency: a bucket is locked while it is looked at and filled.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from accounts.models import Attempt

LONGEST = timedelta(days=1)
SWEPT_AT_ONCE = 100  # rows of the past that each attempt takes with it, so that the table never grows


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` attempts for each bucket in any span of `within`, a day at most."""

    name: str
    amount: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Count:
    """One attempt as one limit counts it: `of` is whom or what it counts, such as an address."""

    limit: Limit
    of: str

    @property
    def bucket(self) -> str:
        """What is stored in place of `of`: whoever reads the table learns nobody's address."""
        return salted_hmac("accounts.limits", self.of, algorithm="sha256").hexdigest()


def take(counts: Sequence[Count], *, now: datetime, times: int = 1) -> bool:
    """Count an attempt everywhere, or nowhere and give False where one of the limits is reached.

    `times`: so many attempts at once, all or none.
    """
    with transaction.atomic():
        _lock(counts)
        if any(_is_full(count, now, times) for count in counts):
            return False
        rows = [Attempt(limit=count.limit.name, bucket=count.bucket, at=now) for count in counts for _ in range(times)]
        Attempt.objects.bulk_create(rows)
        _sweep(now)
    return True


def give_back(counts: Sequence[Count]) -> None:
    """Uncount the newest attempt everywhere: it turned out to be the right person's."""
    for count in counts:
        newest = _attempts(count).order_by("-at", "-pk").values("pk")[:1]
        Attempt.objects.filter(pk__in=newest).delete()


def forget(counts: Sequence[Count]) -> None:
    """Empty the buckets."""
    for count in counts:
        _attempts(count).delete()


def same_mailbox(address: str) -> str:
    """One text for all spellings that usually reach one mailbox: case, Unicode look-alikes, dots and +tags (B6).

    For counting only. Whether two addresses are the same person's is never decided by this.
    """
    plain = unicodedata.normalize("NFKC", address).casefold().strip()
    name, _, domain = plain.rpartition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def _attempts(count: Count) -> QuerySet[Attempt]:
    return Attempt.objects.filter(limit=count.limit.name, bucket=count.bucket)


def _is_full(count: Count, now: datetime, times: int) -> bool:
    return _attempts(count).filter(at__gt=now - count.limit.within).count() + times > count.limit.amount


def _lock(counts: Sequence[Count]) -> None:
    # Always in the same order, so that two attempts never wait for each other.
    with connection.cursor() as cursor:
        for name in sorted(f"{count.limit.name}:{count.bucket}" for count in counts):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _sweep(now: datetime) -> None:
    past = Attempt.objects.filter(at__lt=now - LONGEST).order_by("at").values("pk")[:SWEPT_AT_ONCE]
    Attempt.objects.filter(pk__in=past).delete()
