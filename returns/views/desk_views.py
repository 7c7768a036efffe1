"""Saved views of the queue: save the present filter under a name, rename, remove."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns.domain.queue import Criteria
from returns.forms.queue import chosen_from, words_for
from returns.forms.saved_views import RenameForm, SaveViewForm
from returns.models import SavedView
from returns.queue import desk_of
from returns.services import saved_views
from returns.services.errors import Refused
from returns.viewer import Viewer
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.desk_queue import address, may_change


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Save the filter of the address under a name."""
    desk = desk_of(person(request), timezone.now())
    criteria = chosen_from(request.GET.dict(), desk)
    is_sent = request.method == "POST"
    form = SaveViewForm(request.POST if is_sent else None, storefronts=desk.storefronts)
    status = UNPROCESSABLE if is_sent else 200
    if is_sent and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            saved_views.save(person=desk.user, name=name, criteria=criteria, shared_at=form.shared_at, now=desk.now)
        except Refused as refused:
            form.add_error("name", refused.message)
            status = CONFLICT
        else:
            messages.success(request, f"View “{name}” saved")
            return redirect(address(criteria))
    context = {"form": form, "shows": words_for(criteria, desk), "queue_url": address(criteria)}
    return render(request, "desk/view_new.html", context, status=status)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, view_id: uuid.UUID) -> HttpResponse:
    """One saved view, to rename."""
    saved = _changeable(request, view_id)
    if request.method != "POST":
        return _page(request, saved, RenameForm(initial={"name": saved.name, "was": saved.name}))
    form = RenameForm(request.POST)
    if not form.is_valid():
        return _page(request, saved, form, status=UNPROCESSABLE)
    saved.name = form.cleaned_data["was"] or saved.name
    try:
        renamed = saved_views.rename(view=saved, name=form.cleaned_data["name"], by=person(request))
    except Refused as refused:
        form.add_error("name", refused.message)
        saved.refresh_from_db()
        return _page(request, saved, form, status=CONFLICT)
    messages.success(request, f"The view is called “{renamed.name}” now")
    return redirect(_queue(request, renamed))


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, view_id: uuid.UUID) -> HttpResponse:
    """Take a saved view away; the returns in it stay where they are."""
    saved = _changeable(request, view_id)
    if request.method != "POST":
        return redirect("desk:view", view_id)
    saved.name = request.POST.get("was") or saved.name
    try:
        saved_views.remove(view=saved, by=person(request))
    except Refused as refused:
        saved.refresh_from_db()
        form = RenameForm(initial={"name": saved.name, "was": saved.name})
        return _page(request, saved, form, alert=refused.message, status=CONFLICT)
    messages.success(request, f"View “{saved.name}” removed")
    return redirect("desk:queue")


def _changeable(request: HttpRequest, view_id: uuid.UUID) -> SavedView:
    """404 for a view the person doesn't see, 403 for a colleague's that they may not change."""
    seen = SavedView.objects.visible_to(Viewer(request.user)).select_related("shared_at", "person")
    saved = get_object_or_404(seen, public_id=view_id)
    if not may_change(saved.person_id, person(request)):
        raise PermissionDenied
    return saved


def _queue(request: HttpRequest, saved: SavedView) -> str:
    desk = desk_of(person(request), timezone.now())
    return address(Criteria.read(saved.filter, desk.slugs))


def _page(
    request: HttpRequest, saved: SavedView, form: RenameForm, *, alert: str = "", status: int = 200
) -> HttpResponse:
    desk = desk_of(person(request), timezone.now())
    criteria = Criteria.read(saved.filter, desk.slugs)
    context = {
        "view": saved,
        "form": form,
        "alert": alert,
        "shows": words_for(criteria, desk),
        "queue_url": address(criteria),
    }
    return render(request, "desk/view.html", context, status=status)
