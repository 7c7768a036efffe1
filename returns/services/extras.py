"""What a person adds to the policy's answer before a return is settled: goodwill, postage, a charge waived."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.models import User
from returns.domain.facts import Payer
from returns.domain.settlement import Extras, Quote
from returns.domain.workflow import Action, Status, is_legal
from returns.models import Override, Package, ReturnRequest, SettlementPlan
from returns.services import transition
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By, is_own_order, refuse_own_order

ZERO = Decimal("0.00")
SETTLING = (Action.SETTLE, Action.SETTLE_WITHOUT_GOODS)
MOST = Decimal("10000.00")
"""The most that is typed in at once, as goodwill or postage, in the currency of the order."""


@dataclass(frozen=True, slots=True)
class ExtrasAsked:
    """What staff add: amounts in the order's currency, and why. No reason is needed for postage, which is owed."""

    goodwill: Decimal = ZERO
    goodwill_reason: str = ""
    postage: Decimal = ZERO
    waives_charge: bool = False
    waiver_reason: str = ""


def plan_of(request: ReturnRequest) -> SettlementPlan:
    """What is planned for this settlement; an empty, unsaved plan where nothing is."""
    plan = (
        SettlementPlan.objects.select_related("proposed_by", "changed_by", "refused_by").filter(request=request).first()
    )
    return plan or SettlementPlan(request=request)


def extras_of(request: ReturnRequest) -> Extras:
    """The extras planned for this settlement, as the sum takes them."""
    plan = plan_of(request)
    return Extras(plan.goodwill, plan.postage, _most_waived(request, plan))


def _most_waived(request: ReturnRequest, plan: SettlementPlan) -> Decimal:
    """Of the service charge: one for each damaged package, or all of it where a person decided so."""
    rule = request.policy_version.parsed().refused_packages
    if not plan.waives_charge or rule is None:
        return ZERO
    return MOST if plan.waived_charges is None else rule.service_charge * plan.waived_charges


def change_extras(*, request_id: int, asked: ExtrasAsked, quote: Quote, by: By, now: datetime) -> ReturnRequest:
    """Write what is added to the settlement, instead of what was before; a proposal of another sum falls.

    `quote` is what the request gives without extras. Raises Refused for one's own order, an amount without a reason,
    postage the customer pays, or a charge there isn't; AlreadyDecided where it is settled or not to be settled yet.
    """
    with transition.locked(request_id) as request:
        if not any(is_legal(action, Status(request.status)) for action in SETTLING):
            raise AlreadyDecided(f"{request.number} isn't to be settled now. Nothing was changed.")
        refuse_own_order(request, by)
        _refuse_unfounded(request, asked, quote)
        plan = plan_of(request)
        plan.goodwill, plan.goodwill_reason, plan.postage = asked.goodwill, asked.goodwill_reason, asked.postage
        if not asked.waives_charge or asked.waiver_reason != plan.waiver_reason:
            plan.waived_charges = None  # a reason of their own is for all of it
        plan.waives_charge, plan.waiver_reason = asked.waives_charge, asked.waiver_reason
        plan.changed_by, plan.proposed_by, plan.proposed_at = by.person, None, None
        plan.proposed_total = None  # type: ignore[assignment]  # NULL: nothing is proposed
        plan.proposed_sums = ""
        plan.refused_by, plan.refused_at, plan.refusal = None, None, ""
        plan.save()
        data = {"goodwill": str(asked.goodwill), "postage": str(asked.postage), "waives": asked.waives_charge}
        transition.record(request, "extras", by=by, now=now, data=data, for_customer=False, tells=False)
        return request


DAMAGED_AT_THE_DOOR = "Refused at the door because it was damaged; noted at the dock."


def waive_for_damage(request: ReturnRequest, by: By) -> None:
    """Plan that a locked request isn't charged for the packages refused because of damage; for others it is (LPS-25).

    What a person waived already, as a whole, stays waived (RES-11).
    It goes to the register at the settlement, in the name of who received it; until then staff can still bill it.
    Nobody waives a charge of their own (B34): then whoever settles it decides, by what the receipt says.
    """
    if is_own_order(request, by):
        return
    plan = plan_of(request)
    if not plan.waives_charge or plan.waived_charges is not None:
        plan.waived_charges = request.packages.filter(refused=Package.REFUSED_DAMAGED).count()
    plan.waives_charge, plan.changed_by = True, by.person
    plan.waiver_reason = plan.waiver_reason or DAMAGED_AT_THE_DOOR
    plan.save()


def _refuse_unfounded(request: ReturnRequest, asked: ExtrasAsked, quote: Quote) -> None:
    if not (ZERO <= asked.goodwill <= MOST and ZERO <= asked.postage <= MOST):
        raise Refused("That amount isn't possible.")
    if asked.goodwill and not asked.goodwill_reason:
        raise Refused("Give the reason for the goodwill; it goes to the register.", field="goodwill_reason")
    if asked.waives_charge and not asked.waiver_reason:
        raise Refused("Give the reason for waiving it; it goes to the register.", field="waiver_reason")
    if asked.waives_charge and not quote.service_charge:
        raise Refused("There is no service charge to waive.", field="waives_charge")
    if asked.postage and not repays_postage(request, quote):
        raise Refused("The customer pays the way back here. Goodwill may make up for it.", field="postage")


def repays_postage(request: ReturnRequest, quote: Quote) -> bool:
    """Whether the shop pays the way back of something that came (RES-10)."""
    paid_by_us = quote.return_shipping_paid_by is Payer.MERCHANT
    some_of_it = any(line.paid_by is Payer.MERCHANT for line in quote.lines)
    return request.received_at is not None and (paid_by_us or some_of_it)


def register_extras(request: ReturnRequest, extras: Extras | None, *, now: datetime) -> None:
    """Write goodwill and a waived charge into the override register, in the name of who added them."""
    plan = plan_of(request)
    if extras is None or plan.changed_by is None:
        return
    if extras.goodwill:
        change = (ZERO, extras.goodwill)
        _register(request, Override.GOODWILL, change, plan.goodwill_reason, plan.changed_by, now)
    if extras.waived_charge:
        change = (-extras.waived_charge, ZERO)
        _register(request, Override.CHARGE_WAIVED, change, plan.waiver_reason, plan.changed_by, now)


def _register(
    request: ReturnRequest, code: str, change: tuple[Decimal, Decimal], reason: str, actor: User, now: datetime
) -> None:
    """`change` is what the policy gives and what is given instead, to the customer: a charge is less than nothing."""
    before, after = change
    Override.objects.create(
        request=request,
        clause_id="",
        code=code,
        resolution="none",
        percent=Decimal(100),
        amount_before=before,
        amount_after=after,
        reason=reason,
        actor=actor,
        at=now,
    )
