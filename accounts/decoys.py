"""Work that leaves nothing behind, so that a page takes as long for an address nobody has as for one we know (B4)."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from accounts import limits
from accounts.limits import Count, Limit
from returns import doorbell

NOBODY = "nobody@invalid.example"


def undo(owe: Callable[[], object]) -> None:
    """Owe a mail, and undo that; after the commit the bell rings all the same, for nobody."""
    with transaction.atomic():
        owe()
        transaction.set_rollback(True)
    transaction.on_commit(lambda: doorbell.ring(uuid.uuid4()))


def count_for_nobody(each: Sequence[Limit], *, now: datetime) -> None:
    """Count in buckets that nobody else counts in; they are swept with the others."""
    stray = str(uuid.uuid4())
    limits.take([Count(limit, stray) for limit in each], now=now)
