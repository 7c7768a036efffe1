"""Guests: ask for a link to an order, and open it (D7). A right pair and a wrong pair see the same page."""

import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.clients import client_address
from returns.forms.guests import GuestLookupForm, lane_of
from returns.models import GuestLink, Order, Storefront
from returns.services import guest_links
from returns.services.guest_links import TooManyLookups
from returns.tokens import link_id_of
from returns.viewer import Viewer
from returns.views.codes import UNPROCESSABLE
from rma_portal import errors

READ_KEY = "guest_link_read"  # the link whose mail was followed in this session, not yet opened
LANE_KEY = "guest_link_lane"  # the part of the order's pages that it leads to
RETURN_KEY = "guest_link_return"  # the return that the mail was about; it opens only with its own order
LOST = Signer(salt="lost guest link")
PAGES = {"": "portal:order", "damage": "portal:damage"}
"""Where an opened link leads, by lane."""


def for_guests(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open to strangers and customers, at a storefront. Who works here gets 403 (D4)."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **kwargs: str) -> HttpResponse:
        if Viewer(request.user).is_employed:
            raise PermissionDenied
        return view(request, get_object_or_404(Storefront, slug=slug), **kwargs)

    return login_not_required(never_cache(guarded))


@for_guests
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """Ask for a link by order number and email; `?lane=damage` asks for one to the page for damage reports."""
    if request.method != "POST":
        form = GuestLookupForm(initial={"lane": lane_of(request.GET.get("lane"))})
        return render(request, "portal/start.html", {"storefront": storefront, "form": form})
    form = GuestLookupForm(request.POST)
    if form.is_valid():
        return _ask(request, storefront, form)
    return render(request, "portal/start.html", {"storefront": storefront, "form": form}, status=UNPROCESSABLE)


def _ask(request: HttpRequest, storefront: Storefront, form: GuestLookupForm) -> HttpResponse:
    if not form.is_from_a_program:
        try:
            guest_links.request_link(
                storefront=storefront,
                order_number=form.cleaned_data["order_number"],
                email=form.cleaned_data["email"],
                client=client_address(request),
                now=timezone.now(),
                lane=form.cleaned_data["lane"],
            )
        except TooManyLookups:
            return errors.page(request, HTTPStatus.TOO_MANY_REQUESTS)
    return redirect("portal:start_sent", storefront.slug)


@for_guests
@require_safe
def start_sent(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """If they match, the link is in the mail; `?again` says so of a link that was sent again."""
    context = {"storefront": storefront, "days": guest_links.LIFETIME.days, "is_again": "again" in request.GET}
    return render(request, "portal/start_sent.html", context)


@for_guests
@require_safe
def link_token(request: HttpRequest, storefront: Storefront, token: str) -> HttpResponse:
    """Where the mailed link leads: remember which one it was, and go on without the token in the address (B8).

    Following it opens nothing yet: mail scanners follow links too (B9).
    """
    link, lane = (
        guest_links.read_token(token, storefront=storefront, now=timezone.now()),
        lane_of(request.GET.get("lane")),
    )
    if link is None:
        return _dead(request, storefront, link_id_of(token), lane)
    request.session[READ_KEY] = str(link.pk)
    request.session[LANE_KEY] = lane
    request.session[RETURN_KEY] = request.GET.get("return", "")[:20]
    return redirect("portal:link", storefront.slug)


@for_guests
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """One button, which opens the order to this browser."""
    read, lane = _read_link(request, storefront), lane_of(request.session.get(LANE_KEY))
    if read is None:
        return _opened(request, storefront) or _dead(request, storefront, request.session.get(READ_KEY), lane)
    if request.method != "POST":
        return render(request, "portal/link.html", {"storefront": storefront, "order": read.order})
    order = guest_links.open_link(read, request.session, now=timezone.now())
    if order is None:
        return _dead(request, storefront, read.pk, lane)
    del request.session[READ_KEY]
    request.session.pop(LANE_KEY, None)
    return _to_its_page(order, storefront, lane, request.session.pop(RETURN_KEY, ""))


def _to_its_page(order: Order, storefront: Storefront, lane: str, reference: str) -> HttpResponse:
    """The return that the mail was about, where it is one of this order; else the order, or the lane of it."""
    if reference and order.requests.filter(reference=reference).exists():
        return redirect("portal:return", storefront.slug, reference)
    return redirect(PAGES[lane], storefront.slug, order.public_id)


def _read_link(request: HttpRequest, storefront: Storefront) -> GuestLink | None:
    if READ_KEY not in request.session:
        return None
    return guest_links.find_link(request.session[READ_KEY], storefront=storefront, now=timezone.now())


def _opened(request: HttpRequest, storefront: Storefront) -> HttpResponse | None:
    """To the order that this browser opened a moment ago: the button was pressed twice, or somebody came back to it."""
    if READ_KEY in request.session:
        return None
    granted = guest_links.granted_orders(request.session, now=timezone.now())
    order = Order.objects.filter(pk__in=granted, storefront=storefront).first()
    return redirect("portal:order", storefront.slug, order.public_id) if order else None


def _dead(request: HttpRequest, storefront: Storefront, link_id: uuid.UUID | str | None, lane: str) -> HttpResponse:
    """One page for every link that opens nothing, whatever is wrong with it (B7), with a button for a new one.

    Which link it was stands in the form, signed; where it was none of ours, one that nobody has.
    """
    context = {"storefront": storefront, "lost": LOST.sign(str(link_id or uuid.uuid4())), "lane": lane}
    return render(request, "portal/link_dead.html", context, status=HTTPStatus.NOT_FOUND)


@for_guests
@require_http_methods(["GET", "HEAD", "POST"])
def link_again(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """Send a new link to where an old one went. The answer is the same whether there was an old one."""
    if request.method != "POST":
        return redirect("portal:start", storefront.slug)
    try:
        lost = LOST.unsign(request.POST.get("lost", ""))
    except BadSignature:
        return redirect("portal:start", storefront.slug)
    try:
        guest_links.request_another(
            storefront=storefront,
            link_id=lost,
            client=client_address(request),
            now=timezone.now(),
            lane=lane_of(request.POST.get("lane")),
        )
    except TooManyLookups:
        return errors.page(request, HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(f"{reverse('portal:start_sent', args=[storefront.slug])}?again")
