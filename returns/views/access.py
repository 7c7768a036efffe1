"""Who may open a page at all. What they see on it is the querysets' business (`visible_to`)."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from returns.querysets import Viewer

View = Callable[..., HttpResponse]


def staff_required(view: View) -> View:
    """For support staff and managers: 403 for signed-in customers; strangers were sent to sign in before."""
    return _for(view, lambda viewer: viewer.is_staff)


def manager_required(view: View) -> View:
    """For managers: 403 for everybody else who is signed in."""
    return _for(view, lambda viewer: viewer.is_manager)


def _for(view: View, is_welcome: Callable[[Viewer], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_welcome(Viewer(request.user)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def person(request: HttpRequest) -> User:
    """Who is signed in, behind a decorator that lets nobody else through."""
    return cast("User", request.user)
