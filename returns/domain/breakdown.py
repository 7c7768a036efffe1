"""What a settlement comes to, part by part: of two with the same total, one may give a refund and the other credit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

_AMOUNT = re.compile(r"-?[0-9]{1,12}\.[0-9]{2}")
_UNITS = re.compile(r"[0-9]{1,9}")
_SIGN = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All that a settlement gives and takes, in the currency of the order; exchanged and replaced goods in units.

    `lines` is a short sign of what each product gives, which tells two settlements apart where all sums agree.
    """

    refund: Decimal
    store_credit: Decimal
    exchanged: int
    replaced: int
    shipping_refund: Decimal
    goodwill: Decimal
    postage: Decimal
    balance_applied: Decimal
    service_charge: Decimal
    lines: str

    def as_text(self) -> str:
        """The parts in a row, for a page to carry and a proposal to keep; ``from_text`` gives an equal one back."""
        return " ".join(str(value) for value in self.parts().values())

    @classmethod
    def from_text(cls, text: str) -> Breakdown:
        """Read what ``as_text`` wrote. Raises ValueError for anything else."""
        parts, wanted = text.split(), fields(cls)
        if len(parts) != len(wanted):
            raise ValueError("not the parts of a settlement")
        return cls(*(_READERS[str(field.type)](part) for field, part in zip(wanted, parts, strict=True)))

    def parts(self) -> Mapping[str, Decimal | int | str]:
        """Each part by its name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def changed(self, other: Breakdown) -> list[str]:
        """The names of the parts in which the other one differs."""
        theirs = other.parts()
        return [name for name, value in self.parts().items() if value != theirs[name]]


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError("not a part of a settlement")
    return text


_READERS: Mapping[str, Callable[[str], Any]] = {
    "Decimal": lambda text: Decimal(_matching(_AMOUNT, text)),
    "int": lambda text: int(_matching(_UNITS, text)),
    "str": lambda text: _matching(_SIGN, text),
}
