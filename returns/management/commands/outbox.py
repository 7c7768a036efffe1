"""`manage.py outbox`: how many messages wait, and which have failed; `--resend` tries failed ones again."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from returns.models import Notification
from returns.services import delivery
from returns.services.errors import Refused


class Command(BaseCommand):
    help = "Show the outbox: messages by state, and every failed one with its reason. Names no addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--resend", nargs="+", metavar="ID", help="try these failed messages again, or `all` of them"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["resend"]:
            self.resend(options["resend"])
        self.show()

    def resend(self, wanted: list[str]) -> None:
        """Put failed messages back into the queue."""
        failed = Notification.objects.filter(state=Notification.FAILED).values_list("pk", flat=True)
        for notification_id in failed if wanted == ["all"] else [as_id(text) for text in wanted]:
            try:
                delivery.resend(notification_id=notification_id, now=timezone.now())
            except Refused as refusal:
                raise CommandError(f"{notification_id}: {refusal.message}") from None
            self.stdout.write(f"{notification_id} is queued again.")

    def show(self) -> None:
        """Counts by state, then the failed ones."""
        counts = dict(Notification.objects.order_by().values_list("state").annotate(Count("pk")))
        for state in Notification.STATES:
            self.stdout.write(f"{state:<10} {counts.get(state, 0)}")
        for row in Notification.objects.filter(state=Notification.FAILED).order_by("created_at"):
            self.stdout.write(f"{row.pk} {row.kind} {row.created_at:%Y-%m-%d %H:%M} {row.last_error}")


def as_id(text: str) -> UUID:
    """The id that was typed. Raises CommandError."""
    try:
        return UUID(text)
    except ValueError:
        raise CommandError(f"{text} is not the id of a message.") from None
