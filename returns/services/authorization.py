"""Staff's decision, line by line: take, ask, authorize (issues the RMA number), reject, redirect, re-open."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from returns import leaving
from returns.coming_back import needs_nothing_back, only_replaces
from returns.domain.facts import Outcome
from returns.domain.rma_number import new_rma_number
from returns.domain.settlement import LineQuote, Quote
from returns.domain.workflow import Action, Status, is_legal
from returns.models import ReturnLine, ReturnRequest
from returns.quoting import as_decided, quote_judged
from returns.services import transition
from returns.services.clock import decision_day
from returns.services.errors import Refused
from returns.services.overrides import Decided, OverrideAsked, record_overrides
from returns.services.requests import add_message, hold_again, release_all, release_units
from returns.services.transition import By

RMA_NUMBER_TRIES = 5

REJECTION_REASONS: Mapping[str, str] = {
    "policy": "The return policy doesn't take it back",
    "not_resalable": "Not complete, or not as it was sent",
    "no_information": "What we asked for didn't come",
    "discretion": "Declined after review",
    "duplicate": "Asked for already",
    "other": "Another reason",
}
"""Coded reasons of a rejection; the customer reads the text beside the code (LPS-24, PRO-28, PRO-29)."""

INSPECTION_DECIDES = frozenset({"EXPIRY_UNKNOWN", "USAGE_UNKNOWN"})
"""Open questions that the goods themselves answer, so a line may be authorized before they are settled."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff decide about one line: units authorized, and the reason for those that aren't."""

    position: int
    quantity: int
    rejection_reason: str = ""
    rejection_text: str = ""
    override: OverrideAsked | None = None


def take(*, request_id: int, by: By, now: datetime) -> ReturnRequest:
    """Assign an open request to the member of staff who acts; a submitted one is in review from now on."""
    with transition.locked(request_id) as request:
        status = Status(request.status)
        if is_legal(Action.TAKE, status) or status.is_final:
            transition.refuse_unless_allowed(request, Action.TAKE, by)
            transition.refuse_own_order(request, by)
            return transition.apply(request, Action.TAKE, by=by, now=now, owner=by.user)
        if not by.is_staff:
            raise Refused("You may not do this.")
        transition.refuse_own_order(request, by)
        if request.owner_id != by.person.pk:
            request.owner = by.person
            request.save(update_fields=["owner"])
            transition.record(request, "assign", by=by, now=now, for_customer=False)
        return request


def request_information(*, request_id: int, question: str, by: By, now: datetime) -> ReturnRequest:
    """Ask the customer; the request waits for the answer (PRO-29)."""
    if not question.strip():
        raise Refused("Write what you need to know.", field="question")
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.REQUEST_INFORMATION, by)
        transition.refuse_own_order(request, by)
        add_message(request, body=question, by=by, now=now)
        return transition.apply(request, Action.REQUEST_INFORMATION, by=by, now=now, owner=request.owner or by.user)


def authorize(
    *, request_id: int, decisions: Sequence[Decision], by: By, now: datetime, asks_goods_back: bool = False
) -> ReturnRequest:
    """Authorize units line by line and issue the RMA number; the mail with the instructions follows (GEN-07, RES-42).

    ``asks_goods_back`` counts where all of it replaces what came damaged or wrong: else those goods stay there. What
    never arrived can't come back.
    Raises AlreadyDecided where somebody was first; Refused where the storefront has no return address (RES-37), where
    nothing is authorized, where a line the policy refuses isn't overridden with a reason, or where units not authorized
    have no reason.
    """
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.AUTHORIZE, by)
        transition.refuse_own_order(request, by)
        _refuse_without_address(request)
        lines = list(request.lines.select_related("order_line").order_by("position"))
        _record_decisions(request, lines, decisions, by, now)
        decided = quote_authorized(request, lines)
        authorized = [line for line in lines if line.authorized_quantity]
        given = list(zip(authorized, decided.lines, strict=True))
        request.goods_come_back = not needs_nothing_back(given) or (asks_goods_back and only_replaces(given))
        return _issue_number(request, decided, lines, by, now)


def preview(request: ReturnRequest, lines: Sequence[ReturnLine], decisions: Sequence[Decision]) -> Quote:
    """What these decisions would give; nothing is saved. Line n of the quote belongs to the nth line with units."""
    by_position = {decision.position: decision for decision in decisions}
    decided = [
        Decided(line, by_position[line.position].quantity, by_position[line.position].override) for line in lines
    ]
    return quote_judged(request, [row.judged() for row in decided])


def quote_authorized(request: ReturnRequest, lines: Sequence[ReturnLine]) -> Quote:
    """The quote for the authorized units, with the overrides recorded so far."""
    return quote_judged(request, as_decided(lines, lambda line: line.authorized_quantity or 0))


def _record_decisions(
    request: ReturnRequest, lines: Sequence[ReturnLine], decisions: Sequence[Decision], by: By, now: datetime
) -> None:
    by_position = {decision.position: decision for decision in decisions}
    if set(by_position) != {line.position for line in lines}:
        raise Refused("Decide every line of the request.")
    verdicts = dict(zip((line.position for line in lines), request.submitted_quote.lines, strict=True))
    for line in lines:
        _record_decision(line, by_position[line.position], verdicts[line.position])
    if not any(line.authorized_quantity for line in lines):
        raise Refused("Nothing is authorized. To refuse the whole request, reject it.")
    decided = [Decided(line, line.authorized_quantity or 0, by_position[line.position].override) for line in lines]
    record_overrides(request, decided, by=by, now=now)
    refused = Counter[int]()
    for line in lines:
        refused[line.order_line_id] += line.requested_quantity - (line.authorized_quantity or 0)
    release_units(refused)


