"""Why a message doesn't leave now, though it was owed."""

from datetime import datetime


class NoLongerTrue(Exception):
    """What it says was true when it was owed and isn't any more; the message is for the outbox row."""


class NotYet(Exception):
    """It may leave only from `until` on."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"Not before {until.isoformat()}.")
        self.until = until
