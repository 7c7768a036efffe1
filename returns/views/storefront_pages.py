"""The doors of a storefront's pages: the public ones, and those of customers and guests."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from returns.models import Order, OrderLine, ReturnRequest, Storefront
from returns.services.transition import By
from returns.views.viewer import open_to_guests, viewer_of

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Open to everybody; the view gets the storefront its address names."""
    return login_not_required(_at_storefront(view))


def own_page(view: View) -> View:
    """For customers and guests; the view gets the storefront its address names."""
    return open_to_guests(_at_storefront(view))


def person_page(view: View) -> View:
    """For people who signed in, each for themselves; the view gets the storefront its address names."""
    return _at_storefront(view)


def _at_storefront(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **kwargs: object) -> HttpResponse:
        return view(request, get_object_or_404(Storefront, slug=slug), **kwargs)

    return guarded


def own_order_page(view: View) -> View:
    """For customers and guests; the view gets the order of theirs that its address names, its storefront with it."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, public_id: object, **kwargs: object) -> HttpResponse:
        return view(request, _own(request, public_id, storefront__slug=slug), **kwargs)

    return open_to_guests(guarded)


def own_return_page(view: View) -> View:
    """For customers and guests, to read; the view gets the return its address names, with its storefront, at once."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, reference: str, **kwargs: object) -> HttpResponse:
        return view(request, _own_return(request, reference, storefront__slug=slug), **kwargs)

    return open_to_guests(require_safe(guarded))


def own_return_step(view: View) -> View:
    """For what customers and guests send from the page of a return; whoever only looks is led to that page."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, reference: str, **kwargs: object) -> HttpResponse:
        rma = _own_return(request, reference, storefront__slug=slug)
        if request.method != "POST":
            return redirect("portal:return", slug, reference)
        return view(request, rma, **kwargs)

    return open_to_guests(require_http_methods(["GET", "HEAD", "POST"])(guarded))


def own_order(request: HttpRequest, storefront: Storefront, public_id: object) -> Order:
    """An order of the person who asks, at this storefront; 404 for every other one, whether there is one or not."""
    return _own(request, public_id, storefront=storefront)


def _own(request: HttpRequest, public_id: object, **at: object) -> Order:
    orders = Order.objects.owned_by(viewer_of(request)).filter(**at)
    lines = Prefetch("lines", OrderLine.objects.select_related("product"))
    orders = orders.select_related("account__user", "storefront").prefetch_related(lines)
    return get_object_or_404(orders, public_id=public_id)


def own_return(request: HttpRequest, storefront: Storefront, reference: str) -> ReturnRequest:
    """A return of the person who asks, at this storefront; 404 for every other one."""
    return _own_return(request, reference, storefront=storefront)


def _own_return(request: HttpRequest, reference: str, **at: object) -> ReturnRequest:
    requests = ReturnRequest.objects.owned_by(viewer_of(request)).filter(**at)
    requests = requests.select_related(
        "storefront", "order", "account", "policy_version", "settlement", "outgoing_shipment"
    )
    return get_object_or_404(requests.without_long_texts(), reference=reference)


def by_owner(request: HttpRequest) -> By:
    """Who acts on a page of their own: the signed-in customer, or a guest."""
    viewer = viewer_of(request)
    return By.owner(request.user if viewer.user_id is not None else None)  # type: ignore[arg-type]
