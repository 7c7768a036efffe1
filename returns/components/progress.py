"""Whose turn it is, what is promised, and how far a return has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from returns.components.drawing import share
from returns.components.kinds import Kind


class Whose(StrEnum):
    """Whose turn it is, or that it is nobody's any more."""

    YOURS = "yours"
    OURS = "ours"
    DONE = "done"


TURN_WORDS: Mapping[Whose, tuple[str, str]] = {
    Whose.YOURS: ("person", N_("Your turn")),
    Whose.OURS: ("clock", N_("Our turn")),
    Whose.DONE: ("flag", N_("Done")),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """The first box of every status page: whose turn, and the headline that says what to do."""

    whose: Whose
    headline: str

    @property
    def icon(self) -> str:
        """The icon beside the words."""
        return TURN_WORDS[self.whose][0]

    @property
    def words(self) -> str:
        """`Your turn`, `Our turn`, `Done`."""
        return _(TURN_WORDS[self.whose][1])


@dataclass(frozen=True, slots=True)
class Promise:
    """A calendar leaf: a date once it is fixed, before that a duration (never a date that isn't).

    ``day`` is the fixed date; else ``within`` counts days after receipt, named by ``unit``. ``sentence`` says how it
    was counted; ``paused`` since when the clock stands still, ``paused_note`` what that does to the date.
    """

    heading: str
    sentence: str
    day: date | None = None
    within: int | None = None
    unit: str = ""
    paused: str = ""
    paused_note: str = ""

    def __post_init__(self) -> None:
        if (self.day is None) == (self.within is None):
            raise ValueError("a promise is either a date or a number of days")

    @property
    def leaf(self) -> tuple[str, str, str]:
        """The three lines of the leaf: `Dec`, `8`, `Tue`, or `within`, `10`, `days`."""
        if self.day is None:
            return _("within"), str(self.within), self.unit or ngettext("day", "days", self.within or 0)
        return date_format(self.day, "M"), str(self.day.day), date_format(self.day, "D")


class Progress(StrEnum):
    """Where a stage of the path stands; ``ended`` is an early end of its own (refused, redirected, withdrawn)."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Stage:
    """One station of a return: its name, and one line with the date, who, and what."""

    name: str
    progress: Progress
    note: str = ""
    icon: str = "slash-circle"


@dataclass(frozen=True, slots=True)
class Due:
    """The due column of the queue: how much of the time is gone (0 to 100), and the words that say it."""

    words: str
    kind: Kind = Kind.IDLE
    icon: str = ""
    gone: float | None = None

    @property
    def width(self) -> str:
        """The filled part of the meter, for SVG."""
        return share(min(max(self.gone or 0.0, 0.0), 100.0))
