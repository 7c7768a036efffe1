"""The page of one request: everything staff know about it, in the order in which they decide."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from returns import leaving
from returns.coming_back import only_replaces
from returns.components import Due, Ledger
from returns.domain.rma_number import read_reference
from returns.domain.settlement import Quote
from returns.domain.verdict import Numbers
from returns.domain.workflow import FINAL, Action, Status, may
from returns.forms.decisions import MessageForm
from returns.forms.line_decisions import DecisionForms, GoodsForm, LineDecisionForm
from returns.forms.replies import ReplyPicker
from returns.kept_queries import KeptQuery, without
from returns.models import Message, Override, ReturnEvent, ReturnLine, ReturnRequest, SettlementPlan
from returns.services import photos, transition
from returns.services.objections import has_same_eyes
from returns.services.transition import By
from returns.templatetags.house import problems
from returns.viewer import Viewer
from returns.views import desk_lines, photo_box
from returns.views.access import person
from returns.views.desk_actions import Buttons, buttons
from returns.views.desk_customer import customer_panel, earlier_returns
from returns.views.desk_history import has_new_message, history, message_view
from returns.wording import desk as words
from returns.wording import ledgers
from returns.wording.carriers import tracking_url
from returns.wording.missing import checks_words, is_missing
from returns.wording.phrases import brief_moment, count, money, plain_date
from returns.wording.states import exchanges_of

DECISIONS = frozenset(
    {
        Action.TAKE,
        Action.REQUEST_INFORMATION,
        Action.AUTHORIZE,
        Action.REJECT,
        Action.REDIRECT,
        Action.REOPEN,
        Action.SETTLE,
        Action.SETTLE_WITHOUT_GOODS,
    }
)
"""What nobody does for an order of their own (B34)."""

REST: Mapping[Status, str] = {
    Status.SUBMITTED: "Waits for somebody to decide.",
    Status.IN_REVIEW: "Waits for somebody to decide.",
    Status.INFORMATION_REQUESTED: "Waits for the customer's answer.",
    Status.AUTHORIZED: "Waits for the package.",
    Status.SHIPPED: "The package is on its way to us.",
    Status.RECEIVED: "The package is here and waits for its inspection.",
    Status.INSPECTED: "Inspected; the sum waits to be settled.",
    Status.DIFFERENCE_SENT: "Waits for the customer's answer to the difference.",
    Status.COMPLETED: "Nothing left to do: settled, and the customer knows.",
    Status.REJECTED: "Nothing left to do: rejected, and the customer knows why.",
    Status.REDIRECTED: "Nothing left to do: the customer was sent to the seller.",
    Status.WITHDRAWN: "Nothing left to do: withdrawn.",
    Status.EXPIRED: "Nothing left to do: the package never came.",
}
"""The line at the foot where the page has no decision of its own."""


REQUEST = KeptQuery(
    lambda viewer, reference: (
        ReturnRequest.objects.visible_to(viewer)
        .filter(reference=reference)
        .select_related(
            "storefront",
            "order__account",
            "account",
            "policy_version",
            "owner",
            "settlement",
            "settlement_plan__proposed_by",
            "outgoing_shipment",
        )
        .without_long_texts()
        .with_what_lines_have()
    )
)
LINES = KeptQuery(
    lambda request_id: (
        ReturnLine.objects.filter(request_id=request_id)
        .select_related("order_line__product", "exchange_product")
        .order_by("position")
    )
)
EVENTS = KeptQuery(
    lambda request_id: ReturnEvent.objects.filter(request_id=request_id).select_related("actor").order_by("seq")
)
MESSAGES = KeptQuery(lambda request_id: Message.objects.filter(request_id=request_id).select_related("author"))


def fetch(request: HttpRequest, reference: str) -> ReturnRequest:
    """The request at one of the person's storefronts; 404 for any other, as if it didn't exist."""
    canonical = read_reference(reference)
    if canonical != reference:
        raise Http404
    rma = REQUEST.first(Viewer(request.user), reference)
    if rma is None:
        raise Http404
    return rma


def lines_of(rma: ReturnRequest) -> list[ReturnLine]:
    """The lines with their products and, where there are any, their overrides and earlier findings."""
    lines = LINES.rows(rma.pk)
    # `fetch` knows already where there are none; then nothing is asked.
    for name, rows in (("overrides", Override.objects.select_related("actor")), ("earlier_findings", None)):
        if getattr(rma, f"has_{name}", True):
            prefetch_related_objects(lines, Prefetch(name, rows))
        else:
            without(lines, name)
    return lines


def context(
    request: HttpRequest,
    rma: ReturnRequest,
    *,
    forms: DecisionForms | None = None,
    decided: Quote | None = None,
    alert: str = "",
    message_form: MessageForm | None = None,
    picker: ReplyPicker | None = None,
) -> dict[str, Any]:
    """Everything desk/request.html shows. `forms` are those that came back; `alert` is why nothing was changed."""
    by, now = By.staff(person(request)), timezone.now()
    lines, events = lines_of(rma), EVENTS.rows(rma.pk)
    own = is_own(rma, by)
    can_decide = not own and may(Action.AUTHORIZE, Status(rma.status), by.kind)
    return {
        "rma": rma,
        "alert": alert,
        "facts": facts(rma),
        "verdicts": desk_lines.verdict_counts(rma.submitted_quote),
        **_decision(rma, lines, forms, decided, can_decide=can_decide),
        "clauses": desk_lines.clauses(rma),
        "buttons": _buttons(rma, lines, by, is_own=own),
        "rest": rest_sentence(rma, by),
        "blocked": blocked_sentence(rma, is_own=own, can_decide=can_decide),
        "fix_url": _fix_url(rma, by) if can_decide and not rma.storefront.can_authorize else "",
        "customer": customer_panel(rma),
        "earlier": earlier_returns(request, rma),
        "messages_shown": [message_view(message, rma) for message in MESSAGES.rows(rma.pk)],
        "message_form": message_form or MessageForm.new(),
        "picker": picker,
        "history": history(rma, events),
        "has_new_message": has_new_message(rma, events),
        "tracking_url": tracking_url(rma.carrier, rma.tracking_number),
        "answered": _answered(rma),
        "answer_until": plain_date(rma.answer_due_on) if rma.is_paused and rma.answer_due_on else "",
        **photo_box.desk_photos_of(rma),
        "takes_photos": Status(rma.status) in photos.DECLARABLE | photos.FINDABLE,
        "due": due_now(rma, now),
        **_after(rma),
        "owner": _owner(rma, by),
        "now": now,
    }


def _decision(
    rma: ReturnRequest,
    lines: Sequence[ReturnLine],
    forms: DecisionForms | None,
    decided: Quote | None,
    *,
    can_decide: bool,
) -> dict[str, Any]:
    """The lines with the forms that decide about them, what comes of it, and the sum of it all."""
    if not can_decide:  # a page that somebody left open: what it asks for isn't to be decided any more
        forms = decided = None
    elif forms is None:
        forms = DecisionForms.of(rma, lines)
    by_position: Mapping[int, LineDecisionForm] = {form.line.position: form for form in forms or ()}
    return {
        "can_decide": can_decide,
        "cards": desk_lines.line_cards(rma, lines, by_position, decided),
        "forms": list(by_position.values()),
        "goods_form": _goods_form(rma, lines, forms, decided) if forms else None,
        "problems": [problem for form in by_position.values() for problem in problems(form)],
        "sum_title": "Your decision" if can_decide else sum_title(rma),
        "ledger": decision_ledger(rma, lines, decided, can_decide=can_decide),
        "is_recomputed": decided is not None,
        "effect": effect_sentence(rma, by_position, decided) if can_decide else "",
    }


def _after(rma: ReturnRequest) -> dict[str, Any]:
    """What is left once a return is settled: a refund to pay out, a package to the customer."""
    if rma.status != Status.COMPLETED.value:
        return {}
    shipment = leaving.shipment_of(rma)
    return {
        "outgoing": shipment,
        "outgoing_url": tracking_url(shipment.carrier, shipment.tracking_number) if shipment else "",
        "goods_leave_by": leaving.leaves_by(rma) if shipment is None else None,
        "payout": rma.settlement if rma.settlement.payout else None,
    }


def is_own(rma: ReturnRequest, by: By) -> bool:
    """Whether a member of staff looks at an order of their own."""
    return transition.is_own_order(rma, by)


def _buttons(rma: ReturnRequest, lines: Sequence[ReturnLine], by: By, *, is_own: bool) -> Buttons:
    blocked = DECISIONS if is_own else frozenset[Action]()
    if not rma.storefront.can_authorize:
        blocked |= {Action.AUTHORIZE}
    return buttons(rma, lines, by, blocked=blocked)


def _goods_form(
    rma: ReturnRequest, lines: Sequence[ReturnLine], forms: DecisionForms, decided: Quote | None
) -> GoodsForm | None:
    """The question whether the goods come back, where all that would be authorized is a replacement of our mistake."""
    if decided is None:
        judged = list(zip(lines, rma.submitted_quote.lines, strict=True))
    else:
        by_position = {line.position: line for line in lines}
        granted = desk_lines.granted_lines({form.line.position: form for form in forms}, decided)
        judged = [(by_position[position], line) for position, line in granted]
    return forms.goods if only_replaces(judged) else None


def blocked_sentence(rma: ReturnRequest, *, is_own: bool, can_decide: bool) -> str:
    """Why the button to decide isn't there, and what would bring it back."""
    if is_own:
        return "This is your own order. Somebody else decides about it."
    if can_decide and not rma.storefront.can_authorize:
        return (
            f"{rma.storefront.short_name} has no return address yet, so nobody would know where to ship. "
            "A manager enters it under Reports, Storefronts; then you can authorize."
        )
    return ""


