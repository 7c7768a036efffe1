"""Packages nobody can place, at the desk: the list, one with its tries and photos, and what becomes of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.domain.holding import HoldingState, Way, next_step
from returns.forms.holding import EndForm, HeldPhotosForm, HoldForm, TryForm
from returns.models import HeldPackage, Photo, Storefront
from returns.paging import page
from returns.querysets.sort_keys import HELD_KEYS
from returns.services import holding, photos
from returns.services.errors import Refused
from returns.services.transition import By
from returns.viewer import Viewer
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.desk_find import LONGEST_QUERY, search
from returns.views.dock_hits import for_package
from returns.views.photo_box import desk_photo_views, gate_of
from returns.wording.holding import STATE_LABELS, age_words, step_due

PAGE_SIZE = 50


@staff_required
@require_safe
def packages(request: HttpRequest) -> HttpResponse:
    """Held packages, what is due first on top; or those that ended one way."""
    asked = request.GET.get("state", "")
    state = HoldingState(asked) if asked in set(HoldingState) else HoldingState.HELD
    rows = HeldPackage.objects.visible_to(Viewer(request.user)).in_state(state).select_related("storefront")
    shown = page(rows, HELD_KEYS, after=request.GET.get("after", ""), size=PAGE_SIZE)
    now = timezone.now()
    context = {
        "page": shown,
        "rows": [
            {"held": held, "age": age_words(held, now), "due": step_due(held, now), "words": _in_words(held)}
            for held in shown.rows
        ],
        "state": state.value,
        "states": [(one.value, STATE_LABELS[one]) for one in HoldingState],
    }
    return render(request, "desk/holding.html", context)


def _in_words(held: HeldPackage) -> str:
    return held.on_the_box or held.sender or held.tracking_number or held.contents or held.note


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest) -> HttpResponse:
    """Keep a package that matches no return; `typed` is what was looked for at the dock."""
    storefronts = list(Storefront.objects.staffed_by(Viewer(request.user)).order_by("name"))
    if not storefronts:
        raise PermissionDenied
    if request.method != "POST":
        typed = request.GET.get("typed", "").strip()[:LONGEST_QUERY]
        return render(request, "desk/hold.html", {"form": HoldForm(storefronts=storefronts, typed=typed)})
    form = HoldForm(request.POST, storefronts=storefronts)
    if not form.is_valid():
        return render(request, "desk/hold.html", {"form": form}, status=UNPROCESSABLE)
    by = By.staff(person(request))
    try:
        held = holding.hold(
            storefront=form.chosen, label=form.label, nonce=form.cleaned_data["nonce"], by=by, now=timezone.now()
        )
    except Refused as refused:
        form.add_error(None, refused.message)
        return render(request, "desk/hold.html", {"form": form}, status=CONFLICT)
    messages.success(request, f"{held.mark} is held. Write the mark on the package.")
    return redirect("desk:held", held.public_id)


@staff_required
@require_safe
def show(request: HttpRequest, held_id: uuid.UUID) -> HttpResponse:
    """One held package; `q` looks for the return it belongs to."""
    return _page(request, fetch(request, held_id))


def fetch(request: HttpRequest, held_id: uuid.UUID) -> HeldPackage:
    """The held package at one of the person's storefronts, or 404."""
    seen = HeldPackage.objects.visible_to(Viewer(request.user))
    rows = seen.select_related("storefront", "held_by", "closed_by", "package__request")
    return get_object_or_404(rows, public_id=held_id)


