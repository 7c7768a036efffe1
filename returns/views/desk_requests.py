"""One request at the desk: its page, and what is done on the page itself. Reading never changes anything."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.domain.replies import Use
from returns.domain.settlement import Quote
from returns.forms.decisions import MESSAGE, NOTE, MessageForm
from returns.forms.line_decisions import DecisionForms
from returns.forms.replies import FILL, LinePicker, ReplyPicker
from returns.models import ReturnRequest
from returns.services import authorization, conversation
from returns.services.difference import SumsChanged
from returns.services.errors import AlreadyDecided, AmountChanged, Refused
from returns.services.transition import By
from returns.views import desk_page
from returns.views.access import View, person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE, preview_code
from returns.views.desk_beside import around
from returns.views.desk_mails import undelivered_of


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
    picker: ReplyPicker | None = None,
    line_picker: LinePicker | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as it stands now, with the forms that came back and the reason why nothing was changed."""
    context = desk_page.context(
        request, rma, forms=forms, decided=decided, alert=alert, message_form=message_form, picker=picker
    )
    context |= {**around(request, rma), "undelivered": undelivered_of(rma), "line_picker": line_picker}
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
    except (AmountChanged, SumsChanged):
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


def sent_from_the_page(view: View) -> View:
    """For what staff send from the page of a request; the view gets the request. Whoever only looks is led there."""

    @staff_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, reference: str) -> HttpResponse:
        rma = desk_page.fetch(request, reference)
        return view(request, rma) if request.method == "POST" else redirect("desk:request", reference)

    return guarded


# --------------------------------------------------------------------------------------------- take, authorize, notes


@sent_from_the_page
def take(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Assign the request to whoever pressed the button."""
    return carry_out(
        request,
        rma.reference,
        lambda: authorization.take(request_id=rma.pk, by=By.staff(person(request)), now=timezone.now()),
        lambda done: f"You look after {done.number} now.",
    )


@sent_from_the_page
def check(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """What the decisions on the page would give. Nothing is saved."""
    if line := request.POST.get(FILL, ""):
        return _with_line_template(request, rma, LinePicker(rma, line, request.POST.get("template", "")))
    lines = desk_page.lines_of(rma)
    decisions = DecisionForms.of(rma, lines, request.POST)
    if not decisions.is_valid():
        return page(request, rma, forms=decisions, status=preview_code(request))
    return page(request, rma, forms=decisions, decided=authorization.preview(rma, lines, decisions.decisions))


def _with_line_template(request: HttpRequest, rma: ReturnRequest, picker: LinePicker) -> HttpResponse:
    """The page with the templates for one line, or the chosen one in its text; what is missing is no fault yet."""
    lines = desk_page.lines_of(rma)
    decisions = DecisionForms.of(rma, lines, picker.put_in(request.POST))
    decided = authorization.preview(rma, lines, decisions.decisions) if decisions.is_valid() else None
    picker.show_in(decisions)
    return page(request, rma, forms=decisions, decided=decided, line_picker=picker)


@sent_from_the_page
def authorize(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Authorize line by line: the RMA number is issued, and the mail with the instructions goes out."""
    decisions = DecisionForms.of(rma, desk_page.lines_of(rma), request.POST)
    if not decisions.is_valid():
        return page(request, rma, forms=decisions, status=UNPROCESSABLE)
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
        return already(request, rma.reference, refused)
    except Refused as refused:
        alert = "" if decisions.blame(refused) else refused.message
        return page(request, rma, forms=decisions, alert=alert, status=CONFLICT)
    messages.success(request, f"{done.number} authorized, email sent to {done.contact_name}")
    return redirect("desk:request", rma.reference)


@sent_from_the_page
def message(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Write an internal note, or a message the customer reads on the status page."""
    if FILL in request.POST:
        return _with_template(request, rma)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return page(request, rma, message_form=form, status=UNPROCESSABLE)
    internal = form.cleaned_data["kind"] == NOTE
    return carry_out(
        request,
        rma.reference,
        lambda: conversation.write_message(
            request_id=rma.pk,
            nonce=form.cleaned_data["nonce"],
            body=form.cleaned_data["body"],
            internal=internal,
            by=By.staff(person(request)),
            now=timezone.now(),
        ),
        lambda done: f"Note added to {done.number}" if internal else f"Message sent to {done.contact_name}",
    )


def _with_template(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """The page with the templates to choose from, and the chosen one below what was typed; nothing is sent yet.

    They are read only when somebody asks for them: the page itself doesn't pay for it.
    """
    sent = request.POST
    picker = ReplyPicker(rma, Use.MESSAGE, sent.get("template", ""))
    body = picker.put_into(sent.get("body", ""))
    form = MessageForm(initial={"kind": MESSAGE, "body": body, "nonce": sent.get("nonce", "")})
    form.fields["body"].widget.attrs["autofocus"] = True
    return page(request, rma, message_form=form, picker=picker)
