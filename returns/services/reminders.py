"""Staff are reminded of the day for which processing is promised (LPS-32, CON-32, RES-14…16), customers to ship.

Driven by state, never by "the clock struck nine": whenever this runs it asks which step of the ladder each return
stands on and whether that step has been taken. So two beats, a doubled hour or three days of outage make one reminder.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from returns import notifications
from returns.domain.deadlines import is_open, local_date
from returns.domain.reminders import ReminderStep, reminder_on
from returns.domain.workflow import PROCESSING, Status
from returns.models import Notification, ReturnRequest, Storefront
from returns.services import difference
from returns.services.heartbeats import show_life
from returns.services.ship_reminders import owe_ship_reminders

KIND = "staff_reminder"
PRIORITY = 8


def owe_due_reminders(*, now: datetime) -> int:
    """Owe every reminder that is due and hasn't been owed yet; the number of messages.

    Only while the storefront is open: nobody is reminded at night, and a step that fell into the night waits for the
    morning.
    """
    owed = 0
    _let_clocks_run(now)
    for storefront in Storefront.objects.all():
        if is_open(storefront.service_hours, now):
            owed += sum(_remind_of(request.pk, step, now) for request, step in _steps_due(storefront, now))
            owed += owe_ship_reminders(storefront, now=now)
    show_life("reminders", now=now)
    return owed


def _let_clocks_run(now: datetime) -> None:
    """The clocks that stood still run on where the customer's time to answer has passed."""
    # By the latest calendar there is; whether the day has passed at its storefront is asked under the lock.
    lapsed = ReturnRequest.objects.paused().filter(answer_due_on__lte=now.date())
    for key in lapsed.values_list("pk", flat=True):
        difference.lapse(request_id=key, now=now)


def _steps_due(storefront: Storefront, now: datetime) -> Iterable[tuple[ReturnRequest, ReminderStep]]:
    """Returns on a step of the ladder that hasn't been taken: the latest step only, whatever was missed before."""
    hours, today = storefront.service_hours, local_date(now, storefront.zone)
    steps = {
        request: step
        for request in storefront.requests.on_the_clock().order_by("due_on", "pk")
        if request.due_on and (step := reminder_on(hours, request.due_on, today)) is not None
    }
    taken = set(Notification.objects.filter(kind=KIND, request__in=steps).values_list("request_id", "context__step"))
    return [(request, step) for request, step in steps.items() if (request.pk, step.name) not in taken]


def _remind_of(request_id: int, step: ReminderStep, now: datetime) -> int:
    """Owe one step to everybody it concerns, unless it was owed or the return is done by now."""
    with transaction.atomic():
        request = ReturnRequest.objects.select_for_update(of=("self",)).select_related("storefront").get(pk=request_id)
        name = step.name
        # All asked under the lock: another beat may have been faster, or somebody settled it or asked the customer.
        if Status(request.status) not in PROCESSING or request.is_paused or was_taken(request, name):
            return 0
        people = whom_to_remind(request, overdue=step.is_overdue)
        for person in people:
            notifications.enqueue(
                kind=KIND,
                recipient=person.email,
                dedupe_key=f"{KIND}:{request.pk}:{name}:{person.pk}",
                priority=PRIORITY,
                now=now,
                storefront=request.storefront,
                request=request,
                context={"step": name, "person": str(person.public_id)},
                language=settings.LANGUAGE_CODE,
            )
        return len(people)


def was_taken(request: ReturnRequest, step: str) -> bool:
    """Whether anybody was already owed a reminder of this step."""
    return request.notifications.filter(kind=KIND, context__step=step).exists()


def whom_to_remind(request: ReturnRequest, *, overdue: bool) -> list[User]:
    """The owner while they work for the storefront, else all its support staff; its managers too once it is overdue."""
    staff = User.objects.filter(is_active=True, memberships__storefront=request.storefront_id)
    responsible = Q(pk=request.owner_id, role__in=[Role.SUPPORT.value, Role.MANAGER.value])
    if not staff.filter(responsible).exists():
        responsible = Q(role=Role.SUPPORT.value)
        overdue = overdue or not staff.filter(responsible).exists()
    wanted = responsible | Q(role=Role.MANAGER.value) if overdue else responsible
    return list(staff.filter(wanted).order_by("pk"))