def _page(
    request: HttpRequest,
    held: HeldPackage,
    *,
    alert: str = "",
    try_form: TryForm | None = None,
    end_form: EndForm | None = None,
    photos_form: HeldPhotosForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now, by, tries = timezone.now(), By.staff(person(request)), list(held.tries.select_related("by"))
    context: dict[str, Any] = {
        "held": held,
        "zone": held.storefront.zone,
        "is_held": held.state == HoldingState.HELD,
        "state_label": STATE_LABELS[HoldingState(held.state)],
        "age": age_words(held, now),
        "due": step_due(held, now),
        "next": next_step(len(tries)),
        "tries": tries,
        "alert": alert,
        "try_form": try_form or TryForm(held=held, tries=len(tries)),
        "end_form": end_form or EndForm(),
        "photos_form": photos_form or HeldPhotosForm(most=photos.left(held, by)),
        "photos_shown": desk_photo_views(held.photos.select_related("order_line"), may_hide=False),
    }
    context["forms"] = [form for form in (try_form, end_form, photos_form) if form is not None]
    return render(request, "desk/held.html", context | _found(request, held), status=status)


def _found(request: HttpRequest, held: HeldPackage) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    if not text or held.state != HoldingState.HELD:
        return {"search": _first_search(held)}
    hits, kind = search(Viewer(person(request)), text), By.staff(person(request)).kind
    found, meant = for_package(hits.requests, kind, came_to=held.storefront), for_package(hits.meant, kind)
    return {"search": text, "hits": hits, "found": found, "meant": meant.open}


def _first_search(held: HeldPackage) -> str:
    """What to look for first: a number on the box, or the sender's name without the address behind it."""
    return held.on_the_box or held.tracking_number or held.sender.partition(",")[0].strip()


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def note_try(request: HttpRequest, held_id: uuid.UUID) -> HttpResponse:
    """Note how the sender was tried; an email leaves with it."""
    held = fetch(request, held_id)
    if request.method != "POST":
        return redirect("desk:held", held_id)
    form = TryForm(request.POST, held=held, tries=held.tries.count())
    if not form.is_valid():
        return _page(request, held, try_form=form, status=UNPROCESSABLE)
    data, by = form.cleaned_data, By.staff(person(request))
    try:
        holding.note_try(
            held_id=held_id, seen=data["seen"], way=Way(data["way"]), note=data["note"], by=by, now=timezone.now()
        )
    except Refused as refused:
        return _page(request, fetch(request, held_id), alert=refused.message, status=CONFLICT)
    is_mail = data["way"] == Way.EMAIL
    messages.success(request, f"{held.mark}: {'email sent to ' + held.sender_email if is_mail else 'try noted'}.")
    return redirect("desk:held", held_id)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, held_id: uuid.UUID) -> HttpResponse:
    """Send it back or scrap it, with the reason."""
    held = fetch(request, held_id)
    if request.method != "POST":
        return redirect("desk:held", held_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, held, end_form=form, status=UNPROCESSABLE)
    state, by = HoldingState(form.cleaned_data["state"]), By.staff(person(request))
    try:
        holding.close(held_id=held_id, state=state, reason=form.cleaned_data["reason"], by=by, now=timezone.now())
    except Refused as refused:
        return _page(request, fetch(request, held_id), alert=refused.message, status=CONFLICT)
    messages.success(request, f"{held.mark} is {STATE_LABELS[state].lower()}.")
    return redirect("desk:holding")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_photos(request: HttpRequest, held_id: uuid.UUID) -> HttpResponse:
    """Add photos of the label and of what is inside; customers never see them."""
    held, by = fetch(request, held_id), By.staff(person(request))
    if request.method != "POST":
        return redirect("desk:held", held_id)
    field = {"most": photos.left(held, by), "gate": gate_of(request, held, by)}
    form = HeldPhotosForm(request.POST, request.FILES, **field)
    if not form.is_valid():
        return _page(request, held, photos_form=form, status=UNPROCESSABLE)
    try:
        photos.add_all(
            owner=held,
            uploads=form.cleaned_data["photos"],
            by=by,
            now=timezone.now(),
            stage=Photo.FOUND,
            caption=form.cleaned_data["caption"],
        )
    except Refused as refused:
        form.add_error("photos", refused.message)
        return _page(request, held, photos_form=form, status=CONFLICT)
    messages.success(request, f"Photos added to {held.mark}.")
    return redirect("desk:held", held_id)
