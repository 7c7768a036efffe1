"""The settlement: the signed lines are shown, and the sum that was seen is the one that is settled."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns.differences import is_worth_telling
from returns.domain.breakdown import Breakdown
from returns.domain.facts import Resolution
from returns.domain.settlement import Quote
from returns.domain.workflow import Action, Status, may
from returns.forms.decisions import SettleForm
from returns.models import ReturnLine, ReturnRequest
from returns.services import conversation, second_person, settlement
from returns.services.breakdowns import breakdown_of
from returns.services.errors import AmountChanged
from returns.services.extras import plan_of, repays_postage
from returns.services.objections import has_same_eyes
from returns.services.shares import Share, goods_stay, settled_resolution, shares_to_settle
from returns.services.transition import By
from returns.views import desk_lines, desk_page, desk_sums
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.desk_requests import carry_out, page
from returns.wording import ledgers
from returns.wording.desk import DIFFERENCE_ANSWERS
from returns.wording.phrases import count, listing, money, plain_date
from returns.wording.states import exchanges_of


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
    try:
        return carry_out(
            request,
            reference,
            lambda: _close(rma, action, form.cleaned_data, by),
            lambda done: f"{done.number} settled: {settled_words(done)}. Email sent to {main_contact(done)}",
        )
    except AmountChanged as changed:
        return _settle_page(
            request, rma, action, by, alert=changed.message, message=form.cleaned_data["message"], status=CONFLICT
        )


def _close(rma: ReturnRequest, action: Action, said: Mapping[str, Any], by: By) -> ReturnRequest:
    """Settle, and before it in the same transaction write the message: without the one there isn't the other."""
    act = settlement.settle if action is Action.SETTLE else settlement.settle_without_goods
    now = timezone.now()
    with transaction.atomic():
        if said["message"]:
            conversation.write_message(
                request_id=rma.pk, nonce=uuid.uuid4(), body=said["message"], by=by, now=now, tells=False
            )  # the completion's mail tells them
        return act(request_id=rma.pk, expected_total=said["expected_total"], seen=said["seen"], by=by, now=now)


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
    shares, answer = shares_to_settle(rma, lines)
    if action is Action.SETTLE_WITHOUT_GOODS and not goods_stay(shares):
        alert = "Only a replacement of damaged or wrong goods, or what never arrived, needs nothing back."
        return page(request, rma, alert=alert)
    resolution, sums = settled_resolution(shares), breakdown_of(rma, shares, answer)
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
            exchanges=exchanges_of(rma, lines),
            staff=True,
        ),
        "changes": desk_sums.changes(rma, lines, shares, answer),
        "added": desk_sums.added(plan_of(rma), answer),
        "repays_postage": repays_postage(rma, answer),
        "answered": DIFFERENCE_ANSWERS.get(rma.difference_answer, ""),
        "may_ask": may_ask(rma, lines, by),
        "must_ask": settlement.must_ask_first(rma, lines),
        "form": SettleForm(initial={"expected_total": answer.total, "seen": sums.as_text(), "message": message}),
        "button": settle_button(resolution, answer, sums.refund),
        "payment_method": rma.order.payment_method,
        "is_refund": bool(sums.refund),
        "main_contact": main_contact(rma),
        "blocked": _settle_blocked(rma, by),
        "service_charge": money(answer.service_charge, answer.currency) if answer.service_charge else "",
        **_second_person(rma, shares, answer, sums, by),
    }
    return render(request, "desk/settle.html", context, status=status)


def _second_person(
    rma: ReturnRequest, shares: Sequence[Share], answer: Quote, sums: Breakdown, by: By
) -> dict[str, Any]:
    """Above the limit: who proposed it, why this person can't settle it alone, and whether they may propose it."""
    if not second_person.takes_two(rma, shares, answer):
        return {}
    plan = plan_of(rma)
    alone = second_person.why_not_alone(rma, shares, answer, plan, by)
    is_proposed = plan.proposed_by is not None and second_person.is_proposed(plan, answer, sums)
    # Whoever can't agree to a sum that isn't proposed as it is now proposes it, also where it came back.
    return {
        "alone": alone,
        "may_propose": bool(alone) and not (is_proposed and plan.is_open),
        "may_refuse": is_proposed and not alone,
        "proposed": f"{plan.proposed_by.get_short_name()} proposed it"
        if plan.proposed_by and is_proposed and plan.is_open
        else "",
        "propose_label": f"Propose {money(answer.total, answer.currency)}" if answer.total else "Propose it",
    }


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


def settle_button(resolution: Resolution, answer: Quote, payout: Decimal) -> str:
    """What the button does: the goods, the sum that is refunded and the one that is credited, of which `payout` is."""
    if not answer.total and resolution.is_money:
        return "Settle, the balance takes all of it" if answer.balance_applied else "Settle, nothing to pay"
    if not answer.total and resolution is Resolution.NONE:
        return "Close, nothing is given"
    sums = (("refund", payout), ("credit", answer.total - payout))
    what = [f"{verb} {money(amount, answer.currency)}" for verb, amount in sums if amount]
    return listing([AS_GOODS.get(resolution, "Settle"), *what])


AS_GOODS = {Resolution.EXCHANGE: "Settle as an exchange", Resolution.REPLACEMENT: "Settle as a replacement"}


def settled_words(rma: ReturnRequest) -> str:
    """`$124.00 store credit`, `2 units replaced`, `1 unit replaced and $8.95 to refund`."""
    done = rma.settlement
    sums = ((done.payout, "to refund"), (done.credit, "store credit"))
    words = [f"{money(amount, done.currency)} {what}" for amount, what in sums if amount]
    if goods := GOODS_DONE.get(Resolution(done.resolution)):
        settled = rma.lines.filter(resolution=done.resolution).values_list("settled_quantity", flat=True)
        words.insert(0, f"{count(sum(settled), 'unit')} {goods}")
    return listing(words) or ("nothing left to pay" if Resolution(done.resolution).is_money else "nothing given")


GOODS_DONE = {Resolution.EXCHANGE: "exchanged", Resolution.REPLACEMENT: "replaced"}


def main_contact(rma: ReturnRequest) -> str:
    """Who gets the completion mail (CON-33)."""
    if rma.account is None:
        return rma.contact_email
    return rma.account.main_contact_name or rma.account.completion_email
