"""A field of one line, whatever was pasted or sent into it."""

import unicodedata

from django import forms

BREAKS = frozenset({"Cc", "Zl", "Zp"})
"""Unicode's categories of signs that end a line or steer whatever prints them."""


class LineField(forms.CharField):
    """Text of one line: what would end it, or steer mail, paper and screens that show it, becomes a blank."""

    def to_python(self, value: object) -> str:
        """The text, blanks around it taken off. A NUL stays: it is refused, like everywhere else."""
        text = "" if value is None else str(value)
        return str(super().to_python("".join(" " if _is_break(sign) else sign for sign in text)))


def _is_break(sign: str) -> bool:
    return sign != "\0" and unicodedata.category(sign) in BREAKS
