"""Around a request: the queue it was opened from, with the one before and the one after, and who else has it open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from returns.domain.queue import STANDARD_VIEWS, Criteria
from returns.models import ReturnRequest
from returns.queue import beside, desk_of
from returns.services import presence
from returns.viewer import Viewer
from returns.views.access import person, staff_required
from returns.wording.desk import ago
from returns.wording.phrases import listing

COOKIE = f"{settings.COOKIE_PREFIX}queue"
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue that was open last: its name and its address."""

    name: str
    url: str


def remember(response: HttpResponse, request: HttpRequest, criteria: Criteria) -> None:
    """Let the browser keep which queue it shows, so that no page of a request needs it in its address."""
    query = urlencode(criteria.as_data())
    if query == request.COOKIES.get(COOKIE, ""):
        return
    if query:
        kept = {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
        response.set_cookie(COOKIE, query, **kept)  # type: ignore[arg-type]
    else:
        response.delete_cookie(COOKIE, samesite="Lax")


def around(request: HttpRequest, rma: ReturnRequest) -> dict[str, Any]:
    """What the page of a request shows around it; nothing of it asks the database."""
    now = timezone.now()
    looks = presence.look(rma.reference, person(request), now)
    return {
        "queue": _queue(_kept(request)),
        "others": listing([f"{one.name} ({ago(one.at, now)})" for one in looks]) if looks else "",
    }


@staff_required
@require_safe
def step(request: HttpRequest, reference: str, *, forth: bool) -> HttpResponse:
    """To the request before or after this one in the queue that was open last; at its end, to that queue."""
    rma = get_object_or_404(ReturnRequest.objects.visible_to(Viewer(request.user)), reference=reference)
    desk = desk_of(person(request), timezone.now())
    criteria = Criteria.read(_kept(request), desk.slugs)
    found = beside(rma, criteria, desk)[forth]
    if found:
        return redirect("desk:request", found)
    messages.info(request, f"{rma.number} is the {'last' if forth else 'first'} one here.")
    return redirect(_queue(criteria.as_data()).url)


def _kept(request: HttpRequest) -> dict[str, str]:
    return dict(parse_qsl(request.COOKIES.get(COOKIE, "")[:LONGEST]))


def _queue(kept: Mapping[str, str]) -> Queue:
    # Whether the person works at that storefront is the queue's business; here it is a link back.
    criteria = Criteria.read(kept, [kept.get("storefront", "")])
    name = next((name for name, each in STANDARD_VIEWS if each == criteria.unsorted), "Chosen returns")
    query, queue = urlencode(criteria.as_data()), reverse("desk:queue")
    return Queue(name, f"{queue}?{query}" if query else queue)
