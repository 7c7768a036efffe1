"""The dock: what arrived is counted, looked at and settled."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.components import Ledger
from returns.differences import is_worth_telling
from returns.domain.facts import Resolution
from returns.domain.settlement import LineQuote, Quote
from returns.domain.workflow import BY_ACTION, PROCESSING, Action, Status, may
from returns.forms.decisions import SettleForm
from returns.forms.dock import CameBackForm, FindingForms, ReceiveForm
from returns.models import ReturnLine, ReturnRequest
from returns.querysets import Viewer
from returns.quoting import comes_back, units_found
from returns.services import conversation, inspection, receiving, settlement
from returns.services.errors import AlreadyDecided, Refused
from returns.services.objections import has_same_eyes
from returns.services.settlement import AmountChanged
from returns.services.transition import By
from returns.templatetags.house import problems
from returns.views import desk_lines, desk_page, desk_sums
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE, preview_code
from returns.views.desk_find import LONGEST_QUERY, search
from returns.views.desk_requests import already, carry_out, page
from returns.wording import ledgers
from returns.wording.desk import DIFFERENCE_ANSWERS
from returns.wording.phrases import count, long_date, money, plain_date

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


# ------------------------------------------------------------------------------------------------------------ receive


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


# ------------------------------------------------------------------------------------------------------------ inspect


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, reference: str) -> HttpResponse:
    """Set what was found beside what was declared; the amount is computed again from it."""
    rma = desk_page.fetch(request, reference)
    if request.method != "POST":
        return _inspect_page(request, rma, FindingForms.of(rma, desk_page.lines_of(rma)))
    forms, too = FindingForms.of(rma, desk_page.lines_of(rma), request.POST), CameBackForm(request.POST, request=rma)
    if not (forms.is_valid() and too.is_valid()):
        return _inspect_page(request, rma, forms, status=UNPROCESSABLE)
    try:
        done = _inspect(rma, forms, too.note, By.staff(person(request)))
    except AlreadyDecided as refused:
        return already(request, reference, refused)
    except Refused as refused:
        alert = "" if forms.blame(refused) else refused.message
        return _inspect_page(request, rma, forms, alert=alert, status=CONFLICT)
    messages.success(request, f"{done.number} inspected: {money(done.amount, done.order.currency)}")
    return redirect("desk:settle", reference)


def _inspect(rma: ReturnRequest, forms: FindingForms, note: str, by: By) -> ReturnRequest:
    """Record the findings, and before them in the same transaction what else came back, as an internal note."""
    now = timezone.now()
    with transaction.atomic():
        if note:
            conversation.write_message(request_id=rma.pk, nonce=uuid.uuid4(), body=note, by=by, now=now, internal=True)
        return inspection.inspect(request_id=rma.pk, findings=forms.findings, by=by, now=now)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def inspect_check(request: HttpRequest, reference: str) -> HttpResponse:
    """What these findings would give. Nothing is saved."""
    rma = desk_page.fetch(request, reference)
    if request.method != "POST":
        return redirect("desk:inspect", reference)
    forms = FindingForms.of(rma, desk_page.lines_of(rma), request.POST)
    if not forms.is_valid():
        return _inspect_page(request, rma, forms, status=preview_code(request))
    try:
        found = inspection.preview(rma, forms.findings)
    except Refused as refused:
        alert = "" if forms.blame(refused) else refused.message
        return _inspect_page(request, rma, forms, alert=alert)
    return _inspect_page(request, rma, forms, found=found)


def _inspect_page(
    request: HttpRequest,
    rma: ReturnRequest,
    forms: FindingForms,
    *,
    found: Quote | None = None,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    if not may(Action.INSPECT, Status(rma.status), By.staff(person(request)).kind):
        messages.info(request, f"{rma.number} can't be inspected now.")
        return redirect("desk:request", rma.reference)
    lines = desk_page.lines_of(rma)
    quote = found or rma.current_quote
    context = {
        "rma": rma,
        "forms": forms,
        "too": CameBackForm(request.POST if request.method == "POST" else None, request=rma),
        "problems": [problem for form in forms for problem in problems(form)],
        "alert": alert,
        "cards": _finding_cards(rma, forms, lines, found),
        "ledger": _found_ledger(rma, lines, quote),
        "is_recomputed": found is not None,
        "is_less": quote.total < rma.submitted_quote.total,
        "due": desk_page.due_now(rma, timezone.now()),
    }
    return render(request, "desk/inspect.html", context, status=status)


def _finding_cards(
    rma: ReturnRequest, forms: FindingForms, lines: Sequence[ReturnLine], found: Quote | None
) -> list[dict[str, Any]]:
    judged = _judged_by_position(forms, lines, found) if found else {}
    currency, terms = rma.order.currency, rma.policy_version.parsed()
    return [
        {
            "form": form,
            "position": form.line.position,
            "title": form.line.order_line.title,
            "asked": desk_lines.asked_words(form.line, currency, terms),
            "counted": f"{form.line.received_quantity} of {form.line.authorized_quantity} here",
            "verdict": desk_lines.strip(judged[form.line.position], rma) if form.line.position in judged else None,
            "used": form.cleaned_data.get("used_percent") if form.is_bound and form.is_valid() else None,
        }
        for form in forms
    ]


def _judged_by_position(forms: FindingForms, lines: Sequence[ReturnLine], found: Quote) -> dict[int, LineQuote]:
    """What the lines would give as they were found just now; what never arrived has its line in the quote, too."""
    accepted = {form.line.position: form.finding.accepted_quantity for form in forms}
    with_units = [line.position for line in lines if accepted.get(line.position, units_found(line))]
    return dict(zip(with_units, found.lines, strict=True))


def _found_ledger(rma: ReturnRequest, lines: Sequence[ReturnLine], quote: Quote) -> Ledger:
    return ledgers.quote_ledger(
        quote,
        desk_lines.titles_of(rma, lines),
        rma.policy_version.parsed(),
        stage=ledgers.Stage.DECISION,
        kept=desk_lines.against(quote, rma.submitted_quote, "Quoted to the customer"),
        staff=True,
    )


# ------------------------------------------------------------------------------------------------------------- settle


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, reference: str) -> HttpResponse:
    """Settle what was accepted: the signed lines are shown, and the sum that was seen is the one that is settled."""
    return _settle(request, reference, Action.SETTLE)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def settle_without_goods(request: HttpRequest, reference: str) -> HttpResponse:
    """Replace damaged or wrong goods that needn't come back, or settle what never arrived."""
    return _settle(request, reference, Action.SETTLE_WITHOUT_GOODS)


