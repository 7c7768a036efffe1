"""What owing a message adds to a transaction, in milliseconds: `python -m bench.notifying` prints it."""

import statistics
import sys
import time
import uuid

import django

ROUNDS, OWED = 5, 60
HEARD = 0.5
"""Seconds after which the doorbell has rung for all that was owed."""


def main() -> None:
    """The same transaction without a message and with one, in turn, so many each; the bell is part of the latter."""
    django.setup()
    _once(None)
    _once(uuid.uuid4())
    with_one, without = [], []
    for _ in range(ROUNDS):
        time.sleep(HEARD)
        without += [_once(None) for _ in range(OWED)]
        with_one += [_once(uuid.uuid4()) for _ in range(OWED)]
    sys.stdout.write(f"{(statistics.median(with_one) - statistics.median(without)) * 1000:.3f}\n")


def _once(key: uuid.UUID | None) -> float:
    from django.db import transaction
    from django.utils import timezone

    from returns import notifications
    from returns.models import Storefront

    start = time.perf_counter()
    with transaction.atomic():
        shop = Storefront.objects.select_for_update().earliest("pk")
        if key is not None:
            notifications.enqueue(
                kind="account_password_changed",
                recipient="owed@bench.example",
                dedupe_key=f"bench:{key}",
                now=timezone.now(),
                storefront=shop,
                context={"user": 0},
            )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
