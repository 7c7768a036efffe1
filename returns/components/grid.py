"""The rows of the queue as finished words."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.safestring import SafeString


class QueueRow(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view with how many returns it shows; `edit_url` where the person may rename or remove it."""

    name: str
    url: str
    number: str
    is_current: bool
    is_saved: bool
    edit_url: str = ""
