"""How services say no."""

from collections.abc import Mapping


class Refused(Exception):
    """An action that isn't possible now. The message is for people: it says why, and what would help.

    Nothing was changed. Views answer 409 with the message, or show it beside the field.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class AlreadyDecided(Refused):
    """Somebody else was first: the request has moved on since the page was shown. `action` is what isn't possible."""

    def __init__(self, message: str, *, action: str = "") -> None:
        super().__init__(message)
        self.action = action


class CountsChanged(Refused):
    """A package came since the page of the inspection was shown. `lines`: position → units here, where more came."""

    def __init__(self, message: str, lines: Mapping[int, int]) -> None:
        super().__init__(message)
        self.lines = lines


class CatalogueBusy(Refused):
    """Somebody else is changing the products of this storefront, and takes longer than one waits for."""

    def __init__(self) -> None:
        super().__init__("Somebody else is changing this catalogue at this moment. Try again in a minute.")


class AmountChanged(Refused):
    """The sum is no longer the one on the page; the new one has to be looked at first."""
