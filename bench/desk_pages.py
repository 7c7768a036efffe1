"""The desk's pages that are timed, and Django's admin beside the queue."""

from typing import Any
from urllib.parse import urlencode

from bench import asking
from bench.dataset import LOYAL
from bench.originals import STAFF
from bench.pages import MOST_ROWS, TITLES, Page

PAGE_2000 = 99_950
"""How many returns stand before the deep page of the queue; in smaller sets nine tenths of those that are open."""

PEER = "/admin/returns/returnrequest/"

IS_OPEN = "status NOT IN ('completed', 'rejected', 'redirected', 'withdrawn', 'expired')"
OPEN_HERE = f"""
FROM returns_returnrequest WHERE {IS_OPEN} AND storefront_id IN (
    SELECT storefront_id FROM accounts_staffmembership m JOIN accounts_user u ON u.id = m.user_id WHERE u.email = %s
)
"""  # noqa: S608  words of ours
LANE = "CASE WHEN is_claim AND status IN ('submitted', 'in_review', 'information_requested') THEN 0 ELSE 1 END"
URGENT = f"ORDER BY {LANE}, due_on NULLS LAST, requested_at, reference"
QUEUE = f"SELECT reference {OPEN_HERE} {URGENT} OFFSET %s LIMIT %s"
COUNTED = f"SELECT count(*) AS number {OPEN_HERE}"
KEY = f"""
SELECT {LANE} AS lane, coalesce(due_on, '9999-12-31')::text AS due, requested_at, reference
{OPEN_HERE} {URGENT} OFFSET %s LIMIT 1
"""
STAFFED = """
SELECT string_agg(storefront_id::text, ',' ORDER BY storefront_id) AS shops FROM accounts_staffmembership m
JOIN accounts_user u ON u.id = m.user_id WHERE u.email = %s
"""
IN_STATUS = """
SELECT r.reference, coalesce(r.rma_number, r.reference) AS number, o.number AS order_number, r.order_id
FROM returns_returnrequest r JOIN returns_order o ON o.id = r.order_id
JOIN returns_customeraccount a ON a.id = r.account_id
WHERE a.email = %s AND r.status = %s ORDER BY r.requested_at DESC, r.id DESC LIMIT 1
"""
SOMEBODY = """
SELECT contact_email AS email, max(contact_name) AS name, min(reference) AS reference
FROM returns_returnrequest WHERE contact_email LIKE 'customer1%%' GROUP BY contact_email
HAVING count(*) BETWEEN 2 AND 20 ORDER BY contact_email LIMIT 1
"""
IN_ADMIN = f"""
SELECT id::text FROM returns_returnrequest WHERE {IS_OPEN} ORDER BY due_on, requested_at, id DESC LIMIT %s
"""  # noqa: S608  as above
TO_REQUEST = r'href="/desk/requests/(\w{4}-\w{4})/"'


def desk_pages() -> list[Page]:
    """The queue from its beginning and deep inside, the searches, two requests, and the admin's list."""
    floor = f"/queue?shops={asking.row(STAFFED, STAFF)['shops']}"
    return [
        Page("desk queue", "/desk/", STAFF, floor, rows=asking.column(QUEUE, STAFF, 0, MOST_ROWS), row=TO_REQUEST),
        _deep(floor),
        *_searches(floor),
        _request("desk request, to decide", "in_review"),
        _request("desk request, inspected", "inspected"),
        Page(
            "Django's admin",
            PEER,
            STAFF,
            floor,
            rows=asking.column(IN_ADMIN, MOST_ROWS),
            row=rf'href="{PEER}(\d+)/change/"',
            is_peer=True,
        ),
    ]


def _deep(floor: str) -> Page:
    """The queue after many pages."""
    number = asking.row(COUNTED, STAFF)["number"]
    before = min(PAGE_2000, number * 9 // 10)
    key = asking.row(KEY, STAFF, before - 1)
    after = f"{key['lane']},{key['due']},{key['requested_at'].isoformat()},{key['reference']}"
    rows = asking.column(QUEUE, STAFF, before, MOST_ROWS)
    return Page("desk queue, deep", f"/desk/?{urlencode({'after': after})}", STAFF, floor, rows=rows, row=TO_REQUEST)


def _searches(floor: str) -> list[Page]:
    one, somebody = asking.row(IN_STATUS, LOYAL, "authorized"), asking.row(SOMEBODY)
    surname = somebody["name"].split()[-1]
    return [
        Page(
            "find, number",
            f"/desk/find/?q={one['number']}",
            STAFF,
            floor,
            shows=(f"/desk/requests/{one['reference']}/",),
            status=302,
        ),
        Page("find, email", _found(somebody["email"]), STAFF, floor, shows=(somebody["reference"], somebody["name"])),
        Page("find, surname", _found(surname), STAFF, floor, shows=(f" {surname}",)),
    ]


def _found(text: str) -> str:
    return f"/desk/find/?{urlencode({'q': text})}"


def _request(name: str, status: str) -> Page:
    asked: dict[str, Any] = asking.row(IN_STATUS, LOYAL, status)
    titles = asking.column(TITLES, asked["order_id"])
    path, floor = f"/desk/requests/{asked['reference']}/", f"/status?reference={asked['reference']}"
    return Page(name, path, STAFF, floor, shows=(asked["number"], asked["order_number"], *titles))
