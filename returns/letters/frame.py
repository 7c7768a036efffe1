"""What stands around every mail: who writes, in which color, and how to reach them."""

import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.letters.matters import matter_of
from returns.models import Notification, ReturnRequest, Storefront
from returns.wording.hours import weekly_hours

HOUSE_ACCENT = "#26363c"
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_TINT = 0.6
"""How far an accent is moved towards white for dark mail programs; 7:1 and more on their ground for every accent."""


def framed(storefront: Storefront | None, **content: Any) -> dict[str, Any]:
    """The context every mail has, and its own content on top."""
    accent = storefront.accent if storefront and _COLOR.fullmatch(storefront.accent) else HOUSE_ACCENT
    return {
        "shop": storefront,
        "name": storefront.name if storefront else _("Returns"),
        "accent": accent,
        "accent_on_dark": tinted(accent),
        "questions": _questions(storefront),
        **content,
    }


def tinted(color: str) -> str:
    """The color mixed with white, so that it can be read on a dark ground."""
    parts = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * _TINT):02x}" for part in parts)


def request_of(row: Notification) -> ReturnRequest:
    """The return a row is about, with what its mails name. Raises where the row is about none."""
    request = matter_of(row).request
    if request is None:
        raise ValueError(f"A message of kind {row.kind} needs a return.")
    return request


def return_page(request: ReturnRequest) -> str:
    """Where the customer follows their return. Every mailed address begins with SITE_URL, whatever host asked (B10)."""
    return _absolute("portal:return", request.storefront.slug, request.reference)


def policy_page(request: ReturnRequest) -> str:
    """Where everybody reads the version of the policy that decides about this return."""
    return _absolute("portal:policy_version", request.storefront.slug, request.policy_version.number)


def desk_page(request: ReturnRequest) -> str:
    """Where staff work on the return."""
    return _absolute("desk:request", request.reference)


def reports_page(view: str, *args: str) -> str:
    """A page of the managers'."""
    return _absolute(view, *args)


def _absolute(view: str, *args: str | int) -> str:
    return f"{settings.SITE_URL}{reverse(view, args=args)}"


def _questions(storefront: Storefront | None) -> str:
    """How to ask back: `Questions? Answer this email, or call 1-855-791-5800, Mon–Fri, 8:30 am–6 pm Eastern.`."""
    if storefront is None:
        return ""
    hours = weekly_hours(storefront.service_hours)
    number = f"{storefront.phone}, {hours}" if storefront.phone and hours else storefront.phone
    if storefront.email and number:
        return _("Questions? Answer this email, or call %(number)s.") % {"number": number}
    if number:
        return _("Questions? Call %(number)s.") % {"number": number}
    return _("Questions? Answer this email.") if storefront.email else ""
