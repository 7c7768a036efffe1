"""What an export has: one row for each line of the returns of a period, read through a cursor of the server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import connection

from returns.models import Storefront
from returns.reports.periods import By, Period

AT_ONCE = 2_000
"""Rows that one trip to the database brings; so many are in memory at a time."""


class Line(NamedTuple):
    """One line of a return and what it came to. Moments are those of the storefront's clock, without their zone."""

    number: str
    reference: str
    storefront: str
    order: str
    customer: str
    account: str
    status: str
    requested: datetime
    decided: datetime | None
    received: datetime | None
    settled: datetime | None
    due: date | None
    position: int
    sku: str
    product: str
    reason: str
    declared: str
    found: str
    asked: int
    authorized: int | None
    accepted: int | None
    resolution: str
    gross: Decimal | None
    fee: Decimal | None
    amount: Decimal | None
    currency: str


ROWS = {
    By.REQUESTED: "returns_returnrequest r ON r.storefront_id = w.storefront_id"
    " AND r.requested_at >= w.starts AND r.requested_at < w.ends"
    " LEFT JOIN returns_settlement s ON s.request_id = r.id",
    By.RECEIVED: "returns_returnrequest r ON r.storefront_id = w.storefront_id"
    " AND r.received_at >= w.starts AND r.received_at < w.ends"
    " LEFT JOIN returns_settlement s ON s.request_id = r.id",
    By.SETTLED: "returns_settlement s ON s.decided_at >= w.starts AND s.decided_at < w.ends"
    " JOIN returns_returnrequest r ON r.id = s.request_id AND r.storefront_id = w.storefront_id",
}

LINES = """
SELECT coalesce(r.rma_number, ''), r.reference, f.short_name, o.number, r.contact_name, r.contact_account_number,
    r.status, r.requested_at AT TIME ZONE f.timezone, r.decided_at AT TIME ZONE f.timezone,
    r.received_at AT TIME ZONE f.timezone, s.decided_at AT TIME ZONE f.timezone, r.due_on, l.position, ol.sku, ol.title,
    l.reason, l.condition, l.found_condition, l.requested_quantity, l.authorized_quantity, l.accepted_quantity,
    l.resolution, l.settled_gross, l.settled_fee, l.settled_amount, o.currency
FROM unnest(%(shops)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    AS w (storefront_id, starts, ends)
JOIN returns_storefront f ON f.id = w.storefront_id
JOIN {rows}
JOIN returns_order o ON o.id = r.order_id
JOIN returns_returnline l ON l.request_id = r.id
JOIN returns_orderline ol ON ol.id = l.order_line_id
"""


def lines(storefronts: Sequence[Storefront], by: By, period: Period) -> Iterator[Line]:
    """Every line, in the order in which the database finds them; flat in memory, however many there are."""
    bounds = [period.bounds(shop) for shop in storefronts]
    values: dict[str, Any] = {
        "shops": [shop.pk for shop in storefronts],
        "starts": [start for start, _ in bounds],
        "ends": [end for _, end in bounds],
    }
    with _server_cursor(LINES.format(rows=ROWS[by]), values) as cursor:
        for row in cursor:
            yield Line(*row)


@contextmanager
def _server_cursor(sql: str, values: dict[str, Any]) -> Iterator[Any]:
    """The driver's cursor with a name; Django has such cursors for its own queries alone.

    Held without a transaction: the answer is kept by the server, so that a long export holds nobody up, and what is
    noted about its progress meanwhile is seen at once.
    """
    connection.ensure_connection()
    with connection.cursor() as plain:
        plain.execute("SET statement_timeout = 0")
    try:
        with connection.connection.cursor(name=f"lines_{uuid4().hex}", withhold=True) as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(sql, values)
            yield cursor
    finally:
        with connection.cursor() as plain:
            plain.execute("RESET statement_timeout")
