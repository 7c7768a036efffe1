"""The outbox in figures: what waits, how long the most urgent has waited, what failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from returns import smtp
from returns.models import Notification, OutboxGate
from returns.notices import TODAY

UNSENT = (Notification.QUEUED, Notification.SENDING, Notification.RETRY, Notification.UNCERTAIN)
LATE = timedelta(minutes=15)
"""An urgent message that waits for longer means that mail has stopped."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many are due now, urgent ones and others, and since when the oldest urgent one waits; what failed.

    What waits for a recipient alone (a full mailbox) isn't counted as the oldest.
    """

    urgent: int
    others: int
    oldest_urgent: datetime | None
    failed: int
    held_since: datetime | None

    def age(self, now: datetime) -> timedelta:
        """How long the most urgent has waited."""
        return now - self.oldest_urgent if self.oldest_urgent else timedelta()

    def is_late(self, now: datetime) -> bool:
        """Whether mail has stopped, though nobody holds it."""
        return self.held_since is None and self.age(now) > LATE


def waiting(now: datetime) -> Waiting:
    """As it is now, over all storefronts."""
    due = Q(state__in=UNSENT, next_attempt_at__lte=now)
    # A recipient's own 4xx says nothing about the outbox, unless nobody tries again when its turn has come.
    patient = Q(last_error__startswith=smtp.NOT_NOW, next_attempt_at__gt=now - LATE)
    urgent = due & Q(priority__lte=TODAY)
    counted = Notification.objects.filter(Q(state__in=UNSENT) | Q(state=Notification.FAILED)).aggregate(
        urgent=Count("pk", filter=urgent),
        others=Count("pk", filter=due & Q(priority__gt=TODAY)),
        oldest_urgent=Min("created_at", filter=Q(state__in=UNSENT, priority__lte=TODAY) & ~patient),
        failed=Count("pk", filter=Q(state=Notification.FAILED)),
    )
    gate = OutboxGate.objects.first()
    return Waiting(**counted, held_since=gate.held_since if gate else None)
