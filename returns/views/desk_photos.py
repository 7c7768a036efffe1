"""Photos at the desk: seen by staff of the storefront, and hidden with a reason."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.domain.workflow import Status
from returns.forms.photos import FoundPhotosForm, HideForm
from returns.models import OrderLine, Photo, ReturnRequest
from returns.services import photos
from returns.services.errors import Refused
from returns.services.transition import By
from returns.viewer import Viewer
from returns.views import desk_page
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.photo_box import desk_photo_views, gate_of
from returns.views.photos import served


@staff_required
@require_safe
def photo(request: HttpRequest, photo: object, *, small: bool = False) -> HttpResponse:
    """A photo of a request or license at one of the person's storefronts, hidden ones too; 404 for every other."""
    return served(_visible(request, photo), small=small)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def photo_hide(request: HttpRequest, photo: object) -> HttpResponse:
    """Hide a photo from the customer, after a page that asks why."""
    found = _visible(request, photo)
    rma = found.request
    if rma is None:  # a license is decided as a whole
        raise Http404
    form = HideForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        views = desk_photo_views([found], may_hide=False)
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, "desk/photo_hide.html", {"rma": rma, "photo_list": views, "form": form}, status=status)
    photos.hide(photo=found, reason=form.cleaned_data["reason"], by=By.staff(person(request)), now=timezone.now())
    messages.success(request, f"The photo of {rma.number} is hidden. The customer reads why in its place.")
    return redirect("desk:request", rma.reference)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def photos_add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add photos of what was found, or before the decision those that a customer sent another way."""
    rma = desk_page.fetch(request, reference)
    by, lines = By.staff(person(request)), list(OrderLine.objects.filter(return_lines__request=rma).distinct())
    most = photos.left(rma, by)
    if request.method != "POST":
        return _add_page(request, rma, FoundPhotosForm(lines=lines, most=most))
    form = FoundPhotosForm(request.POST, request.FILES, lines=lines, most=most, gate=gate_of(request, rma, by))
    if not form.is_valid():
        return _add_page(request, rma, form, status=UNPROCESSABLE)
    try:
        added = photos.add_all(
            owner=rma,
            uploads=form.cleaned_data["photos"],
            by=by,
            now=timezone.now(),
            order_line=form.order_line,
            stage=Photo.DECLARED if _is_declared(rma) else Photo.FOUND,
            caption=form.cleaned_data["caption"],
        )
    except Refused as refused:
        form.add_error("photos", refused.message)
        return _add_page(request, rma, form, status=CONFLICT)
    messages.success(request, f"{len(added)} {'photo' if len(added) == 1 else 'photos'} added to {rma.number}.")
    return redirect("desk:request", rma.reference)


def _add_page(request: HttpRequest, rma: ReturnRequest, form: FoundPhotosForm, *, status: int = 200) -> HttpResponse:
    takes = Status(rma.status) in photos.DECLARABLE | photos.FINDABLE
    context = {"rma": rma, "form": form, "takes_photos": takes, "is_declared": _is_declared(rma)}
    return render(request, "desk/photos_add.html", context, status=status)


def _is_declared(rma: ReturnRequest) -> bool:
    """Whether photos added now belong to what the customer says: nothing is found before the decision."""
    return Status(rma.status) in photos.DECLARABLE


def _visible(request: HttpRequest, public_id: object) -> Photo:
    seen = Photo.objects.visible_to(Viewer(request.user)).select_related("request__storefront", "order_line").distinct()
    return get_object_or_404(seen, public_id=public_id)
