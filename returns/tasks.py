"""What the worker does when beat or a doorbell rings. Each may run twice without harm, and none waits for another."""

import uuid
from datetime import UTC

from celery import shared_task
from django.utils import timezone

from returns.services import (
    delivery,
    drafts,
    exports,
    heartbeats,
    long_work,
    photo_files,
    policy_replays,
    queue_counts,
    reminders,
    retention,
    rollups,
    weekly_reports,
)


@shared_task(name="returns.tasks.deliver")
def deliver(notification_id: str) -> None:
    """Send one message. Whoever reaches the broker can only name a message that is due anyway (B46)."""
    try:
        wanted = uuid.UUID(notification_id)
    except (ValueError, AttributeError, TypeError):
        return
    delivery.deliver(wanted, now=timezone.now())


@shared_task(name="returns.tasks.sweep_outbox")
def sweep_outbox() -> None:
    """Send what is due; whatever the broker forgot is found here."""
    delivery.deliver_due()


@shared_task(name="returns.tasks.send_due_reminders")
def send_due_reminders() -> None:
    """Owe staff the reminders that are due by now."""
    reminders.owe_due_reminders(now=timezone.now())


@shared_task(name="returns.tasks.sweep_drafts")
def sweep_drafts() -> None:
    """Forget drafts that nobody came back to."""
    drafts.sweep(now=timezone.now())


@shared_task(name="returns.tasks.fold_queue_counts")
def fold_queue_counts() -> None:
    """Put the counters of the queue together; they are right before and after."""
    queue_counts.fold(today=timezone.now().astimezone(UTC).date())


@shared_task(name="returns.tasks.refresh_reports")
def refresh_reports() -> None:
    """Add up the days whose figures changed."""
    rollups.refresh(now=timezone.now())


@shared_task(name="returns.tasks.write_exports", soft_time_limit=3_600, time_limit=3_660)
def write_exports() -> None:
    """Write the file that somebody waits for, if there is one; long ones take their minutes."""
    with long_work.alone() as is_free:
        if is_free:
            exports.write_next(now=timezone.now())


@shared_task(name="returns.tasks.owe_weekly_reports")
def owe_weekly_reports() -> None:
    """Owe managers the figures of the week that is over."""
    weekly_reports.owe_weekly_reports(now=timezone.now())


@shared_task(name="returns.tasks.sweep_exports")
def sweep_exports() -> None:
    """Remove the files that have had their week."""
    exports.sweep(now=timezone.now())


@shared_task(name="returns.tasks.run_policy_replays", soft_time_limit=600, time_limit=630)
def run_policy_replays() -> None:
    """Run the replays of drafts that are too long for a page; one that a worker died with is run anew."""
    with long_work.alone() as is_free:
        if is_free:
            policy_replays.run_waiting(now=timezone.now())


@shared_task(name="returns.tasks.sweep_photos")
def sweep_photos() -> None:
    """Remove picture files that no photo names."""
    photo_files.sweep(now=timezone.now())


@shared_task(name="returns.tasks.forget_old_mails")
def forget_old_mails() -> None:
    """Empty what mails of long ago were made from."""
    retention.forget_old_contexts(now=timezone.now())


@shared_task(name="returns.tasks.beat_heartbeat")
def beat_heartbeat() -> None:
    """Show that beat rings and a worker hears it (/readyz)."""
    heartbeats.show_life("beat", now=timezone.now())
