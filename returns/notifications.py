"""Every message the portal owes: which event tells whom, with which template; written in the event's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from returns import doorbell, tokens
from returns.domain.workflow import Action
from returns.models import Notification, ReturnEvent, ReturnRequest, Storefront


class Audience(StrEnum):
    """Whom a notice is for."""

    CUSTOMER = "customer"
    MAIN_CONTACT = "main_contact"


@dataclass(frozen=True, slots=True)
class Notice:
    """What an event tells: its template (templates/emails/), to whom, and how urgent it is (1 leaves first)."""

    template: str
    audience: Audience
    priority: int


NOTICES: Mapping[str, Notice] = {
    "file": Notice("received", Audience.CUSTOMER, 2),
    "message": Notice("message", Audience.CUSTOMER, 2),
    Action.REQUEST_INFORMATION: Notice("information_requested", Audience.CUSTOMER, 2),
    Action.AUTHORIZE: Notice("authorized", Audience.CUSTOMER, 1),
    Action.REJECT: Notice("rejected", Audience.CUSTOMER, 2),
    Action.REDIRECT: Notice("redirected", Audience.CUSTOMER, 2),
    Action.WITHDRAW: Notice("withdrawn", Audience.CUSTOMER, 3),
    Action.SEND_DIFFERENCE: Notice("difference", Audience.CUSTOMER, 2),
    Action.CLOSE_LOST: Notice("closed_lost", Audience.CUSTOMER, 3),
    Action.RECEIVE: Notice("package_received", Audience.CUSTOMER, 2),
    Action.RECEIVE_LATE: Notice("package_received", Audience.CUSTOMER, 2),
    "package": Notice("package_received", Audience.CUSTOMER, 2),
    Action.SETTLE: Notice("completed", Audience.MAIN_CONTACT, 2),
    Action.SETTLE_WITHOUT_GOODS: Notice("completed", Audience.MAIN_CONTACT, 2),
    "goods_sent": Notice("goods_sent", Audience.CUSTOMER, 2),
    "goods_corrected": Notice("goods_sent", Audience.CUSTOMER, 2),
    "refund_sent": Notice("refund_sent", Audience.MAIN_CONTACT, 3),
    "refund_failed": Notice("refund_failed", Audience.MAIN_CONTACT, 3),
}


def enqueue_for_event(event: ReturnEvent) -> Notification | None:
    """The outbox row that belongs to this event, if it tells anybody; the key makes it one for each event (D2)."""
    notice = NOTICES.get(event.action)
    if notice is None:
        return None
    request = event.request
    recipient = _address(request, notice.audience)
    return enqueue(
        kind=notice.template,
        recipient=recipient,
        dedupe_key=f"{notice.template}:{request.pk}:{event.seq}",
        priority=notice.priority,
        now=event.at,
        storefront=request.storefront,
        request=request,
        context={"event_seq": event.seq, **_way_in(request, recipient, event.at)},
    )


def enqueue_for_customer(
    request: ReturnRequest, *, kind: str, dedupe_key: str, priority: int, now: datetime
) -> Notification | None:
    """Owe the customer a message that no event tells about; None where it is owed already."""
    if Notification.objects.filter(dedupe_key=dedupe_key).exists():
        return None  # and no link is made for nothing
    return enqueue(
        kind=kind,
        recipient=request.contact_email,
        dedupe_key=dedupe_key,
        priority=priority,
        now=now,
        storefront=request.storefront,
        request=request,
        context=_way_in(request, request.contact_email, now),
    )


def _address(request: ReturnRequest, audience: Audience) -> str:
    if audience is Audience.MAIN_CONTACT and request.account is not None:
        return request.account.completion_email
    return request.contact_email


def _way_in(request: ReturnRequest, recipient: str, now: datetime) -> dict[str, str]:
    """For somebody who can't sign in, a fresh guest link: the row's id; its token is made when the mail leaves (D7)."""
    account = request.order.account
    user = account.user if account is not None else None
    # A signed-in person may name any address to write to, and care may still have one of before; of those on file
    # the main contact's alone gets more than a way to the sign-in.
    if account is not None and user is not None:
        without = {user.email.lower(), request.contact_email.lower(), account.email.lower()}
        if recipient.lower() in without or recipient.lower() != account.main_contact_email.lower():
            return {}
    return {"link": str(tokens.fresh_link_for(request.order, recipient, now=now, language=request.language).pk)}


def enqueue(
    *,
    kind: str,
    recipient: str,
    dedupe_key: str,
    now: datetime,
    priority: int = 5,
    storefront: Storefront | None = None,
    request: ReturnRequest | None = None,
    context: Mapping[str, Any] | None = None,
    language: str = "",
) -> Notification | None:
    """Owe a message, in the caller's transaction; None where a message with this key is owed already.

    It is written in `language`; where none is named in that of the request it is about, else of the page just used.

    After the commit a doorbell rings; the sweep finds the row without it. Nobody waits for either, so the time a page
    takes doesn't tell whether a mail is owed (B4).
    """
    row, created = Notification.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "kind": kind,
            "recipient": recipient,
            "language": language or (request.language if request else get_language()) or settings.LANGUAGE_CODE,
            "priority": priority,
            "storefront": storefront,
            "request": request,
            "context": dict(context or {}),
            "next_attempt_at": now,
            "created_at": now,
        },
    )
    if not created:
        return None
    transaction.on_commit(lambda: doorbell.ring(row.pk))
    return row
