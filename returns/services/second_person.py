"""Above a storefront's limit a settlement takes two: one proposes the sum, another, a manager, agrees to it (B34)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from returns import notifications
from returns.domain.breakdown import Breakdown
from returns.domain.facts import Outcome
from returns.domain.settlement import Quote
from returns.domain.workflow import BY_ACTION, Action, Actor
from returns.models import ReturnRequest, SettlementPlan
from returns.services import transition
from returns.services.breakdowns import breakdown_of, refuse_other_sums
from returns.services.errors import AlreadyDecided, Refused
from returns.services.extras import SETTLING, plan_of
from returns.services.requests import add_message
from returns.services.shares import Share, shares_to_settle
from returns.services.transition import By
from returns.wording.breakdowns import what_changed
from returns.wording.phrases import money

TO_SETTLE = frozenset(status.value for action in SETTLING for status in BY_ACTION[action].sources)
"""Statuses in which a return waits for its settlement, so that one can be proposed."""


def worth(shares: Sequence[Share], answer: Quote) -> Decimal:
    """What a settlement gives away, in money or goods, before any balance is taken off: that is what the limit is for.

    Lines, original shipping, goodwill, postage, and a service charge that is waived.
    """
    lines = sum((_value(share) for share in shares), answer.shipping_refund)
    extras = answer.extras
    return lines + (extras.goodwill + extras.postage + extras.waived_charge if extras else Decimal(0))


def _value(share: Share) -> Decimal:
    judged = share.judged
    if judged.resolution is not None and judged.resolution.is_money:
        return judged.amount
    return judged.gross if judged.verdict.outcome is Outcome.ELIGIBLE else Decimal(0)


def takes_two(request: ReturnRequest, shares: Sequence[Share], answer: Quote) -> bool:
    """Whether this settlement is worth more than one person may give at this storefront."""
    return worth(shares, answer) > request.storefront.second_person_above


def propose(
    *,
    request_id: int,
    action: Action,
    expected_total: Decimal,
    by: By,
    now: datetime,
    seen: Breakdown | None = None,
) -> ReturnRequest:
    """Propose this sum, for a manager who isn't the same person to agree to; an earlier proposal is replaced.

    Raises AmountChanged where the sum, or what it is made of, isn't what was seen, as `settle` does; Refused for one's
    own order or within the limit.
    """
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, action, by)
        transition.refuse_own_order(request, by)
        lines = list(request.lines.select_related("order_line").order_by("position"))
        shares, answer = shares_to_settle(request, lines)
        sums = breakdown_of(request, shares, answer)
        refuse_other_sums(answer, sums, expected_total=expected_total, seen=seen, then="propose it")
        if not takes_two(request, shares, answer):
            raise Refused("This is within the limit: settle it without a second person.")
        SettlementPlan.objects.update_or_create(
            request=request,
            defaults={
                "proposed_total": answer.total,
                "proposed_sums": sums.as_text(),
                "proposed_by": by.person,
                "proposed_at": now,
                **UNANSWERED,
            },
        )
        data = {"total": str(answer.total)}
        transition.record(request, "propose", by=by, now=now, data=data, for_customer=False, tells=False)
        return request


def drop_proposal(request: ReturnRequest) -> None:
    """Nobody agrees to what was proposed before this was found, even where the sum is the same: goods have none."""
    dropped = {"proposed_total": None, "proposed_sums": "", "proposed_by": None, "proposed_at": None, **UNANSWERED}
    SettlementPlan.objects.filter(request=request).update(**dropped)


UNANSWERED: Mapping[str, Any] = {"agreed_by": None, "refused_by": None, "refused_at": None, "refusal": ""}
"""What a new proposal, and a plan without one, has been answered with: nothing."""

REFUSED_MAIL = "proposal_refused"


def refuse_proposal(*, request_id: int, reason: str, by: By, now: datetime) -> ReturnRequest:
    """A manager doesn't agree: whoever proposed it reads why, by mail and on the settlement's page, and goes on.

    The reason stays as an internal note, too. Raises Refused without one, for one's own proposal or order, and for
    who isn't a manager; AlreadyDecided where nothing waits for an answer any more.
    """
    with transition.locked(request_id) as request:
        transition.refuse_own_order(request, by)
        plan = plan_of(request)
        proposer = plan.proposed_by
        if proposer is None or not plan.is_open or request.status not in TO_SETTLE:
            raise AlreadyDecided(f"Nothing is proposed for {request.number} any more.", action=REFUSED_MAIL)
        if by.kind is not Actor.MANAGER:
            raise Refused("A manager answers to a proposal.")
        if proposer == by.person:
            raise Refused("You proposed it. Change the sum, or leave it to another manager.")
        if not reason.strip():
            raise Refused("Give the reason; who proposed it reads it.", field="reason")
        plan.refused_by, plan.refused_at, plan.refusal = by.person, now, reason.strip()
        plan.save(update_fields=["refused_by", "refused_at", "refusal"])
        add_message(request, body=f"Proposal not agreed to: {plan.refusal}", by=by, now=now, internal=True)
        event = transition.record(request, REFUSED_MAIL, by=by, now=now, for_customer=False, tells=False)
        notifications.enqueue(
            kind=REFUSED_MAIL,
            recipient=proposer.email,
            dedupe_key=f"{REFUSED_MAIL}:{request.pk}:{event.seq}",
            now=now,
            storefront=request.storefront,
            request=request,
            context={"person": str(proposer.public_id), "event_seq": event.seq},
            language=settings.LANGUAGE_CODE,
        )
        return request


def agree(request: ReturnRequest, shares: Sequence[Share], answer: Quote, by: By) -> None:
    """Let this person settle it: within the limit alone, above it as the second of two, who is noted.

    Raises Refused where the settlement takes two and this isn't the second of them.
    """
    if not takes_two(request, shares, answer):
        return
    plan = plan_of(request)
    if why := why_not_alone(request, shares, answer, plan, by):
        raise Refused(why)
    plan.agreed_by = by.person
    plan.save(update_fields=["agreed_by"])


def is_proposed(plan: SettlementPlan, answer: Quote, sums: Breakdown) -> bool:
    """Whether this very settlement is proposed: the same total, made of the same parts."""
    # A proposal from before its parts were kept has none; whoever agrees to it is held to what they saw themselves.
    return plan.proposed_total == answer.total and plan.proposed_sums in {"", sums.as_text()}


def why_not_alone(request: ReturnRequest, shares: Sequence[Share], answer: Quote, plan: SettlementPlan, by: By) -> str:
    """Why this person can't settle it above the limit; empty for a manager, where another proposed this very one."""
    limit, sums = money(request.storefront.second_person_above, answer.currency), breakdown_of(request, shares, answer)
    if plan.refused_by is not None:
        return f"{plan.refused_by.get_short_name()} didn't agree: {plan.refusal} It can be proposed again."
    takes = f"It is worth more than {limit}: one person proposes it, and another, a manager, agrees."
    if plan.proposed_by is None:
        return takes
    if not is_proposed(plan, answer, sums):
        return f"{plan.proposed_by.get_short_name()} proposed it otherwise{_otherwise(plan, answer, sums)}. {takes}"
    if plan.proposed_by_id == by.person.pk:
        return f"You proposed it. Above {limit} another person, a manager, agrees."
    if by.kind is not Actor.MANAGER:
        return f"{plan.proposed_by.get_short_name()} proposed it. Above {limit} a manager agrees."
    return ""


def _otherwise(plan: SettlementPlan, answer: Quote, sums: Breakdown) -> str:
    """In what it differs from the proposal, where that kept its parts."""
    if not plan.proposed_sums:
        return ""
    return f": {what_changed(Breakdown.from_text(plan.proposed_sums), sums, answer.currency)}"
