"""Photos of customers: the step of a new return, more for one that was sent, and each photo for who may see it."""

import logging
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from returns import drafts, picture_files
from returns.domain.workflow import Status
from returns.forms.photos import PhotosForm
from returns.models import Draft, Order, OrderLine, Photo, ReturnRequest, Storefront
from returns.services import photos
from returns.services.drafts import open_draft
from returns.services.errors import Refused
from returns.views.codes import UNPROCESSABLE
from returns.views.photo_box import PhotoCard, as_it_stands, photo_box, photos_form, save_photos
from returns.views.storefront_pages import by_owner, own_order, own_page, own_return
from returns.views.viewer import viewer_of

logger = logging.getLogger(__name__)

# Opened by itself, a photo can run nothing, load nothing and be no part of another page (B19).
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
AFTER = {Draft.RETURN: "portal:check", Draft.DAMAGE: "portal:damage"}
"""Where each lane goes on after its photos; a package that never came shows none."""


@dataclass(frozen=True, slots=True)
class _Page:
    """The page of a photo box: whose photos, where it leads, and where it is."""

    storefront: Storefront
    order: Order
    owner: Draft | ReturnRequest
    here: str
    onward: str


# ------------------------------------------------------------------------------------------------------------ the steps


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def draft_photos(request: HttpRequest, storefront: Storefront, public_id: object) -> HttpResponse:
    """Photos of a return that isn't sent yet: choose, say what they show, go on. Without script a plain form."""
    order, lane = own_order(request, storefront, public_id), _lane(request)
    draft = drafts.find(order, viewer_of(request), lane)
    if draft is None and lane == Draft.RETURN:
        if request.method != "POST":
            return redirect("portal:choose", storefront.slug, order.public_id)
        raise Refused(_("This was sent meanwhile, or dropped. Add photos to the return itself."))
    onward = reverse(AFTER[lane], args=[storefront.slug, order.public_id])
    if draft is None:  # in the other lane photos may come before anything else
        if request.method != "POST":
            return redirect(onward)
        person = drafts.person_of(order, viewer_of(request))
        draft = open_draft(order=order, user=person, lane=lane, now=timezone.now())
    here = reverse("portal:draft_photos", args=[storefront.slug, order.public_id])
    here += "" if lane == Draft.RETURN else f"?lane={lane}"
    return _step(request, _Page(storefront, order, draft, here, onward))


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def return_photos(request: HttpRequest, storefront: Storefront, reference: str) -> HttpResponse:
    """More photos for a return that was sent, while it waits for its decision."""
    rma = own_return(request, storefront, reference)
    onward = reverse("portal:return", args=[storefront.slug, reference])
    if Status(rma.status) not in photos.DECLARABLE:
        if request.method != "POST":
            return redirect(onward)
        raise Refused(_("%(number)s has moved on and takes no photos any more.") % {"number": rma.number})
    here = reverse("portal:return_photos", args=[storefront.slug, reference])
    return _step(request, _Page(storefront, rma.order, rma, here, onward))


def _lane(request: HttpRequest) -> str:
    lane = request.GET.get("lane", Draft.RETURN)
    if lane not in AFTER:
        raise Http404
    return lane


def _lines(page: _Page) -> list[OrderLine]:
    """The products of this return, for a photo to show one of; all of the order where none is chosen yet."""
    if isinstance(page.owner, Draft):
        keys = [one.order_line_id for one in drafts.asked_in(page.owner)]
    else:
        keys = list(page.owner.lines.values_list("order_line_id", flat=True))
    lines = page.order.lines.order_by("position")
    return list(lines.filter(pk__in=keys) if keys else lines)


def _step(request: HttpRequest, page: _Page) -> HttpResponse:
    by, lines = by_owner(request), _lines(page)
    form = photos_form(request, page.owner, by, lines)
    if request.method != "POST":
        return _shown(request, page, form)
    remove = request.POST.get("remove", "")
    added = save_photos(form, page.owner, by=by, now=timezone.now(), remove=remove)
    is_repeated = not {photo.pk for photo in form.there}.isdisjoint(photo.pk for photo in added)
    if request.headers.get("Accept", "").startswith("application/json"):
        if is_repeated:
            form.add_error("photos", _("This photo is there already, so it wasn't added again."))
        if not request.FILES:  # script sends a file each time; Django drops one whose name is none
            form.add_error("photos", _("This file has no name that we can read. Rename it, or choose another one."))
        return _told(request, page, form, added)
    if is_repeated:
        messages.info(request, _("A photo that was there already wasn't added again."))
    if form.errors:
        return _shown(request, page, form, status=UNPROCESSABLE)
    return redirect(page.onward if "continue" in request.POST else page.here)


