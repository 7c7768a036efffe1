"""Decisions about a request that have a small page of their own: what it does and whom it tells, then one button."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns.differences import Answer, outcomes
from returns.domain.replies import Use
from returns.domain.workflow import BY_ACTION, Action, Status, is_legal, may
from returns.forms.decisions import (
    AnswerForm,
    AskForm,
    DifferenceAnswerForm,
    DifferenceNoteForm,
    RedirectForm,
    RejectForm,
    ShippedForm,
)
from returns.forms.replies import FILL, ReplyPicker
from returns.forms.status import SEEN
from returns.models import ReturnRequest
from returns.services import authorization, conversation, difference, requests, shipments
from returns.services.difference import SumsChanged
from returns.services.transition import By
from returns.views import desk_page
from returns.views.access import View, person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.desk_requests import carry_out
from returns.wording.workflow import STATUS_WORDS


@dataclass(frozen=True, slots=True)
class Step:
    """The words of a decision's page, before anybody presses the button, and `said`, what it says afterwards.

    `instead` is another decision to think of first, linked where it is possible now. `template_for` names the use of
    the reply templates that are offered, and the field one is put into.
    """

    action: Action
    title: str
    explains: str
    button: str
    said: str
    is_no: bool = False
    instead: Action | None = None
    template_for: tuple[Use, str] | None = None


Act = Callable[[ReturnRequest, Any, By], ReturnRequest]
FormOf = Callable[[QueryDict | None, ReturnRequest], forms.Form]


def plain(form_class: type[forms.Form]) -> FormOf:
    """A form that is the same for every request."""
    return lambda data, _rma: form_class(data)


NO_FIELDS = plain(forms.Form)


def decision(step: Step, form_of: FormOf = NO_FIELDS) -> Callable[[Act], View]:
    """Make the view of a decision out of the one service call that carries it out."""

    def of(act: Act) -> View:
        @staff_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(act)
        def view(request: HttpRequest, reference: str) -> HttpResponse:
            return _decide(request, reference, step, form_of, act)

        return view

    return of


def _decide(request: HttpRequest, reference: str, step: Step, form_of: FormOf, act: Act) -> HttpResponse:
    rma, by = desk_page.fetch(request, reference), By.staff(person(request))
    if by.kind not in BY_ACTION[step.action].actors:
        raise PermissionDenied
    if request.method != "POST":
        if is_legal(step.action, Status(rma.status)):
            return _page(request, rma, step, form_of(None, rma), by)
        messages.info(request, f"{rma.number} is {STATUS_WORDS[Status(rma.status)]}; there is nothing to do here.")
        return redirect("desk:request", reference)
    if step.template_for and FILL in request.POST:
        return _page(request, rma, step, _with_template(request.POST, rma, step, form_of), by)
    form = form_of(request.POST, rma)
    if not form.is_valid():
        return _page(request, rma, step, form, by, status=UNPROCESSABLE)
    try:
        return carry_out(request, reference, lambda: act(rma, form, by), lambda done: step.said.format(rma=done))
    except SumsChanged as changed:
        form = form_of(_with_new_sums(request.POST, form_of(None, rma)), rma)
        form.add_error("answer", changed.message)
        return _page(request, rma, step, form, by, status=CONFLICT)


def _with_template(sent: QueryDict, rma: ReturnRequest, step: Step, form_of: FormOf) -> forms.Form:
    """The form with what was typed, and the chosen template filled into its field; nothing is judged yet."""
    form = form_of(None, rma)
    assert step.template_for is not None  # noqa: S101  asked before
    use, name = step.template_for
    form.initial = {**{field: sent.get(field, "") for field in form.fields}}
    form.initial[name] = ReplyPicker(rma, use, sent.get("template", "")).put_into(sent.get(name, ""))
    form.fields[name].widget.attrs["autofocus"] = True
    return form


def _with_new_sums(sent: QueryDict, fresh: forms.Form) -> QueryDict:
    """What was typed, beside the sums as they are now."""
    data = sent.copy()
    for name in SEEN.values():
        data[name] = str(fresh.initial.get(name, ""))
    return data


def _begin_in(form: forms.Form) -> None:
    """The first field has the focus: whoever came by a key goes on typing, and the letters are no keys of the desk."""
    for bound in form.visible_fields()[:1]:
        if not isinstance(bound.field.widget, forms.RadioSelect):  # every option would have it
            bound.field.widget.attrs["autofocus"] = True


def _page(
    request: HttpRequest, rma: ReturnRequest, step: Step, form: forms.Form, by: By, *, status: int = 200
) -> HttpResponse:
    picker = ReplyPicker(rma, step.template_for[0]) if step.template_for else None
    if request.method != "POST" and not (picker and picker.templates):
        _begin_in(form)
    context = {
        "rma": rma,
        "step": step,
        "form": form,
        "explains": step.explains.format(rma=rma),
        "picker": picker,
        "may_instead": step.instead is not None and may(step.instead, Status(rma.status), by.kind),
    }
    return render(request, "desk/step.html", context, status=status)


ASK = Step(
    Action.REQUEST_INFORMATION,
    "Ask for information",
    "{rma.contact_name} gets an email with your question and answers on the status page. Until then it waits.",
    "Email the question",
    "{rma.number}: question sent to {rma.contact_name}",
    template_for=(Use.ASK, "question"),
)


@decision(ASK, plain(AskForm))
def ask(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
    """Ask the customer; the request waits for the answer."""
    question = form.cleaned_data["question"]
    return authorization.request_information(request_id=rma.pk, question=question, by=by, now=timezone.now())


ANSWER = Step(
    Action.ANSWER,
    "Enter the customer's answer",
    "For answers by phone or mail. {rma.number} goes back into review.",
    "Save the answer",
    "{rma.number} is back in review",
)


@decision(ANSWER, plain(AnswerForm))
def answer(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
    """Enter what the customer answered by phone or mail; the request goes back into review."""
    return conversation.answer(request_id=rma.pk, body=form.cleaned_data["body"], by=by, now=timezone.now())


REJECT = Step(
    Action.REJECT,
    "Reject the whole request",
    "{rma.contact_name} gets an email with the reason. A manager can open it again, once.",
    "Reject and email the reason",
    "{rma.number} rejected, email sent to {rma.contact_name}",
    is_no=True,
    instead=Action.REDIRECT,
    template_for=(Use.REJECT, "text"),
)


@decision(REJECT, plain(RejectForm))
def reject(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
    """Reject the whole request, with the reason the customer reads."""
    data = form.cleaned_data
    return authorization.reject(request_id=rma.pk, reason=data["reason"], text=data["text"], by=by, now=timezone.now())


REDIRECT = Step(
    Action.REDIRECT,
    "Send the customer to the seller",
    "For goods bought elsewhere. {rma.contact_name} gets an email that says where to go; this request is closed.",
    "Redirect and email the customer",
    "{rma.number} redirected, email sent to {rma.contact_name}",
)


@decision(REDIRECT, plain(RedirectForm))
def send_to_seller(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
    """Redirect the customer to where they bought it."""
    return authorization.redirect(request_id=rma.pk, text=form.cleaned_data["text"], by=by, now=timezone.now())


WITHDRAW = Step(
    Action.WITHDRAW,
    "Withdraw for the customer",
    "When {rma.contact_name} asked for it. They get an email; the products can be asked for again.",
    "Withdraw it",
    "{rma.number} withdrawn, email sent to {rma.contact_name}",
    is_no=True,
)


@decision(WITHDRAW)
def withdraw(rma: ReturnRequest, _form: forms.Form, by: By) -> ReturnRequest:
    """Withdraw on the customer's behalf, before the goods are here."""
    return requests.withdraw(request_id=rma.pk, by=by, now=timezone.now())


