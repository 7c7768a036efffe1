"""`manage.py outbox`: what waits and what failed; `hold` and `release` the gate, `resend` what failed."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from returns.models import Notification, OutboxGate
from returns.services import delivery, gate
from returns.services.errors import Refused


class Command(BaseCommand):
    help = "Show the outbox: messages by state, every failed one with its reason, and the gate. Names no addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", metavar="hold|release|resend")
        held = steps.add_parser("hold", help="let nothing leave from now on; everything is kept")
        held.add_argument("--because", default="Held by hand.", help="what managers read about it")
        steps.add_parser("release", help="let everything leave that is due, most urgent first")
        again = steps.add_parser("resend", help="try failed messages again")
        again.add_argument("ids", nargs="+", metavar="ID", help="these failed messages, or `all` of them")

    def handle(self, *_args: Any, **options: Any) -> None:
        match options["step"]:
            case "hold":
                gate.hold(because=options["because"][:120], now=timezone.now())
            case "release":
                gate.release()
            case "resend":
                self.resend(options["ids"])
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
        gate.is_held(now=timezone.now())  # after a restore the first to ask closes it
        held = OutboxGate.objects.filter(held_since__isnull=False).first()
        if held is not None:
            self.stdout.write(f"Held since {held.held_since:%Y-%m-%d %H:%M} UTC: {held.because}")
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
