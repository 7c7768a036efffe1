"""The forms of a request's lines as one: valid together, and a no goes to the line it is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from django import forms

from returns.services.errors import Refused

LineForm = TypeVar("LineForm", bound=forms.Form)


@dataclass(frozen=True, slots=True)
class PerLine(Generic[LineForm]):
    """One form for each line, in their order; its prefix is the name by which services blame the line."""

    forms: tuple[LineForm, ...]

    def __iter__(self) -> Iterator[LineForm]:
        return iter(self.forms)

    def is_valid(self) -> bool:
        """Whether every line is complete."""
        return all(form.is_valid() for form in self.forms)

    def blame(self, refused: Refused) -> bool:
        """Put a service's no beside the line it is about; False where it is about the whole request."""
        for form in self.forms:
            if form.prefix == refused.field:
                form.add_error(None, refused.message)
                return True
        return False