def rest_sentence(rma: ReturnRequest, by: By) -> str:
    """What is going on where the page has nothing to decide."""
    if rma.status == Status.INSPECTED.value and has_same_eyes(rma, by):
        return "Somebody else than you looks at it again and goes on. Hand it over in the queue."
    if rma.status == Status.AUTHORIZED.value and not rma.goods_come_back:
        return "Nothing comes back: settle it; a replacement when it is sent."
    plan: SettlementPlan | None = getattr(rma, "settlement_plan", None)
    if rma.status == Status.INSPECTED.value and plan is not None and plan.is_open and plan.proposed_by:
        sum_ = money(plan.proposed_total, rma.order.currency)
        return f"{plan.proposed_by.get_short_name()} proposed {sum_}. A manager who didn't propose it agrees."
    return REST[Status(rma.status)]


def _fix_url(rma: ReturnRequest, by: By) -> str:
    """Where a manager enters the return address; nothing for others, who may not go there."""
    if by.kind != "manager":
        return ""
    try:
        return reverse("reports:storefront", args=[rma.storefront.slug])
    except NoReverseMatch:
        return ""


def _answered(rma: ReturnRequest) -> str:
    """What the customer said to the difference, until it is settled."""
    is_open = rma.status == Status.INSPECTED.value
    return words.DIFFERENCE_ANSWERS.get(rma.difference_answer, "") if is_open else ""


