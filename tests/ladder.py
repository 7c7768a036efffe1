"""The reminders of a due day as they come, day by day."""

from datetime import date, timedelta

from returns.domain.deadlines import ServiceHours
from returns.domain.reminders import PROCESSING_LADDER, ReminderStep, reminder_on

LONG_BEFORE = timedelta(days=max(PROCESSING_LADDER) + 15)


def steps_owed(hours: ServiceHours, due_on: date, until: date) -> list[ReminderStep]:
    """Each step that is owed up to and including `until`, once."""
    first = due_on - LONG_BEFORE
    days = (first + timedelta(days=ahead) for ahead in range((until - first).days + 1))
    owed = (reminder_on(hours, due_on, day) for day in days)
    return list(dict.fromkeys(step for step in owed if step is not None))