def _record_decision(line: ReturnLine, decision: Decision, judged: LineQuote) -> None:
    title = line.order_line.title
    if not 0 <= decision.quantity <= line.requested_quantity:
        raise Refused(f"{title}: authorize between 0 and {line.requested_quantity}.", field=f"line-{line.position}")
    if decision.quantity < line.requested_quantity and not decision.rejection_reason:
        raise Refused(f"{title}: say why the rest isn't authorized.", field=f"line-{line.position}")
    if decision.quantity and decision.override is None:
        _refuse_without_verdict(title, judged, line.position)
    line.authorized_quantity = decision.quantity
    line.rejection_reason = decision.rejection_reason if decision.quantity < line.requested_quantity else ""
    line.rejection_text = decision.rejection_text.strip() if line.rejection_reason else ""
    line.save(update_fields=["authorized_quantity", "rejection_reason", "rejection_text"])


def needs_override(judged: LineQuote) -> bool:
    """Whether a line can be authorized only by a person who decides otherwise than the policy."""
    verdict = judged.verdict
    if verdict.outcome is Outcome.NEEDS_REVIEW:
        return verdict.code not in INSPECTION_DECIDES
    return verdict.outcome is not Outcome.ELIGIBLE


def _refuse_without_verdict(title: str, judged: LineQuote, position: int) -> None:
    if not needs_override(judged):
        return
    outcome = judged.verdict.outcome
    what = "needs your decision" if outcome is Outcome.NEEDS_REVIEW else "isn't taken back by the policy"
    raise Refused(
        f"{title} {what}. To authorize it, choose Override and say what the customer gets and why.",
        field=f"line-{position}",
    )


def _issue_number(
    request: ReturnRequest, decided: Quote, lines: Sequence[ReturnLine], by: By, now: datetime
) -> ReturnRequest:
    units = sum(line.authorized_quantity or 0 for line in lines)
    return transition.apply(
        request,
        Action.AUTHORIZE,
        by=by,
        now=now,
        data={"units": units, "lines": [[line.position, line.authorized_quantity] for line in lines]},
        rma_number=_free_number(),
        authorized_at=now,
        decided_at=now,
        decision_quote=decided.as_data(),
        amount=decided.total,
        owner=request.owner or by.user,
        goods_leave_on=leaving.day_to_leave(request, now) if _leaves_at_once(request, decided) else None,
    )


def _leaves_at_once(request: ReturnRequest, decided: Quote) -> bool:
    """Whether goods leave for the customer without waiting for a package."""
    return not request.goods_come_back and decided.gives_goods


def _free_number() -> str:
    # The UNIQUE constraint is the promise; looking first only turns an unlikely error into another draw.
    for _ in range(RMA_NUMBER_TRIES):
        number = new_rma_number()
        if not ReturnRequest.objects.filter(rma_number=number).exists():
            return number
    raise Refused("No free RMA number was found. Try again in a moment.")


def reject(*, request_id: int, reason: str, text: str, by: By, now: datetime) -> ReturnRequest:
    """Refuse the whole request; the customer reads the text, and its units can be asked for again (LPS-24, PRO-28)."""
    if reason not in REJECTION_REASONS:
        raise Refused("Choose a reason.", field="reason")
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.REJECT, by)
        transition.refuse_own_order(request, by)
        release_all(request)
        request.lines.update(authorized_quantity=0, rejection_reason=reason, rejection_text=text.strip())
        return transition.apply(
            request,
            Action.REJECT,
            by=by,
            now=now,
            data={"reason": reason},
            decided_at=now,
            amount=Decimal("0.00"),
            owner=request.owner or by.user,
        )


def redirect(*, request_id: int, by: By, now: datetime, text: str = "") -> ReturnRequest:
    """Send the customer to the seller they bought from (CON-19); the mail names the seller where it is known."""
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.REDIRECT, by)
        transition.refuse_own_order(request, by)
        release_all(request)
        request.lines.update(authorized_quantity=0, rejection_reason="policy", rejection_text=text.strip())
        return transition.apply(
            request,
            Action.REDIRECT,
            by=by,
            now=now,
            decided_at=now,
            amount=Decimal("0.00"),
            owner=request.owner or by.user,
        )


def reopen(*, request_id: int, by: By, now: datetime) -> ReturnRequest:
    """A manager takes a rejection back, once; the units are held again, or it is refused where they are gone."""
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.REOPEN, by)
        transition.refuse_own_order(request, by)
        if request.events.filter(action=Action.REOPEN.value).exists():
            raise Refused(f"{request.number} was re-opened once already; its decision stands.")
        wanted = Counter[int]()
        for line in request.lines.all():
            wanted[line.order_line_id] += line.requested_quantity
        hold_again(wanted)
        request.lines.update(authorized_quantity=None, rejection_reason="", rejection_text="")
        return transition.apply(
            request,
            Action.REOPEN,
            by=by,
            now=now,
            decided_at=None,
            decision_due_on=decision_day(request.storefront, now, is_claim=request.is_claim),
            amount=request.submitted_quote.total,
        )


def _refuse_without_address(request: ReturnRequest) -> None:
    if not request.storefront.can_authorize:
        raise Refused(
            f"{request.storefront.name} has no return address yet, so nobody would know where to ship. "
            "A manager enters it under Reports, Storefronts."
        )
