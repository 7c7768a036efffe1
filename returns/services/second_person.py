"""Above a storefront's limit a settlement takes two: one proposes the sum, another, a manager, agrees to it (B34)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from returns.domain.facts import Outcome
from returns.domain.settlement import Quote
from returns.domain.workflow import Action, Actor
from returns.models import ReturnRequest, SettlementPlan
from returns.services import transition
from returns.services.errors import AmountChanged, Refused
from returns.services.extras import plan_of
from returns.services.shares import Share, shares_to_settle
from returns.services.transition import By
from returns.wording.phrases import money


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


def propose(*, request_id: int, action: Action, expected_total: Decimal, by: By, now: datetime) -> ReturnRequest:
    """Propose this sum, for a manager who isn't the same person to agree to; an earlier proposal is replaced.

    Raises AmountChanged where the sum is another one by now, Refused for one's own order or within the limit.
    """
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, action, by)
        transition.refuse_own_order(request, by)
        lines = list(request.lines.select_related("order_line").order_by("position"))
        shares, answer = shares_to_settle(request, lines)
        if answer.total != expected_total:
            raise AmountChanged(f"It is {money(answer.total, answer.currency)} now. Look at it again, then propose it.")
        if not takes_two(request, shares, answer):
            raise Refused("This is within the limit: settle it without a second person.")
        SettlementPlan.objects.update_or_create(
            request=request,
            defaults={"proposed_total": answer.total, "proposed_by": by.person, "proposed_at": now},
        )
        data = {"total": str(answer.total)}
        transition.record(request, "propose", by=by, now=now, data=data, for_customer=False, tells=False)
        return request


def refuse_alone(request: ReturnRequest, shares: Sequence[Share], answer: Quote, by: By) -> None:
    """Raise Refused where the settlement takes two and this isn't the second of them."""
    if takes_two(request, shares, answer) and (why := why_not_alone(request, answer, plan_of(request), by)):
        raise Refused(why)


def why_not_alone(request: ReturnRequest, answer: Quote, plan: SettlementPlan, by: By) -> str:
    """Why this person can't settle it above the limit; empty for a manager, where another proposed this very sum."""
    limit = money(request.storefront.second_person_above, answer.currency)
    if plan.proposed_by is None or plan.proposed_total != answer.total:
        return f"It is worth more than {limit}: one person proposes it, and another, a manager, agrees."
    if plan.proposed_by_id == by.person.pk:
        return f"You proposed it. Above {limit} another person, a manager, agrees."
    if by.kind is not Actor.MANAGER:
        return f"{plan.proposed_by.get_short_name()} proposed it. Above {limit} a manager agrees."
    return ""
