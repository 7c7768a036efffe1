"""What the customer does on the page of a return: answer, write, send, correct, withdraw."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from returns.differences import Answer
from returns.domain.workflow import Action, Actor, Status, available, is_legal
from returns.forms.status import SEEN, AnswerForm, DifferenceForm, MessageForm, ShippedForm, WithdrawForm, WritingForm
from returns.models import ReturnRequest, Storefront
from returns.services import conversation, photos, requests, shipments
from returns.services import difference as differences
from returns.services.errors import AlreadyDecided, Refused
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.photo_box import gate_of
from returns.views.portal_returns import difference_form, page_of
from returns.views.status_case import Case
from returns.views.status_difference import sums_now
from returns.views.storefront_pages import by_owner, own_page, own_return, own_return_step


@own_return_step
def answer(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Answer what staff asked, in text, with photos, or both."""
    # Files are read only where the step is possible.
    files = request.FILES if is_legal(Action.ANSWER, Status(rma.status)) else None
    form = AnswerForm(request.POST, files, **_photos_field(request, rma))
    if not form.is_valid():
        return _bad_form(request, rma, Action.ANSWER, answer_form=form)
    try:
        conversation.answer(request_id=rma.pk, by=by_owner(request), now=timezone.now(), **_written(form))
    except AlreadyDecided:
        if _is_said(rma, Action.ANSWER, form.cleaned_data["body"]):
            return _back(rma)
        raise
    except Refused as refused:
        return _refused(request, rma, refused, answer_form=form)
    messages.success(request, _("Your answer is sent. We read it, and you hear from us by email."))
    return _back(rma)


@own_return_step
def message(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Write to the people who work on the return."""
    if request.FILES and (refused := _why_files_stay_unread(request, rma)) is not None:
        form = MessageForm(request.POST)
        form.is_valid()
        return _refused(request, rma, refused, message_form=form)
    form = MessageForm(request.POST, request.FILES, **_photos_field(request, rma))
    if not form.is_valid():
        return page_of(request, rma, status=UNPROCESSABLE, message_form=form)
    nonce = form.cleaned_data["nonce"]
    try:
        conversation.write_message(
            request_id=rma.pk, nonce=nonce, by=by_owner(request), now=timezone.now(), **_written(form)
        )
    except Refused as refused:
        return _refused(request, rma, refused, message_form=form)
    messages.success(request, _("Your message is sent. You read our answer here, and by email."))
    return _back(rma)


def _back(rma: ReturnRequest) -> HttpResponse:
    return redirect("portal:return", rma.storefront.slug, rma.reference)


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


@own_return_step
def difference(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Answer to what was found: take it, have it sent back, or disagree (LPS-29)."""
    form = difference_form(Case.of(rma), request.POST)
    if not form.is_valid():
        if _is_answered_so(rma, request.POST.get("answer", "")):
            return _back(rma)
        return _bad_form(request, rma, Action.ANSWER_DIFFERENCE, difference_form=form)
    said, text = Answer(form.cleaned_data["answer"]), form.cleaned_data["text"]
    try:
        differences.answer_difference(
            request_id=rma.pk, answer=said, text=text, seen=form.seen, by=by_owner(request), now=timezone.now()
        )
    except differences.SumsChanged as changed:
        form = _with_new_sums(request.POST, Case.of(rma))
        form.add_error("answer", changed.message)
        return page_of(request, rma, status=CONFLICT, difference_form=form)
    except AlreadyDecided:
        rma.refresh_from_db(fields=["status", "difference_answer"])
        if _is_answered_so(rma, said):  # the same button pressed twice
            return _back(rma)
        raise
    messages.success(request, _("Your answer is here. We go on with it."))
    return _back(rma)


def _with_new_sums(sent: QueryDict, case: Case) -> DifferenceForm:
    """What was typed, beside the sums as they are now."""
    now, data = sums_now(case), sent.copy()
    sums = difference_form(case, now=now).initial
    for name in SEEN.values():
        data[name] = str(sums.get(name, ""))
    form = difference_form(case, data, now=now)
    form.full_clean()
    return form


def _is_answered_so(rma: ReturnRequest, said: str) -> bool:
    return bool(said) and rma.difference_answer == said and rma.status != Status.DIFFERENCE_SENT.value


@own_return_step
def shipped(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Say that the package is on its way."""
    form = ShippedForm(request.POST, carriers=rma.policy_version.parsed().package.carriers)
    if not form.is_valid():
        return _bad_form(request, rma, Action.SHIP, shipped_form=form)
    try:
        shipments.mark_shipped(request_id=rma.pk, by=by_owner(request), now=timezone.now(), **form.cleaned_data)
    except AlreadyDecided:
        if _travels_so(rma, form):
            return _back(rma)
        raise
    words = _("%(number)s is on its way. We email you when it is here.")
    messages.success(request, words % {"number": rma.number})
    return _back(rma)


@own_return_step
def tracking(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Correct with whom the package travels, and its tracking number."""
    said = {"carrier": rma.carrier, "tracking_number": rma.tracking_number}
    form = ShippedForm(request.POST, carriers=rma.policy_version.parsed().package.carriers, initial=said)
    if not form.is_valid() and rma.status == Status.SHIPPED.value:
        return page_of(request, rma, status=UNPROCESSABLE, tracking_form=form)
    told = form.cleaned_data if form.is_valid() else {}
    try:
        shipments.correct_shipment(request_id=rma.pk, by=by_owner(request), now=timezone.now(), **told)
    except AlreadyDecided:
        if form.is_valid() and _travels_so(rma, form):
            return _back(rma)
        raise
    messages.success(request, _("Saved. We look for it under that number."))
    return _back(rma)


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
    return page_of(request, rma, status=UNPROCESSABLE, **forms)


def _refused(request: HttpRequest, rma: ReturnRequest, refused: Refused, **forms: Any) -> HttpResponse:
    """A no that belongs to a field stands beside it, with what was typed; any other one is a page of its own (409)."""
    (form,) = forms.values()
    if refused.field not in form.fields:
        raise refused
    form.add_error(refused.field, refused.message)
    return page_of(request, rma, status=CONFLICT, **forms)


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
                return _back(rma)
            raise
        words = _("You withdrew %(number)s. You can ask again for the same products.")
        messages.success(request, words % {"number": rma.number})
        return _back(rma)
    if request.method != "POST" and Action.WITHDRAW not in available(Status(rma.status), Actor.OWNER):
        return _back(rma)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "portal/withdraw.html", {"storefront": storefront, "rma": rma, "form": form}, status=status)
