"""One request at the desk, and one URL for each decision about it. Reading never changes anything."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.differences import Answer
from returns.domain.settlement import Quote
from returns.domain.workflow import BY_ACTION, Action, Status, is_legal, may
from returns.forms.decisions import (
    NOTE,
    AnswerForm,
    AskForm,
    DecisionForms,
    DifferenceAnswerForm,
    DifferenceNoteForm,
    MessageForm,
    RedirectForm,
    RejectForm,
    ShippedForm,
)
from returns.models import ReturnRequest
from returns.services import authorization, difference, requests
from returns.services.errors import AlreadyDecided, Refused
from returns.services.settlement import AmountChanged
from returns.services.transition import By
from returns.views import desk_page
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT
from returns.wording.workflow import STATUS_WORDS


@staff_required
@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The page of a request."""
    return page(request, desk_page.fetch(request, reference))


def page(
    request: HttpRequest,
    rma: ReturnRequest,
    *,
    forms: DecisionForms | None = None,
    decided: Quote | None = None,
    alert: str = "",
    message_form: MessageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as it stands now, with the forms that came back and the reason why nothing was changed."""
    context = desk_page.context(request, rma, forms=forms, decided=decided, alert=alert, message_form=message_form)
    return render(request, "desk/request.html", context, status=status)


def conflict(request: HttpRequest, reference: str, refused: Refused) -> HttpResponse:
    """409: the request as it is by now, with the reason on top. Nothing the other person decided is overwritten."""
    return page(request, desk_page.fetch(request, reference), alert=refused.message, status=CONFLICT)


def carry_out(
    request: HttpRequest, reference: str, act: Callable[[], ReturnRequest], said: Callable[[ReturnRequest], str]
) -> HttpResponse:
    """Call a service, then show the request with one line that says what happened; or the reason why nothing did."""
    try:
        done = act()
    except AmountChanged:
        raise
    except AlreadyDecided as refused:
        return already(request, reference, refused)
    except Refused as refused:
        return conflict(request, reference, refused)
    messages.success(request, said(done))
    return redirect("desk:request", reference)


def already(request: HttpRequest, reference: str, refused: AlreadyDecided, *, to: str = "desk:request") -> HttpResponse:
    """409 with what somebody else did; whoever did it themselves is led on."""
    # The same button pressed twice: whoever did it the first time is shown what they did, not a conflict.
    rma = desk_page.fetch(request, reference)
    last = rma.events.order_by("-seq").first()
    if last is not None and last.actor_id == person(request).pk and last.action == refused.action:
        messages.info(request, f"You did that already: {rma.number} is as you left it.")
        return redirect(to, reference)
    return page(request, rma, alert=refused.message, status=CONFLICT)


# --------------------------------------------------------------------------------------------- take, authorize, notes


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Assign the request to whoever pressed the button."""
    rma = desk_page.fetch(request, reference)
    if request.method != "POST":
        return redirect("desk:request", reference)
    return carry_out(
        request,
        reference,
        lambda: authorization.take(request_id=rma.pk, by=By.staff(person(request)), now=timezone.now()),
        lambda done: f"You look after {done.number} now.",
    )


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """What the decisions on the page would give. Nothing is saved."""
    rma = desk_page.fetch(request, reference)
    if request.method != "POST":
        return redirect("desk:request", reference)
    lines = desk_page.lines_of(rma)
    decisions = DecisionForms.of(rma, lines, request.POST)
    decided = authorization.preview(rma, lines, decisions.decisions) if decisions.is_valid() else None
    return page(request, rma, forms=decisions, decided=decided)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest, reference: str) -> HttpResponse:
    """Authorize line by line: the RMA number is issued, and the mail with the instructions goes out."""
    rma = desk_page.fetch(request, reference)
    if request.method != "POST":
        return redirect("desk:request", reference)
    decisions = DecisionForms.of(rma, desk_page.lines_of(rma), request.POST)
    if not decisions.is_valid():
        return page(request, rma, forms=decisions)
    by, now = By.staff(person(request)), timezone.now()
    try:
        done = authorization.authorize(
            request_id=rma.pk,
            decisions=decisions.decisions,
            by=by,
            now=now,
            asks_goods_back=decisions.asks_goods_back,
        )
    except AlreadyDecided as refused:
        return already(request, reference, refused)
    except Refused as refused:
        alert = "" if decisions.blame(refused) else refused.message
        return page(request, rma, forms=decisions, alert=alert, status=CONFLICT)
    messages.success(request, f"{done.number} authorized, email sent to {done.contact_name}")
    return redirect("desk:request", reference)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """Write an internal note, or a message the customer reads on the status page."""
    rma = desk_page.fetch(request, reference)
    if request.method != "POST":
        return redirect("desk:request", reference)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return page(request, rma, message_form=form)
    internal = form.cleaned_data["kind"] == NOTE
    return carry_out(
        request,
        reference,
        lambda: requests.write_message(
            request_id=rma.pk,
            nonce=form.cleaned_data["nonce"],
            body=form.cleaned_data["body"],
            internal=internal,
            by=By.staff(person(request)),
            now=timezone.now(),
        ),
        lambda done: f"Note added to {done.number}" if internal else f"Message sent to {done.contact_name}",
    )


