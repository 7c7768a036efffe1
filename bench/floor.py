"""The floor: what the same rows cost without a framework. One statement, the best we know, and f-strings.

    gunicorn --config=python:rma_portal.serving bench.floor:app

No session, no person, no rights, no translations: no page of the portal can reach it, and how near it comes is what
the benchmark tells. It shows the columns of the page beside it, as a plain table.
"""

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import parse_qs

import psycopg2

ORDERS = """
SELECT o.public_id, o.number, o.placed_at, o.status, l.contents, l.available
FROM returns_order o CROSS JOIN LATERAL (
    SELECT string_agg(quantity || ' × ' || title, ', ' ORDER BY position) AS contents,
        sum(quantity - refunded_before - returning_quantity) AS available
    FROM returns_orderline WHERE order_id = o.id
) l
WHERE o.account_id = %s ORDER BY o.placed_at DESC LIMIT 20
"""
RETURNS = """
SELECT r.reference, r.rma_number, r.status, r.requested_at, r.due_on, r.amount, o.number, s.resolution
FROM returns_returnrequest r JOIN returns_order o ON o.id = r.order_id
LEFT JOIN returns_settlement s ON s.request_id = r.id
WHERE r.account_id = %s ORDER BY r.requested_at DESC LIMIT 20
"""
STATUS = """
SELECT r.reference, r.rma_number, r.status, r.requested_at, r.due_on, r.amount, o.number, s.name, s.return_address,
    coalesce(r.found_quote, r.decision_quote, r.quote),
    (SELECT json_agg(json_build_array(ol.title, l.requested_quantity, l.reason, l.condition) ORDER BY l.position)
        FROM returns_returnline l JOIN returns_orderline ol ON ol.id = l.order_line_id WHERE l.request_id = r.id),
    (SELECT json_agg(json_build_array(action, target, at) ORDER BY seq)
        FROM returns_returnevent WHERE request_id = r.id AND for_customer),
    (SELECT json_agg(json_build_array(from_staff, body, at) ORDER BY at)
        FROM returns_message WHERE request_id = r.id AND NOT internal),
    (SELECT json_agg(public_id ORDER BY at) FROM returns_photo WHERE request_id = r.id)
FROM returns_returnrequest r JOIN returns_order o ON o.id = r.order_id
JOIN returns_storefront s ON s.id = r.storefront_id WHERE r.reference = %s
"""
QUEUE = """
SELECT r.reference, r.rma_number, o.number, r.contact_name, r.contact_account_number, a.outstanding_balance,
    s.short_name, r.status, r.is_claim, r.requested_at, r.due_on, r.last_activity_at,
    (SELECT action FROM returns_returnevent WHERE request_id = r.id AND (
        actor_kind IN ('support', 'manager')
        OR actor_kind = 'owner' AND action IN ('message', 'photos_added') AND at > r.requested_at
    ) ORDER BY seq DESC LIMIT 1),
    u.name, r.units, r.amount
FROM (
    SELECT * FROM returns_returnrequest WHERE storefront_id = ANY(%s::bigint[])
    AND status NOT IN ('completed', 'rejected', 'redirected', 'withdrawn', 'expired')
    ORDER BY CASE WHEN is_claim AND status IN ('in_review', 'information_requested', 'submitted') THEN 0 ELSE 1 END,
        coalesce(due_on, '9999-12-31'), requested_at, reference
    LIMIT 50
) r
JOIN returns_order o ON o.id = r.order_id JOIN returns_storefront s ON s.id = r.storefront_id
LEFT JOIN returns_customeraccount a ON a.id = r.account_id LEFT JOIN accounts_user u ON u.id = r.owner_id
ORDER BY CASE WHEN is_claim AND r.status IN ('in_review', 'information_requested', 'submitted') THEN 0 ELSE 1 END,
    coalesce(r.due_on, '9999-12-31'), r.requested_at, r.reference
"""
ADDRESSES: dict[str, tuple[str, str]] = {
    "/orders": (ORDERS, "account"),
    "/returns": (RETURNS, "account"),
    "/status": (STATUS, "reference"),
    "/queue": (QUEUE, "shops"),
}
HEAD = "<!doctype html><html lang=en><title>Floor</title><nav>" + "<a href='/x'>navigation</a>" * 20 + "</nav>"

_here = threading.local()


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """One page of the floor."""
    known = ADDRESSES.get(environ["PATH_INFO"])
    if known is None:
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]
    sql, name = known
    value = parse_qs(environ["QUERY_STRING"])[name][0]
    rows = fetched(sql, f"{{{value}}}" if name == "shops" else value)
    body = (HEAD + "<table>" + "".join([_row(row) for row in rows]) + "</table>").encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


def fetched(sql: str, value: str) -> Sequence[Sequence[object]]:
    """The rows, on a connection that its thread keeps."""
    if not hasattr(_here, "connection"):
        _here.connection = psycopg2.connect(os.environ["DATABASE_URL"])
        _here.connection.autocommit = True
    with _here.connection.cursor() as cursor:
        cursor.execute(sql, [value])
        rows: Sequence[Sequence[object]] = cursor.fetchall()
    return rows


def _row(row: Sequence[object]) -> str:
    cells = "".join([f"<td>{escape(str(cell))}</td>" for cell in row[1:]])
    return f'<tr><td><a href="/x/{row[0]}/">{row[0]}</a></td>{cells}</tr>\n'
