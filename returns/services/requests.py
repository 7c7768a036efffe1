"""A request comes and goes: filed with the units it holds, withdrawn, expired, closed as lost."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from returns.domain.facts import NO_MONEY, Outcome, Reason
from returns.domain.rma_number import new_reference
from returns.domain.settlement import Quote
from returns.domain.workflow import Action
from returns.models import Draft, Message, Order, OrderLine, ReturnLine, ReturnRequest
from returns.policy_in_force import policy_version_for
from returns.quoting import Asked, quote_asked
from returns.services import drafts, photos, transition
from returns.services.clock import decision_day
from returns.services.errors import Refused
from returns.services.transition import By
from returns.services.wished_goods import refuse_what_is_gone, refuse_wrong_products

MOST_REQUESTS_AN_HOUR = 10
MOST_TO_OTHER_ADDRESSES = 3


class QuoteChanged(Refused):
    """The answer is no longer the one the customer saw, for example because a day began in between."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(_("Since you began, the answer has changed. Check the new sum and send it again."))
        self.quote = quote


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to about this request, and as which account (LPS-11)."""

    name: str
    email: str
    phone: str = ""
    account_number: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    language: str
    received_at: datetime | None
    checks: tuple[str, ...]
    asked_at: datetime


def submit(
    *,
    order: Order,
    asked: Sequence[Asked],
    contact: Contact,
    by: By,
    now: datetime,
    nonce: uuid.UUID,
    seen: Quote | None = None,
    note: str = "",
    draft: Draft | None = None,
    language: str = "en",
    stated_received_at: datetime | None = None,
    checks: Sequence[str] = (),
    asked_at: datetime | None = None,
    tells: bool = True,
) -> ReturnRequest:
    """File a request: judged now, with the policy in force when the order was placed, and frozen (GEN-04, RES-55).

    The same nonce filed twice gives the same request. Raises Refused where nothing is asked, where a line isn't of
    this order, asks for more than is left (RES-45) or isn't eligible and wasn't asked anyway; QuoteChanged where `seen`
    differs from the answer now. Nothing is saved then.

    A ``draft`` goes with it: its photos become the request's. ``stated_received_at`` is when the customer says it came
    (RES-24), ``checks`` are the places where a missing package was looked for. ``asked_at`` is when staff were asked by
    phone, if that was before now: it decides, and stands in the history (services/phone.py). ``tells`` is False where a
    decision of the same moment tells the customer.
    """
    asked_at = asked_at or now
    already = ReturnRequest.objects.filter(nonce=nonce, order=order).first()
    if already is not None:
        return already
    try:
        with transaction.atomic():
            _refuse_sender(order, contact, by, now)
            _hold_units(order, asked)
            _refuse_before_delivery(order, asked)
            _refuse_unlooked(asked, checks, by)
            answer = _judge(order, asked, asked_at, seen)
            refuse_wrong_products(order, asked)
            refuse_what_is_gone(order, asked, now)
            said = _Said(language, stated_received_at, tuple(checks), asked_at)
            request = _store(order, asked, contact, answer, said, by=by, now=now, nonce=nonce)
            data: dict[str, object] = {"units": request.units, "by_staff": by.is_staff}
            if asked_at != now:
                data["asked_at"] = asked_at.isoformat()
            if not tells:
                data["decided_at_once"] = True
            transition.record(request, "file", by=by, now=now, data=data, tells=tells)
            if note.strip():
                add_message(request, body=note, by=by, now=now, internal=by.is_staff)
            if draft is not None:
                _take_over(draft, request)
            return request
    except (IntegrityError, Refused):
        # The same form arrived twice at the same moment: the other one won, and theirs is this one.
        winner = ReturnRequest.objects.filter(nonce=nonce, order=order).first()
        if winner is None:
            raise
        return winner


def _refuse_sender(order: Order, contact: Contact, by: By, now: datetime) -> None:
    """Staff enter no return for an order of their own (B34), and others not as many as they like."""
    if not by.is_staff:
        _refuse_floods(order, contact, now)
    elif transition.is_theirs(order, by, contact.email):
        raise Refused("This is your own order. Ask for its return as a customer does; somebody else decides.")


def _refuse_floods(order: Order, contact: Contact, now: datetime) -> None:
    """Each request is a mail: whoever files and withdraws in circles, or names somebody else, is stopped (B51)."""
    lately = ReturnRequest.objects.filter(requested_at__gt=now - timedelta(hours=1))
    if lately.filter(order=order).count() >= MOST_REQUESTS_AN_HOUR:
        raise Refused(_("Many requests were filed for this order within the hour. Wait a while, or call us."))
    on_file = {order.email.lower(), order.account.email.lower() if order.account else "", ""}
    address = contact.email.lower()
    if address not in on_file and lately.filter(contact_email__iexact=address).count() >= MOST_TO_OTHER_ADDRESSES:
        why = _("Many mails went to this address within the hour. Use the one you ordered with.")
        raise Refused(why, field="email")


def _refuse_before_delivery(order: Order, asked: Sequence[Asked]) -> None:
    """Whichever page it comes from: what is still on its way isn't missing."""
    if any(line.reason is Reason.NOT_RECEIVED for line in asked):
        refuse_missing_before_delivery(order)


