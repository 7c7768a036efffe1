"""Real requests as facts, straight from one streamed statement: a replay of many makes no model instances."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Lower

from returns.domain.past import Earlier, OpenedReturn, Past, past_of
from returns.domain.policy import PolicyTerms
from returns.models import Storefront
from returns.quoting import opened_before

STATEMENT = """
SELECT r.id, r.reference, r.rma_number, r.requested_at, o.number, o.placed_at, o.delivered_at, o.channel,
    o.shipping_paid, o.currency, r.account_id, lower(o.email), a.type, a.outstanding_balance,
    ol.id, ol.sku, ol.kind, ol.flags, ol.quantity, ol.paid_total, ol.expires_on,
    l.requested_quantity, l.reason, l.condition, l.used_percent, l.wants, l.resalable, l.expires_on
FROM (
    SELECT id, reference, rma_number, requested_at, order_id, account_id FROM returns_returnrequest
    WHERE storefront_id = %s ORDER BY requested_at DESC, id DESC LIMIT %s
) r
JOIN returns_order o ON o.id = r.order_id
LEFT JOIN returns_customeraccount a ON a.id = r.account_id
JOIN returns_orderline ol ON ol.order_id = o.id
LEFT JOIN returns_returnline l ON l.request_id = r.id AND l.order_line_id = ol.id
WHERE l.id IS NOT NULL OR ol.kind = ANY(%s)
ORDER BY r.requested_at DESC, r.id DESC, ol.position, l.position
"""
_REQUEST = itemgetter(0)


def past_requests(storefront: Storefront, newest: int, *terms: PolicyTerms) -> Iterator[Past]:
    """The newest requests of a storefront, as many as ``newest``, with all that any of these ``terms`` looks at."""
    free = sorted({kind for each in terms if each.free_items_back for kind in each.free_items_back.kinds})
    has_rule = any(each.opened.repeat_clause is not None for each in terms)
    earlier = _earlier(storefront) if has_rule else {}
    with connection.chunked_cursor() as cursor:
        cursor.execute(STATEMENT, [storefront.pk, newest, free])
        for _, rows in groupby(cursor, _REQUEST):
            yield past_of(list(rows), earlier, storefront.zone)


def _earlier(storefront: Storefront) -> Earlier:
    """Every authorized return of opened goods at the storefront, by account or else by address (RES-06)."""
    found: dict[object, list[OpenedReturn]] = {}
    rows = opened_before(Q(request__storefront=storefront)).order_by("request__authorized_at")
    for account_id, email, at, request_id, sku in rows.values_list(
        "request__account_id", Lower("request__order__email"), "request__authorized_at", "request_id", "order_line__sku"
    ):
        if at is not None:
            found.setdefault(account_id or email, []).append((at, request_id, sku))
    return found