def _settle(request: HttpRequest, reference: str, action: Action) -> HttpResponse:
    rma, by = desk_page.fetch(request, reference), By.staff(person(request))
    if request.method != "POST":
        return _settle_page(request, rma, action, by)
    form = SettleForm(request.POST)
    if not form.is_valid():
        alert = "The sum was missing. Look at it again, then settle."
        if "message" in form.errors:
            alert = "The message is too long: at most 2,000 characters."
        message = request.POST.get("message", "")
        return _settle_page(request, rma, action, by, alert=alert, message=message, status=UNPROCESSABLE)
    expected, message = form.cleaned_data["expected_total"], form.cleaned_data["message"]
    try:
        return carry_out(
            request,
            reference,
            lambda: _close(rma, action, expected, message, by),
            lambda done: f"{done.number} settled: {settled_words(done)}. Email sent to {main_contact(done)}",
        )
    except AmountChanged as changed:
        return _settle_page(request, rma, action, by, alert=changed.message, message=message, status=CONFLICT)


def _close(rma: ReturnRequest, action: Action, expected: Decimal, message: str, by: By) -> ReturnRequest:
    """Settle, and before it in the same transaction write the message: without the one there isn't the other."""
    act = settlement.settle if action is Action.SETTLE else settlement.settle_without_goods
    now = timezone.now()
    with transaction.atomic():
        if message:
            conversation.write_message(
                request_id=rma.pk, nonce=uuid.uuid4(), body=message, by=by, now=now, tells=False
            )  # the completion's mail tells them
        return act(request_id=rma.pk, expected_total=expected, by=by, now=now)


