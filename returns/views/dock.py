"""The dock: the scan field, and packages that are counted line by line."""

from typing import Any
from uuid import UUID

from csp.constants import WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.coming_back import comes_back
from returns.domain.holding import read_mark
from returns.domain.workflow import BY_ACTION, PROCESSING, Action, Status, may
from returns.forms.dock import ReceiveForm
from returns.models import HeldPackage, ReturnRequest
from returns.services import receiving
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By
from returns.viewer import Viewer
from returns.views import desk_page
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.desk_find import LONGEST_QUERY, search
from returns.views.desk_requests import already
from returns.views.dock_hits import for_package
from returns.wording.phrases import long_date, money
from returns.wording.receipts import receipts_of
from rma_portal.middleware import permissions

RECEIVABLE = BY_ACTION[Action.RECEIVE].sources
"""Returns that wait for their package."""


@staff_required
@require_safe
@csp_update({"script-src": [WASM_UNSAFE_EVAL]})
def dock(request: HttpRequest) -> HttpResponse:
    """The scan field: RMA number, order number, tracking or name. One package that fits is opened at once.

    Among several returns (one order may have more than one) those that wait for a package come first, and those that
    take none last, with the reason. The one page that may use the camera, and the compiled reader of barcodes.
    """
    text = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context: dict[str, Any] = {"q": text}
    if text:
        if held := _held_as(request, text):
            return redirect("desk:held", held.public_id)
        hits = search(Viewer(person(request)), text)
        kind = By.staff(person(request)).kind
        found = for_package(hits.requests, kind)
        expected = [rma for rma in found.open if Status(rma.status) in RECEIVABLE] or found.open or hits.requests
        if len(expected) == 1:
            return redirect("desk:receive_package", expected[0].reference)
        context |= {"hits": hits, "found": found, "number": len(hits.requests)}
        context["meant"] = for_package(hits.meant, kind).open
    response = render(request, "desk/dock.html", context)
    response.headers["Permissions-Policy"] = permissions("camera")
    return response


def _held_as(request: HttpRequest, text: str) -> HeldPackage | None:
    """The held package with this mark; looked for only where the text is one."""
    mark = read_mark(text)
    return HeldPackage.objects.visible_to(Viewer(request.user)).filter(mark=mark).first() if mark else None


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, reference: str) -> HttpResponse:
    """Count a package line by line. Its receipt fixes the due day, which is shown with the way to the inspection."""
    rma = desk_page.fetch(request, reference)
    form = _form(request, rma)
    if not form.is_valid():
        return _receive_page(request, rma, form, status=UNPROCESSABLE if form.is_bound else 200)
    by, now = By.staff(person(request)), timezone.now()
    try:
        done = receiving.receive(request_id=rma.pk, counts=form.counts, by=by, now=now, **form.noted)
    except AlreadyDecided as refused:
        return _second(request, rma, form, refused)
    except Refused as refused:
        return _refused(request, rma, form, refused)
    messages.success(request, f"{done.number} received, email sent to {done.contact_name}")
    return redirect("desk:receive_package", reference)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def receive_another(request: HttpRequest, reference: str) -> HttpResponse:
    """Count a further package of a return that is here in part: the counts add up, the due day stays."""
    rma = desk_page.fetch(request, reference)
    form = _form(request, rma, another=True)
    if request.method != "POST" and Status(rma.status) is not Status.RECEIVED:
        return redirect("desk:receive_package", reference)
    if not form.is_valid():
        return _receive_page(request, rma, form, another=True, status=UNPROCESSABLE if form.is_bound else 200)
    nonce, by, now = form.cleaned_data["nonce"], By.staff(person(request)), timezone.now()
    try:
        done = receiving.receive_another(
            request_id=rma.pk, nonce=nonce, counts=form.counts, by=by, now=now, **form.noted
        )
    except AlreadyDecided as refused:
        return _second(request, rma, form, refused)
    except Refused as refused:
        return _refused(request, rma, form, refused, another=True)
    messages.success(request, f"Another package of {done.number} received, email sent to {done.contact_name}")
    return redirect("desk:receive_package", reference)


def _form(request: HttpRequest, rma: ReturnRequest, *, another: bool = False) -> ReceiveForm:
    lines = [line for line in desk_page.lines_of(rma) if comes_back(line)]
    data = request.POST if request.method == "POST" else None
    return ReceiveForm(data, request=rma, lines=lines, another=another, held=_held(request))


def _held(request: HttpRequest) -> HeldPackage | None:
    """The held package this one was until now; 404 where the person doesn't see it."""
    named = (request.POST if request.method == "POST" else request.GET).get("held", "")
    if not named:
        return None
    try:
        held_id = UUID(named)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(HeldPackage.objects.visible_to(Viewer(request.user)), public_id=held_id)


def _second(request: HttpRequest, rma: ReturnRequest, form: ReceiveForm, refused: AlreadyDecided) -> HttpResponse:
    """409: the return, or the held package, has moved on."""
    if form.cleaned_data["held"] and not refused.action:
        return _receive_page(request, desk_page.fetch(request, rma.reference), form, alert=refused.message, status=409)
    return already(request, rma.reference, refused, to="desk:receive_package")


def _refused(
    request: HttpRequest, rma: ReturnRequest, form: ReceiveForm, refused: Refused, *, another: bool = False
) -> HttpResponse:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return _receive_page(request, rma, form, another=another, status=CONFLICT)


def _receive_page(
    request: HttpRequest,
    rma: ReturnRequest,
    form: ReceiveForm,
    *,
    another: bool = False,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    by = By.staff(person(request))
    current = Status(rma.status)
    is_first = may(Action.RECEIVE, current, by.kind) or may(Action.RECEIVE_LATE, current, by.kind)
    is_unexpected = is_first and not form.lines
    context = {
        "rma": rma,
        "form": form,
        "alert": alert,
        "held": _held(request),
        "another": another,
        "can_receive": (another or is_first) and not is_unexpected,
        "is_here": current in PROCESSING,
        "may_add": current is Status.RECEIVED,
        "why_not": receiving.NOTHING_EXPECTED if is_unexpected else _why_not(current),
        "received_on": long_date(rma.received_at.astimezone(rma.storefront.zone).date()) if rma.received_at else "",
        "due_on": long_date(rma.due_on) if rma.due_on else "",
        "can_inspect": may(Action.INSPECT, current, by.kind),
        "counted": [line for line in form.lines if line.received_quantity is not None],
        "refused_charge": _refused_charge(rma),
        "receipts": receipts_of(rma) if current in PROCESSING else [],
    }
    return render(request, "desk/receive.html", context, status=status)


def _refused_charge(rma: ReturnRequest) -> str:
    """What is billed for a refused package; empty where the policy bills nothing."""
    rule = rma.policy_version.parsed().refused_packages
    return money(rule.service_charge, rma.order.currency) if rule is not None else ""


def _why_not(status: Status) -> str:
    """Why a package can't be received now, and what to do with it."""
    if status is Status.EXPIRED:
        return "This return has expired. A manager can still receive the late package; hold it until then."
    if status is Status.COMPLETED:
        return "This return is completed already. Hold the package until somebody knows what it is."
    if status.is_final:
        return "This return is closed, so nothing was expected. Hold the package until somebody knows what it is."
    return "This return isn't authorized yet. Hold the package; it can be received once somebody has decided."
