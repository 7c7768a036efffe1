"""What a worker's process does while the outbox has something: `python -m bench.sweeper`, started twice.

It says when it is ready, and begins when its input ends.
"""

import sys

import django


def main() -> None:
    """Deliver until nothing is due."""
    django.setup()
    from django.db import connection

    from returns.services import delivery

    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    while delivery.deliver_due(lasts=20).taken:
        pass


if __name__ == "__main__":
    main()
