"""Licenses at the desk: those that wait, one with its photos, and the decision about it (PRO-05, PRO-06)."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.forms.licenses import LicenseRefusalForm
from returns.models import License
from returns.paging import page
from returns.querysets.sort_keys import LICENSE_KEYS
from returns.services import licenses
from returns.services.transition import By, is_own_account
from returns.viewer import Viewer
from returns.views.access import person, staff_required
from returns.views.codes import UNPROCESSABLE
from returns.views.photo_box import desk_photo_views

PAGE_SIZE = 50


@staff_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Licenses that wait for somebody to look at them, the longest first."""
    rows = License.objects.visible_to(Viewer(request.user)).waiting().select_related("account__storefront")
    shown = page(
        rows.order_by(*(key.name for key in LICENSE_KEYS)),
        LICENSE_KEYS,
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
    )
    return render(request, "desk/licenses.html", {"page": shown})


def _fetch(request: HttpRequest, license_id: uuid.UUID) -> License:
    found = License.objects.visible_to(Viewer(request.user)).select_related("account__storefront", "decided_by")
    return get_object_or_404(found, public_id=license_id)


@staff_required
@require_safe
def show(request: HttpRequest, license_id: uuid.UUID) -> HttpResponse:
    """One license: its photos, the account, and the two decisions."""
    return _page(request, _fetch(request, license_id))


def _page(
    request: HttpRequest, shown: License, *, form: LicenseRefusalForm | None = None, status: int = 200
) -> HttpResponse:
    is_waiting = shown.state == License.WAITING
    is_own = is_own_account(shown.account, By.staff(person(request)))
    context = {
        "license": shown,
        "account": shown.account,
        "zone": shown.account.storefront.zone,
        "photos_shown": desk_photo_views(shown.photos.select_related("order_line"), may_hide=False),
        "is_own": is_own,
        "can_decide": is_waiting and not is_own,
        "form": (form or LicenseRefusalForm()) if is_waiting else None,
    }
    return render(request, "desk/license.html", context, status=status)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, license_id: uuid.UUID) -> HttpResponse:
    """Raise the account."""
    shown = _fetch(request, license_id)
    if request.method == "POST":
        done = licenses.grant(license_id=shown.public_id, by=By.staff(person(request)), now=timezone.now())
        messages.success(request, f"Account {done.account.number} is a {done.account.type} account, email sent.")
    return redirect("desk:license", license_id)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, license_id: uuid.UUID) -> HttpResponse:
    """Leave the account as it is, with the text the customer reads."""
    shown = _fetch(request, license_id)
    if request.method != "POST":
        return redirect("desk:license", license_id)
    form = LicenseRefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, form=form, status=UNPROCESSABLE)
    by, text = By.staff(person(request)), form.cleaned_data["text"]
    licenses.refuse(license_id=shown.public_id, text=text, by=by, now=timezone.now())
    messages.success(request, f"License of account {shown.account.number} refused, email sent.")
    return redirect("desk:license", license_id)
