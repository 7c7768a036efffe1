"""Mails around a settlement: how far a refund has come, and a proposal that another person doesn't agree to."""

from datetime import datetime
from typing import Any

from returns.letters.customers import Case
from returns.letters.frame import desk_page, framed, request_of
from returns.letters.matters import matter_of
from returns.letters.timing import NoLongerTrue
from returns.models import Notification, ReturnRequest, Settlement, SettlementPlan
from returns.wording.phrases import long_date, money


def refund_sent(row: Notification, _now: datetime) -> dict[str, Any]:
    """The refund was paid out: how much, the way they paid, and the reference their bank may ask for."""
    case = Case.of(row)
    settlement = _still(row, case.request, Settlement.SENT)
    return case.letter(
        amount=case.money(settlement.payout),
        method=settlement.payment_method,
        provider_reference=settlement.provider_reference,
        day=_day(case, settlement),
    )


def refund_failed(row: Notification, _now: datetime) -> dict[str, Any]:
    """The refund came back; the customer hears of it before they wonder."""
    case = Case.of(row)
    settlement = _still(row, case.request, Settlement.FAILED)
    return case.letter(
        amount=case.money(settlement.payout), method=settlement.payment_method, day=_day(case, settlement)
    )


def refund_failed_staff(row: Notification, _now: datetime) -> dict[str, Any]:
    """The same for those who look after the return, with why."""
    request = request_of(row)
    settlement = _still(row, request, Settlement.FAILED)
    _refuse_who_left(row)
    return _to_staff(
        request,
        facts=[
            ("Refund", money(settlement.payout, settlement.currency)),
            ("Paid with", settlement.payment_method or "not named by the order"),
            ("Reference", settlement.provider_reference or ""),
            ("Why it failed", settlement.failure),
            ("Customer", request.contact_name),
        ],
    )


def proposal_refused(row: Notification, _now: datetime) -> dict[str, Any]:
    """Who proposed a settlement hears why another person doesn't agree."""
    request = request_of(row)
    plan = SettlementPlan.objects.select_related("refused_by").filter(request=request).first()
    if plan is None or plan.refused_by is None or plan.proposed_total is None:
        raise NoLongerTrue("The settlement was changed or proposed again.")
    _refuse_who_left(row)
    return _to_staff(
        request,
        facts=[
            ("Proposed", money(plan.proposed_total, request.order.currency)),
            ("Not agreed to by", plan.refused_by.get_short_name()),
            ("Because", plan.refusal),
            ("Customer", request.contact_name),
        ],
    )


def _still(row: Notification, request: ReturnRequest, state: str) -> Settlement:
    """The settlement, while its refund stands where this event brought it and no later one did."""
    settlement = request.settlement
    is_past = request.events.filter(action__startswith="refund_", seq__gt=row.context["event_seq"]).exists()
    if settlement.state != state or is_past:
        raise NoLongerTrue(f"The refund is {settlement.state} by now.")
    return settlement


def _day(case: Case, settlement: Settlement) -> str:
    return long_date(case.day(settlement.state_at)) if settlement.state_at else ""


def _refuse_who_left(row: Notification) -> None:
    if not matter_of(row).works_there:
        raise NoLongerTrue("The person doesn't work for the storefront any more.")


def _to_staff(request: ReturnRequest, *, facts: list[tuple[str, str]]) -> dict[str, Any]:
    return framed(request.storefront, number=request.number, facts=facts, url=desk_page(request), questions="")