def _owner(rma: ReturnRequest, by: By) -> str:
    if rma.owner is None:
        return "nobody"
    return "you" if rma.owner_id == by.person.pk else rma.owner.get_short_name()


# ------------------------------------------------------------------------------------------------------------- facts


def facts(rma: ReturnRequest) -> list[tuple[str, str]]:
    """What the verdict was made from: purchased, asked, age, delivered, policy version."""
    zone, order = rma.storefront.zone, rma.order
    numbers = rma.submitted_quote.lines[0].verdict.numbers
    rows = [
        ("Purchased", plain_date(order.placed_at.astimezone(zone).date())),
        ("Asked", brief_moment(rma.requested_at, zone)),
        ("Age", _age_words(numbers, rma.policy_version.parsed().last_full_day)),
        ("Delivered", _delivered_words(rma)),
        ("Policy", f"{rma.storefront.short_name}, version {rma.policy_version.number}"),
    ]
    if rma.decides_by is not None:
        rows.insert(2, ("Decide by", plain_date(rma.decides_by)))
    if order.channel == "partner":
        rows.append(("Bought at", order.seller_name or "a partner"))
    if rma.checks:
        rows.append(("Looked for it", checks_words(rma.checks)))
    return rows


def _delivered_words(rma: ReturnRequest) -> str:
    """The moment the carrier gave, else what the customer says, which is no fact (RES-24)."""
    if rma.order.delivered_at is not None:
        return brief_moment(rma.order.delivered_at, rma.storefront.zone)
    if rma.stated_received_at is not None:
        return f"{brief_moment(rma.stated_received_at, rma.storefront.zone)}, says the customer"
    return "not known"


