"""Settlements that were proposed and wait for a second person, and those that came back with a reason."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.forms.extras import RefusalForm
from returns.models import SettlementPlan
from returns.paging import page
from returns.querysets.sort_keys import PROPOSAL_KEYS
from returns.services import second_person
from returns.services.transition import By
from returns.viewer import Viewer
from returns.views import desk_page
from returns.views.access import manager_required, person, staff_required
from returns.views.codes import UNPROCESSABLE
from returns.views.desk_extras import PAGES, settling
from returns.views.desk_requests import carry_out
from returns.wording.phrases import money

PAGE_SIZE = 50
TO_AGREE, CAME_BACK = "proposed", "refused"
VIEWS = ((TO_AGREE, "To agree to"), (CAME_BACK, "Came back"))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed settlement as the list shows it; `note` says why this person can't agree, or why it came back."""

    plan: SettlementPlan
    url: str
    amount: str
    note: str

    @classmethod
    def of(cls, plan: SettlementPlan, by: By) -> "Proposal":
        """Finished words for the row."""
        action = settling(plan.request, by)
        url = reverse(PAGES[action] if action else "desk:request", args=[plan.request.reference])
        amount = money(plan.proposed_total, plan.request.order.currency)
        return cls(plan, url, amount, _note(plan, by))


def _note(plan: SettlementPlan, by: By) -> str:
    if plan.refused_by is not None:
        return f"{plan.refused_by.get_short_name()}: {plan.refusal}"
    return "You proposed it; another manager agrees" if plan.proposed_by_id == by.person.pk else ""


@staff_required
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, the longest proposed first; or what came back."""
    state = request.GET.get("state", TO_AGREE)
    state = state if state in dict(VIEWS) else TO_AGREE
    by, found = By.staff(person(request)), SettlementPlan.objects.visible_to(Viewer(request.user))
    rows = found.refused() if state == CAME_BACK else found.proposed()
    shown = page(
        rows.select_related("request__storefront", "request__order", "proposed_by", "refused_by").order_by(
            *(key.name for key in PROPOSAL_KEYS)
        ),
        PROPOSAL_KEYS,
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
    )
    context = {"page": shown, "proposals": [Proposal.of(row, by) for row in shown.rows], "views": VIEWS, "state": state}
    return render(request, "desk/proposals.html", context)


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """A manager doesn't agree to a proposed settlement; who proposed it gets the reason by mail."""
    rma = desk_page.fetch(request, reference)
    plan = SettlementPlan.objects.select_related("proposed_by").filter(request=rma).proposed().first()
    form = RefusalForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" and (plan is None or plan.proposed_by is None):
        return redirect("desk:request", reference)
    if not form.is_valid():
        proposer = plan.proposed_by.get_short_name() if plan is not None and plan.proposed_by else "Whoever proposed it"
        context = {
            "rma": rma,
            "step": {"title": "Don't agree to the settlement", "button": "Send it back with the reason", "is_no": True},
            "explains": f"{proposer} gets an email with your reason and can propose it again. Nothing is settled.",
            "form": form,
        }
        return render(request, "desk/step.html", context, status=UNPROCESSABLE if form.is_bound else 200)
    return carry_out(
        request,
        reference,
        lambda: second_person.refuse_proposal(
            request_id=rma.pk, reason=form.cleaned_data["reason"], by=By.staff(person(request)), now=timezone.now()
        ),
        lambda done: f"{done.number}: sent back to who proposed it",
    )
