"""What is filled in but not sent: finding a draft, and reading what it keeps. services/drafts.py writes.

A draft is a row, so that it survives a closed browser and another device. It keeps what was entered, never a fact
about the order: those are read anew each time. ``seen`` is the quote the customer was shown last, to tell them when the
answer is another one by now.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from returns.domain.facts import Condition, Reason, Wish
from returns.domain.records import DataError
from returns.domain.settlement import Quote
from returns.models import Draft, Order
from returns.quoting import Asked
from returns.viewer import Viewer

if TYPE_CHECKING:
    from accounts.models import User

_UNREADABLE = (AttributeError, DataError, InvalidOperation, KeyError, TypeError, ValueError)


def person_of(order: Order, viewer: Viewer) -> "User | None":
    """Whose draft it is: the signed-in owner of the order; None for guests of the order, who share one."""
    owns = viewer.user_id is not None and order.account is not None and order.account.user_id == viewer.user_id
    return viewer.user if owns else None  # type: ignore[return-value]


def find(order: Order, viewer: Viewer, lane: str = Draft.RETURN) -> Draft | None:
    """The viewer's draft for an order they may see, in this lane, its photos counted."""
    person = person_of(order, viewer)
    if person is None and order.pk not in viewer.guest_orders:
        return None
    shown = Count("photos", filter=Q(photos__hidden_at__isnull=True))
    return Draft.objects.filter(order=order, user=person, lane=lane).annotate(photos_shown=shown).first()  # type: ignore[no-redef]


def call_about(order: Order, person: "User") -> Draft | None:
    """What this person put aside while somebody called about the order."""
    return Draft.objects.filter(order=order, user=person, lane=Draft.PHONE).first()


def calls_of(viewer: Viewer) -> list[Draft]:
    """What the viewer put aside, the newest first; of orders they still see."""
    own = Draft.objects.filter(user=viewer.user_id, lane=Draft.PHONE, order__in=Order.objects.visible_to(viewer))
    return list(own.select_related("order__storefront").order_by("-updated_at"))


def asked_in(draft: Draft | None) -> tuple[Asked, ...]:
    """What is asked in a draft; nothing where there is none, or one of an older release that can't be read."""
    try:
        return tuple(_asked(facts) for facts in draft.data["asked"]) if draft is not None else ()
    except _UNREADABLE:
        return ()


def seen_in(draft: Draft | None) -> Quote | None:
    """The quote the customer was shown last; None where none was, or where it can't be read any more."""
    try:
        return Quote.from_data(draft.data["seen"]) if draft is not None and draft.data["seen"] else None
    except _UNREADABLE:
        return None


def entered_in(draft: Draft | None) -> dict[str, str] | None:
    """The answers of the items page as it sent them last, also where something is still missing; None for none."""
    found = draft.data.get("entered") if draft is not None and isinstance(draft.data, dict) else None
    if not isinstance(found, dict):
        return None
    return {str(name): str(value) for name, value in found.items()}


def typed_in(draft: Draft | None) -> dict[str, str]:
    """What was typed on the check page: the note, and what is to be changed about the person."""
    found = draft.data.get("typed") if draft is not None and isinstance(draft.data, dict) else None
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def as_data(asked: Sequence[Asked], seen: Quote | None = None) -> dict[str, Any]:
    """What a draft keeps of the request as it would be sent, ready for its row."""
    return {
        "asked": [_plain(asdict(one)) for one in asked],
        "seen": seen.as_data() if seen else None,
    }


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date | Decimal) else value for name, value in facts.items()}


def _asked(facts: dict[str, Any]) -> Asked:
    used, expires, product = facts["used_percent"], facts["expires_on"], facts.get("exchange_product_id")
    return Asked(
        order_line_id=int(facts["order_line_id"]),
        quantity=int(facts["quantity"]),
        reason=Reason(facts["reason"]),
        condition=Condition(facts["condition"]),
        wants=Wish(facts["wants"]),
        used_percent=None if used is None else Decimal(used),
        resalable=bool(facts["resalable"]),
        expires_on=None if expires is None else date.fromisoformat(expires),
        ask_anyway=bool(facts["ask_anyway"]),
        exchange_product_id=None if product is None else int(product),
    )
