"""New by phone: one screen, keyboard only, for the person on the line (ux, 07b; PRO-15)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns import drafts
from returns.enquiries import Enquiry
from returns.forms.decisions import RejectForm
from returns.forms.item_answers import with_money, with_split, without_split
from returns.forms.phone import CallerForm, CallForm, PhoneFormSet, answers_of
from returns.models import Draft, Order, OrderLine, ReturnRequest
from returns.models.orders import order_number_key
from returns.policy_in_force import NoPolicyInForce
from returns.querysets.orders import OrderQuerySet
from returns.services import drafts as put_aside
from returns.services import phone, transition
from returns.services.errors import Refused
from returns.services.phone import Call
from returns.services.requests import answer_key
from returns.services.transition import By
from returns.viewer import Viewer
from returns.views import phone_page
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE

MOST_ORDERS = 20
LONGEST_QUERY = 100
READ_FIRST = "The answer isn't the one you read aloud. Read this one, then press again."
SAVE, AUTHORIZE, REJECT = "save", "authorize", "reject"
ASIDE, ANEW = "aside", "anew"
NOT_ENTERED = frozenset({"csrfmiddlewaretoken", "shown", ASIDE})
"""What the page sends that nobody entered."""
DONE: Mapping[str, str] = {
    SAVE: "{number} saved for review, a copy sent to {email}",
    AUTHORIZE: "{number} authorized, email sent to {name}",
    REJECT: "{number} rejected, email sent to {name}",
}


@staff_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Whose order it is: by its number, an address or an account. One hit opens it."""
    text = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    found = list(orders_like(Viewer(request.user), text)[: MOST_ORDERS + 1]) if text else []
    if len(found) == 1:
        return redirect("desk:phone_order", found[0].public_id)
    context = {
        "phone_q": text,
        "orders": phone_page.found_rows(found[:MOST_ORDERS]),
        "is_cut": len(found) > MOST_ORDERS,
        "aside": [] if text else drafts.calls_of(Viewer(request.user)),
    }
    return render(request, "desk/phone.html", context)


def orders_like(viewer: Viewer, text: str) -> OrderQuerySet:
    """Orders at the viewer's storefronts with this number, or of this address or account, the newest first."""
    mine = Order.objects.visible_to(viewer).select_related("storefront", "account")
    if "@" in text:
        return mine.filter(Q(email__iexact=text) | Q(account__email__iexact=text)).order_by("-placed_at", "-pk")
    by_number = mine.filter(number_key=order_number_key(text))
    return by_number if by_number.exists() else mine.filter(account__number__iexact=text).order_by("-placed_at", "-pk")


@dataclass(frozen=True, slots=True)
class Form:
    """Everything that is entered on the page, and the moment it is judged at."""

    enquiry: Enquiry
    lines: PhoneFormSet
    call: CallForm
    contact: CallerForm
    rejection: RejectForm

    def is_valid(self, *, for_what: str) -> bool:
        """Whether all of it can be filed; every part is looked at, so that all problems are said at once."""
        parts = [self.lines.is_valid(), self.call.is_valid(), self.contact.is_valid()]
        if self.lines.lacks_arrival and self.call.is_valid():
            self.call.ask_arrival()
            parts.append(not self.call.errors)
        if for_what == REJECT:
            parts.append(self.rejection.is_valid())
        return all(parts)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The order's lines as rows with the quote and what to say; filed, and decided, by one of three buttons."""
    found, now = _fetch(request, public_id), timezone.now()
    if transition.is_theirs(found, By.staff(person(request))):
        return render(request, "desk/phone_own.html", {"order": found}, status=CONFLICT if request.POST else 200)
    if request.method != "POST":
        aside = drafts.call_about(found, person(request))
        return _page(request, _form(found, drafts.entered_in(aside), now), aside=aside)
    if ASIDE in request.POST or ANEW in request.POST:
        return _aside(request, found, now)
    form = _form(found, request.POST, now)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "desk/phone_live.html", phone_page.context(form.enquiry, form.lines, form.call))
    wanted = next((name for name in DONE if name in request.POST), "")
    return _decide(request, form, wanted, now) if wanted else _page(request, form)


def _aside(request: HttpRequest, found: Order, now: datetime) -> HttpResponse:
    """Keep what is entered and go on with another call; or forget what was kept, and begin this one anew."""
    if ANEW in request.POST:
        put_aside.drop_call(order=found, by=person(request))
        return redirect("desk:phone_order", found.public_id)
    entered = {name: str(value) for name, value in request.POST.items() if name not in NOT_ENTERED}
    put_aside.put_call_aside(order=found, entered=entered, by=person(request), now=now)
    messages.success(request, f"Order {found.number} is put aside. It waits here for 30 days.")
    return redirect("desk:phone")


def _fetch(request: HttpRequest, public_id: uuid.UUID) -> Order:
    lines = Prefetch("lines", OrderLine.objects.select_related("product"))
    orders = Order.objects.visible_to(Viewer(request.user)).select_related("storefront", "account__user")
    return get_object_or_404(orders.prefetch_related(lines), public_id=public_id)


