"""When staff are reminded of a day they promised: steps before it, on it, and on every service day after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from returns.domain.deadlines import ServiceHours, last_service_day

_DAY = timedelta(days=1)

PROCESSING_LADDER = (5, 2, 0)
"""Calendar days before the due day on which staff are reminded, 0 being the day itself; a storefront may choose."""

DECISION_LADDER = (0,)
"""Of a decision staff are reminded on its day, which is near from the start."""

ANSWER_REMINDED_BEFORE = 3
"""Calendar days before their time to answer to a difference ends, on which customers are reminded."""

OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class ReminderStep:
    """A reminder owed ``on`` a service day. One request gets one reminder a day, and each step once.

    ``before``: calendar days before the due day, None once it is over.
    """

    before: int | None
    on: date

    @property
    def is_overdue(self) -> bool:
        """Whether the due day is over."""
        return self.before is None

    @property
    def name(self) -> str:
        """`before 5`, `today`, `overdue 2026-12-07`: steps up to the day are taken once, the overdue one every day."""
        if self.before is None:
            return f"{OVERDUE} {self.on}"
        return f"before {self.before}" if self.before else "today"


def reminders_before(
    hours: ServiceHours, due_on: date, ladder: Sequence[int] = PROCESSING_LADDER
) -> tuple[ReminderStep, ...]:
    """The steps before the due date and on it, earliest first.

    A step on a closed day moves to the last service day before it; of two steps that meet there, the later one stays.
    """
    steps: dict[date, int] = {}
    for days in sorted(set(ladder), reverse=True):
        day = last_service_day(hours, due_on - _DAY * days)
        if day is not None:
            steps[day] = days
    return tuple(ReminderStep(days, day) for day, days in sorted(steps.items()))


def reminder_on(
    hours: ServiceHours, due_on: date, today: date, ladder: Sequence[int] = PROCESSING_LADDER
) -> ReminderStep | None:
    """The step that is owed today or was owed last; None before the first one.

    After the due date there is one on every service day. After an outage only the latest step is owed (E15).
    """
    if today > due_on:
        day = last_service_day(hours, today)
        if day is not None and day > due_on:
            return ReminderStep(None, day)
    past = [step for step in reminders_before(hours, due_on, ladder) if step.on <= today]
    return past[-1] if past else None


@dataclass(frozen=True, slots=True)
class StepOfDays:
    """The step that returns due from ``first`` (None: from ever) to ``last`` stand on."""

    first: date | None
    last: date
    step: ReminderStep


def steps_on(hours: ServiceHours, today: date, ladder: Sequence[int] = PROCESSING_LADDER) -> list[StepOfDays]:
    """What `reminder_on` says today for every due day there is: a handful of rows to join a million returns with.

    The first step of a later due day is never earlier, so where one hasn't come yet none after it has.
    """
    opened = last_service_day(hours, today)
    if opened is None:
        return []
    found = [StepOfDays(None, opened - _DAY, ReminderStep(None, opened))]
    day = opened
    while (step := reminder_on(hours, day, today, ladder)) is not None:
        found.append(StepOfDays(day, day, step))
        day += _DAY
    return found
