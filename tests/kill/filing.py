"""Run by a test as a process: files a request for each order named on the command line, prints how long each took."""

import json
import os
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rma_portal.settings")


def main(orders: list[str]) -> None:
    """File, measure, print."""
    django.setup()
    from django.utils import timezone

    from returns.models import Order
    from tests import factories

    seconds = []
    for key in orders:
        order = Order.objects.get(pk=key)
        start = time.monotonic()
        factories.submitted(order, now=timezone.now())
        seconds.append(time.monotonic() - start)
    json.dump(seconds, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