def _form(found: Order, posted: Mapping[str, str] | None, now: datetime) -> Form:
    call = CallForm(posted, order=found, now=now)
    at = (call.moment if posted is not None and call.is_valid() else None) or now
    try:
        enquiry = Enquiry.about(found, at=at)
    except NoPolicyInForce as error:
        raise Refused("The shop hasn't published its return policy yet, so nothing can be entered.") from error
    answers = _changed(posted, enquiry) if posted is not None else phone_page.first_answers(enquiry)
    is_final = posted is not None and any(name in posted for name in DONE)
    lines = PhoneFormSet(answers, enquiry=enquiry, is_final=is_final)
    lines.full_clean()
    contact = CallerForm(posted, order=found)
    return Form(enquiry, lines, call, contact, _rejection(posted))


def _rejection(posted: Mapping[str, str] | None) -> RejectForm:
    return RejectForm(posted if posted is not None and REJECT in posted else None, prefix="no")


def _changed(posted: Mapping[str, str], enquiry: Enquiry) -> dict[str, Any]:
    """The answers with a line split, put together again or turned to money, where one of those buttons was pressed."""
    answers = answers_of({name: str(value) for name, value in posted.items()}, enquiry)
    by_id = {str(line.public_id): line for line in enquiry.lines}
    if (split := posted.get("split")) in by_id:
        return with_split(answers, by_id[str(split)])
    if (join := posted.get("join")) in by_id:
        return without_split(answers, by_id[str(join)])
    return with_money(answers, posted.get("instead", ""), enquiry)


def _decide(request: HttpRequest, form: Form, wanted: str, now: datetime) -> HttpResponse:
    if (filed := _filed(request, form.enquiry.order)) is not None:
        put_aside.drop_call(order=form.enquiry.order, by=person(request))
        messages.info(request, f"That was entered already: {filed.number} is as you left it.")
        return redirect("desk:request", filed.reference)
    if not form.is_valid(for_what=wanted):
        return _page(request, form, status=UNPROCESSABLE)
    quote = form.enquiry.quote(form.lines.asked)
    if request.POST.get("shown") != answer_key(quote):
        return _page(request, form, alert=READ_FIRST, status=CONFLICT)
    try:
        done = _carry_out(request, form, wanted, now)
    except Refused as refused:
        return _page(request, form, alert=refused.message, status=CONFLICT)
    put_aside.drop_call(order=form.enquiry.order, by=person(request))
    said = DONE[wanted].format(number=done.number, email=done.contact_email, name=done.contact_name)
    messages.success(request, said)
    return redirect("desk:request", done.reference)


def _nonce(sent: Mapping[str, str]) -> uuid.UUID:
    """What tells this call from others: the page's own, kept with what was put aside (B30)."""
    try:
        return uuid.UUID(sent.get("nonce", ""))
    except ValueError:
        return uuid.uuid4()


def _filed(request: HttpRequest, found: Order) -> ReturnRequest | None:
    """What this very page filed before: pressed twice, sent again, or come back to (B30)."""
    return ReturnRequest.objects.filter(order=found, nonce=_nonce(request.POST)).first()


def _carry_out(request: HttpRequest, form: Form, wanted: str, now: datetime) -> ReturnRequest:
    by, asked = By.staff(person(request)), form.lines.asked
    call = Call(
        order=form.enquiry.order,
        asked=asked,
        contact=form.contact.contact,
        asked_at=form.enquiry.at,
        nonce=_nonce(request.POST),
        seen=form.enquiry.quote(asked),
        note=form.contact.cleaned_data.get("note", ""),
        language=phone_page.language_of(form.enquiry.order),
        stated_received_at=form.call.arrived if form.lines.lacks_arrival else None,
    )
    if wanted == AUTHORIZE:
        return phone.authorize(call=call, by=by, now=now)
    if wanted == REJECT:
        why = form.rejection.cleaned_data
        return phone.reject(call=call, reason=why["reason"], text=why["text"], by=by, now=now)
    return phone.save_for_review(call=call, by=by, now=now)


def _page(
    request: HttpRequest, form: Form, *, alert: str = "", aside: Draft | None = None, status: int = 200
) -> HttpResponse:
    sent = request.method == "POST"
    kept = drafts.entered_in(aside) or {}
    context = phone_page.context(form.enquiry, form.lines, form.call) | {
        "contact": form.contact,
        "rejection": form.rejection,
        "alert": alert,
        "nonce": _nonce(request.POST if sent else kept),
        "aside": aside,
        "customer": phone_page.customer(form.enquiry),
        "is_rejecting": form.rejection.is_bound,
        "begins_in_lines": status == HTTPStatus.OK and not alert,  # else what is wrong has the focus
    }
    return render(request, "desk/phone_order.html", context, status=status)
