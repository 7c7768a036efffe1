"""The customer's steps: file a request, answer a question, say it was shipped, withdraw."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from returns.domain.facts import Outcome, Reason, Wish
from returns.domain.rma_number import new_reference
from returns.domain.settlement import Quote
from returns.domain.workflow import Action, Actor, Status
from returns.models import Draft, Message, Order, OrderLine, Product, ReturnLine, ReturnRequest
from returns.pictures import Picture
from returns.quoting import Asked, policy_version_for, quote_asked
from returns.services import drafts, photos, transition
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By
from returns.wording.orders import is_delivered

MOST_REQUESTS_AN_HOUR = 10
MOST_TO_OTHER_ADDRESSES = 3
MOST_MESSAGES_AN_HOUR = 20
MOST_CORRECTIONS_A_DAY = 10
LONGEST_MESSAGE = 4000
OPEN_AFTER_CLOSING = timedelta(days=30)
"""How long after the end of a return the customer can still write about it."""


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
) -> ReturnRequest:
    """File a request: judged now, with the policy in force when the order was placed, and frozen (GEN-04, RES-55).

    The same nonce filed twice gives the same request. Raises Refused where nothing is asked, where a line isn't of
    this order, asks for more than is left (RES-45) or isn't eligible and wasn't asked anyway; QuoteChanged where `seen`
    differs from the answer now. Nothing is saved then.

    A ``draft`` goes with it: its photos become the request's. ``stated_received_at`` is when the customer says it came
    (RES-24), ``checks`` are the places where a missing package was looked for.
    """
    already = ReturnRequest.objects.filter(nonce=nonce, order=order).first()
    if already is not None:
        return already
    try:
        with transaction.atomic():
            if not by.is_staff:
                _refuse_floods(order, contact, now)
            _hold_units(order, asked)
            _refuse_before_delivery(order, asked)
            answer = _judge(order, asked, now, seen)
            _refuse_wrong_products(order, asked)
            _refuse_what_is_gone(order, asked, now)
            said = _Said(language, stated_received_at, tuple(checks))
            request = _store(order, asked, contact, answer, said, by=by, now=now, nonce=nonce)
            data = {"units": request.units, "by_staff": by.is_staff}
            transition.record(request, "file", by=by, now=now, data=data)
            if note.strip():
                add_message(request, body=note, by=by, now=now)
            if draft is not None:
                _take_over(draft, request)
            return request
    except (IntegrityError, Refused):
        # The same form arrived twice at the same moment: the other one won, and theirs is this one.
        winner = ReturnRequest.objects.filter(nonce=nonce, order=order).first()
        if winner is None:
            raise
        return winner


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
    """Whichever page it comes from: what is still on its way isn't missing (CON-12, RES-29)."""
    if not is_delivered(order) and any(line.reason is Reason.NOT_RECEIVED for line in asked):
        raise Refused(_("This order doesn't show as delivered yet, so it can't be reported missing. Nothing was sent."))


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
        is_claim=any(line.reason.is_merchant_fault for line in asked),
        quote=answer.as_data(),
        amount=answer.total,
        units=sum(line.quantity for line in asked),
        requested_at=now,
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


def _refuse_wrong_products(order: Order, asked: Sequence[Asked]) -> None:
    """What is wished in exchange is sold at this storefront, and there is one to send (CON-15)."""
    wished = {line.exchange_product_id for line in asked if line.exchange_product_id is not None}
    if not wished:
        return
    if any(line.wants is not Wish.EXCHANGE for line in asked if line.exchange_product_id is not None):
        raise Refused(_("Only an exchange asks for another product."))
    offered = Product.objects.exchangeable_at(order.storefront, policy_version_for(order).parsed())
    sold = {product.pk: product for product in offered.filter(pk__in=wished)}
    if wished - sold.keys():
        raise Refused(_("One of the products you'd like instead isn't sold here. Choose another one."))
    for product in sold.values():
        if not product.in_stock:
            why = _("%(product)s is out of stock by now, and we take no back orders.") % {"product": product.name}
            raise Refused(f"{why} {_('Go back and choose another product, or something else than an exchange.')}")


def _refuse_what_is_gone(order: Order, asked: Sequence[Asked], now: datetime) -> None:
    """No new one is promised of what is out of stock, where money is a way too; else a person decides (CON-15)."""
    lines = OrderLine.objects.filter(order=order, product__in_stock=False)
    wished = {line.order_line_id for line in asked if line.wants is Wish.REPLACEMENT}
    gone = {line.pk: line for line in lines.filter(pk__in=wished)} if wished else {}
    forms = policy_version_for(order).parsed().money.forms if gone else ()
    for line in asked:
        if line.order_line_id not in gone or line.wants is not Wish.REPLACEMENT or not forms:
            continue
        instead = quote_asked(order, [replace(line, wants=Wish(forms[0].value))], at=now).lines[0]
        if instead.is_granted and instead.resolution is not None and instead.resolution.is_money:
            said = {"product": gone[line.order_line_id].title}
            why = _("%(product)s is out of stock by now, and we take no back orders.") % said
            raise Refused(f"{why} {_('Go back and choose money instead of a new one.')}")


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


