"""The inspection: what was found is set beside what was declared, and what it gives is computed again."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns.coming_back import units_found
from returns.components import Ledger, VerdictStrip
from returns.differences import less_than_decided
from returns.domain.settlement import LineQuote, Quote
from returns.domain.workflow import Action, Status, may
from returns.forms.findings import FindingForms
from returns.forms.remarks import CameBackForm, RemarksForm
from returns.models import ReturnLine, ReturnRequest
from returns.services import conversation, inspection
from returns.services.errors import AlreadyDecided, CountsChanged, Refused
from returns.services.inspection import Finding
from returns.services.objections import may_look_again, objection_of
from returns.services.transition import By
from returns.templatetags.house import problems
from returns.views import desk_lines, desk_page
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE, preview_code
from returns.views.desk_requests import already
from returns.wording import ledgers
from returns.wording.desk import about_customer
from returns.wording.phrases import money
from returns.wording.receipts import receipts_of
from returns.wording.states import exchanges_of, found_words
from returns.wording.verdicts import looked_at


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, reference: str) -> HttpResponse:
    """Set what was found beside what was declared; the amount is computed again from it."""
    rma = desk_page.fetch(request, reference)
    if request.method != "POST":
        return _inspect_page(request, rma, FindingForms.of(rma, desk_page.lines_of(rma)))
    forms, beside = FindingForms.of(rma, desk_page.lines_of(rma), request.POST), Beside.of(request, rma)
    if not (beside.is_valid() and forms.is_valid()) or forms.ask_to_look():
        return _inspect_page(request, rma, forms, status=UNPROCESSABLE)
    try:
        done = _inspect(rma, beside.applied(forms.findings), beside, By.staff(person(request)))
    except AlreadyDecided as refused:
        return already(request, reference, refused)
    except CountsChanged as changed:
        return _inspect_page(request, rma, _counted_now(request, rma, changed), status=CONFLICT)
    except Refused as refused:
        alert = "" if forms.blame(refused) else refused.message
        return _inspect_page(request, rma, forms, alert=alert, status=CONFLICT)
    again = " again" if rma.status == Status.INSPECTED.value else ""
    messages.success(request, f"{done.number} inspected{again}: {money(done.amount, done.order.currency)}")
    return redirect("desk:settle", reference)


def _counted_now(request: HttpRequest, rma: ReturnRequest, changed: CountsChanged) -> FindingForms:
    """What was typed, beside the units that are here by now."""
    forms = FindingForms.of(rma, desk_page.lines_of(rma), request.POST)
    forms.show_counts(changed)
    return forms


@dataclass(frozen=True, slots=True)
class Beside:
    """What is chosen beside the findings of the products: what was remarkable, and what else came back."""

    remarks: RemarksForm
    too: CameBackForm

    @classmethod
    def of(cls, request: HttpRequest, rma: ReturnRequest) -> "Beside":
        """The forms as they were sent, or new ones."""
        data = request.POST if request.method == "POST" else None
        lines = desk_page.lines_of(rma)
        return cls(RemarksForm(data, request=rma, lines=lines), CameBackForm(data, request=rma))

    def is_valid(self) -> bool:
        """Both of them, so that every problem is shown."""
        return all([self.remarks.is_valid(), self.too.is_valid()])

    def applied(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings with what these choices mean for them."""
        return self.too.applied(self.remarks.applied(findings))

    @property
    def note(self) -> str:
        """For the internal note; empty where nothing was to be said."""
        return " ".join(note for note in (self.remarks.note, self.too.note) if note)


def _inspect(rma: ReturnRequest, findings: Sequence[Finding], beside: Beside, by: By) -> ReturnRequest:
    """Record the findings, and before them in the same transaction what else was seen, as an internal note."""
    now = timezone.now()
    with transaction.atomic():
        if note := beside.note:
            conversation.write_message(request_id=rma.pk, nonce=uuid.uuid4(), body=note, by=by, now=now, internal=True)
        act = inspection.inspect_again if may_look_again(rma, by) else inspection.inspect
        return act(request_id=rma.pk, findings=findings, too=beside.too.came, by=by, now=now)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def inspect_check(request: HttpRequest, reference: str) -> HttpResponse:
    """What these findings would give. Nothing is saved."""
    rma = desk_page.fetch(request, reference)
    if request.method != "POST":
        return redirect("desk:inspect", reference)
    forms, beside = FindingForms.of(rma, desk_page.lines_of(rma), request.POST), Beside.of(request, rma)
    if not (beside.is_valid() and forms.is_valid()):
        return _inspect_page(request, rma, forms, status=preview_code(request))
    findings = beside.applied(forms.findings)
    try:
        found = inspection.preview(rma, findings)
    except CountsChanged as changed:
        return _inspect_page(request, rma, _counted_now(request, rma, changed), status=preview_code(request))
    except Refused as refused:
        alert = "" if forms.blame(refused) else refused.message
        return _inspect_page(request, rma, forms, alert=alert)
    return _inspect_page(request, rma, forms, found=found, findings=findings)