def _shown(request: HttpRequest, page: _Page, form: PhotosForm, *, status: int = 200) -> HttpResponse:
    by = by_owner(request)
    form = as_it_stands(form, page.owner, by) if form.is_bound else form
    context = {
        "storefront": page.storefront,
        "order": page.order,
        "rma": page.owner if isinstance(page.owner, ReturnRequest) else None,
        "form": form,
        "photo_box": photo_box(form, page.owner, page.storefront, by, upload_url=page.here),
        "describes": True,
        "onward": page.onward,
    }
    return render(request, "portal/photos.html", context, status=status)


def _told(request: HttpRequest, page: _Page, form: PhotosForm, added: list[Photo]) -> JsonResponse:
    """The answer to script: the new photos as they stand on the page, and what was wrong with the others."""
    by, new = by_owner(request), {str(photo.public_id) for photo in added}
    box = photo_box(as_it_stands(form, page.owner, by), page.owner, page.storefront, by)
    # The other lane has the box on a page of its own, which asks nothing about a photo.
    describes = isinstance(page.owner, ReturnRequest) or page.owner.lane == Draft.RETURN
    answer = {
        "cards": [_card(request, card, describes=describes) for card in box.cards if card.photo.key in new],
        "problems": form.problems,
        "again": form.is_worth_sending_again,
        "left": photos.left(page.owner, by),
    }
    return JsonResponse(answer, status=UNPROCESSABLE if form.problems else HTTPStatus.OK)


def _card(request: HttpRequest, card: PhotoCard, *, describes: bool) -> str:
    return render_to_string("portal/parts/photo_card.html", {"card": card, "describes": describes}, request)


# ------------------------------------------------------------------------------------------------------------ one photo


@own_page
@require_safe
def photo(request: HttpRequest, storefront: Storefront, photo: object, *, small: bool = False) -> HttpResponse:
    """A photo of one's own, in full size or as thumbnail; 404 for everybody else's and for hidden ones."""
    return served(_own_photo(request, storefront, photo), small=small)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def photo_remove(request: HttpRequest, storefront: Storefront, photo: object) -> HttpResponse:
    """Remove a photo of one's own, while nothing is decided."""
    found = _own_photo(request, storefront, photo)
    back = _page_of(found, storefront)
    if request.method == "POST":
        photos.remove(photo=found, by=by_owner(request), now=timezone.now())
        if request.headers.get("Accept", "").startswith("application/json"):
            owner = found.draft or found.request
            return JsonResponse({"left": photos.left(owner, by_owner(request)) if owner else photos.MOST_PHOTOS})
    return redirect(back)


def _own_photo(request: HttpRequest, storefront: Storefront, public_id: object) -> Photo:
    mine = Photo.objects.owned_by(viewer_of(request)).at(storefront).shown()
    mine = mine.select_related("draft__order", "request", "license__account", "order_line")
    return get_object_or_404(mine.distinct(), public_id=public_id)


def _page_of(photo: Photo, storefront: Storefront) -> str:
    """The page on which a photo can be removed."""
    if photo.request is not None:
        return reverse("portal:return_photos", args=[storefront.slug, photo.request.reference])
    if photo.draft is not None:
        here = reverse("portal:draft_photos", args=[storefront.slug, photo.draft.order.public_id])
        return here if photo.draft.lane == Draft.RETURN else f"{here}?lane={photo.draft.lane}"
    return reverse("accounts:home")


def served(photo: Photo, *, small: bool) -> HttpResponse:
    """The file, as a picture and nothing else. One that is gone leaves a drawing that says so (C25)."""
    try:
        with picture_files.open_file(photo.thumbnail if small else photo.file) as file:
            response = HttpResponse(file.read(), content_type=photo.content_type)
        response.headers["Content-Disposition"] = f'inline; filename="photo-{photo.public_id.hex[:8]}.jpg"'
    except OSError:
        logger.exception("A file of photo %s can't be read.", photo.public_id)
        drawing = render_to_string("components/photo_missing.svg", {"words": _("Photo not available")})
        response = HttpResponse(drawing, content_type="image/svg+xml", status=HTTPStatus.NOT_FOUND)
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
