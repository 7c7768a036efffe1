"""A message that can't be delivered: staff hear of it, and an address that nobody has gets nothing more."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from returns import notifications
from returns.domain.reminding import whom_to_remind
from returns.models import Notification, Suppression
from returns.notices import BY_KIND, STAFFED
from returns.services.colleagues import staff_of

logger = logging.getLogger(__name__)

KIND = "mail_failed"


@transaction.atomic
def tell_of_failure(row: Notification, *, now: datetime, nobody_there: bool) -> None:
    """Owe a word to who looks after the return; `nobody_there`: the server said that the address isn't one.

    Not about our own mails: a failure of those is on the managers' page, and a mail about it would fail as well.
    """
    if nobody_there:
        Suppression.objects.get_or_create(
            email=row.recipient.lower(), defaults={"reason": row.last_error, "since": now}
        )
    notice = BY_KIND.get(row.kind)
    if notice is None or notice.audience in STAFFED or row.request is None or row.storefront is None:
        return
    for person in whom_to_remind(row.request.owner_id, staff_of(row.storefront), overdue=False):
        notifications.enqueue(
            kind=KIND,
            recipient=person.email,
            dedupe_key=f"{KIND}:{row.pk}:{now:%Y-%m-%d %H:%M}:{person.pk}",
            now=now,
            storefront=row.storefront,
            request=row.request,
            context={"mail": str(row.pk), "person": person.public_id},
            language=settings.LANGUAGE_CODE,
        )


def lift(*, email: str) -> bool:
    """Let mail go to this address again; whether it was suppressed."""
    deleted, _ = Suppression.objects.filter(email__iexact=email).delete()
    return bool(deleted)
