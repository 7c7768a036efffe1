"""Returns that were asked for: the list, the status page, and what the customer can do there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from returns.differences import Answer
from returns.domain.workflow import PROCESSING, Action, Actor, Status, available, is_legal
from returns.forms.status import SEEN, AnswerForm, DifferenceForm, MessageForm, ShippedForm, WithdrawForm, WritingForm
from returns.models import ReturnRequest, Storefront
from returns.paging import page
from returns.querysets import RETURN_KEYS
from returns.services import conversation, photos, requests, shipments
from returns.services import difference as differences
from returns.services.errors import AlreadyDecided, Refused
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.photo_box import gate_of
from returns.views.status_case import Case, ending_of, question_of
from returns.views.status_difference import offers_of, sums_now, sums_told
from returns.views.status_page import status_context
from returns.views.storefront_pages import by_owner, own_page, own_return, own_return_page
from returns.views.viewer import viewer_of
from returns.wording.differences import Sums
from returns.wording.open_questions import asks_for_photo
from returns.wording.phrases import long_date, money
from returns.wording.turns import status_words

PAGE_SIZE = 20


@own_page
@require_safe
def returns(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """One's own returns at this storefront, the newest first; nothing is counted, however many there are."""
    mine = ReturnRequest.objects.owned_at(viewer_of(request), storefront)
    mine = mine.select_related("order", "settlement").with_last_move().newest_first()
    shown = page(mine, RETURN_KEYS, after=request.GET.get("after", ""), size=PAGE_SIZE, is_descending=True)
    context = {
        "storefront": storefront,
        "page": shown,
        "rows": [_row(one, storefront) for one in shown.rows],
        "older": f"?{urlencode({'after': shown.next})}" if shown.next else "",
    }
    return render(request, "portal/returns.html", context)


def _row(one: ReturnRequest, storefront: Storefront) -> dict[str, Any]:
    status = Status(one.status)
    is_lost = status is Status.EXPIRED and getattr(one, "last_move", "") == Action.CLOSE_LOST.value
    return {
        "request": one,
        "word": status_words(status, ending_of(one), is_lost=is_lost).word,
        "asked": long_date(one.requested_at.astimezone(storefront.zone).date()),
        "amount": money(one.amount, one.order.currency) if one.amount else "",
        "due": long_date(one.due_on) if one.due_on and status in PROCESSING and not one.answer_due_on else "",
    }


