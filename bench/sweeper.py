"""What a worker's process does while the outbox has something: `python -m bench.sweeper`, started twice."""

import django


def main() -> None:
    """Deliver until nothing is due."""
    django.setup()
    from returns.services import delivery

    while delivery.deliver_due(lasts=20).taken:
        pass


if __name__ == "__main__":
    main()
