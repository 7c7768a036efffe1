"""The package that leaves for the customer, noted once it did."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns import leaving
from returns.domain.deadlines import local_date
from returns.forms.outgoing import OutgoingForm
from returns.models import ReturnRequest
from returns.services import outgoing
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By
from returns.views import desk_page
from returns.views.access import person, staff_required
from returns.views.codes import UNPROCESSABLE
from returns.views.desk_requests import already, conflict


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Note carrier, tracking number and day; the customer gets them by email."""
    rma = desk_page.fetch(request, reference)
    if request.method != "POST":
        if not leaving.sends_goods(rma) or leaving.shipment_of(rma) is not None:
            messages.info(request, f"{rma.number} sends nothing now.")
            return redirect("desk:request", reference)
        today = local_date(timezone.now(), rma.storefront.zone)
        return _page(request, rma, OutgoingForm(initial={"shipped_on": today}))
    form = OutgoingForm(request.POST)
    if not form.is_valid():
        return _page(request, rma, form, status=UNPROCESSABLE)
    return _note(request, rma, form)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct what was noted, such as a wrong tracking number; the customer gets it by email anew."""
    rma = desk_page.fetch(request, reference)
    shipment = leaving.shipment_of(rma)
    if request.method != "POST":
        if shipment is None:
            messages.info(request, f"No package to the customer was noted for {rma.number}.")
            return redirect("desk:request", reference)
        known = {name: getattr(shipment, name) for name in ("carrier", "tracking_number", "shipped_on")}
        return _page(request, rma, OutgoingForm(initial=known))
    form = OutgoingForm(request.POST)
    if not form.is_valid():
        return _page(request, rma, form, status=UNPROCESSABLE)
    return _note(request, rma, form, corrects=True)


def _note(request: HttpRequest, rma: ReturnRequest, form: OutgoingForm, *, corrects: bool = False) -> HttpResponse:
    data: dict[str, Any] = form.cleaned_data
    by, now = By.staff(person(request)), timezone.now()
    note = outgoing.correct_shipment if corrects else outgoing.record_shipment
    try:
        done = note(request_id=rma.pk, by=by, now=now, **data)
    except AlreadyDecided as refused:
        return already(request, rma.reference, refused)
    except Refused as refused:
        if refused.field not in form.fields:
            return conflict(request, rma.reference, refused)
        form.add_error(refused.field, refused.message)
        return _page(request, rma, form, status=UNPROCESSABLE)
    what = "package corrected" if corrects else "package noted"
    messages.success(request, f"{done.number}: {what}, email sent to {done.contact_name}")
    return redirect("desk:request", rma.reference)


def _page(request: HttpRequest, rma: ReturnRequest, form: OutgoingForm, *, status: int = 200) -> HttpResponse:
    shipment = leaving.shipment_of(rma)
    earlier = list(shipment.corrections.select_related("corrected_by")) if shipment is not None else []
    context = {"rma": rma, "form": form, "shipment": shipment, "earlier": earlier}
    return render(request, "desk/send_goods.html", context, status=status)