def _age_words(numbers: Numbers, last_full_day: int | None) -> str:
    """The count that decided: `19 hours after delivery, limit 48`, or `34 days, in full up to day 30`."""
    if numbers.limit_hours is not None:
        return f"{count(numbers.hours or 0, 'hour')} after delivery, limit {numbers.limit_hours}"
    if numbers.age_days is None:
        return "not known"
    in_full = f", in full up to day {last_full_day}" if last_full_day is not None else ""
    return f"{count(numbers.age_days, 'day')}{in_full}"


def due_now(rma: ReturnRequest, now: datetime) -> Due:
    """The due column of the queue, for this one."""
    zone = rma.storefront.zone
    received_on = rma.received_at.astimezone(zone).date() if rma.received_at else None
    clock = words.Clock(
        Status(rma.status), received_on, rma.due_on, rma.decision_due_on, rma.is_claim, is_paused=rma.is_paused
    )
    return words.due(clock, now.astimezone(zone).date())


# ------------------------------------------------------------------------------------------------------------- ledger


def decision_ledger(
    rma: ReturnRequest, lines: Sequence[ReturnLine], decided: Quote | None, *, can_decide: bool
) -> Ledger:
    """The sum of the decision, or the latest word on a return that is decided, beside what was quoted."""
    submitted = rma.submitted_quote
    quote = decided or rma.current_quote
    is_quote = quote == submitted and (can_decide or rma.decision_quote is None)
    stage = ledgers.Stage.QUOTE if is_quote else ledgers.Stage.DECISION
    if rma.found_quote:
        stage = ledgers.Stage.FOUND
    if rma.status == Status.COMPLETED.value:
        stage = ledgers.Stage.SETTLED
    kept = [] if is_quote else desk_lines.against(quote, submitted, "Quoted to the customer")
    needs_no_package = is_missing(lines) or (rma.decision_quote is not None and not rma.goods_come_back)
    return ledgers.quote_ledger(
        ledgers.without_way_back(quote) if needs_no_package else quote,
        desk_lines.titles_of(rma, lines),
        rma.policy_version.parsed(),
        stage=stage,
        kept=kept,
        exchanges=exchanges_of(rma, lines),
        staff=True,
    )


def sum_title(rma: ReturnRequest) -> str:
    """What the sum on the page is: only quoted, decided, found, or given."""
    if rma.status == Status.COMPLETED.value:
        return "Settlement"
    if Status(rma.status) in FINAL:
        return "Quoted, not given"
    if rma.found_quote:
        return "Found, to settle"
    return "Decided" if rma.decision_quote else "Quoted"


def effect_sentence(rma: ReturnRequest, forms: Mapping[int, LineDecisionForm], decided: Quote | None) -> str:
    """`Authorize 9 units, reject 3, for $124.00. …`: what the primary button does and whom it tells."""
    tells = f"Sends the RMA number and instructions to {rma.contact_name}."
    if is_missing([form.line for form in forms.values()]):
        tells = f"Tells {rma.contact_name} that nothing has to come back."
    if decided is None:
        return f"Decide each line, then authorize. {tells}"
    units = sum(form.decision.quantity for form in forms.values())
    if not units:
        return "Nothing would be authorized like this. To reject the whole request, choose “Reject all”."
    rejected = sum(form.most - form.decision.quantity for form in forms.values())
    reject = f", reject {rejected}" if rejected else ""
    return f"Authorize {count(units, 'unit')}{reject}, for {money(decided.total, decided.currency)}. {tells}"
