"""Packages nobody can place yet: what may become of them, and when their sender is tried next."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from returns.domain.rma_number import ALPHABET, random_symbols, squeeze

MARK_LENGTH = 5
MARK_PREFIX = "H"
_MARK = re.compile(f"{MARK_PREFIX}([{ALPHABET}]{{{MARK_LENGTH}}})")


class HoldingState(StrEnum):
    """Where a held package stands; only a held one may become anything else."""

    HELD = "held"
    MATCHED = "matched"
    SENT_BACK = "sent_back"
    SCRAPPED = "scrapped"


class Way(StrEnum):
    """How the sender was tried."""

    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done about a held package, from the day it is due."""

    after_days: int
    words: str


STEPS = (
    Step(0, "Email and phone"),
    Step(3, "Email again"),
    Step(7, "Letter to the sender's address"),
    Step(14, "Decide: send it back or scrap it"),
)
"""The contact loop; each noted try leads on to the next step, and the last one stays."""


def next_step(tries: int) -> Step:
    """What comes after so many tries."""
    return STEPS[min(tries, len(STEPS) - 1)]


def next_step_on(held_on: date, tries: int) -> date:
    """The day of the next step, counted from the day the package came."""
    return held_on + timedelta(days=next_step(tries).after_days)


def new_mark() -> str:
    """A fresh mark `H-7K3F2` to write on the package. Uniqueness is the database's."""
    return f"{MARK_PREFIX}-{random_symbols(MARK_LENGTH)}"


def read_mark(text: str) -> str:
    """The mark somebody typed, in its canonical form; empty where the text can't be one."""
    found = _MARK.fullmatch(squeeze(text))
    return f"{MARK_PREFIX}-{found[1]}" if found else ""
