"""The fields of a JSON document by the type they must have: what has another one is a RowError that names it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_datetime

from returns.services.imports import RowError, clean_text
from returns.services.imports.columns import check_year, fitting

Json = Mapping[str, Any]
MOST_UNITS = 100_000
# A number with more digits is no amount and no key; Python refuses to read it as a whole number.
LONGEST_NUMBER = 100
_EMPTY: Json = {}


def text(source: Json, key: str, longest: int, *, required: bool = False, cut: bool = False) -> str:
    """The cleaned text of a field, a number as text, empty where there is none.

    What is too long is a RowError, or with `cut` cut to `longest` characters (for what only people read).
    """
    value = _scalar(source.get(key), key)
    if required and not value:
        raise RowError(f"{key} is empty")
    return value[:longest].strip() if cut else fitting(value, key, longest)


def texts(source: Json, key: str) -> list[str]:
    """The texts of a list, the empty ones left out."""
    found = source.get(key) or []
    if not isinstance(found, list):
        raise RowError(f"{key} isn't a list")
    return [value for entry in found if (value := _scalar(entry, key))]


def mapping(source: Json, key: str) -> Json:
    """The object a field holds, an empty one where there is none."""
    found = source.get(key) or _EMPTY
    if not isinstance(found, Mapping):
        raise RowError(f"{key} isn't an object")
    return found


def mappings(source: Json, key: str) -> list[Json]:
    """The objects of a list, none where there is none."""
    found = source.get(key) or []
    if not isinstance(found, list) or not all(isinstance(entry, Mapping) for entry in found):
        raise RowError(f"{key} isn't a list")
    return found


def pairs(source: Json, key: str) -> Json:
    """Names and values, from a list of `{"name": …, "value": …}` or an object, by name in small letters."""
    found = source.get(key)
    given = (
        list(found.items())
        if isinstance(found, Mapping)
        else [(entry.get("name"), entry.get("value")) for entry in mappings(source, key)]
    )
    return {name.strip().lower().replace(" ", "_"): value for name, value in given if isinstance(name, str)}


def flag(source: Json, key: str) -> bool:
    """True or false, false where there is none."""
    found = source.get(key)
    if found is None or isinstance(found, bool):
        return bool(found)
    raise RowError(f"{key} “{found}” is neither true nor false")


def units(source: Json, key: str) -> int:
    """A whole number of units, zero or more."""
    found = source.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= MOST_UNITS:
        raise RowError(f"{key} “{found}” isn't a number of units up to {MOST_UNITS}")
    return found


def instant(source: Json, key: str) -> datetime:
    """A moment with its offset, in a year that a shop can mean."""
    written = text(source, key, 60)
    try:
        found = parse_datetime(written)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise RowError(f"{key} “{written}” isn't a moment with its offset, such as 2026-10-02T09:00:00-04:00")
    check_year(found, key)
    return found


@contextmanager
def within(where: str) -> Iterator[None]:
    """A RowError from inside says where in the document it is."""
    try:
        yield
    except RowError as error:
        raise RowError(f"{where}: {error}") from error


def whole_number(digits: str) -> int | Decimal:
    """A whole number as JSON writes it."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else decimal_number(digits)


def decimal_number(digits: str) -> Decimal:
    """A number as JSON writes it, exactly; NaN for one beyond all sense, which no field takes."""
    try:
        return Decimal(digits)
    except InvalidOperation:
        return Decimal("NaN")


def _scalar(value: object, key: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise RowError(f"{key} isn't text")
    return clean_text(str(value))
