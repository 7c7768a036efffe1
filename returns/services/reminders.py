"""Staff are reminded of the days they promised (LPS-32, CON-32, RES-14…16), customers of what is up to them.

Driven by state, never by "the clock struck nine": whenever this runs it asks which step of the ladder each return
stands on and whether that step has been taken. So two beats, a doubled hour or three days of outage make one reminder.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings

from returns import notifications
from returns.domain.deadlines import is_open, local_date
from returns.domain.holding import HoldingState
from returns.domain.reminders import DECISION_LADDER
from returns.domain.reminding import Colleague, whom_to_remind
from returns.models import HeldPackage, Notification, ReturnRequest, Storefront
from returns.services import difference
from returns.services.colleagues import staff_of
from returns.services.difference_reminders import owe_difference_reminders
from returns.services.expiry import expire_unshipped
from returns.services.heartbeats import show_life
from returns.services.information_reminders import owe_information_reminders
from returns.services.manager_digests import owe_digests
from returns.services.reminder_rows import DECISION, PROMISE, owe_steps
from returns.services.ship_reminders import owe_ship_reminders

HELD = "held_reminder"


def owe_due_reminders(*, now: datetime) -> int:
    """Owe every reminder that is due and hasn't been owed yet; the number of messages.

    Only while the storefront is open: nobody is reminded at night, and a step that fell into the night waits for the
    morning.
    """
    owed = 0
    _let_clocks_run(now)
    for storefront in Storefront.objects.all():
        if is_open(storefront.service_hours, now):
            owed += _owed_at(storefront, now)
            expire_unshipped(storefront, now=now)
    show_life("reminders", now=now)
    return owed


def _owed_at(storefront: Storefront, now: datetime) -> int:
    today = local_date(now, storefront.zone)
    staff = staff_of(storefront)
    return (
        owe_steps(storefront, PROMISE, storefront.reminder_days, staff=staff, now=now, today=today)
        + owe_steps(storefront, DECISION, DECISION_LADDER, staff=staff, now=now, today=today)
        + owe_held_reminders(storefront, staff=staff, now=now, today=today)
        + owe_ship_reminders(storefront, now=now)
        + owe_information_reminders(storefront, now=now)
        + owe_difference_reminders(storefront, now=now)
        + owe_digests(storefront, staff=staff, now=now, today=today)
    )


def _let_clocks_run(now: datetime) -> None:
    """The clocks that stood still run on where the customer's time to answer has passed."""
    # By the latest calendar there is; whether the day has passed at its storefront is asked under the lock.
    lapsed = ReturnRequest.objects.paused().filter(answer_due_on__lte=now.date())
    for key in lapsed.values_list("pk", flat=True):
        difference.lapse(request_id=key, now=now)


FORGOTTEN_AFTER = timedelta(days=30)
"""A step this old is nobody's news any more; the page of held packages still shows it."""


def owe_held_reminders(storefront: Storefront, *, staff: Sequence[Colleague], now: datetime, today: date) -> int:
    """Tell all who could do it that the sender of a held package is to be tried (days 0, 3, 7 and 14)."""
    due = HeldPackage.objects.filter(
        storefront=storefront,
        state=HoldingState.HELD.value,
        next_step_on__lte=today,
        next_step_on__gt=today - FORGOTTEN_AFTER,
    )
    keys = {
        f"{HELD}:{public_id}:{day}": str(public_id) for public_id, day in due.values_list("public_id", "next_step_on")
    }
    told = whom_to_remind(None, staff, overdue=False) if keys else []
    wanted = {f"{key}:{person.pk}": (held, person) for key, held in keys.items() for person in told}
    owed = set(Notification.objects.filter(dedupe_key__in=wanted).values_list("dedupe_key", flat=True))
    for key in wanted.keys() - owed:
        held, person = wanted[key]
        notifications.enqueue(
            kind=HELD,
            recipient=person.email,
            dedupe_key=key,
            now=now,
            storefront=storefront,
            context={"held": held, "person": person.public_id},
            language=settings.LANGUAGE_CODE,
        )
    return len(wanted.keys() - owed)
