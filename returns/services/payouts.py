"""Refunds to the payment method: paid out in the shop, noted here. Decided, sent, then confirmed or failed (D1)."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from returns import notifications
from returns.models import ReturnEvent, ReturnRequest, Settlement
from returns.services import transition
from returns.services.bookkeeping import Book
from returns.services.colleagues import who_looks_after
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By

FAILED_MAIL = "refund_failed_staff"

COMES_FROM: Mapping[str, frozenset[str]] = {
    Settlement.SENT: frozenset({Settlement.DECIDED, Settlement.FAILED}),
    Settlement.CONFIRMED: frozenset({Settlement.SENT}),
    Settlement.FAILED: frozenset({Settlement.SENT}),
}
"""Where each state comes from; the database holds the same moves."""


def mark_sent(*, settlement_id: uuid.UUID, reference: str, by: By, now: datetime) -> Settlement:
    """Note that the refund was paid out in the shop, under the payment provider's reference.

    One that failed can be sent again, with another reference. Raises Refused where another refund has this reference.
    """
    return _move(settlement_id, Settlement.SENT, by, now, provider_reference=reference, failure="")


def mark_confirmed(*, settlement_id: uuid.UUID, by: By, now: datetime) -> Settlement:
    """Note that the money has arrived: what was payable is paid out, in the ledger too."""
    return _move(settlement_id, Settlement.CONFIRMED, by, now)


def mark_failed(*, settlement_id: uuid.UUID, reason: str, by: By, now: datetime) -> Settlement:
    """Note that the money came back, and why. The amount stays reserved until it is sent again."""
    return _move(settlement_id, Settlement.FAILED, by, now, failure=reason)


def _move(settlement_id: uuid.UUID, state: str, by: By, now: datetime, **changes: str) -> Settlement:
    request_id = Settlement.objects.values_list("request_id", flat=True).get(public_id=settlement_id)
    with transition.locked(request_id) as request:
        transition.refuse_own_order(request, by)
        settlement = Settlement.objects.select_for_update(no_key=True).get(public_id=settlement_id)
        _refuse_moved_on(settlement, request, state)
        settlement.state, settlement.state_at = state, now
        for name, value in changes.items():
            setattr(settlement, name, value)
        _save(settlement)
        if state == Settlement.CONFIRMED:
            Book(request, request.order.account, by, now).pay_out(settlement.payout)
        data = {"settlement": str(settlement.public_id), "reference": settlement.provider_reference}
        # That it has arrived the customer sees at their bank; the status page says so too.
        event = transition.record(
            request, f"refund_{state}", by=by, now=now, data=data, tells=state != Settlement.CONFIRMED
        )
        if state == Settlement.FAILED:
            _tell_staff(request, event, by, now)
        return settlement


def _tell_staff(request: ReturnRequest, event: ReturnEvent, by: By, now: datetime) -> None:
    """Those who look after the return hear that its refund came back; whoever noted it knows."""
    for person in who_looks_after(request):
        if by.user is None or person.pk != by.user.pk:
            notifications.enqueue(
                kind=FAILED_MAIL,
                recipient=person.email,
                dedupe_key=f"{FAILED_MAIL}:{request.pk}:{event.seq}:{person.pk}",
                now=now,
                storefront=request.storefront,
                request=request,
                context={"person": person.public_id, "event_seq": event.seq},
                language=settings.LANGUAGE_CODE,
            )


def _refuse_moved_on(settlement: Settlement, request: ReturnRequest, state: str) -> None:
    if not settlement.payout:
        raise Refused(f"{request.number} has no refund to pay out.")
    if settlement.state not in COMES_FROM[state]:
        raise AlreadyDecided(
            f"The refund of {request.number} is {settlement.state} by now. You changed nothing.",
            action=f"refund_{state}",
        )


def _save(settlement: Settlement) -> None:
    try:
        with transaction.atomic():
            settlement.save(update_fields=["state", "state_at", "provider_reference", "failure"])
    except IntegrityError as error:
        raise Refused("Another refund has this reference. Look at it again.", field="reference") from error