def _settle_page(
    request: HttpRequest,
    rma: ReturnRequest,
    action: Action,
    by: By,
    *,
    alert: str = "",
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    if not may(action, Status(rma.status), by.kind):
        messages.info(request, f"{rma.number} can't be settled now.")
        return redirect("desk:request", rma.reference)
    until = rma.answer_due_on
    if until is not None and settlement.waits_for_answer(rma, timezone.now()):
        messages.info(request, f"{rma.number} waits for the customer's answer until {plain_date(until)}.")
        return redirect("desk:request", rma.reference)
    lines = desk_page.lines_of(rma)
    shares, answer = settlement.shares_to_settle(rma, lines)
    if action is Action.SETTLE_WITHOUT_GOODS and not settlement.goods_stay(shares):
        alert = "Only a replacement of damaged or wrong goods, or what never arrived, needs nothing back."
        return page(request, rma, alert=alert)
    resolution = settlement.settled_resolution(shares)
    context = {
        "rma": rma,
        "alert": alert,
        "cards": desk_lines.line_cards(rma, lines, {}, None),
        "due": desk_page.due_now(rma, timezone.now()),
        "ledger": ledgers.quote_ledger(
            answer,
            desk_lines.titles_of(rma, lines),
            rma.policy_version.parsed(),
            stage=ledgers.Stage.SETTLED,
            kept=desk_lines.against(answer, rma.submitted_quote, "Quoted to the customer"),
            staff=True,
        ),
        "changes": desk_sums.changes(rma, lines, shares, answer),
        "answered": DIFFERENCE_ANSWERS.get(rma.difference_answer, ""),
        "may_ask": may_ask(rma, lines, by),
        "must_ask": settlement.must_ask_first(rma, lines),
        "form": SettleForm(initial={"expected_total": answer.total, "message": message}),
        "button": settle_button(resolution, answer),
        "payment_method": rma.order.payment_method,
        "is_refund": resolution is Resolution.REFUND and answer.total > 0,
        "main_contact": main_contact(rma),
        "blocked": _settle_blocked(rma, by),
        "service_charge": money(answer.service_charge, answer.currency) if answer.service_charge else "",
    }
    return render(request, "desk/settle.html", context, status=status)


def _settle_blocked(rma: ReturnRequest, by: By) -> str:
    """Why this person doesn't settle it, if so."""
    if desk_page.is_own(rma, by):
        return "This is your own order. Somebody else settles it."
    if has_same_eyes(rma, by):
        return "The customer doesn't agree with what you found. Somebody else looks at it and settles it."
    return ""


def may_ask(rma: ReturnRequest, lines: Sequence[ReturnLine], by: By) -> bool:
    """Whether the customer can be told the difference first."""
    can = may(Action.SEND_DIFFERENCE, Status(rma.status), by.kind) and not rma.difference_answer
    return can and is_worth_telling(rma, lines)


def settle_button(resolution: Resolution, answer: Quote) -> str:
    """What the button does, in the storefront's own words for money."""
    amount = money(answer.total, answer.currency)
    if resolution.is_money and not answer.total:
        return "Settle, the balance takes all of it" if answer.balance_applied else "Settle, nothing to pay"
    words = {
        Resolution.REFUND: f"Settle and refund {amount}",
        Resolution.STORE_CREDIT: f"Settle and credit {amount}",
        Resolution.EXCHANGE: "Settle as an exchange",
        Resolution.REPLACEMENT: "Settle as a replacement",
        Resolution.NONE: "Close, nothing is given",
    }
    return words[resolution]


def settled_words(rma: ReturnRequest) -> str:
    """`$124.00 store credit`, `2 units replaced`."""
    done = rma.settlement
    amount = money(done.total, done.currency)
    words = {
        Resolution.REFUND: f"{amount} to refund",
        Resolution.STORE_CREDIT: f"{amount} store credit",
        Resolution.EXCHANGE: f"{count(rma.units, 'unit')} exchanged",
        Resolution.REPLACEMENT: f"{count(rma.units, 'unit')} replaced",
        Resolution.NONE: "nothing given",
    }
    return words[Resolution(done.resolution)]


def main_contact(rma: ReturnRequest) -> str:
    """Who gets the completion mail (CON-33)."""
    if rma.account is None:
        return rma.contact_email
    return rma.account.main_contact_name or rma.account.completion_email
