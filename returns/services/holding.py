"""Packages nobody can place: held, their senders tried, and at last matched, sent back or scrapped.

A match is a package receipt (services/receiving.py): the processing deadline runs from then. The held package's lock is
taken last, after that of a return.
"""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from returns import notifications
from returns.domain.holding import HoldingState, Way, new_mark, next_step_on
from returns.models import ContactTry, HeldPackage, Package, Storefront
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By

logger = logging.getLogger(__name__)

MAIL = "package_unknown"


@dataclass(frozen=True, slots=True)
class Label:
    """What can be read on a package and seen in it, and where it lies."""

    sender: str = ""
    sender_email: str = ""
    on_the_box: str = ""
    carrier: str = ""
    tracking_number: str = ""
    contents: str = ""
    shelf: str = ""
    note: str = ""


def hold(*, storefront: Storefront, label: Label, nonce: uuid.UUID, by: By, now: datetime) -> HeldPackage:
    """Keep a package that matches no return; the same form sent twice keeps it once (B30). Raises Refused."""
    _refuse_strangers(by)
    there = HeldPackage.objects.filter(public_id=nonce, held_by=by.person).first()
    if there is not None:
        return there
    try:
        with transaction.atomic():
            held = HeldPackage.objects.create(
                public_id=nonce,
                storefront=storefront,
                mark=new_mark(),
                held_at=now,
                held_by=by.person,
                next_step_on=next_step_on(now.astimezone(storefront.zone).date(), 0),
                **{name: getattr(label, name) for name in Label.__slots__},
            )
    except IntegrityError as error:  # sent twice at once, or the mark is taken: one in 28 million
        raise Refused("This wasn't kept, because something like it was at the same moment. Send it again.") from error
    logger.info("Package %s is held.", held.public_id)
    return held


def note_try(*, held_id: uuid.UUID, seen: int, way: Way, note: str, by: By, now: datetime) -> HeldPackage:
    """Note how the sender was tried; by email the mail is owed with it. `seen` is how many tries the page showed.

    Raises Refused, and AlreadyDecided where somebody tried or decided meanwhile.
    """
    with _held(held_id, by) as held:
        tries = held.tries.count()
        if tries != seen:
            raise AlreadyDecided(f"A try was noted for {held.mark} meanwhile. Look at it before you try again.")
        if way is Way.EMAIL and not held.sender_email:
            raise Refused("No email address of the sender is known.", field="way")
        number = tries + 1
        ContactTry.objects.create(held=held, number=number, way=way.value, note=note, by=by.person, at=now)
        held.next_step_on = next_step_on(held.held_at.astimezone(held.storefront.zone).date(), number)
        held.save(update_fields=["next_step_on"])
        if way is Way.EMAIL:
            _write_to_sender(held, number, now)
    return held


def _write_to_sender(held: HeldPackage, number: int, now: datetime) -> None:
    notifications.enqueue(
        kind=MAIL,
        recipient=held.sender_email,
        dedupe_key=f"{MAIL}:{held.public_id}:{number}",
        now=now,
        storefront=held.storefront,
        context={"held": str(held.public_id)},
        language="en",  # nobody knows the sender's; the label is in English
    )


def close(*, held_id: uuid.UUID, state: HoldingState, reason: str, by: By, now: datetime) -> HeldPackage:
    """Send it back or scrap it, with the reason. Raises Refused, AlreadyDecided where it was decided meanwhile."""
    if state not in {HoldingState.SENT_BACK, HoldingState.SCRAPPED}:
        raise Refused("A held package is sent back or scrapped, or matched by receiving it.", field="state")
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    with _held(held_id, by) as held:
        held.reason = reason.strip()
        _end(held, state, by, now)
    return held


def match(*, held_id: uuid.UUID, package: Package, by: By, now: datetime) -> HeldPackage:
    """It is this package of a return; called in the transaction that receives it.

    Raises Refused, AlreadyDecided where it was decided meanwhile; then nothing is received either.
    """
    with _held(held_id, by) as held:
        held.package = package
        _end(held, HoldingState.MATCHED, by, now)
    return held


@contextmanager
def _held(held_id: uuid.UUID, by: By) -> Iterator[HeldPackage]:
    """The held package under its row lock, still held."""
    _refuse_strangers(by)
    with transaction.atomic():
        rows = HeldPackage.objects.select_related("storefront", "closed_by")
        held = rows.select_for_update(of=("self",), no_key=True).filter(public_id=held_id).first()
        if held is None:
            raise Refused("There is no such held package.")
        if held.state != HoldingState.HELD:
            raise AlreadyDecided(_decided(held))
        yield held


def _refuse_strangers(by: By) -> None:
    if not by.is_staff:
        raise Refused("You may not do this.")


def _decided(held: HeldPackage) -> str:
    who = held.closed_by.get_short_name() if held.closed_by else "Somebody"
    return f"{who} was first: {held.mark} is {STATE_WORDS[HoldingState(held.state)]}. You changed nothing."


STATE_WORDS = {
    HoldingState.HELD: "held",
    HoldingState.MATCHED: "matched to a return",
    HoldingState.SENT_BACK: "sent back",
    HoldingState.SCRAPPED: "scrapped",
}


def _end(held: HeldPackage, state: HoldingState, by: By, now: datetime) -> None:
    held.state, held.closed_by, held.closed_at = state.value, by.person, now
    held.save(update_fields=["state", "closed_by", "closed_at", "reason", "package"])
    logger.info("Held package %s is %s.", held.public_id, state.value)