def refuse_missing_before_delivery(order: Order) -> None:
    """Raise Refused where the order doesn't show as delivered: nothing of it can be missing yet (CON-12, RES-29)."""
    if not order.is_delivered:
        raise Refused(_("This order doesn't show as delivered yet, so it can't be reported missing. Nothing was sent."))


def _refuse_unlooked(asked: Sequence[Asked], checks: Sequence[str], by: By) -> None:
    """Whoever misses a package has looked around for it first (CON-12, RES-29); staff ask that on the phone."""
    if not by.is_staff and not checks and any(line.reason is Reason.NOT_RECEIVED for line in asked):
        raise Refused(_("Say first where you have looked for what never arrived: it has a page of its own."))


def _judge(order: Order, asked: Sequence[Asked], now: datetime, seen: Quote | None) -> Quote:
    answer = quote_asked(order, asked, at=now)
    if seen is not None and not same_answer(seen, answer):
        raise QuoteChanged(answer)
    _refuse_unasked_noes(asked, answer)
    return answer


def _store(
    order: Order,
    asked: Sequence[Asked],
    contact: Contact,
    answer: Quote,
    said: _Said,
    *,
    by: By,
    now: datetime,
    nonce: uuid.UUID,
) -> ReturnRequest:
    is_claim = any(line.reason.is_merchant_fault for line in asked)
    request = ReturnRequest.objects.create(
        storefront=order.storefront,
        order=order,
        account=order.account,
        policy_version=policy_version_for(order),
        reference=new_reference(),
        nonce=nonce,
        submitted_by=by.user,
        contact_name=contact.name,
        contact_account_number=contact.account_number,
        contact_email=contact.email,
        contact_phone=contact.phone,
        language=said.language,
        stated_received_at=said.received_at,
        checks=list(said.checks),
        is_claim=is_claim,
        decision_due_on=decision_day(order.storefront, now, is_claim=is_claim),
        quote=answer.as_data(),
        amount=answer.total,
        units=sum(line.quantity for line in asked),
        requested_at=said.asked_at,
        last_activity_at=now,
    )
    ReturnLine.objects.bulk_create([_line(request, position, line) for position, line in enumerate(asked, start=1)])
    return request


def _take_over(draft: Draft, request: ReturnRequest) -> None:
    photos.adopt(draft=draft, request=request)
    drafts.drop(draft)


def _line(request: ReturnRequest, position: int, asked: Asked) -> ReturnLine:
    return ReturnLine(
        request=request,
        order_line_id=asked.order_line_id,
        position=position,
        requested_quantity=asked.quantity,
        reason=asked.reason.value,
        condition=asked.condition.value,
        used_percent=asked.used_percent,
        resalable=asked.resalable,
        expires_on=asked.expires_on,
        wants=asked.wants.value,
        exchange_product_id=asked.exchange_product_id,
        ask_anyway=asked.ask_anyway,
    )


def _hold_units(order: Order, asked: Sequence[Asked]) -> None:
    if not asked:
        raise Refused(_("Choose at least one product to return."))
    wanted = Counter[int]()
    for line in asked:
        if line.quantity < 1:
            raise Refused(_("Ask for at least one of each product you choose."))
        wanted[line.order_line_id] += line.quantity
    held = {
        line.pk: line for line in OrderLine.objects.select_for_update(no_key=True).filter(order=order).order_by("pk")
    }
    for line_id, quantity in wanted.items():
        bought = held.get(line_id)
        if bought is None:
            raise Refused(_("One of the products isn't part of this order."))
        if quantity > bought.available:
            raise Refused(_too_many(bought))
        OrderLine.objects.filter(pk=line_id).update(returning_quantity=F("returning_quantity") + quantity)


