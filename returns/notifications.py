"""Owing a message: an outbox row in the transaction of the change it tells about. returns/notices.py has the kinds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import get_language

from returns import doorbell, tokens
from returns.models import Notification, ReturnEvent, ReturnRequest, Storefront
from returns.notices import BY_EVENT, BY_KIND, Audience


def enqueue_for_event(event: ReturnEvent) -> Notification | None:
    """The outbox row that belongs to this event, if it tells anybody; the key makes it one for each event (D2)."""
    notice = BY_EVENT.get(event.action)
    if notice is None:
        return None
    request = event.request
    recipient = _address(request, notice.audience)
    return enqueue(
        kind=notice.kind,
        recipient=recipient,
        dedupe_key=f"{notice.kind}:{request.pk}:{event.seq}",
        now=event.at,
        storefront=request.storefront,
        request=request,
        context={"event_seq": event.seq, **_way_in(request, recipient, event.at)},
    )


def enqueue_for_customer(request: ReturnRequest, *, kind: str, dedupe_key: str, now: datetime) -> Notification | None:
    """Owe the customer a message that no event tells about; None where it is owed already."""
    return enqueue_to(request.contact_email, request, kind=kind, dedupe_key=dedupe_key, now=now)


def enqueue_to(
    recipient: str, request: ReturnRequest, *, kind: str, dedupe_key: str, now: datetime
) -> Notification | None:
    """Owe somebody a message about this return, with a way in if they need one; None where it is owed already."""
    if Notification.objects.filter(dedupe_key=dedupe_key).exists():
        return None  # and no link is made for nothing
    return enqueue(
        kind=kind,
        recipient=recipient,
        dedupe_key=dedupe_key,
        now=now,
        storefront=request.storefront,
        request=request,
        context=_way_in(request, recipient, now),
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
    priority: int | None = None,
    storefront: Storefront | None = None,
    request: ReturnRequest | None = None,
    context: Mapping[str, Any] | None = None,
    language: str = "",
) -> Notification | None:
    """Owe a message, in the caller's transaction; None where a message with this key is owed already.

    `priority`: as the catalogue says, unless this one is special. It is written in `language`; where none is named in
    that of the request it is about, else of the page just used.

    After the commit a doorbell rings; the sweep finds the row without it. Nobody waits for either, so the time a page
    takes doesn't tell whether a mail is owed (B4).
    """
    row = Notification(
        dedupe_key=dedupe_key,
        kind=kind,
        recipient=recipient,
        language=language or (request.language if request else get_language()) or settings.LANGUAGE_CODE,
        priority=BY_KIND[kind].priority if priority is None else priority,
        storefront=storefront,
        request=request,
        context=dict(context or {}),
        next_attempt_at=now,
        created_at=now,
    )
    if not _is_new(row):
        return None
    transaction.on_commit(lambda: doorbell.ring(row.pk))
    return row


_FIELDS = Notification._meta.concrete_fields  # noqa: SLF001  Django's own documented way
# One statement where get_or_create takes four: whoever does something that is told waits for it.
_INSERT = (
    f"INSERT INTO returns_notification ({', '.join(str(field.column) for field in _FIELDS)})"  # noqa: S608  our columns
    f" VALUES ({', '.join('%s' for _ in _FIELDS)}) ON CONFLICT (dedupe_key) DO NOTHING"
)


def _is_new(row: Notification) -> bool:
    """Insert the row, unless its key is there; a transaction that owes the same at this moment is waited for."""
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in _FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        row._state.adding = False  # noqa: SLF001  it is there now
        return bool(cursor.rowcount)