@own_return_page
def show(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Where a return stands, whose turn it is, and the sum with its first quote beside it."""
    return _show(request, rma)


def _show(request: HttpRequest, rma: ReturnRequest, *, status: int = 200, **came_back: Any) -> HttpResponse:
    """The page, with a form for whatever the customer can do now; one that came back keeps what was typed."""
    case = Case.of(rma)
    context = status_context(case, timezone.now())
    forms = _forms(case, can_write=context["can_write"]) | came_back
    if "answer_form" in forms:
        question = question_of(case)
        context |= {"question": question, "asks_photo": asks_for_photo(question)}
    context |= forms | {"form": next(iter(came_back.values()), None)}
    return render(request, "portal/return.html", context, status=status)


def _forms(case: Case, *, can_write: bool) -> dict[str, Any]:
    actions, forms = available(case.status, Actor.OWNER), dict[str, Any]()
    if Action.ANSWER in actions:
        forms["answer_form"] = AnswerForm(photos_left=case.photos_left)
    if Action.ANSWER_DIFFERENCE in actions:
        forms["difference_form"] = _difference_form(case)
    if Action.SHIP in actions and case.rma.goods_come_back:
        forms["shipped_form"] = ShippedForm(carriers=case.terms.package.carriers)
    if case.status is Status.SHIPPED:
        said = {"carrier": case.rma.carrier, "tracking_number": case.rma.tracking_number}
        forms["tracking_form"] = ShippedForm(carriers=case.terms.package.carriers, initial=said)
    if can_write:
        forms["message_form"] = MessageForm(photos_left=case.photos_left)
    return forms


@own_return_page
def settlement(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """The settlement as signed lines that add up, beside what was quoted; to be printed."""
    if rma.status != Status.COMPLETED.value:
        return redirect("portal:return", rma.storefront.slug, rma.reference)
    context = status_context(Case.of(rma), timezone.now())
    decided = rma.settlement.decided_at.astimezone(rma.storefront.zone).date()
    context |= {"settlement": rma.settlement, "decided": long_date(decided)}
    return render(request, "portal/settlement.html", context)


# ----------------------------------------------------------------------------------------------- what the customer does


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, storefront: Storefront, reference: str) -> HttpResponse:
    """Answer what staff asked, in text, with photos, or both."""
    rma = own_return(request, storefront, reference)
    if request.method != "POST":
        return redirect("portal:return", storefront.slug, reference)
    # Files are read only where the step is possible.
    files = request.FILES if is_legal(Action.ANSWER, Status(rma.status)) else None
    form = AnswerForm(request.POST, files, **_photos_field(request, rma))
    if not form.is_valid():
        return _bad_form(request, rma, Action.ANSWER, answer_form=form)
    try:
        conversation.answer(request_id=rma.pk, by=by_owner(request), now=timezone.now(), **_written(form))
    except AlreadyDecided:
        if _is_said(rma, Action.ANSWER, form.cleaned_data["body"]):
            return redirect("portal:return", storefront.slug, reference)
        raise
    except Refused as refused:
        return _refused(request, rma, refused, answer_form=form)
    messages.success(request, _("Your answer is sent. We read it, and you hear from us by email."))
    return redirect("portal:return", storefront.slug, reference)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, storefront: Storefront, reference: str) -> HttpResponse:
    """Write to the people who work on the return."""
    rma = own_return(request, storefront, reference)
    if request.method != "POST":
        return redirect("portal:return", storefront.slug, reference)
    if request.FILES and (refused := _why_files_stay_unread(request, rma)) is not None:
        form = MessageForm(request.POST)
        form.is_valid()
        return _refused(request, rma, refused, message_form=form)
    form = MessageForm(request.POST, request.FILES, **_photos_field(request, rma))
    if not form.is_valid():
        return _show(request, rma, status=UNPROCESSABLE, message_form=form)
    nonce = form.cleaned_data["nonce"]
    try:
        conversation.write_message(
            request_id=rma.pk, nonce=nonce, by=by_owner(request), now=timezone.now(), **_written(form)
        )
    except Refused as refused:
        return _refused(request, rma, refused, message_form=form)
    messages.success(request, _("Your message is sent. You read our answer here, and by email."))
    return redirect("portal:return", storefront.slug, reference)


def _photos_field(request: HttpRequest, rma: ReturnRequest) -> dict[str, Any]:
    """How many photos may still come, and what counts those that do; nothing is asked where none came."""
    if not request.FILES:
        return {}
    by = by_owner(request)
    return {"photos_left": photos.left(rma, by), "gate": gate_of(request, rma, by)}


def _why_files_stay_unread(request: HttpRequest, rma: ReturnRequest) -> Refused | None:
    """Why a message with photos can't be taken, as far as that is known before its files are read."""
    if Status(rma.status) not in photos.DECLARABLE:
        words = _("%(number)s has moved on and takes no photos any more.") % {"number": rma.number}
        return Refused(words, field="photos")
    try:
        conversation.refuse_message(rma, request.POST.get("body", ""), timezone.now())
    except Refused as refused:
        return refused
    return None


def _written(form: WritingForm) -> dict[str, Any]:
    return {"body": form.cleaned_data["body"], "pictures": form.cleaned_data.get("photos") or []}


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def difference(request: HttpRequest, storefront: Storefront, reference: str) -> HttpResponse:
    """Answer to what was found: take it, have it sent back, or disagree (LPS-29)."""
    rma = own_return(request, storefront, reference)
    if request.method != "POST":
        return redirect("portal:return", storefront.slug, reference)
    form = _difference_form(Case.of(rma), request.POST)
    if not form.is_valid():
        if _is_answered_so(rma, request.POST.get("answer", "")):
            return redirect("portal:return", storefront.slug, reference)
        return _bad_form(request, rma, Action.ANSWER_DIFFERENCE, difference_form=form)
    said, text = Answer(form.cleaned_data["answer"]), form.cleaned_data["text"]
    try:
        differences.answer_difference(
            request_id=rma.pk, answer=said, text=text, seen=form.seen, by=by_owner(request), now=timezone.now()
        )
    except differences.SumsChanged as changed:
        form = _with_new_sums(request.POST, Case.of(rma))
        form.add_error("answer", changed.message)
        return _show(request, rma, status=CONFLICT, difference_form=form)
    except AlreadyDecided:
        rma.refresh_from_db(fields=["status", "difference_answer"])
        if _is_answered_so(rma, said):  # the same button pressed twice
            return redirect("portal:return", storefront.slug, reference)
        raise
    messages.success(request, _("Your answer is here. We go on with it."))
    return redirect("portal:return", storefront.slug, reference)


def _difference_form(case: Case, data: QueryDict | None = None, *, now: Sums | None = None) -> DifferenceForm:
    sums = now or sums_told(case)
    seen = {Answer.ACCEPT: sums.found} | ({} if sums.sent_back is None else {Answer.SEND_BACK: sums.sent_back})
    return DifferenceForm(data, offers=offers_of(case, sums), seen=seen)


def _with_new_sums(sent: QueryDict, case: Case) -> DifferenceForm:
    """What was typed, beside the sums as they are now."""
    now, data = sums_now(case), sent.copy()
    sums = _difference_form(case, now=now).initial
    for name in SEEN.values():
        data[name] = str(sums.get(name, ""))
    form = _difference_form(case, data, now=now)
    form.full_clean()
    return form


def _is_answered_so(rma: ReturnRequest, said: str) -> bool:
    return bool(said) and rma.difference_answer == said and rma.status != Status.DIFFERENCE_SENT.value


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def shipped(request: HttpRequest, storefront: Storefront, reference: str) -> HttpResponse:
    """Say that the package is on its way."""
    rma = own_return(request, storefront, reference)
    if request.method != "POST":
        return redirect("portal:return", storefront.slug, reference)
    form = ShippedForm(request.POST, carriers=rma.policy_version.parsed().package.carriers)
    if not form.is_valid():
        return _bad_form(request, rma, Action.SHIP, shipped_form=form)
    try:
        shipments.mark_shipped(request_id=rma.pk, by=by_owner(request), now=timezone.now(), **form.cleaned_data)
    except AlreadyDecided:
        if _travels_so(rma, form):
            return redirect("portal:return", storefront.slug, reference)
        raise
    words = _("%(number)s is on its way. We email you when it is here.")
    messages.success(request, words % {"number": rma.number})
    return redirect("portal:return", storefront.slug, reference)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def tracking(request: HttpRequest, storefront: Storefront, reference: str) -> HttpResponse:
    """Correct with whom the package travels, and its tracking number."""
    rma = own_return(request, storefront, reference)
    if request.method != "POST":
        return redirect("portal:return", storefront.slug, reference)
    said = {"carrier": rma.carrier, "tracking_number": rma.tracking_number}
    form = ShippedForm(request.POST, carriers=rma.policy_version.parsed().package.carriers, initial=said)
    if not form.is_valid() and rma.status == Status.SHIPPED.value:
        return _show(request, rma, status=UNPROCESSABLE, tracking_form=form)
    told = form.cleaned_data if form.is_valid() else {}
    try:
        shipments.correct_shipment(request_id=rma.pk, by=by_owner(request), now=timezone.now(), **told)
    except AlreadyDecided:
        if form.is_valid() and _travels_so(rma, form):
            return redirect("portal:return", storefront.slug, reference)
        raise
    messages.success(request, _("Saved. We look for it under that number."))
    return redirect("portal:return", storefront.slug, reference)


# The same button pressed twice: what was sent is there already, so the page says so and nothing else.


def _is_said(rma: ReturnRequest, action: Action, body: str) -> bool:
    """Whether the latest step is this one of the customer's, with these words."""
    last = rma.events.exclude(target="").order_by("-seq").first()
    if last is None or last.action != action.value or last.actor_kind != Actor.OWNER.value:
        return False
    return not body or rma.messages.filter(from_staff=False, at=last.at, body=body.strip()).exists()


def _travels_so(rma: ReturnRequest, form: ShippedForm) -> bool:
    """Whether the package is on its way with this carrier, under this number."""
    rma.refresh_from_db(fields=["status", "carrier", "tracking_number"])
    told = (form.cleaned_data["carrier"], form.cleaned_data["tracking_number"])
    return rma.status == Status.SHIPPED.value and told == (rma.carrier, rma.tracking_number)


def _bad_form(request: HttpRequest, rma: ReturnRequest, action: Action, **forms: Any) -> HttpResponse:
    """The page again with what was typed; where the step isn't possible any more, that is said instead (409)."""
    if not is_legal(action, Status(rma.status)):
        words = _("%(number)s has moved on, so this isn't possible any more. Nothing was changed.")
        raise AlreadyDecided(words % {"number": rma.number})
    return _show(request, rma, status=UNPROCESSABLE, **forms)


def _refused(request: HttpRequest, rma: ReturnRequest, refused: Refused, **forms: Any) -> HttpResponse:
    """A no that belongs to a field stands beside it, with what was typed; any other one is a page of its own (409)."""
    (form,) = forms.values()
    if refused.field not in form.fields:
        raise refused
    form.add_error(refused.field, refused.message)
    return _show(request, rma, status=CONFLICT, **forms)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, storefront: Storefront, reference: str) -> HttpResponse:
    """Take the request back, after a page that says what that means (RES-39)."""
    rma = own_return(request, storefront, reference)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            requests.withdraw(request_id=rma.pk, by=by_owner(request), now=timezone.now(), reason=reason)
        except AlreadyDecided:
            if _is_said(rma, Action.WITHDRAW, reason):
                return redirect("portal:return", storefront.slug, reference)
            raise
        words = _("You withdrew %(number)s. You can ask again for the same products.")
        messages.success(request, words % {"number": rma.number})
        return redirect("portal:return", storefront.slug, reference)
    if request.method != "POST" and Action.WITHDRAW not in available(Status(rma.status), Actor.OWNER):
        return redirect("portal:return", storefront.slug, reference)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "portal/withdraw.html", {"storefront": storefront, "rma": rma, "form": form}, status=status)
