"""The pages that are timed, and what SQL says is on each of them: a fast page that shows something else is no page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bench.dataset import LOYAL
from bench.originals import STAFF
from bench.portal import BenchError

Value = str | int | datetime
MOST_ROWS = 50
FEWEST_ROWS = 10

LOYAL_CUSTOMER = """
SELECT u.id AS "user", a.id AS account, s.id AS shop, s.slug, s.name FROM accounts_user u
JOIN returns_customeraccount a ON a.user_id = u.id JOIN returns_storefront s ON s.id = a.storefront_id
WHERE u.email = %s
"""
NEWEST_ORDERS = """
SELECT public_id::text FROM returns_order WHERE account_id = %s AND storefront_id = %s
ORDER BY placed_at DESC, id DESC LIMIT %s
"""
NEWEST_RETURNS = """
SELECT reference FROM returns_returnrequest WHERE account_id = %s AND storefront_id = %s
ORDER BY requested_at DESC, id DESC LIMIT %s
"""
RETURN_IN_STATUS = """
SELECT r.reference, coalesce(r.rma_number, r.reference) AS number, r.order_id, o.public_id::text AS "order",
    o.number AS order_number, r.amount
FROM returns_returnrequest r JOIN returns_order o ON o.id = r.order_id
WHERE r.account_id = %s AND r.status = %s ORDER BY r.requested_at DESC, r.id DESC LIMIT 1
"""
TITLES = "SELECT title FROM returns_orderline WHERE order_id = %s ORDER BY position"
MOST_URGENT = """
SELECT reference FROM returns_returnrequest r
WHERE status NOT IN ('completed', 'rejected', 'redirected', 'withdrawn', 'expired') AND storefront_id IN (
    SELECT storefront_id FROM accounts_staffmembership m JOIN accounts_user u ON u.id = m.user_id WHERE u.email = %s
)
ORDER BY NOT (is_claim AND status IN ('submitted', 'in_review', 'information_requested')), due_on NULLS LAST,
    requested_at, reference
LIMIT %s
"""
STAFFED = """
SELECT string_agg(storefront_id::text, ',' ORDER BY storefront_id) AS shops FROM accounts_staffmembership m
JOIN accounts_user u ON u.id = m.user_id WHERE u.email = %s
"""
YOUNG_AGAIN = "UPDATE returns_order SET placed_at = %s, delivered_at = %s WHERE id = %s"


class WrongPage(BenchError):
    """A page doesn't show what the database has; its time would mean nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, who looks at it, the floor's page beside it, and what it has to show.

    `shows` are texts that are on it. `rows` are the keys of a list in SQL's order, of which the page shows the first
    ones; `row` is how a key stands in the page's links.
    """

    name: str
    path: str
    viewer: str
    floor: str
    shows: Sequence[str] = ()
    rows: Sequence[str] = ()
    row: str = ""

    def check(self, html: str) -> None:
        """Raises WrongPage where `html` shows something else than the database has."""
        missing = [text for text in self.shows if text not in html]
        if missing:
            raise WrongPage(f"{self.path} doesn't show {missing}")
        if not self.row:
            return
        shown = list(dict.fromkeys(re.findall(self.row, html)))
        if shown != list(self.rows[: len(shown)]) or len(shown) < min(FEWEST_ROWS, len(self.rows)):
            raise WrongPage(f"{self.path} shows {shown[:5]} …, the database has {list(self.rows[:5])} …")


def pages(now: datetime) -> list[Page]:
    """What is timed: the pages of the customer with the most orders, and the queue of somebody at every storefront."""
    loyal = _row(LOYAL_CUSTOMER, LOYAL)
    bought = _row(RETURN_IN_STATUS, loyal["account"], "withdrawn")
    # A set that is kept grows old; what can still be returned is what the order's page has to work for.
    _run(YOUNG_AGAIN, now - timedelta(days=5), now - timedelta(days=2), bought["order_id"])
    shop, titles = f"/{loyal['slug']}", tuple(_column(TITLES, bought["order_id"]))
    order = f"{shop}/orders/{bought['order']}/"
    a_status = f"/status?reference={bought['reference']}"
    return [
        Page("landing", f"{shop}/", LOYAL, a_status, shows=(loyal["name"], f"{shop}/orders/", f"{shop}/returns/")),
        Page(
            "orders",
            f"{shop}/orders/",
            LOYAL,
            f"/orders?account={loyal['account']}",
            rows=_column(NEWEST_ORDERS, loyal["account"], loyal["shop"], MOST_ROWS),
            row=rf'href="{shop}/orders/([0-9a-f-]{{36}})/"',
        ),
        Page("order", order, LOYAL, a_status, shows=(bought["order_number"], *titles, bought["reference"])),
        Page("choose", f"{order}return/", LOYAL, a_status, shows=(bought["order_number"], *titles)),
        _status("status, authorized", "authorized", loyal),
        _status("status, settled", "completed", loyal),
        Page(
            "returns",
            f"{shop}/returns/",
            LOYAL,
            f"/returns?account={loyal['account']}",
            rows=_column(NEWEST_RETURNS, loyal["account"], loyal["shop"], MOST_ROWS),
            row=rf'href="{shop}/returns/(\w{{4}}-\w{{4}})/"',
        ),
        Page(
            "desk queue",
            "/desk/",
            STAFF,
            f"/queue?shops={_row(STAFFED, STAFF)['shops']}",
            rows=_column(MOST_URGENT, STAFF, MOST_ROWS),
            row=r'href="/desk/requests/(\w{4}-\w{4})/"',
        ),
    ]


def _status(name: str, status: str, loyal: dict[str, Any]) -> Page:
    asked = _row(RETURN_IN_STATUS, loyal["account"], status)
    titles = _column(TITLES, asked["order_id"])
    return Page(
        name,
        f"/{loyal['slug']}/returns/{asked['reference']}/",
        LOYAL,
        f"/status?reference={asked['reference']}",
        shows=(asked["number"], asked["order_number"], *titles, f"${asked['amount']:,.2f}"),
    )


def _run(sql: str, *values: Value) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _column(sql: str, *values: Value) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [value for (value,) in cursor.fetchall()]


def _row(sql: str, *values: Value) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        found = cursor.fetchone()
    if found is None:
        raise WrongPage(f"the data set has no row for {values}")
    return dict(zip(names, found, strict=True))
