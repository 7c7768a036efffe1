"""The dock: the scan field, and a package that is counted line by line."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.domain.workflow import BY_ACTION, PROCESSING, Action, Status, may
from returns.forms.dock import ReceiveForm
from returns.models import ReturnRequest
from returns.querysets import Viewer
from returns.quoting import comes_back
from returns.services import receiving
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By
from returns.views import desk_page
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.desk_find import LONGEST_QUERY, search
from returns.views.desk_requests import already
from returns.wording.phrases import long_date

RECEIVABLE = BY_ACTION[Action.RECEIVE].sources
"""Returns that wait for their package."""


@staff_required
@require_safe
def dock(request: HttpRequest) -> HttpResponse:
    """The scan field: RMA number, order number, tracking or name. One package that fits is opened at once.

    Among several returns (one order may have more than one) those that wait for a package come first.
    """
    text = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context: dict[str, Any] = {"q": text}
    if text:
        hits = search(Viewer(person(request)), text)
        expected = [rma for rma in hits.requests if Status(rma.status) in RECEIVABLE] or hits.requests
        if len(expected) == 1:
            return redirect("desk:receive_package", expected[0].reference)
        context |= {"hits": hits, "found": _with_orders(hits.requests), "meant": _with_orders(hits.meant)}
    return render(request, "desk/dock.html", context)


def _with_orders(found: Sequence[ReturnRequest]) -> list[ReturnRequest]:
    keys = [rma.pk for rma in found]
    return list(ReturnRequest.objects.filter(pk__in=keys).select_related("order", "storefront")) if keys else []


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, reference: str) -> HttpResponse:
    """Count a package line by line. Its receipt fixes the due day, which is shown with the way to the inspection."""
    rma = desk_page.fetch(request, reference)
    lines = [line for line in desk_page.lines_of(rma) if comes_back(line)]
    form = ReceiveForm(request.POST if request.method == "POST" else None, request=rma, lines=lines)
    if not form.is_valid():
        return _receive_page(request, rma, form, status=UNPROCESSABLE if form.is_bound else 200)
    data, by, now = form.cleaned_data, By.staff(person(request)), timezone.now()
    try:
        done = receiving.receive(
            request_id=rma.pk,
            counts=form.counts,
            by=by,
            now=now,
            carrier=data["carrier"],
            tracking_number=data["tracking_number"],
        )
    except AlreadyDecided as refused:
        return already(request, reference, refused, to="desk:receive_package")
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _receive_page(request, rma, form, status=CONFLICT)
    messages.success(request, f"{done.number} received, email sent to {done.contact_name}")
    return redirect("desk:receive_package", reference)


def _receive_page(request: HttpRequest, rma: ReturnRequest, form: ReceiveForm, status: int = 200) -> HttpResponse:
    by = By.staff(person(request))
    current = Status(rma.status)
    can_receive = may(Action.RECEIVE, current, by.kind) or may(Action.RECEIVE_LATE, current, by.kind)
    is_unexpected = can_receive and not form.lines
    context = {
        "rma": rma,
        "form": form,
        "can_receive": can_receive and not is_unexpected,
        "is_here": current in PROCESSING,
        "why_not": receiving.NOTHING_EXPECTED if is_unexpected else _why_not(current),
        "received_on": long_date(rma.received_at.astimezone(rma.storefront.zone).date()) if rma.received_at else "",
        "due_on": long_date(rma.due_on) if rma.due_on else "",
        "can_inspect": may(Action.INSPECT, current, by.kind),
        "counted": [line for line in form.lines if line.received_quantity is not None],
    }
    return render(request, "desk/receive.html", context, status=status)


def _why_not(status: Status) -> str:
    """Why a package can't be received now, and what to do with it."""
    if status is Status.EXPIRED:
        return "This return has expired. A manager can still receive the late package."
    if status is Status.COMPLETED:
        return "This return is completed already. Put the package aside and write a note on the request."
    if status.is_final:
        return "This return is closed, so nothing was expected. Put the package aside and write a note on the request."
    return "This return isn't authorized yet. Put the package aside; it can be received once somebody has decided."
