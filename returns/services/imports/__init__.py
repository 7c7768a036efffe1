"""Products, accounts and orders from files: idempotent, no row half taken, a clear line for each not taken."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import DataError, IntegrityError, transaction

Read = TypeVar("Read")

LONGEST_PROBLEM = 1_000
# Control characters (a NUL the database refuses, a line break could forge a mail header) and halves of characters.
_UNPRINTABLE = frozenset({"Cc", "Cs"})
UNFORESEEN = (DataError, IntegrityError, ArithmeticError, ValueError)
"""What reading has overlooked and only the database or Python itself notices."""


class RowError(Exception):
    """Why a row can't be taken, in words for the person who made the file."""


@dataclass(slots=True)
class Faults:
    """All that is wrong with a row, so that a file is corrected once and not fault by fault."""

    found: list[str] = field(default_factory=list)

    def read(self, one: Callable[[], Read], otherwise: Read) -> Read:
        """What `one` reads; `otherwise` where it can't, and why is noted."""
        try:
            return one()
        except RowError as error:
            self.add(str(error))
            return otherwise

    def add(self, fault: str) -> None:
        """Note what is wrong."""
        self.found.append(fault)

    def refuse(self) -> None:
        """Raises RowError with all that was noted, where anything was."""
        if self.found:
            raise RowError("; ".join(self.found))


@dataclass(slots=True)
class ImportResult:
    """What became of a file: rows created, updated and unchanged, and a line for each that wasn't taken."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)

    def take(self, where: str, work: Callable[[], str]) -> None:
        """Do one row's `work` in a transaction of its own and count its outcome: created, updated or unchanged.

        A row that can't be taken becomes one line that begins with `where`; nothing of it is kept, and the rows
        behind it are none the worse.
        """
        try:
            with transaction.atomic():
                outcome = work()
        except RowError as error:
            self.refuse(where, error)
        except UNFORESEEN as error:
            self.refuse(where, unforeseen(error))
        else:
            setattr(self, outcome, getattr(self, outcome) + 1)

    def refuse(self, where: str, why: object) -> None:
        """Note a row that wasn't taken."""
        problem = clean_text(f"{where}: {why}")
        self.problems.append(problem if len(problem) <= LONGEST_PROBLEM else f"{problem[: LONGEST_PROBLEM - 1]}…")

    def __str__(self) -> str:
        counts = f"{self.created} created, {self.updated} updated, {self.unchanged} unchanged"
        return f"{counts}, {len(self.problems)} not taken"


def unforeseen(error: Exception) -> str:
    """What is told of a row that reading had nothing against."""
    return f"can't be stored: {str(error).partition(chr(10))[0]}"


def clean_text(text: str) -> str:
    """Text from a file as it may be stored, mailed and printed: trimmed, a space for each character that may not."""
    if text.isprintable():
        return text.strip()
    return "".join(" " if unicodedata.category(symbol) in _UNPRINTABLE else symbol for symbol in text).strip()
