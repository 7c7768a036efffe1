"""The week's figures by mail: who wants them, and the message owed once the week is over.

Driven by state like every reminder: whenever this runs it asks whether the week's mail is owed already. So two beats or
three days of outage make one mail, and a week that was missed as a whole makes none.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from returns import notifications
from returns.domain.deadlines import local_date
from returns.models import Notification, ReportSubscription, Storefront

KIND = "weekly_report"
PRIORITY = 9
FROM = time(7)
"""On Monday, at the storefront, the week before is mailed from this hour on."""


def subscribe(*, person: User, storefronts: Sequence[Storefront], among: Iterable[Storefront], now: datetime) -> None:
    """From now on the person gets the week's figures of these, and no others `among` those they manage."""
    with transaction.atomic():
        left = [shop for shop in among if shop not in storefronts]
        ReportSubscription.objects.filter(person=person, storefront__in=left).delete()
        for shop in storefronts:
            ReportSubscription.objects.get_or_create(person=person, storefront=shop, defaults={"since": now})


def owe_weekly_reports(*, now: datetime) -> int:
    """Owe the mails of the week that is over at each storefront; the number of messages."""
    managers = ReportSubscription.objects.filter(person__is_active=True, person__role=Role.MANAGER.value)
    rows = managers.select_related("person", "storefront").order_by("pk")
    return sum(_owe(row, now) for row in rows)


def _owe(row: ReportSubscription, now: datetime) -> int:
    shop, person = row.storefront, row.person
    today = local_date(now, shop.zone)
    monday = today - timedelta(days=today.weekday())
    due = datetime.combine(monday, FROM, shop.zone)
    key = f"{KIND}:{person.pk}:{shop.pk}:{monday}"
    if not row.since < due <= now or Notification.objects.filter(dedupe_key=key).exists():
        return 0
    with transaction.atomic():
        owed = notifications.enqueue(
            kind=KIND,
            recipient=person.email,
            dedupe_key=key,
            priority=PRIORITY,
            now=now,
            storefront=shop,
            context={"person": str(person.public_id), **_days(monday)},
            language=settings.LANGUAGE_CODE,
        )
    return int(owed is not None)


def _days(monday: date) -> dict[str, str]:
    week = timedelta(days=7)
    return {"first": (monday - week).isoformat(), "last": (monday - timedelta(days=1)).isoformat()}
