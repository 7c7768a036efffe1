"""How many photos anybody may send: nobody fills the disk or wears out the readers (B21)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts import limits
from accounts.limits import Count, Limit
from returns.services.errors import Refused
from returns.services.transition import By

# Nobody fills the disk (B21): what was removed counts too.
OF_A_PERSON = Limit("photos, person", 100, timedelta(days=1))
OF_A_GUEST = Limit("photos, guest", 40, timedelta(days=1))
OF_STAFF = Limit("photos, staff", 600, timedelta(days=1))

# Reading costs time, so each file that is sent counts before it is read, whatever becomes of it (B21).
FILES_OF_A_PERSON = Limit("photo files, person", 150, timedelta(hours=1))
FILES_OF_AN_ORDER = Limit("photo files, order", 80, timedelta(hours=1))
FILES_OF_STAFF = Limit("photo files, staff", 600, timedelta(hours=1))
FILES_OF_A_PLACE = Limit("photo files, place", 600, timedelta(hours=1))


def refuse_flood(new: int, *, order_id: int | None, by: By, now: datetime) -> None:
    """Raise Refused where so many new photos are too many for a day."""
    if by.user is not None:
        count = Count(OF_STAFF if by.is_staff else OF_A_PERSON, f"user {by.user.pk}")
    else:
        count = Count(OF_A_GUEST, f"order {order_id}")
    if not all(limits.take([count], now=now) for _each in range(new)):
        raise Refused(_("Many photos were added today. Go on tomorrow, or send them by email."), field="photos")


def why_unread(files: int, *, order_id: int | None, by: By, client: str, now: datetime) -> str:
    """Count that many files somebody sent; why none of them is read where these are too many, else nothing.

    `client` is the network address they come from; `order_id` is None for licenses.
    """
    counts = [Count(FILES_OF_A_PLACE, client)]
    if by.user is not None:
        counts.append(Count(FILES_OF_STAFF if by.is_staff else FILES_OF_A_PERSON, f"user {by.user.pk}"))
    if order_id is not None and not by.is_staff:
        counts.append(Count(FILES_OF_AN_ORDER, f"order {order_id}"))
    if limits.take(counts, now=now, times=files):
        return ""
    return _("Many photos were sent within the hour. Wait a while, or send them by email.")
