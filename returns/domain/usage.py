"""How much of an opened product is used, measured by weight and by volume (LPS-29)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

_HUNDREDTH = Decimal("0.01")
_ALL = Decimal(100)


class Measure(StrEnum):
    """What is measured: weight in grams, volume in milliliters."""

    WEIGHT = "weight"
    VOLUME = "volume"

    @property
    def unit(self) -> str:
        """The sign of its unit."""
        return "g" if self is Measure.WEIGHT else "ml"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a product weighs or holds when full, when empty and now, in one unit (grams, milliliters)."""

    full: Decimal
    empty: Decimal
    now: Decimal

    @property
    def is_possible(self) -> bool:
        """Whether full is more than empty and now lies between them, so that a share can be told."""
        return self.empty <= self.now <= self.full and self.empty < self.full

    @property
    def used_percent(self) -> Decimal:
        """The share that is gone, 0 to 100, with two decimals.

        Rounded up, so that whatever is above a limit stays above it: 50.001 is more than half (LPS-27). Raises
        ValueError for an impossible measurement.
        """
        if not self.is_possible:
            raise ValueError("full must be more than empty, and now must lie between them")
        used = (self.full - self.now) / (self.full - self.empty)
        return (used * _ALL).quantize(_HUNDREDTH, rounding=ROUND_CEILING)


def counted_percent(measured: Iterable[Measurement]) -> Decimal | None:
    """The greater of the measurements counts (RES-05); None where nothing was measured."""
    return max((measurement.used_percent for measurement in measured), default=None)


def as_data(measured: Mapping[Measure, Measurement]) -> list[dict[str, str]]:
    """The measurements as they are stored with a line; ``from_data`` gives them back."""
    return [
        {"what": what.value, "full": str(one.full), "empty": str(one.empty), "now": str(one.now)}
        for what, one in measured.items()
    ]


def from_data(stored: Sequence[Mapping[str, str]]) -> dict[Measure, Measurement]:
    """The measurements of a line, weight first."""
    found = {
        Measure(row["what"]): Measurement(Decimal(row["full"]), Decimal(row["empty"]), Decimal(row["now"]))
        for row in stored
    }
    return {what: found[what] for what in Measure if what in found}
