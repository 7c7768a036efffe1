"""The customer's pages that are timed, and what SQL says is on each: a fast page with something else on it is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bench import asking
from bench.asking import WrongPage
from bench.dataset import LOYAL

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
THEIR_TURN = """
SELECT id FROM returns_returnrequest WHERE account_id = %s AND storefront_id = %s
AND (status IN ('information_requested', 'difference_sent') OR status = 'authorized' AND goods_come_back)
ORDER BY requested_at DESC, id DESC LIMIT 10
"""
NEWEST_RETURNS = f"""
SELECT reference FROM returns_returnrequest r LEFT JOIN ({THEIR_TURN}) waiting USING (id)
WHERE account_id = %s AND storefront_id = %s
ORDER BY waiting.id IS NULL, requested_at DESC, r.id DESC LIMIT %s
"""  # noqa: S608  words of ours
RETURN_IN_STATUS = """
SELECT r.reference, coalesce(r.rma_number, r.reference) AS number, r.order_id, o.public_id::text AS "order",
    o.number AS order_number, r.amount
FROM returns_returnrequest r JOIN returns_order o ON o.id = r.order_id
WHERE r.account_id = %s AND r.status = %s ORDER BY r.requested_at DESC, r.id DESC LIMIT 1
"""
TITLES = "SELECT title FROM returns_orderline WHERE order_id = %s ORDER BY position"
YOUNG_AGAIN = "UPDATE returns_order SET placed_at = %s, delivered_at = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Page:
    """A page, who looks at it, the floor's page beside it, and what it has to show.

    `shows` are texts that are on it. `rows` are the keys of a list in SQL's order, of which the page shows the first
    ones; `row` is how a key stands in the page's links. A redirect shows the address it leads to. `is_peer`: it is
    one of Django's admin.
    """

    name: str
    path: str
    viewer: str
    floor: str
    shows: Sequence[str] = ()
    rows: Sequence[str] = ()
    row: str = ""
    status: int = 200
    is_peer: bool = False

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
    loyal = asking.row(LOYAL_CUSTOMER, LOYAL)
    bought = asking.row(RETURN_IN_STATUS, loyal["account"], "withdrawn")
    # A set that is kept grows old; what can still be returned is what the order's page has to work for.
    asking.run(YOUNG_AGAIN, now - timedelta(days=5), now - timedelta(days=2), bought["order_id"])
    shop, titles = f"/{loyal['slug']}", tuple(asking.column(TITLES, bought["order_id"]))
    order = f"{shop}/orders/{bought['order']}/"
    a_status = f"/status?reference={bought['reference']}"
    return [
        Page("landing", f"{shop}/", LOYAL, a_status, shows=(loyal["name"], f"{shop}/orders/", f"{shop}/returns/")),
        Page(
            "orders",
            f"{shop}/orders/",
            LOYAL,
            f"/orders?account={loyal['account']}",
            rows=asking.column(NEWEST_ORDERS, loyal["account"], loyal["shop"], MOST_ROWS),
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
            rows=asking.column(NEWEST_RETURNS, *(loyal["account"], loyal["shop"]) * 2, MOST_ROWS),
            row=rf'href="{shop}/returns/(\w{{4}}-\w{{4}})/"',
        ),
    ]


def _status(name: str, status: str, loyal: dict[str, Any]) -> Page:
    asked = asking.row(RETURN_IN_STATUS, loyal["account"], status)
    titles = asking.column(TITLES, asked["order_id"])
    return Page(
        name,
        f"/{loyal['slug']}/returns/{asked['reference']}/",
        LOYAL,
        f"/status?reference={asked['reference']}",
        shows=(asked["number"], asked["order_number"], *titles, f"${asked['amount']:,.2f}"),
    )
