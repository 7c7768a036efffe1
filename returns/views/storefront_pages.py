"""The doors of a storefront's pages: the public ones, and those of customers and guests."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from returns.kept_queries import KeptQuery
from returns.models import Order, OrderLine, ReturnRequest, Storefront
from returns.services.transition import By
from returns.views.viewer import open_to_guests, viewer_of

View = Callable[..., HttpResponse]

STOREFRONT = KeptQuery(lambda slug: Storefront.objects.filter(slug=slug))
OWN_ORDER = KeptQuery(
    lambda viewer, slug, public_id: (
        Order.objects.owned_by(viewer)
        .filter(storefront__slug=slug, public_id=public_id)
        .select_related("account__user", "storefront")
    )
)
OWN_RETURN = KeptQuery(
    lambda viewer, slug, reference: (
        ReturnRequest.objects.owned_by(viewer)
        .filter(storefront__slug=slug, reference=reference)
        .select_related("storefront", "order", "account", "policy_version", "settlement", "outgoing_shipment")
        .without_long_texts()
    )
)


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
        storefront = STOREFRONT.first(slug)
        if storefront is None:
            raise Http404
        return view(request, storefront, **kwargs)

    return guarded


def own_order_page(view: View) -> View:
    """For customers and guests; the view gets the order of theirs that its address names, its storefront with it."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, public_id: object, **kwargs: object) -> HttpResponse:
        return view(request, _own(request, slug, public_id), **kwargs)

    return open_to_guests(guarded)


def own_return_page(view: View) -> View:
    """For customers and guests, to read; the view gets the return its address names, with its storefront, at once."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, reference: str, **kwargs: object) -> HttpResponse:
        return view(request, _own_return(request, slug, reference), **kwargs)

    return open_to_guests(require_safe(guarded))


def own_return_step(view: View) -> View:
    """For what customers and guests send from the page of a return; whoever only looks is led to that page."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, reference: str, **kwargs: object) -> HttpResponse:
        rma = _own_return(request, slug, reference)
        if request.method != "POST":
            return redirect("portal:return", slug, reference)
        return view(request, rma, **kwargs)

    return open_to_guests(require_http_methods(["GET", "HEAD", "POST"])(guarded))


def own_order(request: HttpRequest, storefront: Storefront, public_id: object) -> Order:
    """An order of the person who asks, at this storefront; 404 for every other one, whether there is one or not."""
    return _own(request, storefront.slug, public_id)


def _own(request: HttpRequest, slug: str, public_id: object) -> Order:
    order = OWN_ORDER.first(viewer_of(request), slug, public_id)
    if order is None:
        raise Http404
    prefetch_related_objects([order], Prefetch("lines", OrderLine.objects.select_related("product")))
    return order


def own_return(request: HttpRequest, storefront: Storefront, reference: str) -> ReturnRequest:
    """A return of the person who asks, at this storefront; 404 for every other one."""
    return _own_return(request, storefront.slug, reference)


def _own_return(request: HttpRequest, slug: str, reference: str) -> ReturnRequest:
    rma = OWN_RETURN.first(viewer_of(request), slug, reference)
    if rma is None:
        raise Http404
    return rma


def by_owner(request: HttpRequest) -> By:
    """Who acts on a page of their own: the signed-in customer, or a guest."""
    viewer = viewer_of(request)
    return By.owner(request.user if viewer.user_id is not None else None)  # type: ignore[arg-type]
