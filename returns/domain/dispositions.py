"""Where goods that came back usually go. A suggestion: whoever inspects them is free to send them elsewhere."""

from dataclasses import dataclass
from enum import StrEnum

from returns.domain.facts import Condition, Disposition, Reason


class Because(StrEnum):
    """Why goods go where they are suggested to go."""

    AS_NEW = "as_new"
    CLAIM = "claim"
    NOT_AS_TOLD = "not_as_told"
    OPENED = "opened"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class State:
    """How goods are: as the customer told it, or as they were found. ``is_complete``: with packaging and content."""

    condition: Condition
    is_complete: bool

    def is_worse_than(self, told: "State") -> bool:
        """Whether it was told unopened and is opened, or told complete and isn't."""
        is_opened = self.condition is Condition.OPENED and told.condition is not Condition.OPENED
        return is_opened or (told.is_complete and not self.is_complete)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where the goods go, and why."""

    disposition: Disposition
    because: Because


def suggested(reason: Reason, told: State, found: State) -> Suggestion:
    """Where goods found like this go, as long as nobody decides otherwise (UX 08).

    What a claim is about is kept as its proof, and what is worse than told until the customer has answered: they may
    ask for it back. Nothing opened or incomplete goes back to the shelf by itself.
    """
    if reason.is_merchant_fault:
        return Suggestion(Disposition.QUARANTINE, Because.CLAIM)
    if found.is_worse_than(told):
        return Suggestion(Disposition.QUARANTINE, Because.NOT_AS_TOLD)
    if found.condition is Condition.OPENED:
        return Suggestion(Disposition.SCRAP, Because.OPENED)
    if not found.is_complete:
        return Suggestion(Disposition.QUARANTINE, Because.INCOMPLETE)
    return Suggestion(Disposition.RESTOCK, Because.AS_NEW)
