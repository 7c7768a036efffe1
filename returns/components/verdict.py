"""The answer to one line, as a strip."""

from collections.abc import Sequence
from dataclasses import dataclass

from returns.components.kinds import KIND_ICONS, OUTCOME_LOOKS, Kind
from returns.domain.facts import Outcome


@dataclass(frozen=True, slots=True)
class Clause:
    """The sentence of the policy a verdict rests on: its id (staff), its title, and where to read it."""

    id: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class VerdictStrip:
    """The answer to one line: a word, one sentence with the numbers, what would change it, the clause.

    ``more`` are the sentences of the other reasons, folded behind "and 1 more reason".
    """

    kind: Kind
    word: str
    sentence: str
    change: str = ""
    clause: Clause | None = None
    more: Sequence[str] = ()
    icon: str = ""

    @classmethod
    def of(
        cls,
        outcome: Outcome,
        word: str,
        sentence: str,
        *,
        change: str = "",
        clause: Clause | None = None,
        more: Sequence[str] = (),
    ) -> "VerdictStrip":
        """The strip of an outcome, with that outcome's color and icon."""
        kind, icon = OUTCOME_LOOKS[outcome]
        return cls(kind, word, sentence, change, clause, more, icon)

    @property
    def sign(self) -> str:
        """The icon: its own, or the kind's."""
        return self.icon or KIND_ICONS[self.kind]
