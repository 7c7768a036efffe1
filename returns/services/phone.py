"""What customers ask by phone, entered by staff: the same judgement as a form's, decided at once or kept for review."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from returns.domain.deadlines import local_date
from returns.domain.settlement import Quote
from returns.models import Order, ReturnRequest
from returns.quoting import Asked
from returns.services import authorization, requests
from returns.services.authorization import Decision
from returns.services.errors import Refused
from returns.services.requests import Contact
from returns.services.transition import By


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked on the phone. ``asked_at`` is when, now or earlier; ``seen`` the answer that was read aloud."""

    order: Order
    asked: Sequence[Asked]
    contact: Contact
    asked_at: datetime
    nonce: uuid.UUID
    seen: Quote
    note: str = ""
    language: str = "en"
    stated_received_at: datetime | None = None


def save_for_review(*, call: Call, by: By, now: datetime) -> ReturnRequest:
    """File it; somebody decides later. The customer gets the copy that a form of their own would have sent.

    Raises Refused for a moment that isn't over or lies before the order, for one's own order, and as
    `requests.submit` does.
    """
    return _entered(call, by, now, tells=True, decide=lambda filed: filed)


def authorize(*, call: Call, by: By, now: datetime) -> ReturnRequest:
    """File it and authorize every unit; the RMA number is mailed (GEN-07). All of it happens, or nothing.

    Raises Refused as `save_for_review` and `authorization.authorize` do: where a line needs an override it has to be
    saved for review.
    """

    def decide(filed: ReturnRequest) -> ReturnRequest:
        lines = filed.lines.order_by("position").values_list("position", "requested_quantity")
        decisions = [Decision(position, quantity) for position, quantity in lines]
        return authorization.authorize(request_id=filed.pk, decisions=decisions, by=by, now=now)

    return _entered(call, by, now, tells=False, decide=decide)


def reject(*, call: Call, reason: str, text: str, by: By, now: datetime) -> ReturnRequest:
    """File it and reject it with a coded reason; the customer is told in writing what was said on the phone."""
    return _entered(
        call,
        by,
        now,
        tells=False,
        decide=lambda filed: authorization.reject(request_id=filed.pk, reason=reason, text=text, by=by, now=now),
    )


def _entered(
    call: Call, by: By, now: datetime, *, tells: bool, decide: Callable[[ReturnRequest], ReturnRequest]
) -> ReturnRequest:
    _refuse_wrong_moment(call, now)
    with transaction.atomic():
        # The order first, as every decision locks it: the same form sent twice waits here, and finds its request.
        Order.objects.select_for_update(no_key=True).get(pk=call.order.pk)
        filed = ReturnRequest.objects.filter(nonce=call.nonce, order=call.order).first()
        if filed is not None:
            return filed
        return decide(
            requests.submit(
                order=call.order,
                asked=call.asked,
                contact=call.contact,
                by=by,
                now=now,
                nonce=call.nonce,
                seen=call.seen,
                note=call.note,
                language=call.language,
                stated_received_at=call.stated_received_at,
                asked_at=call.asked_at,
                tells=tells,
            )
        )


def _refuse_wrong_moment(call: Call, now: datetime) -> None:
    """The moment decides every window, so nobody moves it ahead, or to before there was anything to return (GEN-04)."""
    zone = call.order.storefront.zone
    if call.asked_at > now:
        raise Refused("That is still to come: enter when they asked, now or earlier.", field="asked_at")
    if local_date(call.asked_at, zone) < local_date(call.order.placed_at, zone):
        raise Refused("The order was placed after that day.", field="asked_on")
    if call.stated_received_at is not None and call.stated_received_at > call.asked_at:
        raise Refused("It can't have arrived after they asked about it.", field="arrived_on")
