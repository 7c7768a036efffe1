"""Reminders to customers as rows of the outbox, written by one statement for all returns that need one."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from returns.notices import BY_KIND

# A guest's link is made when the mail leaves; whoever signs in needs none. Nor do those get one who switched such
# mail off (CON-06).
_OWED = """
INSERT INTO returns_notification (id, kind, storefront_id, request_id, recipient, language, context, dedupe_key,
    priority, state, attempts, interruptions, next_attempt_at, last_error, created_at)
SELECT gen_random_uuid(), %(kind)s, r.storefront_id, r.id, r.contact_email, r.language,
    w.context || CASE WHEN a.user_id IS NULL THEN '{{"fresh_link": true}}'::jsonb ELSE '{{}}'::jsonb END,
    %(kind)s || ':' || r.id || w.step, %(priority)s, 'queued', 0, 0, %(now)s, '', %(now)s
FROM ({waiting}) w JOIN returns_returnrequest r ON r.id = w.id
JOIN returns_order o ON o.id = r.order_id LEFT JOIN returns_customeraccount a ON a.id = o.account_id
WHERE NOT %(optional)s OR NOT EXISTS (
    SELECT FROM returns_mailpreference p WHERE p.storefront_id = r.storefront_id AND NOT p.wants_optional
        AND p.email IN (lower(r.contact_email), lower(coalesce(a.email, ''))))
ORDER BY r.id ON CONFLICT (dedupe_key) DO NOTHING
"""


def owe_customers(kind: str, waiting: str, values: Mapping[str, Any]) -> int:
    """Owe this kind to every customer of `waiting`, a query of (id, step, context); the number of messages.

    `step` makes the message once; whoever runs twice, late or beside another finds it owed already.
    """
    notice = BY_KIND[kind]
    fixed: dict[str, Any] = {"kind": kind, "priority": notice.priority, "optional": notice.optional}
    with connection.cursor() as cursor:
        cursor.execute(_OWED.format(waiting=waiting), {**values, **fixed})
        return int(cursor.rowcount)
