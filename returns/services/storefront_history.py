"""One row for each value that a manager changed at a storefront, in the transaction of the change itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from returns.models import Storefront, StorefrontChange

if TYPE_CHECKING:
    from accounts.models import User

Change = tuple[str, str, str]
"""What it is about, what it was, what it is now; all in plain words."""


def note(
    *, storefront: Storefront, area: str, changes: Iterable[Change], by: "User | None", now: datetime
) -> list[StorefrontChange]:
    """Write down what changed; what is as it was is left out. ``by`` is None for a command."""
    rows = [
        StorefrontChange(storefront=storefront, area=area, about=about, before=before, after=after, actor=by, at=now)
        for about, before, after in changes
        if before != after
    ]
    return StorefrontChange.objects.bulk_create(rows)
