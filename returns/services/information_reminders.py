"""Customers are reminded of a question they haven't answered: our clock stands still until they do (PRO-29)."""

from datetime import datetime, timedelta

from returns.models import Storefront
from returns.services.customer_rows import owe_customers

KIND = "information_reminder"
AFTER_DAYS = (3, 7)
FORGOTTEN_AFTER = timedelta(days=30)

# The latest step only: after an outage of a week one reminder leaves, not two.
_UNANSWERED = """
SELECT r.id, ':' || asked.seq || ':' || step.days AS step, jsonb_build_object('asked', asked.seq) AS context
FROM returns_returnrequest r
CROSS JOIN LATERAL (
    SELECT seq, at FROM returns_returnevent e WHERE e.request_id = r.id AND e.action = 'request_information'
    ORDER BY seq DESC LIMIT 1) asked
CROSS JOIN LATERAL (
    SELECT max(days) AS days FROM unnest(%(after)s::int[]) days WHERE asked.at <= %(now)s - days * interval '1 day'
) step
WHERE r.storefront_id = %(storefront)s AND r.status = 'information_requested' AND step.days IS NOT NULL
    AND asked.at > %(forgotten)s
    AND NOT EXISTS (SELECT FROM returns_notification n WHERE n.request_id = r.id AND n.kind = %(kind)s
        AND n.dedupe_key = %(kind)s || ':' || r.id || ':' || asked.seq || ':' || step.days)
"""


def owe_information_reminders(storefront: Storefront, *, now: datetime) -> int:
    """Owe the reminders that are due at this storefront; the number of messages."""
    values = {
        "storefront": storefront.pk,
        "now": now,
        "after": list(AFTER_DAYS),
        "forgotten": now - FORGOTTEN_AFTER,
    }
    return owe_customers(KIND, _UNANSWERED, values)
