"""The limit above which a settlement takes two: lowered by one manager, raised by two; the others hear of it (B34)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from returns import notifications
from returns.domain.limits import holds_at_once, why_not_raise
from returns.domain.reminding import Colleague
from returns.models import LimitRaise, Storefront, StorefrontChange
from returns.services.colleagues import staff_of
from returns.services.errors import AlreadyDecided, Refused
from returns.services.storefront_history import note
from returns.services.storefront_settings import LABELS, change_settings, shown

if TYPE_CHECKING:
    from accounts.models import User

MAIL = "limit_changed"
CHANGED, ASKED, REFUSED = "changed", "asked", "refused"
"""What the mail tells of."""

ABOUT = LABELS["second_person_above"]
ABOUT_ASKED = f"{ABOUT}, asked for"


def raise_of(storefront: Storefront) -> LimitRaise | None:
    """The higher limit that waits for a second manager, if one is asked for."""
    return LimitRaise.objects.select_related("asked_by").filter(storefront=storefront).first()


@transaction.atomic
def ask_for_limit(*, storefront: Storefront, amount: Decimal, by: "User", now: datetime) -> bool:
    """Set a lower limit at once, or ask another manager to agree to a higher one; whether it holds already.

    Either way what was asked for before is off, and the history says so. Raises Refused for who doesn't manage this
    storefront.
    """
    held, managers = _locked(storefront, by)
    before = raise_of(held)
    if before is not None:
        before.delete()
    if holds_at_once(in_force=held.second_person_above, wished=amount):
        if before is not None:
            # Where the limit itself changes, the mail about that is news enough.
            _end(held, before, managers if amount == held.second_person_above else (), by, now)
        _set(held, amount, managers, by, now)
        return True
    LimitRaise.objects.create(storefront=held, amount=amount, asked_by=by, asked_at=now)
    _note_and_tell(held, (ABOUT_ASKED, shown(held.second_person_above), shown(amount)), ASKED, managers, by, now)
    return False


@transaction.atomic
def agree_to_limit(*, storefront: Storefront, amount: Decimal, by: "User", now: datetime) -> Storefront:
    """Let the higher limit hold from now on; `amount` is what the person saw.

    Raises Refused for who asked for it, another amount, and who doesn't manage this storefront; AlreadyDecided where
    nothing is asked for any more.
    """
    held, managers = _locked(storefront, by)
    asked = _asked(held)
    if why := why_not_raise(asked=asked.amount, seen=amount, asked_by=asked.asked_by_id, by=by.pk):
        raise Refused(why)
    asked.delete()
    _set(held, amount, managers, by, now)
    return held


@transaction.atomic
def refuse_limit(*, storefront: Storefront, by: "User", now: datetime) -> Storefront:
    """The limit in force stays; who asked for a higher one may take it back so, too. Raises as `agree_to_limit`."""
    held, managers = _locked(storefront, by)
    asked = _asked(held)
    asked.delete()
    _end(held, asked, managers, by, now)
    return held


def _locked(storefront: Storefront, by: "User") -> tuple[Storefront, list[Colleague]]:
    """The storefront, so that one answer comes after the other, and its managers, of whom this person is one."""
    held = Storefront.objects.select_for_update(no_key=True).get(pk=storefront.pk)
    managers = [person for person in staff_of(held) if person.is_manager]
    if by.pk not in {person.pk for person in managers}:
        raise Refused("A manager of the storefront sets its limit.")
    return held, managers


def _asked(storefront: Storefront) -> LimitRaise:
    asked = raise_of(storefront)
    if asked is None:
        raise AlreadyDecided("No higher limit is asked for any more.")
    return asked


def _end(held: Storefront, asked: LimitRaise, told: Sequence[Colleague], by: "User", now: datetime) -> None:
    """A higher limit that is asked for no more, and not because it holds."""
    change = (ABOUT_ASKED, shown(asked.amount), "taken back" if asked.asked_by_id == by.pk else "not agreed to")
    _note_and_tell(held, change, REFUSED, told, by, now)


def _set(held: Storefront, amount: Decimal, managers: Sequence[Colleague], by: "User", now: datetime) -> None:
    for change in change_settings(storefront=held, values={"second_person_above": amount}, by=by, now=now):
        _tell(held, change, CHANGED, managers, by, now)


def _note_and_tell(
    held: Storefront,
    change: tuple[str, str, str],
    step: str,
    managers: Sequence[Colleague],
    by: "User",
    now: datetime,
) -> None:
    [noted] = note(storefront=held, area=StorefrontChange.SETTINGS, changes=[change], by=by, now=now)
    _tell(held, noted, step, managers, by, now)


def _tell(
    held: Storefront,
    change: StorefrontChange,
    step: str,
    managers: Sequence[Colleague],
    by: "User",
    now: datetime,
) -> None:
    """A mail to every manager of the storefront but who did it."""
    for person in managers:
        if person.pk == by.pk:
            continue
        notifications.enqueue(
            kind=MAIL,
            recipient=person.email,
            dedupe_key=f"{MAIL}:{change.pk}:{person.pk}",
            now=now,
            storefront=held,
            context={"step": step, "change": change.pk, "person": person.public_id},
            language=settings.LANGUAGE_CODE,
        )
