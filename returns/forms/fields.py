"""What customers know about a product in their hands: how many, how much is used, which date is printed on it.

Digits are the ten plain ones: `int()` would take any script's, and somebody else would read them otherwise.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django import forms
from django.utils.translation import gettext as _

LONGEST_LIST = 20
"""Up to so many units a list to choose from; above, a box for the figure."""

_MONTHS = (
    *(("jan", "january", "ene", "enero"), ("feb", "february", "febrero"), ("mar", "march", "marzo")),
    *(("apr", "april", "abr", "abril"), ("may", "mayo"), ("jun", "june", "junio"), ("jul", "july", "julio")),
    *(("aug", "august", "ago", "agosto"), ("sep", "sept", "september", "set", "septiembre", "setiembre")),
    *(("oct", "october", "octubre"), ("nov", "november", "noviembre"), ("dec", "december", "dic", "diciembre")),
)
_NAMED = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_BEFORE_DATE = re.compile(r"(?:exp(?:iry|ires|iration)?(?: date)?|use by|best before|vence|cad|caducidad)[ .:]*")
_NAME = re.compile(r"[a-záéíóúñ]+\.?")
_JOINED = re.compile(r"(?P<month>[0-9]{1,2})(?P<year>[0-9]{4})")
_PARTS = re.compile(r"[0-9]+(?:[ /.,-]+[0-9]+){1,2}")
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")
_UNITS = re.compile(r"[0-9]{1,6}")

Read = TypeVar("Read")


def read_or_none(read: Callable[[str], Read], text: str) -> Read | None:
    """What `read` makes of the text; None where it refuses it."""
    try:
        return read(text)
    except forms.ValidationError:
        return None


def read_units(text: str, most: int) -> int:
    """A number from 1 to ``most``. Raises ValidationError."""
    if _UNITS.fullmatch(text) and 1 <= int(text) <= most:
        return int(text)
    if most < 2:
        raise forms.ValidationError(_("Enter 1."), code="invalid")
    raise forms.ValidationError(_("Enter a number from 1 to %(most)s.") % {"most": most}, code="invalid")


def read_percent(text: str) -> Decimal | None:
    """0 to 100, None for nothing entered. Raises ValidationError."""
    text = text.removesuffix("%").strip()
    if not text:
        return None
    if _PERCENT.fullmatch(text) and Decimal(text) <= 100:
        return Decimal(text)
    raise forms.ValidationError(_("Enter a number from 0 to 100, for example 30."), code="invalid")


def read_expiration(text: str) -> date | None:
    """A date as printed on a carton; month and year alone mean the last day of the month (RES-19).

    Figures alone are read the American way: `08/28` is August 2028, `08/10/2028` the tenth of August. None for nothing
    entered. Raises ValidationError that says how to write it.
    """
    if not text:
        return None
    text = _BEFORE_DATE.sub("", text.lower(), count=1) if _BEFORE_DATE.match(text.lower()) else text.lower()
    named, text = _month_by_name(text)
    if (joined := _JOINED.fullmatch(text)) is not None and not named:
        return _end_of(joined["year"], joined["month"])
    parts = re.findall("[0-9]+", text) if _PARTS.fullmatch(text) or (named and _alone(text)) else []
    if named:
        return _with_name(named, parts)
    if len(parts) == 2:
        year, month = parts if len(parts[0]) == 4 else reversed(parts)
        return _end_of(year, month)
    if len(parts) == 3:
        year, month, day = parts if len(parts[0]) == 4 else (parts[2], parts[0], parts[1])
        return _date(_year(year), int(month), int(day))
    raise _unreadable()


def _unreadable() -> forms.ValidationError:
    return forms.ValidationError(
        _("Write the expiration date as month and year, the month from 01 to 12, for example 08 2028."),
        code="invalid",
    )


def _month_by_name(text: str) -> tuple[int | None, str]:
    """The month that a text names in English or Spanish, and what else stands there: `31 Aug 2028`."""
    words = [word for word in _NAME.findall(text) if word not in {"de", "del"}]
    if not words:
        return None, text
    month = _NAMED.get(words[0].rstrip("."))
    if month is None or len(words) > 1:
        raise _unreadable()
    return month, " ".join(_NAME.sub(" ", text).split()).strip(" /.,-")


def _alone(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _with_name(month: int, parts: Sequence[str]) -> date:
    """`Aug 2028` and `Aug 28` are its last day; `Aug 31, 2028` and `31 Aug 2028` the day itself."""
    if len(parts) == 1:
        return _end_of(parts[0], str(month))
    if len(parts) == 2:
        day, year = parts if len(parts[0]) < 4 else reversed(parts)
        return _date(_year(year), month, int(day))
    raise _unreadable()


def _year(figures: str) -> int:
    """Two figures are a year of this century. Raises ValidationError for any other number of them than two or four."""
    if len(figures) not in {2, 4}:
        raise _unreadable()
    return int(figures) + (2000 if len(figures) == 2 else 0)


def _end_of(year: str, month: str) -> date:
    return _last_of_month(_date(_year(year), int(month), 1))


def _date(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise forms.ValidationError(_("The month must be between 01 and 12, for example 08 2028."), code="invalid")
    if not 2000 <= year <= 2099:
        raise forms.ValidationError(_("The year must be between 2000 and 2099, for example 08 2028."), code="invalid")
    try:
        return date(year, month, day)
    except ValueError as error:
        problem = _("That month has no such day. Month and year are enough, for example 08 2028.")
        raise forms.ValidationError(problem, code="invalid") from error


def _last_of_month(first: date) -> date:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


class UnitsField(forms.Field):
    """A number of units from 1 to ``most``, as a list where it isn't too long."""

    def __init__(self, *, most: int, label: str) -> None:
        self.most = most
        units = [
            (str(number), _("%(number)s of %(most)s") % {"number": number, "most": most})
            for number in range(1, most + 1)
        ]
        widget = (
            forms.Select(choices=units)
            if most <= LONGEST_LIST
            else forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "maxlength": 6})
        )
        super().__init__(label=label, widget=widget)

    def to_python(self, value: object) -> int:
        """The number. Raises ValidationError."""
        return read_units(str(value or "").strip(), self.most)


class UsedField(forms.Field):
    """How much is used, in percent; empty is "I don't know"."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 6, "maxlength": 8})

    def to_python(self, value: object) -> Decimal | None:
        """The share. Raises ValidationError."""
        return read_percent(str(value or "").strip())


class ExpirationField(forms.Field):
    """The date on the carton; empty is "I don't know"."""

    widget = forms.TextInput(attrs={"size": 12, "maxlength": 30, "autocomplete": "off"})

    def to_python(self, value: object) -> date | None:
        """The date. Raises ValidationError."""
        return read_expiration(str(value or "").strip())
