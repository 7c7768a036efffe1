"""Managers see what waits in the outbox, what is late and what failed, and send failed mails again."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.models import Heartbeat, Notification, Storefront, Suppression
from returns.services import delivery, undelivered
from returns.services.errors import Refused
from returns.viewer import Viewer
from returns.views.access import manager_required
from returns.waiting import Waiting, waiting
from returns.wording.phrases import count

SHOWN = 100
LATE = timedelta(minutes=15)
WAITS = (Notification.RETRY, Notification.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures on top, with a line of what it means."""

    label: str
    value: str
    below: str


@manager_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The outbox of the manager's storefronts, with the gate and the signs of life."""
    now = timezone.now()
    shops = list(Storefront.objects.staffed_by(Viewer(request.user)))
    rows = Notification.objects.filter(storefront__in=shops).select_related("storefront", "request")
    found = waiting(now)
    failed = list(rows.filter(state=Notification.FAILED).order_by("-created_at")[: SHOWN + 1])
    context = {
        "figures": figures(found, now),
        "held_since": found.held_since,
        "failed": failed[:SHOWN],
        "has_more": len(failed) > SHOWN,
        "late": list(rows.filter(state__in=WAITS, created_at__lt=now - LATE)[:SHOWN]),
        "suppressed": list(_suppressed(shops)[:SHOWN]),
        "zone": shops[0].zone if shops else timezone.get_default_timezone(),
    }
    return render(request, "reports/mail_queue.html", context)


def figures(found: Waiting, now: datetime) -> list[Figure]:
    """Waiting, failed, and whether the parts nobody sees are alive."""
    beats = {beat.name: beat.at for beat in Heartbeat.objects.filter(name__in=["outbox", "reminders"])}
    return [
        Figure("Urgent, waiting", f"{found.urgent:,}", _oldest(found, now)),
        Figure("Others, waiting", f"{found.others:,}", "reminders and digests"),
        Figure("Failed", f"{found.failed:,}", "not tried again by themselves"),
        Figure("Last sweep", _ago(beats.get("outbox"), now), f"reminders {_ago(beats.get('reminders'), now)}"),
    ]


def _oldest(found: Waiting, now: datetime) -> str:
    if found.oldest_urgent is None:
        return "nothing waits"
    minutes = int(found.age(now).total_seconds() // 60)
    if minutes < 120:
        return f"the oldest for {count(minutes, 'minute')}"
    hours = minutes // 60
    return f"the oldest for {count(hours, 'hour') if hours < 48 else count(hours // 24, 'day')}"


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    seconds = max(int((now - at).total_seconds()), 0)
    return f"{count(seconds, 'second')} ago" if seconds < 120 else f"{count(seconds // 60, 'minute')} ago"


def _suppressed(shops: Sequence[Storefront]) -> QuerySet[Suppression]:
    """Addresses nobody has, as far as mail of these storefronts went there: a manager sees no other shop's people."""
    ours = Notification.objects.filter(storefront__in=shops, state=Notification.FAILED).annotate(to=Lower("recipient"))
    return Suppression.objects.filter(Exists(ours.filter(to=OuterRef("email"))))


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest, mail_id: uuid.UUID) -> HttpResponse:
    """Try a failed mail again."""
    shops = Storefront.objects.staffed_by(Viewer(request.user))
    row = get_object_or_404(Notification.objects.filter(storefront__in=shops), pk=mail_id)
    if request.method == "POST":
        send_again(request, row)
    return redirect("reports:mails")


def send_again(request: HttpRequest, row: Notification) -> None:
    """Put it back into the outbox, and say so; what isn't failed (any more) is left alone."""
    try:
        delivery.resend(notification_id=row.pk, now=timezone.now())
    except Refused:
        messages.info(request, "This mail isn't failed any more. Nothing was changed.")
        return
    messages.success(request, "It is in the outbox again and leaves within seconds.")


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest) -> HttpResponse:
    """Let mail go again to an address that a mail server called unknown."""
    if request.method == "POST":
        shops = list(Storefront.objects.staffed_by(Viewer(request.user)))
        email = request.POST.get("email", "")
        if any(row.email == email.lower() for row in _suppressed(shops)):
            undelivered.lift(email=email)
            messages.success(request, "Mail goes to this address again. What failed can be sent again now.")
    return redirect("reports:mails")
