"""What the queue can be narrowed to, and the views everybody has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from returns.domain.facts import Outcome, Reason
from returns.domain.workflow import OPEN, Status

ME, NOBODY = "me", "nobody"
ALL = "all"
MOST_MONEY = Decimal("9999999999.99")
"""The most that an amount is anywhere: a list that is sorted by amount goes on behind any of them."""


class Lane(StrEnum):
    """Whether it is the merchant's fault."""

    CLAIMS = "claims"
    ORDINARY = "ordinary"


class DueBy(StrEnum):
    """Where the due day of a return whose deadline runs stands: before today, today, from today to Sunday."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"


class Sort(StrEnum):
    """What comes first. Urgent: claims nobody has decided, then what breaches next, then the oldest."""

    URGENT = "urgent"
    NEWEST = "newest"
    OLDEST = "oldest"
    AMOUNT = "amount"


GROUPS: Mapping[str, frozenset[Status]] = {
    "to_decide": frozenset({Status.SUBMITTED, Status.IN_REVIEW}),
    "waiting": frozenset({Status.INFORMATION_REQUESTED, Status.DIFFERENCE_SENT}),
    "to_receive": frozenset({Status.AUTHORIZED, Status.SHIPPED}),
    "to_inspect": frozenset({Status.RECEIVED}),
    "to_settle": frozenset({Status.INSPECTED}),
    ALL: frozenset(Status),
}
"""Statuses that are looked at together."""

STATUSES: Mapping[str, frozenset[Status]] = {
    "": OPEN,
    **GROUPS,
    **{status.value: frozenset({status}) for status in Status},
}
"""What each value of the status filter stands for; nothing chosen is everything open."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a view shows, each part empty where it doesn't narrow.

    `storefront` is a slug; `owner` is `me`, `nobody` or the public id of a colleague; the amounts are included.
    """

    storefront: str = ""
    status: str = ""
    owner: str = ""
    reason: str = ""
    verdict: str = ""
    due: str = ""
    lane: str = ""
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    sort: str = ""

    @classmethod
    def read(cls, data: Mapping[str, str], storefronts: Iterable[str]) -> "Criteria":
        """From an address or a stored view. What isn't known (any more) doesn't narrow."""
        chosen = {name: data[name] for name, known in CHOICES.items() if data.get(name) in known}
        if data.get("storefront") in set(storefronts):
            chosen["storefront"] = data["storefront"]
        if data.get("overdue") == "on":  # how the reports have always linked here
            chosen["due"] = DueBy.OVERDUE.value
        return cls(
            **chosen,
            owner=_owner(data.get("owner", "")),
            amount_from=read_amount(data.get("amount_from", "")),
            amount_to=read_amount(data.get("amount_to", "")),
        )

    def as_data(self) -> dict[str, str]:
        """What narrows or sorts, as texts; `read` gives equal criteria back."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: str(value) for name, value in named if value not in {"", None}}

    @property
    def statuses(self) -> frozenset[Status]:
        """The statuses it shows."""
        return STATUSES[self.status]

    @property
    def order(self) -> Sort:
        """What comes first."""
        return Sort(self.sort or Sort.URGENT)

    @property
    def unsorted(self) -> "Criteria":
        """The same returns, whatever comes first."""
        return replace(self, sort="")

    @property
    def has_counters(self) -> bool:
        """Whether counters tell how many there are: they know storefront, status, owner, lane and due day."""
        return not (self.reason or self.verdict or self.amount_from is not None or self.amount_to is not None)


CHOICES: Mapping[str, frozenset[str]] = {
    "status": frozenset(STATUSES),
    "reason": frozenset(Reason),
    "verdict": frozenset(Outcome),
    "due": frozenset(DueBy),
    "lane": frozenset(Lane),
    "sort": frozenset(Sort) - {Sort.URGENT},
}
"""The values each of these parts can have."""


def _owner(text: str) -> str:
    if text in {ME, NOBODY}:
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def read_amount(text: str) -> Decimal | None:
    """An amount as people type it, such as `$1,200.50`; None where it isn't one, or isn't there."""
    try:
        amount = Decimal(text.strip().removeprefix("$").replace(",", ""))
    except InvalidOperation:
        return None
    is_money = amount.is_finite() and 0 <= amount <= MOST_MONEY
    return amount.quantize(Decimal("0.01")) if is_money else None


STANDARD_VIEWS: tuple[tuple[str, Criteria], ...] = (
    ("Everything open", Criteria()),
    ("Mine", Criteria(owner=ME)),
    ("Nobody's", Criteria(owner=NOBODY)),
    ("To decide", Criteria(status="to_decide")),
    ("Claims", Criteria(status="to_decide", lane=Lane.CLAIMS.value)),
    ("Waiting for the customer", Criteria(status="waiting")),
    ("To receive", Criteria(status="to_receive")),
    ("To inspect", Criteria(status="to_inspect")),
    ("To settle", Criteria(status="to_settle")),
    ("Due this week", Criteria(due=DueBy.WEEK.value)),
    ("Overdue", Criteria(due=DueBy.OVERDUE.value)),
)
"""The views everybody has, in the order of the page."""
