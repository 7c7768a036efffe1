"""The rows of the queue as finished words."""

from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the grid; `storefront`, `status` and `due` are drawn already, because many rows share them."""

    url: str
    reference: str
    number: str
    is_claim: bool
    order: str
    customer: str
    hint: str
    storefront: SafeString
    status: SafeString
    age: str
    due: SafeString
    activity: str
    activity_age: str
    owner: str
    is_unowned: bool
    units: int
    amount: str