def write_message(
    *,
    request_id: int,
    nonce: uuid.UUID,
    body: str,
    by: By,
    now: datetime,
    internal: bool = False,
    tells: bool = True,
    pictures: Sequence[Picture] = (),
) -> ReturnRequest:
    """Write a message: staff at any stage, the customer until some days after the end.

    The same nonce sent twice writes one message. `tells`: what staff write to the customer is mailed too; it is False
    where the step that follows tells them. Raises Refused where it is empty, too long, too late, or one of too many.
    """
    if not body.strip() and not pictures:
        raise Refused(_("Write something first."), field="body")
    with photos.files_of(pictures) as files, transition.locked(request_id) as request:
        if request.messages.filter(nonce=nonce).exists():
            return request
        if not by.is_staff:
            refuse_message(request, body, now)
        message = add_message(request, body=body, by=by, now=now, internal=internal, nonce=nonce, tells=tells)
        _add_photos(request, message, files, by, now)
        return request


def _add_photos(request: ReturnRequest, message: Message, files: photos.Files, by: By, now: datetime) -> None:
    """Add what came with a message. Raises Refused where it says nothing and shows nothing new."""
    if files.kept:
        photos.add_kept(owner=request, files=files, by=by, now=now, message=message)
        request.refresh_from_db(fields=["event_seq"])  # the photos are events too
        if not message.body and not files.taken:
            raise Refused(_("This photo is here already. Add another one, or write something."), field="photos")


def is_open_to_messages(request: ReturnRequest, now: datetime) -> bool:
    """Whether the customer can still write about this return."""
    return request.closed_at is None or now <= request.closed_at + OPEN_AFTER_CLOSING


def refuse_message(request: ReturnRequest, body: str, now: datetime) -> None:
    """Raise Refused where the customer can't write this now: too long, too late, or one of too many."""
    if len(body) > LONGEST_MESSAGE:
        raise Refused(
            _("At most %(count)s characters; shorten it a little.") % {"count": f"{LONGEST_MESSAGE:,}"}, field="body"
        )
    if not is_open_to_messages(request, now):
        raise Refused(_("This return was closed a while ago. Call us, or write us an email."))
    lately = request.messages.filter(from_staff=False, at__gt=now - timedelta(hours=1))
    if lately.count() >= MOST_MESSAGES_AN_HOUR:
        raise Refused(_("Many messages came within the hour. Wait a while, or call us."))


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


def answer(*, request_id: int, body: str, by: By, now: datetime, pictures: Sequence[Picture] = ()) -> ReturnRequest:
    """The customer's answer to what staff asked, text or photos or both; the request goes back into review."""
    if not body.strip() and not pictures:
        raise Refused(_("Write your answer."), field="body")
    with photos.files_of(pictures) as files, transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.ANSWER, by)
        message = add_message(request, body=body, by=by, now=now)
        _add_photos(request, message, files, by, now)
        return transition.apply(request, Action.ANSWER, by=by, now=now)


def mark_shipped(
    *, request_id: int, by: By, now: datetime, carrier: str = "", tracking_number: str = ""
) -> ReturnRequest:
    """The package is on its way, with carrier and tracking number where known (LPS-20). Raises where nothing is."""
    with transition.locked(request_id) as request:
        if not request.goods_come_back:
            raise Refused(_("Nothing has to come back for %(number)s.") % {"number": request.number})
        return transition.apply(
            request,
            Action.SHIP,
            by=by,
            now=now,
            carrier=carrier.strip(),
            tracking_number=tracking_number.strip(),
        )


def correct_shipment(
    *, request_id: int, by: By, now: datetime, carrier: str = "", tracking_number: str = ""
) -> ReturnRequest:
    """Correct carrier and tracking number of a package that is on its way. Said twice, it is noted once."""
    with transition.locked(request_id) as request:
        if request.status != Status.SHIPPED.value:
            raise AlreadyDecided(_("%(number)s isn't on its way any more.") % {"number": request.number})
        if not (by.is_staff or by.kind is Actor.OWNER):
            raise Refused(_("You may not do this."))
        told = (carrier.strip(), tracking_number.strip())
        if told != (request.carrier, request.tracking_number):
            if not by.is_staff:
                _refuse_corrections(request, now)
            request.carrier, request.tracking_number = told
            request.save(update_fields=["carrier", "tracking_number"])
            transition.record(request, "tracking", by=by, now=now)
        return request


def _refuse_corrections(request: ReturnRequest, now: datetime) -> None:
    """Each is an event that is kept for ever, and that staff read past."""
    lately = request.events.filter(action="tracking", actor_kind=Actor.OWNER.value, at__gt=now - timedelta(days=1))
    if lately.count() >= MOST_CORRECTIONS_A_DAY:
        raise Refused(_("The tracking number was corrected many times today. Go on tomorrow, or call us."))


def withdraw(*, request_id: int, by: By, now: datetime, reason: str = "") -> ReturnRequest:
    """Take a request back before the goods are received; its units can be asked for again (RES-39).

    A `reason` becomes a message of whoever withdraws.
    """
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.WITHDRAW, by)
        if reason.strip():
            add_message(request, body=reason, by=by, now=now)
        release_all(request)
        return transition.apply(request, Action.WITHDRAW, by=by, now=now)


def expire(*, request_id: int, now: datetime) -> ReturnRequest:
    """Close a return whose package never came, where its storefront sets a limit (RES-44: none of the three does)."""
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.EXPIRE, By.worker())
        release_all(request)
        return transition.apply(request, Action.EXPIRE, by=By.worker(), now=now)


def close_lost(*, request_id: int, by: By, now: datetime) -> ReturnRequest:
    """Close a return whose package never reached us, without credit (LPS-22). A late one can still be received."""
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.CLOSE_LOST, by)
        release_all(request)
        return transition.apply(request, Action.CLOSE_LOST, by=by, now=now)