# --------------------------------------------------------------------------- decisions with a small page of their own


@dataclass(frozen=True, slots=True)
class Step:
    """The words of a decision's page: what it does and whom it tells, before anybody presses the button.

    `instead` is another decision to think of first, linked where it is possible now.
    """

    action: Action
    title: str
    explains: str
    button: str
    is_no: bool = False
    instead: Action | None = None


Act = Callable[[ReturnRequest, forms.Form, By], ReturnRequest]


def _step(
    request: HttpRequest, reference: str, step: Step, form_class: type[forms.Form], act: Act, said: str
) -> HttpResponse:
    rma, by = desk_page.fetch(request, reference), By.staff(person(request))
    if by.kind not in BY_ACTION[step.action].actors:
        raise PermissionDenied
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return carry_out(request, reference, lambda: act(rma, form, by), lambda done: said.format(rma=done))
    if request.method != "POST" and not is_legal(step.action, Status(rma.status)):
        messages.info(request, f"{rma.number} is {STATUS_WORDS[Status(rma.status)]}; there is nothing to do here.")
        return redirect("desk:request", reference)
    context = {
        "rma": rma,
        "step": step,
        "form": form,
        "explains": step.explains.format(rma=rma),
        "may_instead": step.instead is not None and may(step.instead, Status(rma.status), by.kind),
    }
    return render(request, "desk/step.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the customer; the request waits for the answer."""
    step = Step(
        Action.REQUEST_INFORMATION,
        "Ask for information",
        "{rma.contact_name} gets an email with your question and answers on the status page. Until then it waits.",
        "Email the question",
    )

    def act(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
        question = form.cleaned_data["question"]
        return authorization.request_information(request_id=rma.pk, question=question, by=by, now=timezone.now())

    return _step(request, reference, step, AskForm, act, "{rma.number}: question sent to {rma.contact_name}")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter what the customer answered by phone or mail; the request goes back into review."""
    step = Step(
        Action.ANSWER,
        "Enter the customer's answer",
        "For answers by phone or mail. {rma.number} goes back into review.",
        "Save the answer",
    )

    def act(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
        return requests.answer(request_id=rma.pk, body=form.cleaned_data["body"], by=by, now=timezone.now())

    return _step(request, reference, step, AnswerForm, act, "{rma.number} is back in review")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: HttpRequest, reference: str) -> HttpResponse:
    """Refuse the whole request, with the reason the customer reads."""
    step = Step(
        Action.REJECT,
        "Reject the whole request",
        "{rma.contact_name} gets an email with the reason. A manager can open it again, once.",
        "Reject and email the reason",
        is_no=True,
        instead=Action.REDIRECT,
    )

    def act(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
        data = form.cleaned_data
        return authorization.reject(
            request_id=rma.pk, reason=data["reason"], text=data["text"], by=by, now=timezone.now()
        )

    return _step(request, reference, step, RejectForm, act, "{rma.number} rejected, email sent to {rma.contact_name}")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_to_seller(request: HttpRequest, reference: str) -> HttpResponse:
    """Redirect the customer to where they bought it."""
    step = Step(
        Action.REDIRECT,
        "Send the customer to the seller",
        "For goods bought elsewhere. {rma.contact_name} gets an email that says where to go; this request is closed.",
        "Redirect and email the customer",
    )

    def act(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
        return authorization.redirect(request_id=rma.pk, text=form.cleaned_data["text"], by=by, now=timezone.now())

    said = "{rma.number} redirected, email sent to {rma.contact_name}"
    return _step(request, reference, step, RedirectForm, act, said)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw on the customer's behalf, before the goods are here."""
    step = Step(
        Action.WITHDRAW,
        "Withdraw for the customer",
        "When {rma.contact_name} asked for it. They get an email; the products can be asked for again.",
        "Withdraw it",
        is_no=True,
    )

    def act(rma: ReturnRequest, _form: forms.Form, by: By) -> ReturnRequest:
        return requests.withdraw(request_id=rma.pk, by=by, now=timezone.now())

    return _step(request, reference, step, forms.Form, act, "{rma.number} withdrawn, email sent to {rma.contact_name}")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def shipped(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that the package is on its way, where the customer said so."""
    step = Step(
        Action.SHIP,
        "The package is on its way",
        "When {rma.contact_name} told us. The tracking number helps to find the return at the dock.",
        "Save",
    )

    def act(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
        data = form.cleaned_data
        return requests.mark_shipped(
            request_id=rma.pk,
            carrier=data["carrier"],
            tracking_number=data["tracking_number"],
            by=by,
            now=timezone.now(),
        )

    return _step(request, reference, step, ShippedForm, act, "{rma.number} is on its way")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_lost(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a return whose package never reached us (LPS-22)."""
    step = Step(
        Action.CLOSE_LOST,
        "The package never arrived",
        "{rma.number} is closed without credit, and {rma.contact_name} gets an email with what they can do. "
        "Should the package come after all, a manager can still receive it.",
        "Close it and email the customer",
        is_no=True,
    )

    def act(rma: ReturnRequest, _form: forms.Form, by: By) -> ReturnRequest:
        return requests.close_lost(request_id=rma.pk, by=by, now=timezone.now())

    return _step(request, reference, step, forms.Form, act, "{rma.number} closed, email sent to {rma.contact_name}")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_difference(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell the customer what was found before anything is settled; the deadline pauses until they answer (LPS-29)."""
    step = Step(
        Action.SEND_DIFFERENCE,
        "Send the difference",
        "{rma.contact_name} gets an email with what they told us, what we found and the new sum. "
        f"They can answer for {difference.DAYS_TO_ANSWER} days; the due day moves by the days it takes.",
        "Send the difference",
    )

    def act(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
        note = form.cleaned_data["note"]
        return difference.send_difference(request_id=rma.pk, note=note, by=by, now=timezone.now())

    said = "{rma.number}: difference sent to {rma.contact_name}"
    return _step(request, reference, step, DifferenceNoteForm, act, said)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_difference(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter what the customer answered to the difference by phone or mail."""
    step = Step(
        Action.ANSWER_DIFFERENCE,
        "Enter the customer's answer",
        "For answers by phone or mail. {rma.number} can be settled after it.",
        "Save the answer",
    )

    def act(rma: ReturnRequest, form: forms.Form, by: By) -> ReturnRequest:
        said, text = Answer(form.cleaned_data["answer"]), form.cleaned_data["text"]
        return difference.answer_difference(request_id=rma.pk, answer=said, text=text, by=by, now=timezone.now())

    return _step(request, reference, step, DifferenceAnswerForm, act, "{rma.number}: answer saved")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """A manager opens a rejected request again, once."""
    step = Step(
        Action.REOPEN,
        "Open the request again",
        "It goes back into review, and its products are held again. This is possible once.",
        "Open it again",
    )

    def act(rma: ReturnRequest, _form: forms.Form, by: By) -> ReturnRequest:
        return authorization.reopen(request_id=rma.pk, by=by, now=timezone.now())

    return _step(request, reference, step, forms.Form, act, "{rma.number} is open again")
