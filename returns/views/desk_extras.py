"""What is decided beside a settlement's own sum: extras with their reasons, and the proposal above the limit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns.domain.settlement import Extras, Quote, with_extras
from returns.domain.workflow import Action, Status, may
from returns.forms.extras import ExtrasForm, ProposeForm
from returns.models import ReturnRequest
from returns.services import extras, second_person
from returns.services.errors import AmountChanged, Refused
from returns.services.shares import quoted_without_extras
from returns.services.transition import By
from returns.views import desk_page
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.desk_requests import carry_out, conflict
from returns.wording.phrases import money

PAGES = {Action.SETTLE: "desk:settle", Action.SETTLE_WITHOUT_GOODS: "desk:settle_without_goods"}


def settling(rma: ReturnRequest, by: By) -> Action | None:
    """How this return is settled now by this person; None where it isn't."""
    return next((action for action in PAGES if may(action, Status(rma.status), by.kind)), None)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Goodwill, postage and a waived charge, before the settlement; the sum there has them in."""
    rma, by = desk_page.fetch(request, reference), By.staff(person(request))
    action = settling(rma, by)
    if action is None:
        if request.method == "POST":
            return conflict(request, reference, Refused(f"{rma.number} isn't to be settled now. Nothing was changed."))
        messages.info(request, f"{rma.number} can't be settled now.")
        return redirect("desk:request", reference)
    quote = quoted_without_extras(rma)
    form = _form(request, rma, quote)
    if not form.is_bound:
        return _page(request, rma, form, quote, PAGES[action])
    if not form.is_valid():
        return _page(request, rma, form, quote, PAGES[action], status=UNPROCESSABLE)
    try:
        extras.change_extras(request_id=rma.pk, asked=form.asked, quote=quote, by=by, now=timezone.now())
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, rma, form, quote, PAGES[action], status=CONFLICT)
    messages.success(request, f"{rma.number}: this is the sum with what you entered. Nothing is settled yet.")
    return redirect(PAGES[action], reference)


def _form(request: HttpRequest, rma: ReturnRequest, quote: Quote) -> ExtrasForm:
    plan = extras.plan_of(rma)
    initial = {
        "goodwill": plan.goodwill or "",
        "goodwill_reason": plan.goodwill_reason,
        "postage": plan.postage or "",
        "waives_charge": plan.waives_charge,
        "waiver_reason": plan.waiver_reason,
    }
    return ExtrasForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        repays_postage=extras.repays_postage(rma, quote),
        has_charge=bool(quote.service_charge),
    )


def _page(
    request: HttpRequest, rma: ReturnRequest, form: ExtrasForm, quote: Quote, back: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "rma": rma,
        "form": form,
        "back": back,
        "damaged": extras.plan_of(rma).waived_charges,
        "sum": money(with_extras(quote, Extras()).total, quote.currency),
        "charge": money(quote.service_charge, quote.currency) if quote.service_charge else "",
        "due": desk_page.due_now(rma, timezone.now()),
    }
    return render(request, "desk/extras.html", context, status=status)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose the sum on the page of the settlement, above the limit."""
    rma, by = desk_page.fetch(request, reference), By.staff(person(request))
    action = settling(rma, by)
    if request.method != "POST":
        return redirect(PAGES[action] if action else "desk:request", reference)
    form = ProposeForm(request.POST)
    if action is None or not form.is_valid():
        return conflict(request, reference, Refused("That sum isn't to be proposed now. Look at it again."))
    expected, seen = form.cleaned_data["expected_total"], form.cleaned_data["seen"]
    try:
        return carry_out(
            request,
            reference,
            lambda: second_person.propose(
                request_id=rma.pk, action=action, expected_total=expected, seen=seen, by=by, now=timezone.now()
            ),
            lambda done: f"{done.number}: {money(expected, done.order.currency)} proposed. A manager agrees.",
        )
    except AmountChanged as changed:
        return conflict(request, reference, changed)
