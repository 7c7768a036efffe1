"""Mails to the people who work for a storefront. Each is asked again at delivery whether it still holds."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from returns.domain.deadlines import is_open, local_date, next_opening
from returns.domain.holding import HoldingState, next_step
from returns.domain.workflow import PROCESSING, Status
from returns.letters.frame import desk_page, framed, request_of
from returns.letters.matters import matter_of
from returns.letters.timing import NoLongerTrue, NotYet
from returns.models import HeldPackage, Notification, ReturnRequest, Storefront
from returns.pressing import figures
from returns.wording.phrases import count, long_date, plain_date
from returns.wording.workflow import STATUS_WORDS

TO_DECIDE = frozenset({Status.SUBMITTED, Status.IN_REVIEW})


def reminder(row: Notification, now: datetime) -> dict[str, Any]:
    """A return is due soon, today, or was due (LPS-32, CON-32)."""
    request = request_of(row)
    _refuse_status_but(PROCESSING, request)
    if request.is_paused:
        raise NoLongerTrue("The return waits for the customer's answer, and its clock stands still.")
    return _about_return(row, request, request.due_on, now, what="the return is settled")


def decision_reminder(row: Notification, now: datetime) -> dict[str, Any]:
    """A request waits for a decision that is due today, or was."""
    request = request_of(row)
    _refuse_status_but(TO_DECIDE, request)
    return _about_return(row, request, request.decision_due_on, now, what="it is decided")


def _about_return(
    row: Notification, request: ReturnRequest, due_on: date | None, now: datetime, *, what: str
) -> dict[str, Any]:
    _refuse_overtaken(row)
    storefront = request.storefront
    _refuse_at_night(storefront, now)
    left = (due_on - local_date(now, storefront.zone)).days if due_on else 0
    return framed(
        storefront,
        number=request.number,
        when=when_due(left),
        facts=list(_facts(request, due_on)),
        stops=what,
        url=desk_page(request),
        questions="",
    )


def held_reminder(row: Notification, now: datetime) -> dict[str, Any]:
    """The next step of the contact loop is due for a package nobody could place (LPS-12)."""
    held = HeldPackage.objects.select_related("storefront").get(public_id=row.context["held"])
    shop = held.storefront
    if held.state != HoldingState.HELD or held.next_step_on > local_date(now, shop.zone):
        raise NoLongerTrue("The package isn't held any more, or its sender was tried.")
    _refuse_overtaken(row)
    _refuse_at_night(shop, now)
    step = next_step(held.tries.count())
    return framed(
        shop,
        mark=held.mark,
        step=step.words,
        facts=[
            ("Here since", long_date(local_date(held.held_at, shop.zone))),
            ("Due", long_date(held.next_step_on)),
            ("Shelf", held.shelf or "not noted"),
        ],
        url=_page("desk:held", str(held.public_id)),
        questions="",
    )


def digest(row: Notification, now: datetime) -> dict[str, Any]:
    """What is late, due today and waiting, with a way to each; not if nothing is by now."""
    shop = row.storefront
    if shop is None:
        raise ValueError("A digest needs a storefront.")
    _refuse_overtaken(row)
    _refuse_at_night(shop, now)
    today = local_date(now, shop.zone)
    numbers = figures(shop, today)
    if not any(numbers.values()):
        raise NoLongerTrue("Nothing is late and nothing waits by now.")
    return framed(
        shop,
        day=plain_date(today),
        rows=[(words, numbers[name]) for name, words in _FIGURES if numbers[name]],
        url=f"{settings.SITE_URL}{reverse('desk:queue')}?due=overdue&storefront={shop.slug}",
        questions="",
    )


_FIGURES = (
    ("overdue", "Returns past the promised day"),
    ("due_today", "Returns promised for today"),
    ("late_decisions", "Requests whose decision is late"),
    ("decisions_today", "Requests to decide today"),
    ("held", "Held packages whose sender is to be tried"),
    ("failed", "Mails that couldn't be delivered"),
)


def mail_failed(row: Notification, _now: datetime) -> dict[str, Any]:
    """A message about a return never arrived: what it was, and what the mail server said."""
    request = request_of(row)
    failed = Notification.objects.filter(pk=row.context["mail"]).first()
    if failed is None or failed.state != Notification.FAILED:
        raise NoLongerTrue("The message was sent again by now.")
    return framed(
        request.storefront,
        number=request.number,
        kind=failed.kind.replace("_", " "),
        reason=failed.last_error,
        customer=request.contact_name,
        phone=request.contact_phone,
        url=desk_page(request),
        questions="",
    )


def _page(view: str, *args: str) -> str:
    return f"{settings.SITE_URL}{reverse(view, args=args)}"


def _facts(request: ReturnRequest, due_on: date | None) -> Iterator[tuple[str, str]]:
    zone = request.storefront.zone
    if due_on:
        yield ("Promised by" if request.received_at else "Decide by"), long_date(due_on)
    if request.received_at:
        yield "Package received", long_date(local_date(request.received_at, zone))
    else:
        yield "Asked", long_date(local_date(request.requested_at, zone))
    yield "Now", STATUS_WORDS[Status(request.status)]
    yield "Customer", request.contact_name
    yield "Order", request.order.number
    yield "Taken by", request.owner.get_short_name() if request.owner else "nobody yet"


def when_due(days_left: int) -> str:
    """`due today`, `due in 5 days`, `1 day overdue`."""
    if days_left < 0:
        return f"{count(-days_left, 'day')} overdue"
    return "due today" if days_left == 0 else f"due in {count(days_left, 'day')}"


def _refuse_status_but(statuses: Collection[Status], request: ReturnRequest) -> None:
    if Status(request.status) not in statuses:
        raise NoLongerTrue(f"The return is {STATUS_WORDS[Status(request.status)]} by now.")


def _refuse_overtaken(row: Notification) -> None:
    """Refuse where a later one took its place, or the person has left."""
    matter = matter_of(row)
    if matter.is_overtaken:
        raise NoLongerTrue("A later reminder of the same return has taken its place.")
    if not matter.works_there:
        raise NoLongerTrue("The person doesn't work for the storefront any more.")


def _refuse_at_night(storefront: Storefront, now: datetime) -> None:
    hours = storefront.service_hours
    opening = next_opening(hours, now)
    if not is_open(hours, now) and opening is not None:
        raise NotYet(opening)
