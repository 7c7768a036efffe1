"""How lists are sorted: the parts of each order, to page by (returns/paging.py)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from returns.domain.queue import read_amount
from returns.paging import Key


def aware(text: str) -> datetime:
    """An instant from a URL, in UTC. Raises ValueError for what is none, or has no time zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    # At the ends of time an offset leads out of it: better an OverflowError here than in the database's driver.
    return at.astimezone(UTC)


def _lane(text: str) -> int:
    if text not in {"0", "1"}:  # a number too large for the column would be an error there
        raise ValueError(text)
    return int(text)


def _number_key(text: str) -> str:
    if not text.isalnum():
        raise ValueError(text)
    return text


def _amount(text: str) -> Decimal:
    amount = read_amount(text)
    if amount is None:
        raise ValueError(text)
    return amount


ORDER_KEYS = (Key("placed_at", aware), Key("number_key", _number_key))
"""How a customer's orders are sorted, in descending order; the number makes it unique at a storefront."""

RETURN_KEYS = (Key("requested_at", aware), Key("reference", str))
"""How a customer's returns are sorted, in descending order; the reference makes it unique."""

LICENSE_KEYS = (Key("uploaded_at", aware), Key("public_id", UUID))
"""How waiting licenses are sorted, the longest first."""

PAYOUT_KEYS = (Key("decided_at", aware), Key("public_id", UUID))
"""How refunds to pay out are sorted, the longest decided first."""

OWED_KEYS = (Key("goods_owed_on", date.fromisoformat), Key("reference", str))
"""How packages to send are sorted, what leaves first on top."""

CREDIT_KEYS = (Key("at", aware), Key("public_id", UUID))
"""How the lines of a store credit are sorted, in descending order."""

QUEUE_KEYS = (
    Key("lane", _lane),
    Key("due_rank", date.fromisoformat),
    Key("requested_at", aware),
    Key("reference", str),
)
"""How the queue is sorted, in ascending order; the reference makes it unique."""

AMOUNT_KEYS = (Key("amount", _amount), Key("reference", str))
"""How the queue is sorted by amount, in descending order."""

REGISTER_KEYS = (Key("at", aware), Key("public_id", UUID))
"""How the override register is sorted, in descending order."""

HELD_KEYS = (Key("next_step_on", date.fromisoformat), Key("public_id", UUID))
"""How held packages are sorted, what is due first on top."""

PROPOSAL_KEYS = (Key("proposed_at", aware), Key("reference", str))
"""How proposed settlements are sorted, the longest proposed first."""
