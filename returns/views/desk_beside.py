"""Around a request: the queue it was opened from, with the one before and the one after, and who else has it open."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from returns.domain.queue import STANDARD_VIEWS, Criteria
from returns.models import ReturnRequest, Storefront
from returns.querysets import Viewer
from returns.queue import Desk, beside
from returns.services import presence
from returns.views.access import person
from returns.wording.desk import ago
from returns.wording.phrases import listing

COOKIE = f"{settings.COOKIE_PREFIX}queue"
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Beside:
    """The queue, and the addresses of the requests before and after in its order; empty at its ends."""

    queue: str
    queue_url: str
    before_url: str
    after_url: str


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
    """What the page of a request shows around it."""
    now, user = timezone.now(), person(request)
    desk = Desk(user, list(Storefront.objects.staffed_by(Viewer(user))), now)
    query = request.COOKIES.get(COOKIE, "")
    criteria = Criteria.read(dict(parse_qsl(query[:LONGEST])), desk.slugs)
    looks = presence.look(rma.reference, user, now)
    return {
        "beside": _beside(rma, criteria, desk),
        "others": listing([f"{one.name} ({ago(one.at, now)})" for one in looks]) if looks else "",
    }


def _beside(rma: ReturnRequest, criteria: Criteria, desk: Desk) -> Beside:
    name = next((name for name, each in STANDARD_VIEWS if each == criteria.unsorted), "Chosen returns")
    before, after = (reverse("desk:request", args=[one]) if one else "" for one in beside(rma, criteria, desk))
    query = urlencode(criteria.as_data())
    queue = reverse("desk:queue")
    return Beside(name, f"{queue}?{query}" if query else queue, before, after)
