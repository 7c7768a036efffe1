"""Mails to the people who work for a storefront."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.models import User
from returns.domain.deadlines import is_open, local_date, next_opening
from returns.domain.workflow import PROCESSING, Status
from returns.letters.frame import desk_page, framed, request_of
from returns.letters.timing import NoLongerTrue, NotYet
from returns.models import Notification, ReturnRequest
from returns.wording.phrases import count, long_date
from returns.wording.workflow import STATUS_WORDS


def reminder(row: Notification, now: datetime) -> dict[str, Any]:
    """A return is due soon, today, or was due (LPS-32, CON-32). Asked again at delivery whether that still holds."""
    request = request_of(row)
    _refuse_untrue(row, request)
    _refuse_at_night(request, now)
    storefront = request.storefront
    left = (request.due_on - local_date(now, storefront.zone)).days if request.due_on else 0
    return framed(
        storefront,
        number=request.number,
        when=when_due(left),
        facts=list(_facts(request)),
        url=desk_page(request),
        questions="",
    )


def _facts(request: ReturnRequest) -> Iterator[tuple[str, str]]:
    if request.due_on and request.received_at:
        yield "Promised by", long_date(request.due_on)
        yield "Package received", long_date(local_date(request.received_at, request.storefront.zone))
    yield "Now", STATUS_WORDS[Status(request.status)]
    yield "Customer", request.contact_name
    yield "Order", request.order.number
    yield "Taken by", request.owner.get_short_name() if request.owner else "nobody yet"


def when_due(days_left: int) -> str:
    """`due today`, `due in 5 days`, `1 day overdue`."""
    if days_left < 0:
        return f"{count(-days_left, 'day')} overdue"
    return "due today" if days_left == 0 else f"due in {count(days_left, 'day')}"


def _refuse_untrue(row: Notification, request: ReturnRequest) -> None:
    if Status(request.status) not in PROCESSING:
        raise NoLongerTrue(f"The return is {STATUS_WORDS[Status(request.status)]} by now.")
    if request.is_paused:
        raise NoLongerTrue("The return waits for the customer's answer, and its clock stands still.")
    later = Notification.objects.filter(
        kind=row.kind, request=request, recipient=row.recipient, created_at__gt=row.created_at
    )
    if later.exists():
        raise NoLongerTrue("A later reminder of the same return has taken its place.")
    works_there = User.objects.filter(
        public_id=row.context["person"], is_active=True, memberships__storefront=request.storefront_id
    )
    if not works_there.exists():
        raise NoLongerTrue("The person doesn't work for the storefront any more.")


def _refuse_at_night(request: ReturnRequest, now: datetime) -> None:
    hours = request.storefront.service_hours
    opening = next_opening(hours, now)
    if not is_open(hours, now) and opening is not None:
        raise NotYet(opening)
