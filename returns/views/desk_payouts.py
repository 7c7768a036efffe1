"""Refunds to pay out: the list, and one of them with what is noted about its payment."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.forms.payouts import FailedForm, SentForm
from returns.models import Settlement
from returns.paging import page
from returns.querysets.sort_keys import PAYOUT_KEYS
from returns.services import payouts, transition
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By
from returns.viewer import Viewer
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.wording.phrases import money

PAGE_SIZE = 50
VIEWS = (
    (Settlement.DECIDED, "To pay out"),
    (Settlement.FAILED, "Failed"),
    (Settlement.SENT, "Sent"),
    (Settlement.CONFIRMED, "Confirmed"),
)
STATE_WORDS = {
    Settlement.DECIDED: ("wait", "To pay out"),
    Settlement.FAILED: ("no", "Failed"),
    Settlement.SENT: ("info", "Sent"),
    Settlement.CONFIRMED: ("ok", "Confirmed"),
}

EMPTY = {
    Settlement.DECIDED: (
        "Nothing to pay out",
        "A refund to the way an order was paid stands here once its return is settled.",
    ),
    Settlement.FAILED: ("No refund came back", "One that came back stands here until it is paid out again."),
    Settlement.SENT: ("No refund is on its way", "One that was paid out stands here until it has arrived."),
    Settlement.CONFIRMED: ("No refund has arrived yet", "One stands here once it is noted as confirmed."),
}
"""What a list without refunds says, and what would stand there."""


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund as its pages show it."""

    settlement: Settlement
    amount: str
    method: str
    kind: str
    word: str

    @classmethod
    def of(cls, settlement: Settlement) -> "Refund":
        """Finished words for the row and the page."""
        kind, word = STATE_WORDS[settlement.state]
        method = settlement.payment_method or "not named by the order"
        return cls(settlement, money(settlement.payout, settlement.currency), method, kind, word)


@staff_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Refunds in one state, the longest decided first; those to pay out where none is asked for."""
    known = dict(VIEWS)
    state = request.GET.get("state", Settlement.DECIDED)
    state = state if state in known else Settlement.DECIDED
    rows = Settlement.objects.visible_to(Viewer(request.user)).payouts(state).select_related("request__storefront")
    shown = page(
        rows.order_by(*(key.name for key in PAYOUT_KEYS)),
        PAYOUT_KEYS,
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
    )
    context = {
        "page": shown,
        "refunds": [Refund.of(row) for row in shown.rows],
        "views": VIEWS,
        "state": state,
        "word": STATE_WORDS[state][1],
        "empty": EMPTY[state],
    }
    return render(request, "desk/payouts.html", context)


def _fetch(request: HttpRequest, settlement_id: uuid.UUID) -> Settlement:
    found = Settlement.objects.visible_to(Viewer(request.user)).payouts()
    found = found.select_related("request__storefront", "request__order__account", "decided_by")
    return get_object_or_404(found, public_id=settlement_id)


@staff_required
@require_safe
def show(request: HttpRequest, settlement_id: uuid.UUID) -> HttpResponse:
    """One refund: where it goes, how far it has come, and what can be noted next."""
    return _page(request, settlement_id)


def _page(
    request: HttpRequest,
    settlement_id: uuid.UUID,
    *,
    sent_form: SentForm | None = None,
    failed_form: FailedForm | None = None,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = _fetch(request, settlement_id)
    is_own = transition.is_own_order(shown.request, By.staff(person(request)))
    takes = {state for state, sources in payouts.COMES_FROM.items() if shown.state in sources and not is_own}
    context = {
        "refund": Refund.of(shown),
        "settlement": shown,
        "rma": shown.request,
        "zone": shown.request.storefront.zone,
        "is_own": is_own,
        "alert": alert,
        "sent_form": (sent_form or SentForm()) if Settlement.SENT in takes else None,
        "failed_form": (failed_form or FailedForm()) if Settlement.FAILED in takes else None,
        "can_confirm": Settlement.CONFIRMED in takes,
        "form": sent_form or failed_form,
    }
    return render(request, "desk/payout.html", context, status=status)


Data = Mapping[str, str]
Note = Callable[[uuid.UUID, Data, By], Settlement]


def _noted(
    request: HttpRequest, settlement_id: uuid.UUID, form: forms.Form | None, note: Note, said: str
) -> HttpResponse:
    """Note it, and show the refund as it is then; the page again where it can't be noted."""
    shown = _fetch(request, settlement_id)
    if request.method != "POST":
        return redirect("desk:payout", settlement_id)
    named = {"sent_form": form} if isinstance(form, SentForm) else {"failed_form": form} if form else {}
    if form is not None and not form.is_valid():
        return _page(request, settlement_id, **named, status=UNPROCESSABLE)
    try:
        note(shown.public_id, form.cleaned_data if form is not None else {}, By.staff(person(request)))
    except AlreadyDecided as refused:
        return _already(request, shown, refused)
    except Refused as refused:
        if form is None or refused.field not in form.fields:
            return _page(request, settlement_id, alert=refused.message, status=CONFLICT)
        form.add_error(refused.field, refused.message)
        return _page(request, settlement_id, **named, status=CONFLICT)
    messages.success(request, said.format(number=shown.request.number))
    return redirect("desk:payout", settlement_id)


def _already(request: HttpRequest, shown: Settlement, refused: AlreadyDecided) -> HttpResponse:
    """The same button pressed twice leads on; what somebody else noted is said."""
    last = shown.request.events.order_by("-seq").first()
    if last is not None and last.actor_id == person(request).pk and last.action == refused.action:
        messages.info(request, "You noted that already.")
        return redirect("desk:payout", shown.public_id)
    return _page(request, shown.public_id, alert=refused.message, status=CONFLICT)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest, settlement_id: uuid.UUID) -> HttpResponse:
    """Note that it was paid out in the shop."""

    def note(key: uuid.UUID, data: Data, by: By) -> Settlement:
        return payouts.mark_sent(settlement_id=key, reference=data["reference"], by=by, now=timezone.now())

    return _noted(request, settlement_id, SentForm(request.POST), note, "{number}: refund noted as sent, email sent")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirmed(request: HttpRequest, settlement_id: uuid.UUID) -> HttpResponse:
    """Note that the money has arrived."""

    def note(key: uuid.UUID, _data: Data, by: By) -> Settlement:
        return payouts.mark_confirmed(settlement_id=key, by=by, now=timezone.now())

    return _noted(request, settlement_id, None, note, "{number}: refund confirmed")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def failed(request: HttpRequest, settlement_id: uuid.UUID) -> HttpResponse:
    """Note that the money came back."""

    def note(key: uuid.UUID, data: Data, by: By) -> Settlement:
        return payouts.mark_failed(settlement_id=key, reason=data["reason"], by=by, now=timezone.now())

    return _noted(
        request, settlement_id, FailedForm(request.POST), note, "{number}: refund noted as failed, email sent"
    )
