"""Customers are reminded, once, of a difference they haven't answered to, before their time to answer ends (LPS-29)."""

from datetime import datetime, timedelta

from returns.domain.deadlines import local_date
from returns.domain.reminders import ANSWER_REMINDED_BEFORE
from returns.models import Storefront
from returns.services.customer_rows import owe_customers

KIND = "difference_reminder"

# Each time it is asked there is one; whoever has answered, or can't any more, isn't asked.
_UNANSWERED = """
SELECT r.id, ':' || asked.seq AS step, jsonb_build_object('event_seq', asked.seq) AS context
FROM returns_returnrequest r
CROSS JOIN LATERAL (
    SELECT seq FROM returns_returnevent e WHERE e.request_id = r.id AND e.action = 'send_difference'
    ORDER BY seq DESC LIMIT 1) asked
WHERE r.storefront_id = %(storefront)s AND r.status = 'difference_sent'
    AND r.answer_due_on BETWEEN %(today)s AND %(until)s
    AND NOT EXISTS (SELECT FROM returns_notification n WHERE n.request_id = r.id AND n.kind = %(kind)s
        AND n.dedupe_key = %(kind)s || ':' || r.id || ':' || asked.seq)
"""


def owe_difference_reminders(storefront: Storefront, *, now: datetime) -> int:
    """Owe the reminders that are due at this storefront; the number of messages."""
    today = local_date(now, storefront.zone)
    until = today + timedelta(days=ANSWER_REMINDED_BEFORE)
    values = {"storefront": storefront.pk, "now": now, "today": today, "until": until}
    return owe_customers(KIND, _UNANSWERED, values)
