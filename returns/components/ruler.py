"""Days as a bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from returns.components.drawing import share


class Window(StrEnum):
    """What a stretch of days means: solid, hatched, empty."""

    IN_FULL = "in-full"
    FEE = "fee"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the ruler from ``start`` to ``end`` percent of its width, with its words below."""

    window: Window
    start: float
    end: float
    label: str

    @property
    def x(self) -> str:
        """Where it begins, for SVG."""
        return share(self.start)

    @property
    def width(self) -> str:
        """How wide it is, for SVG; a hair of ground stays between two stretches."""
        return share(self.end - self.start - (0.6 if self.end < 100 else 0))

    @property
    def middle(self) -> str:
        """Where its label stands if it has neighbors on both sides."""
        return share((self.start + self.end) / 2)


@dataclass(frozen=True, slots=True)
class Tick:
    """A point of the ruler with its words: the boundary `day 30`, or the marker `today, day 12`."""

    at: float
    label: str

    @property
    def x(self) -> str:
        """Where it stands, for SVG."""
        return share(self.at)

    @property
    def anchor(self) -> str:
        """Which way its words grow, so that they stay inside."""
        if self.at < 22:
            return "start"
        return "end" if self.at > 78 else "middle"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days for `Ruler.of_days`: what they give, the last of them (None: for good), and the words."""

    window: Window
    until_day: int | None
    label: str


NARROWEST = 250
"""Pixels a ruler is wide on a phone of 320; CHARACTER is the width of one at 13 px."""
CHARACTER = 6.4


@dataclass(frozen=True, slots=True)
class Ruler:
    """Days as a bar, and where the case stands on it. ``sentence`` says all of it to those who don't see it."""

    segments: Sequence[Segment]
    sentence: str
    ticks: Sequence[Tick] = ()
    marker: Tick | None = None

    @classmethod
    def of_days(
        cls, stretches: Sequence[Stretch], *, sentence: str, day: int | None = None, marker: str = ""
    ) -> "Ruler":
        """A ruler to scale. ``day`` is where the case stands, counted like the policy counts; None shows no marker.

        Day 0 is the left edge. A stretch that goes on for good takes what is left of the width.
        """
        limits = [stretch.until_day for stretch in stretches if stretch.until_day is not None]
        last = max(limits, default=1)
        room = 1.6 if stretches[-1].window is Window.CLOSED else 2.0
        span = max(last * room, (day or 0) / 0.94, 1.0)
        edges = [0.0, *(100 * limit / span for limit in limits)]
        edges += [100.0] * (len(stretches) + 1 - len(edges))
        segments = [
            Segment(stretch.window, start, end, stretch.label)
            for stretch, start, end in zip(stretches, edges, edges[1:], strict=False)
        ]
        ticks = [Tick(100 * limit / span, _("day %(day)s") % {"day": limit}) for limit in limits if limit < span]
        words = marker or _("today, day %(day)s") % {"day": day}
        return cls(segments, sentence, ticks, None if day is None else Tick(100 * day / span, words))

    @property
    def is_crowded(self) -> bool:
        """True where the words below need two lines, on a phone as well as on a desk (text never shrinks)."""
        if len(self.segments) > 2:
            return True
        return any(
            len(segment.label) * CHARACTER + 30 > (segment.end - segment.start) / 100 * NARROWEST
            for segment in self.segments
            if self.ticks
        )
