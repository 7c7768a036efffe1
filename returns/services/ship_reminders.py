"""Customers are reminded, once, of an authorized return they haven't sent; who wants no such mail gets none (RES-44).

State driven like the reminders of staff: an authorized return that nobody has shipped for a week, and that wasn't
reminded of. Whoever runs twice, late or beside another finds the reminder owed already.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from returns import notifications
from returns.domain.workflow import Status
from returns.models import Notification, ReturnRequest, Storefront
from returns.preferences import addresses_of, wants_optional

KIND = "ship_reminder"
PRIORITY = 9
AFTER = timedelta(days=7)
FORGOTTEN_AFTER = timedelta(days=30)
"""Who hasn't shipped for so long isn't reminded any more, for example after an import of old returns."""


def owe_ship_reminders(storefront: Storefront, *, now: datetime) -> int:
    """Owe the reminders that are due at this storefront; the number of messages."""
    return sum(_remind(request.pk, now) for request in _unshipped(storefront, now))


def _unshipped(storefront: Storefront, now: datetime) -> Iterable[ReturnRequest]:
    waiting = ReturnRequest.objects.filter(
        storefront=storefront,
        status=Status.AUTHORIZED.value,
        goods_come_back=True,
        authorized_at__lte=now - AFTER,
        authorized_at__gt=now - FORGOTTEN_AFTER,
    )
    reminded = Notification.objects.filter(kind=KIND, request__in=waiting).values("request_id")
    return waiting.exclude(pk__in=reminded).order_by("authorized_at", "pk")


def _remind(request_id: int, now: datetime) -> int:
    """Owe it, unless the return has moved on, or the address wants no such mail."""
    with transaction.atomic():
        request = ReturnRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request_id)
        if request.status != Status.AUTHORIZED.value:
            return 0
        if not wants_optional(request.storefront, *addresses_of(request)):
            return 0
        owed = notifications.enqueue_for_customer(
            request, kind=KIND, dedupe_key=f"{KIND}:{request.pk}", priority=PRIORITY, now=now
        )
        return int(owed is not None)