SHIP = Step(
    Action.SHIP,
    "The package is on its way",
    "When {rma.contact_name} told us. The tracking number helps to find the return at the dock.",
    "Save",
    "{rma.number} is on its way",
)


@decision(SHIP, plain(ShippedForm))
def shipped(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
    """Note that the package is on its way, where the customer said so."""
    return shipments.mark_shipped(request_id=rma.pk, by=by, now=timezone.now(), **form.cleaned_data)


CLOSE_LOST = Step(
    Action.CLOSE_LOST,
    "The package never arrived",
    "{rma.number} is closed without credit, and {rma.contact_name} gets an email with what they can do. "
    "Should the package come after all, a manager can still receive it.",
    "Close it and email the customer",
    "{rma.number} closed, email sent to {rma.contact_name}",
    is_no=True,
)


@decision(CLOSE_LOST)
def close_lost(rma: ReturnRequest, _form: forms.Form, by: By) -> ReturnRequest:
    """Close a return whose package never reached us (LPS-22)."""
    return requests.close_lost(request_id=rma.pk, by=by, now=timezone.now())


SEND_DIFFERENCE = Step(
    Action.SEND_DIFFERENCE,
    "Send the difference",
    "{rma.contact_name} gets an email with what they told us, what we found and the new sum. "
    f"They can answer for {difference.DAYS_TO_ANSWER} days; the due day moves by the days it takes.",
    "Send the difference",
    "{rma.number}: difference sent to {rma.contact_name}",
)


@decision(SEND_DIFFERENCE, plain(DifferenceNoteForm))
def send_difference(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
    """Tell the customer what was found before anything is settled; the deadline pauses until they answer (LPS-29)."""
    return difference.send_difference(request_id=rma.pk, note=form.cleaned_data["note"], by=by, now=timezone.now())


ANSWER_DIFFERENCE = Step(
    Action.ANSWER_DIFFERENCE,
    "Enter the customer's answer",
    "For answers by phone or mail. {rma.number} can be settled after it.",
    "Save the answer",
    "{rma.number}: answer saved",
)


def _answer_form(data: QueryDict | None, rma: ReturnRequest) -> DifferenceAnswerForm:
    now = outcomes(rma, desk_page.lines_of(rma))
    sums = {Answer.ACCEPT: now.found.total} | ({Answer.SEND_BACK: now.sent_back.total} if now.sent_back else {})
    return DifferenceAnswerForm(data, sums=sums, currency=now.found.currency)


@decision(ANSWER_DIFFERENCE, _answer_form)
def answer_difference(rma: ReturnRequest, form: DifferenceAnswerForm, by: By) -> ReturnRequest:
    """Enter what the customer answered to the difference by phone or mail, to the sums that are on the page."""
    said, text = Answer(form.cleaned_data["answer"]), form.cleaned_data["text"]
    return difference.answer_difference(
        request_id=rma.pk, answer=said, text=text, seen=form.seen, by=by, now=timezone.now()
    )


REOPEN = Step(
    Action.REOPEN,
    "Open the request again",
    "It goes back into review, and its products are held again. This is possible once.",
    "Open it again",
    "{rma.number} is open again",
)


@decision(REOPEN)
def reopen(rma: ReturnRequest, _form: forms.Form, by: By) -> ReturnRequest:
    """A manager opens a rejected request again, once."""
    return authorization.reopen(request_id=rma.pk, by=by, now=timezone.now())
