"""Customers are reminded, once, of an authorized return they haven't sent; who wants no such mail gets none (RES-44).

State driven like the reminders of staff: an authorized return that nobody has shipped for a week, and that wasn't
reminded of. Whoever runs twice, late or beside another finds the reminder owed already.
"""

from datetime import datetime, timedelta

from returns.models import Storefront
from returns.services.customer_rows import owe_customers

KIND = "ship_reminder"
AFTER = timedelta(days=7)
FORGOTTEN_AFTER = timedelta(days=30)
"""Who hasn't shipped for so long isn't reminded any more, for example after an import of old returns."""

_UNSHIPPED = """
SELECT r.id, '' AS step, '{}'::jsonb AS context FROM returns_returnrequest r
WHERE r.storefront_id = %(storefront)s AND r.status = 'authorized' AND r.goods_come_back
    AND r.authorized_at <= %(since)s AND r.authorized_at > %(forgotten)s
    AND NOT EXISTS (SELECT FROM returns_notification n WHERE n.request_id = r.id AND n.kind = %(kind)s)
"""


def owe_ship_reminders(storefront: Storefront, *, now: datetime) -> int:
    """Owe the reminders that are due at this storefront; the number of messages."""
    values = {"storefront": storefront.pk, "now": now, "since": now - AFTER, "forgotten": now - FORGOTTEN_AFTER}
    return owe_customers(KIND, _UNSHIPPED, values)
