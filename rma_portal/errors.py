"""The error pages. None of them needs the database, the session or the person: they must work when those do not."""

import logging
import sys
from urllib.parse import urlsplit

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

logger = logging.getLogger(__name__)

RETRY_AFTER = 10  # seconds; a PostgreSQL restart takes about as long
# PostgreSQL's codes for "somebody else holds it": serialization_failure, deadlock_detected, lock_not_available.
BUSY = {"40001", "40P01", "55P03"}
BUSY_MESSAGE = N_("Somebody else is working on the same return at this moment. Nothing was changed; please try again.")


def page(request: HttpRequest, status: int, *, message: str = "") -> HttpResponse:
    """The error page of this status; plain words where even the template fails (a broken static manifest)."""
    try:
        context = {
            "message": message,
            "back": came_from(request),
            "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
        }
        # Rendered without the request: no context processor may ask for the person or their messages.
        response = HttpResponse(render_to_string(f"errors/{status}.html", context), status=status)
    except Exception:
        logger.exception("The error page itself failed.")
        response = HttpResponse(f"Error {status}", status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"  # also where no middleware further in says so
    return response


def came_from(request: HttpRequest) -> str:
    """The path of the page with the form, for a link back to it; the address of a decision itself answers no GET."""
    try:
        path = urlsplit(request.headers.get("Referer", "")).path
    except ValueError:  # half an IPv6 address, say: whatever it is, no browser's
        return "/"
    # Browsers read a backslash as a slash, and two of them as another host.
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else "/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  handler400
    """400: no browser sends this."""
    return page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  handler403
    """403: signed in, but this is for others."""
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  CSRF_FAILURE_VIEW
    """403: the form's token is missing, too old, or from elsewhere. The reason helps nobody but an attacker."""
    return page(request, 403, message=_("This form was open too long, or your browser did not send its cookie."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  handler404
    """404: nothing here, or nothing this person may see; the two look alike."""
    return page(request, 404)


def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: this address takes a form and shows nothing by itself; `allowed` is the Allow header's value."""
    response = page(request, 405)
    response.headers["Allow"] = allowed
    return response


def conflict(request: HttpRequest, message: str) -> HttpResponse:
    """409: not possible now; `message` says why and what would help."""
    return page(request, 409, message=message)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than a form with all its photos. What was sent isn't read."""
    return page(request, 413)


def no_room(request: HttpRequest) -> HttpResponse:
    """507: the disk has no room for what was sent."""
    return page(request, 507)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 while the database is away, 409 where it was busy with somebody else's change (C16, C17).

    Django calls this while the exception is being handled, wherever it came from: view, template or middleware.
    """
    exception = sys.exception()
    if not isinstance(exception, OperationalError | InterfaceError):
        return page(request, 500)
    if getattr(exception.__cause__, "pgcode", None) in BUSY:
        return conflict(request, _(BUSY_MESSAGE))
    response = page(request, 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