def _too_many(line: OrderLine) -> str:
    units = {"product": line.title, "left": line.available, "count": line.quantity}
    if line.available == 0:
        words = _("%(product)s: nothing is left to return, all %(count)s were asked back or refunded already.")
    else:
        words = _("%(product)s: %(left)s of %(count)s can still be returned.")
    return words % units


def _refuse_unasked_noes(asked: Sequence[Asked], answer: Quote) -> None:
    for line, judged in zip(asked, answer.lines, strict=True):
        is_no = judged.verdict.outcome in {Outcome.NOT_ELIGIBLE, Outcome.REDIRECT}
        if is_no and not line.ask_anyway:
            raise Refused(_("The policy doesn't take one of the products back. Remove it, or choose “Ask us anyway”."))


def same_answer(one: Quote, other: Quote) -> bool:
    """True where two quotes promise the same: verdicts and cents, whatever the day they were asked."""
    return _promise(one) == _promise(other)


def answer_key(quote: Quote) -> str:
    """A short sign of what a quote promises: a page carries it, to say later which answer it showed."""
    return hashlib.sha256(repr(_promise(quote)).encode()).hexdigest()[:16]


def _promise(quote: Quote) -> tuple[object, ...]:
    lines = [(line.verdict.outcome, line.verdict.code, line.amount, line.fee, line.quantity) for line in quote.lines]
    return (lines, quote.total, quote.shipping_refund, quote.service_charge, quote.balance_applied)


def release_units(lines: Mapping[int, int]) -> None:
    """Give units back to their order lines, so that they can be asked for again: order line key → units."""
    for line_id, quantity in sorted(lines.items()):
        if quantity:
            OrderLine.objects.filter(pk=line_id).update(returning_quantity=F("returning_quantity") - quantity)


def hold_again(wanted: Mapping[int, int]) -> None:
    """Take units back that were released, order line key → units; Refused where others have asked for them since."""
    for line in OrderLine.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"):
        if wanted[line.pk] > line.available:
            raise Refused(_too_many(line))
        OrderLine.objects.filter(pk=line.pk).update(returning_quantity=F("returning_quantity") + wanted[line.pk])


def release_all(request: ReturnRequest) -> None:
    """Give back every unit this request still holds."""
    held = Counter[int]()
    for line in request.lines.all():
        held[line.order_line_id] += line.held_quantity
    release_units(held)


def add_message(
    request: ReturnRequest,
    *,
    body: str,
    by: By,
    now: datetime,
    internal: bool = False,
    nonce: uuid.UUID | None = None,
    tells: bool = False,
) -> Message:
    """Write a message on a locked request. Staff may mark it internal; then only staff ever see it.

    `tells`: the customer gets a mail about it; not where the step it belongs to has a mail of its own.
    """
    message = Message.objects.create(
        nonce=nonce,
        request=request,
        author=by.user,
        from_staff=by.is_staff,
        internal=internal,
        body=body.strip(),
        at=now,
    )
    transition.record(
        request,
        "note" if internal else "message",
        by=by,
        now=now,
        data={"message": str(message.public_id)},
        for_customer=not internal,
        tells=tells and by.is_staff and not internal,
    )
    return message


def withdraw(*, request_id: int, by: By, now: datetime, reason: str = "") -> ReturnRequest:
    """Take a request back before the goods are received; its units can be asked for again (RES-39).

    A `reason` becomes a message of whoever withdraws.
    """
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.WITHDRAW, by)
        if reason.strip():
            add_message(request, body=reason, by=by, now=now)
        release_all(request)
        return transition.apply(request, Action.WITHDRAW, by=by, now=now, amount=NO_MONEY)


def expire(*, request_id: int, now: datetime) -> ReturnRequest:
    """Close a return whose package never came within a limit (RES-44: none of the three has one)."""
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.EXPIRE, By.worker())
        release_all(request)
        return transition.apply(request, Action.EXPIRE, by=By.worker(), now=now, amount=NO_MONEY)


def close_lost(*, request_id: int, by: By, now: datetime) -> ReturnRequest:
    """Close a return whose package never reached us, without credit (LPS-22). A late one can still be received."""
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.CLOSE_LOST, by)
        release_all(request)
        return transition.apply(request, Action.CLOSE_LOST, by=by, now=now, amount=NO_MONEY)
