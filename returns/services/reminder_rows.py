"""Reminders as rows of the outbox, written by one statement for a thousand returns: never a query for each.

The rules stay the domain's. What they say for every due day and every owner there can be is a handful of rows
(`steps_on`, `everybody_told`); the statement joins the returns with those, and leaves out whatever was owed before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from returns.domain.reminders import StepOfDays, steps_on
from returns.domain.reminding import Colleague, Told, everybody_told
from returns.domain.workflow import PROCESSING, Status
from returns.models import Storefront
from returns.notices import BY_KIND

BATCH = 2_000
"""Returns in one statement: memory stays flat, and no lock lasts long."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A day that staff promised: the column that holds it, the returns whose clock runs, and the kind of reminder."""

    kind: str
    column: str
    statuses: tuple[str, ...]
    condition: str = "true"


PROMISE = Clock(
    "staff_reminder", "due_on", tuple(sorted(status.value for status in PROCESSING)), "r.answer_due_on IS NULL"
)
DECISION = Clock("decision_reminder", "decision_due_on", (Status.IN_REVIEW.value, Status.SUBMITTED.value))

# Two at once never double: one storefront's clock is swept by one of them, and the other one has nothing to do.
_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)"
_OWED = """
WITH step AS (
    SELECT * FROM unnest(%(firsts)s::date[], %(lasts)s::date[], %(names)s::text[], %(late)s::boolean[])
        AS step (first_day, last_day, name, is_late)
), told AS (
    SELECT * FROM unnest(%(owners)s::bigint[], %(told_late)s::boolean[], %(people)s::bigint[], %(ids)s::text[],
        %(addresses)s::text[]) AS told (owner_id, is_late, person, public_id, email)
), due AS MATERIALIZED (
    SELECT r.id, CASE WHEN r.owner_id = ANY (%(people)s::bigint[]) THEN r.owner_id END AS owner_id,
        r.{column} AS due_day, step.name, step.is_late
    FROM returns_returnrequest r JOIN step ON r.{column} BETWEEN step.first_day AND step.last_day
    WHERE r.storefront_id = %(storefront)s AND r.status IN %(statuses)s AND {condition}
        AND r.{column} <= %(horizon)s AND (r.{column}, r.id) > (%(after_day)s, %(after)s)
        AND NOT EXISTS (
            SELECT FROM returns_notification n WHERE n.request_id = r.id AND n.kind = %(kind)s
                AND starts_with(n.dedupe_key, %(kind)s || ':' || r.id || ':' || step.name || ':'))
    ORDER BY r.{column}, r.id LIMIT %(batch)s
), owed AS (
    INSERT INTO returns_notification (id, kind, storefront_id, request_id, recipient, language, context, dedupe_key,
        priority, state, attempts, interruptions, next_attempt_at, last_error, created_at)
    SELECT gen_random_uuid(), %(kind)s, %(storefront)s, due.id, told.email, %(language)s,
        jsonb_build_object('step', due.name, 'person', told.public_id),
        %(kind)s || ':' || due.id || ':' || due.name || ':' || told.person,
        %(priority)s, 'queued', 0, 0, %(now)s, '', %(now)s
    FROM due JOIN told ON told.is_late = due.is_late AND told.owner_id IS NOT DISTINCT FROM due.owner_id
    ORDER BY due.due_day, due.id
    ON CONFLICT (dedupe_key) DO NOTHING RETURNING 1
)
SELECT (SELECT count(*) FROM owed), count(*), (array_agg(due_day ORDER BY due_day DESC, id DESC))[1],
    (array_agg(id ORDER BY due_day DESC, id DESC))[1]
FROM due
"""


def owe_steps(
    storefront: Storefront,
    clock: Clock,
    ladder: Sequence[int],
    *,
    staff: Sequence[Colleague],
    now: datetime,
    today: date,
) -> int:
    """Owe each return the step it stands on today, unless that was owed; the number of messages.

    The latest step only, whatever was missed before it. Nobody hears of a step of which somebody else heard already.
    """
    steps = steps_on(storefront.service_hours, today, ladder)
    told = list(everybody_told(staff))
    if not steps or not told:
        return 0
    values = {**_steps(steps), **_told(told), "horizon": max(step.last for step in steps)}
    statement = _OWED.format(column=clock.column, condition=clock.condition)
    fixed = {
        "kind": clock.kind,
        "storefront": storefront.pk,
        "statuses": clock.statuses,
        "language": settings.LANGUAGE_CODE,
        "priority": BY_KIND[clock.kind].priority,
        "now": now,
        "batch": BATCH,
    }
    return sum(_batches(statement, {**values, **fixed}))


def _batches(statement: str, values: Mapping[str, Any]) -> Iterator[int]:
    """Run it batch by batch, each in a transaction of its own, until no return is left or somebody else is at it."""
    day, key = date.min, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ALONE, [values["kind"], values["storefront"]])
            if not cursor.fetchone()[0]:
                return
            cursor.execute(statement, {**values, "after_day": day, "after": key})
            owed, seen, last_day, last_key = cursor.fetchone()
        yield owed
        if seen < BATCH:
            return
        day, key = last_day, last_key


def _steps(steps: Sequence[StepOfDays]) -> dict[str, list[Any]]:
    return {
        "firsts": [row.first or date.min for row in steps],
        "lasts": [row.last for row in steps],
        "names": [row.step.name for row in steps],
        "late": [row.step.is_overdue for row in steps],
    }


def _told(told: Sequence[Told]) -> dict[str, list[Any]]:
    return {
        "owners": [row.owner for row in told],
        "told_late": [row.overdue for row in told],
        "people": [row.person.pk for row in told],
        "ids": [row.person.public_id for row in told],
        "addresses": [row.person.email for row in told],
    }
