"""Requests that are filled in but not sent: begin, keep, drop, and sweep away what nobody came back to."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from returns.models import Draft, Order

if TYPE_CHECKING:
    from accounts.models import User

KEPT_FOR = timedelta(days=30)
"""How long a draft is kept after the last change."""


def open_draft(*, order: Order, user: "User | None", lane: str = Draft.RETURN, now: datetime) -> Draft:
    """The draft of this person for this order and lane, begun where there is none; ``user`` is None for guests."""
    moments = {"created_at": now, "updated_at": now}
    return Draft.objects.get_or_create(order=order, user=user, lane=lane, defaults=moments)[0]


def keep(draft: Draft, *, data: dict[str, Any], now: datetime) -> None:
    """Keep these parts of `data` (`entered`, `asked`, `seen`, `typed`); the others stay as the row says now.

    Where another request is asked than before, a page that still shows the old one can't send it: the draft gets
    another nonce. A draft that was sent or dropped meanwhile stays gone.
    """
    with transaction.atomic():
        held = Draft.objects.select_for_update().filter(pk=draft.pk).first()
        if held is None:
            draft.data = {**draft.data, **data}
            return
        is_another = "asked" in data and data["asked"] != held.data.get("asked")
        held.data, held.updated_at = {**held.data, **data}, now
        held.nonce = uuid.uuid4() if is_another else held.nonce
        held.save(update_fields=["data", "updated_at", "nonce"])
    draft.data, draft.updated_at, draft.nonce = held.data, held.updated_at, held.nonce


def drop(draft: Draft) -> None:
    """Forget a draft, and the photos that belong to it alone."""
    Draft.objects.filter(pk=draft.pk).delete()


def put_call_aside(*, order: Order, entered: Mapping[str, str], by: "User", now: datetime) -> Draft:
    """Keep what was entered by phone for this order, for whoever entered it to go on with (B30: its nonce with it)."""
    draft = open_draft(order=order, user=by, lane=Draft.PHONE, now=now)
    keep(draft, data={"entered": dict(entered)}, now=now)
    return draft


def drop_call(*, order: Order, by: "User") -> None:
    """Forget what this person put aside for the order: it was entered, or is begun anew."""
    Draft.objects.filter(order=order, user=by, lane=Draft.PHONE).delete()


def sweep(now: datetime) -> int:
    """Forget the drafts untouched for 30 days. Returns how many; their photos' files are swept with the photos."""
    _all, by_model = Draft.objects.filter(updated_at__lt=now - KEPT_FOR).delete()
    return by_model.get("returns.Draft", 0)
