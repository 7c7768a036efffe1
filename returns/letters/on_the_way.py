"""Mails while a return is on its way: a message, a reminder to ship, a lost package, what was found otherwise."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from returns.differences import returnable
from returns.domain.policy import BoxMark
from returns.domain.settlement import Quote
from returns.domain.workflow import PROCESSING, Action, Status
from returns.letters.customers import Case, hello, question_before
from returns.letters.differences import differences
from returns.letters.timing import NoLongerTrue
from returns.models import LedgerAccount, LedgerEntry, Message, Notification, OutgoingShipment, ReturnEvent
from returns.statements import store_credit as balance_of_credit
from returns.wording.carriers import tracking_url
from returns.wording.differences import (
    Offer,
    Sums,
    accept_offer,
    disagree_offer,
    measured_words,
    send_back_offer,
    unpaid_of,
)
from returns.wording.instructions import instructions
from returns.wording.ledgers import Stage
from returns.wording.phrases import day_of_month, long_date, policy_text

MOST_OF_A_MESSAGE = 600
"""Signs of a message that its mail shows; the page has all of it."""


def message(row: Notification, _now: datetime) -> dict[str, Any]:
    """What staff wrote to the customer."""
    case = Case.of(row)
    event = case.request.events.filter(action="message", seq=row.context["event_seq"]).first()
    written = Message.objects.filter(request=case.request, public_id=event.data["message"]).first() if event else None
    if written is None or written.internal:
        raise NoLongerTrue("The message isn't there any more.")
    body = written.body
    is_cut = len(body) > MOST_OF_A_MESSAGE
    shown = f"{body[:MOST_OF_A_MESSAGE].rsplit(None, 1)[0]} …" if is_cut else body
    return case.letter(written=shown, is_cut=is_cut)


def ship_reminder(row: Notification, _now: datetime) -> dict[str, Any]:
    """An authorized return waits for its package (RES-44). Asked again at delivery whether it still does."""
    case = Case.of(row)
    request = case.request
    if request.status != Status.AUTHORIZED.value or request.authorized_at is None or not request.goods_come_back:
        raise NoLongerTrue("The return isn't waiting for its package any more.")
    quote = Quote.from_data(request.decision_quote) if request.decision_quote else request.submitted_quote
    how = instructions(request, case.terms, case.bought, case.lines, quote)
    return case.letter(
        how=how,
        by_order=case.terms.package.box_mark is BoxMark.ORDER_NUMBER,
        since=long_date(case.day(request.authorized_at)),
    )


def information_reminder(row: Notification, _now: datetime) -> dict[str, Any]:
    """The same question again: nothing happens until it is answered (PRO-29)."""
    case = Case.of(row)
    asked = case.request.events.filter(action=Action.REQUEST_INFORMATION.value).order_by("-seq").first()
    if case.request.status != Status.INFORMATION_REQUESTED.value or asked is None or asked.seq != row.context["asked"]:
        raise NoLongerTrue("The question is answered by now.")
    return case.letter(question=question_before(case, asked.seq), since=long_date(case.day(asked.at)))


def expired(row: Notification, _now: datetime) -> dict[str, Any]:
    """The limit to ship is over, and with it the number (RES-44)."""
    case = Case.of(row)
    authorized_at = case.request.authorized_at
    return case.letter(since=long_date(case.day(authorized_at)) if authorized_at else "")


def promise_moved(row: Notification, _now: datetime) -> dict[str, Any]:
    """The promised day, later by the days we waited for the answer."""
    case = Case.of(row)
    request = case.request
    if Status(request.status) not in PROCESSING or request.is_paused or request.due_on is None:
        raise NoLongerTrue("No day is promised any more.")
    return case.letter(due=day_of_month(request.due_on), due_day=long_date(request.due_on))


def store_credit(row: Notification, _now: datetime) -> dict[str, Any]:
    """Credit came to the account: how much, and what there is now (LPS-11)."""
    case = Case.of(row)
    account = case.request.account
    if account is None:
        raise NoLongerTrue("The credit has no account any more.")
    booked = LedgerEntry.objects.filter(request=case.request, credit__kind=LedgerAccount.STORE_CREDIT)
    return case.letter(
        hello=hello(account.name),
        credit=case.money(sum((entry.amount for entry in booked), Decimal(0))),
        balance=case.money(balance_of_credit(account)),
        account_number=account.number,
    )


def closed_lost(row: Notification, _now: datetime) -> dict[str, Any]:
    """The package never came: closed without credit, and what can still be done (LPS-22)."""
    case = Case.of(row)
    request = case.request
    tracking = " ".join(part for part in (request.carrier, request.tracking_number) if part)
    return case.letter(tracking=tracking, notices=[policy_text(sentence) for sentence in case.terms.package.notices])


def goods_sent(row: Notification, _now: datetime) -> dict[str, Any]:
    """A package left for the customer: with whom, its number, and where it can be followed; or that corrected."""
    case = Case.of(row)
    shipment = OutgoingShipment.objects.get(request=case.request)
    told = case.request.events.filter(seq=row.context["event_seq"]).first()
    if case.request.events.filter(action="goods_corrected", seq__gt=row.context["event_seq"]).exists():
        raise NoLongerTrue("It was corrected since, and the correction has a mail of its own.")
    return case.letter(
        is_corrected=told is not None and told.action == "goods_corrected",
        carrier=shipment.carrier,
        tracking=shipment.tracking_number,
        tracking_url=tracking_url(shipment.carrier, shipment.tracking_number),
        day=long_date(shipment.shipped_on),
    )


def difference(row: Notification, _now: datetime) -> dict[str, Any]:
    """What was found otherwise than told, what it gives, and the three answers (LPS-29)."""
    case = Case.of(row)
    request = case.request
    if request.found_quote is None or request.decision_quote is None:
        raise NoLongerTrue("Nothing was found that the customer could answer to.")
    asked = request.events.filter(action=Action.SEND_DIFFERENCE.value, seq__gt=row.context["event_seq"])
    if request.status != Status.DIFFERENCE_SENT.value or asked.exists():
        raise NoLongerTrue("The customer isn't asked this any more.")
    before, found = Quote.from_data(request.decision_quote), request.current_quote
    told = differences(case.lines, before, found, case.terms)
    return case.letter(
        differences=told,
        is_again=any(one.earlier for one in told),
        measured=[
            (f"{line.order_line.title} ({one.title})", one.formula, one.used)
            for line in case.lines
            for one in measured_words(line)
        ],
        note=_note(case),
        before=case.money(before.total) if before.total != found.total else "",
        ledger=case.ledger(found, Stage.FOUND),
        offers=_offers(case),
        answer_by=long_date(request.answer_due_on) if request.answer_due_on else "",
    )


def difference_reminder(row: Notification, now: datetime) -> dict[str, Any]:
    """The same question again, while there is time to answer it: the answers, and until when (LPS-29)."""
    case = Case.of(row)
    request, until = case.request, case.request.answer_due_on
    asked = request.events.filter(action=Action.SEND_DIFFERENCE.value, seq__gt=row.context["event_seq"])
    if not request.is_paused or until is None or case.day(now) > until or asked.exists():
        raise NoLongerTrue("It is answered, or can't be any more.")
    return case.letter(offers=_offers(case), answer_by=long_date(until))


def _sent(case: Case) -> ReturnEvent | None:
    return case.request.events.filter(seq=case.row.context["event_seq"]).first()


def _offers(case: Case) -> list[Offer]:
    sent = _sent(case)
    sums = Sums.of(sent.data if sent else {}, case.request.current_quote)
    titles = [line.order_line.title for line in returnable(case.request, case.lines)]
    offers = (
        accept_offer(sums, case.terms, unpaid_of(case.request, case.lines)),
        send_back_offer(sums, case.terms, titles),
        disagree_offer(),
    )
    return [offer for offer in offers if offer is not None]


def _note(case: Case) -> str:
    """What staff wrote with it, at the same moment."""
    sent = _sent(case)
    if sent is None:
        return ""
    written = case.request.messages.filter(internal=False, from_staff=True, at=sent.at).last()
    return written.body if written else ""
