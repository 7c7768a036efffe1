"""Who may open a page at all. What they see on it is the querysets' business (`visible_to`)."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts.models import User
from returns.viewer import Viewer

View = Callable[..., HttpResponse]
Answer = TypeVar("Answer", bound=HttpResponseBase)


def staff_required(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """For support staff and managers: 403 for signed-in customers; strangers were sent to sign in before."""
    return _for(view, lambda viewer: viewer.is_staff)


def manager_required(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """For managers: 403 for everybody else who is signed in."""
    return _for(view, lambda viewer: viewer.is_manager)


def _for(view: Callable[..., Answer], is_welcome: Callable[[Viewer], bool]) -> Callable[..., Answer]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> Answer:
        if not is_welcome(Viewer(request.user)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def person(request: HttpRequest) -> User:
    """Who is signed in, behind a decorator that lets nobody else through."""
    return cast("User", request.user)
