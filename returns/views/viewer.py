"""Who asks for a page of a storefront: a person who signed in, a guest who opened a link, or nobody."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from returns.services import guest_links
from returns.viewer import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """What the querysets need to know about who asks. A guest's grant is looked up anew for each request (E22)."""
    found: Viewer | None = getattr(request, "viewer", None)
    if found is None or found.user is not request.user:
        orders = guest_links.granted_orders(request.session, now=timezone.now())
        found = Viewer(user=request.user, guest_orders=orders)
        request.viewer = found  # type: ignore[attr-defined]  # asked once for a request, however many ask
    return found


def open_to_guests(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in whoever signed in and whoever opened a guest link; everybody else is sent to sign in.

    What they may see is the querysets' business: an object that is not theirs is a 404.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        viewer = viewer_of(request)
        if viewer.user_id is None and not viewer.guest_orders:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return login_not_required(guarded)
