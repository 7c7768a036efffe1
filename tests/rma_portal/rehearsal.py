"""A site map with pages that go wrong on purpose, beside the real ones."""

import psycopg2.errors
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from returns.services.errors import Refused
from rma_portal import urls

SECRET = "what the customer typed"


@login_not_required
def crash(_request: HttpRequest, **_link: str) -> HttpResponse:
    raise RuntimeError(SECRET)


@login_not_required
def refuse(_request: HttpRequest) -> HttpResponse:
    raise Refused("Renee decided this at 10:31.")


@login_not_required
def forbid(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(SECRET)


@login_not_required
def lose_the_database(_request: HttpRequest) -> HttpResponse:
    raise OperationalError(SECRET)


@login_not_required
def lose_the_connection(_request: HttpRequest) -> HttpResponse:
    raise InterfaceError(SECRET)


@login_not_required
def wait_for_a_lock(_request: HttpRequest) -> HttpResponse:
    raise OperationalError(SECRET) from LockedRow()


class LockedRow(psycopg2.errors.LockNotAvailable):
    """psycopg2 sets the code from the server's answer; it cannot be set from Python."""

    pgcode = "55P03"


@login_not_required
@require_POST
def decide(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("decided")


@csrf_exempt
@login_not_required
def repeat(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("name", ""))


@login_not_required
def move_on(_request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/accounts/login/")


@login_not_required
def remember(request: HttpRequest) -> HttpResponse:
    """A guest's page: no account, but a session."""
    request.session["order"] = "a guest's order"
    return HttpResponse("yours", headers={"Cache-Control": "public, max-age=600"})


@login_not_required
def public(_request: HttpRequest, **_link: str) -> HttpResponse:
    return HttpResponse("for everybody")


def personal(request: HttpRequest) -> HttpResponse:
    messages.info(request, "for you")
    return HttpResponse("for you")


urlpatterns = [
    path("rehearsal/crash/", crash),
    path("rehearsal/refuse/", refuse),
    path("rehearsal/forbid/", forbid),
    path("rehearsal/database/", lose_the_database),
    path("rehearsal/connection/", lose_the_connection),
    path("rehearsal/lock/", wait_for_a_lock),
    path("rehearsal/decide/", decide),
    path("rehearsal/hook/", repeat),
    path("rehearsal/move-on/", move_on),
    path("rehearsal/remember/", remember),
    path("rehearsal/public/", public),
    path("rehearsal/personal/", personal),
    path("rehearsal/<storefront>/link/<token>/", public),
    path("rehearsal/<storefront>/link/<token>/crash/", crash),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
