"""Whom a reminder goes to: who looks after the return, else everybody who could, and the managers once it is late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works for the storefront."""

    pk: int
    public_id: str
    email: str
    is_manager: bool


def whom_to_remind(owner: int | None, staff: Sequence[Colleague], *, overdue: bool) -> list[Colleague]:
    """The owner while they work there, else all its support staff; its managers too once it is overdue.

    Where there is no support staff the managers are told from the start.
    """
    responsible = [person for person in staff if person.pk == owner]
    if not responsible:
        responsible = [person for person in staff if not person.is_manager]
    tells_managers = overdue or not responsible
    return [person for person in staff if person in responsible or (tells_managers and person.is_manager)]


@dataclass(frozen=True, slots=True)
class Told:
    """A colleague who is told about returns of this owner (None: of nobody who works there), late ones or others."""

    owner: int | None
    overdue: bool
    person: Colleague


def everybody_told(staff: Sequence[Colleague]) -> Iterator[Told]:
    """What `whom_to_remind` says for every owner there can be: a handful of rows to join a million returns with."""
    for owner in (None, *(person.pk for person in staff)):
        for overdue in (False, True):
            for person in whom_to_remind(owner, staff, overdue=overdue):
                yield Told(owner, overdue, person)
