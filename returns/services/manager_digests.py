"""Once every service day each manager reads what is late, due and waiting at a storefront, where anything is."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from returns import notifications
from returns.domain.reminding import Colleague
from returns.models import Notification, Storefront
from returns.pressing import figures

KIND = "digest"


def owe_digests(storefront: Storefront, *, staff: Sequence[Colleague], now: datetime, today: date) -> int:
    """Owe today's, unless it was owed; the number of messages."""
    managers = {f"{KIND}:{storefront.pk}:{today}:{one.pk}": one for one in staff if one.is_manager}
    owed = set(Notification.objects.filter(dedupe_key__in=managers).values_list("dedupe_key", flat=True))
    missing = managers.keys() - owed
    if not missing or not any(figures(storefront, today).values()):
        return 0
    for key in missing:
        notifications.enqueue(
            kind=KIND,
            recipient=managers[key].email,
            dedupe_key=key,
            now=now,
            storefront=storefront,
            context={"day": today.isoformat(), "person": managers[key].public_id},
            language=settings.LANGUAGE_CODE,
        )
    return len(missing)