def _inspect_page(
    request: HttpRequest,
    rma: ReturnRequest,
    forms: FindingForms,
    *,
    found: Quote | None = None,
    findings: Sequence[Finding] = (),
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    is_again = may_look_again(rma, By.staff(person(request)))
    if not (is_again or may(Action.INSPECT, Status(rma.status), By.staff(person(request)).kind)):
        messages.info(request, f"{rma.number} can't be inspected now.")
        return redirect("desk:request", rma.reference)
    lines = desk_page.lines_of(rma)
    quote, beside = found or rma.current_quote, Beside.of(request, rma)
    context = {
        "rma": rma,
        "forms": forms,
        "too": beside.too,
        "remarks": beside.remarks,
        "problems": [problem for form in (*forms, beside.remarks) for problem in problems(form)],
        "alert": alert,
        "receipts": receipts_of(rma),
        "cards": _finding_cards(rma, forms, lines, found, findings, is_live=preview_code(request) != UNPROCESSABLE),
        "ledger": _found_ledger(rma, lines, quote),
        "is_again": is_again,
        "objection": objection_of(rma) if is_again else "",
        "is_recomputed": found is not None,
        "is_asked_first": not is_again and found is not None and _gives_less(rma, lines, findings, found),
        "is_less": quote.total < rma.submitted_quote.total,
        "due": desk_page.due_now(rma, timezone.now()),
    }
    return render(request, "desk/inspect.html", context, status=status)


def _found_strip(judged: LineQuote, rma: ReturnRequest) -> VerdictStrip:
    """What it gives now that it was looked at; what would change it is said to customers before they ask."""
    sentence = about_customer(looked_at(judged, rma.policy_version.parsed()))
    return replace(desk_lines.strip(judged, rma), sentence=sentence, change="")


def _finding_cards(
    rma: ReturnRequest,
    forms: FindingForms,
    lines: Sequence[ReturnLine],
    found: Quote | None,
    findings: Sequence[Finding],
    *,
    is_live: bool,
) -> list[dict[str, Any]]:
    """What stands beside each product; `is_live`: in the page being filled in, whose fields stay as they are."""
    judged = _judged_by_position(findings, lines, found) if found else {}
    currency, terms = rma.order.currency, rma.policy_version.parsed()
    return [
        {
            "form": form,
            "position": form.line.position,
            "title": form.line.order_line.title,
            "asked": desk_lines.asked_words(form.line, currency, terms),
            "found_first": found_words(form.line) if form.line.found_condition else "",
            "counted": f"{form.line.received_quantity} of {form.line.authorized_quantity} here",
            "verdict": _found_strip(judged[form.line.position], rma) if form.line.position in judged else None,
            "impossible": form.impossible if is_live else (),
            "used": form.cleaned_data.get("used_percent") if form.is_bound and form.is_valid() else None,
        }
        for form in forms
    ]


def _judged_by_position(findings: Sequence[Finding], lines: Sequence[ReturnLine], found: Quote) -> dict[int, LineQuote]:
    """What the lines would give as they were found just now; what never arrived has its line in the quote, too."""
    accepted = {finding.position: finding.accepted_quantity for finding in findings}
    with_units = [line.position for line in lines if accepted.get(line.position, units_found(line))]
    return dict(zip(with_units, found.lines, strict=True))


def _gives_less(rma: ReturnRequest, lines: Sequence[ReturnLine], findings: Sequence[Finding], found: Quote) -> bool:
    """Whether the customer is to be asked before it is settled so, as the next page will say (LPS-29)."""
    judged = _judged_by_position(findings, lines, found)
    by_key = {line.pk: judged[line.position] for line in lines if line.position in judged}
    return bool(less_than_decided(rma, lines, by_key))


def _found_ledger(rma: ReturnRequest, lines: Sequence[ReturnLine], quote: Quote) -> Ledger:
    return ledgers.quote_ledger(
        quote,
        desk_lines.titles_of(rma, lines),
        rma.policy_version.parsed(),
        stage=ledgers.Stage.FOUND,
        kept=desk_lines.against(quote, rma.submitted_quote, "Quoted to the customer"),
        exchanges=exchanges_of(rma, lines),
        staff=True,
    )
