"""Frozen dataclasses to JSON-safe data and back.

The fields of a dataclass are the keys of its data, and their types say what is allowed: ``read`` refuses an unknown
key, a missing one and a wrong value with a sentence that names the key. ``write`` is its inverse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Parser = Callable[[object, str], Any]
Json = dict[str, "Json"] | list["Json"] | str | int | bool | None

_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_MONEY = re.compile(r"[0-9]{1,10}\.[0-9]{2}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_SHOWN = 60


class DataError(ValueError):
    """A value that can't stand where it is: ``key`` says where, ``problem`` what is wrong and what is allowed."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}" if key else problem)
        self.key = key
        self.problem = problem


@dataclass(frozen=True, slots=True)
class As:
    """How to read the annotated type: ``parse`` answers None for a value that is not ``allowed`` (a noun phrase)."""

    parse: Callable[[object], Any]
    allowed: str


def shown(value: object) -> str:
    """A value for an error message: short, on one line, plain ASCII."""
    text = ascii(str(value) if isinstance(value, Decimal | date) else value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def inside(key: str, name: object) -> str:
    """The path of a part: ``tiers[1].until_day``."""
    if isinstance(name, int):
        return f"{key}[{name}]"
    return f"{key}.{name}" if key else str(name)


# ---------------------------------------------------------------------------------------------- single values


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _int(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def decimal_of(value: object) -> Decimal | None:
    """A finite decimal from a number, or from its text as ``write`` puts it; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    text = value if isinstance(value, str) else format(Decimal(str(value)), "f")
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def money_of(value: object) -> Decimal | None:
    """An amount that isn't negative, from its text with two decimals; None for anything else."""
    return Decimal(value) if isinstance(value, str) and _MONEY.fullmatch(value) else None


def date_of(value: object) -> date | None:
    """A day from ``YYYY-MM-DD`` or from a date as TOML has it; None for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _instant(value: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None


def between(low: int, high: int) -> As:
    """A whole number from ``low`` to ``high``, both allowed."""

    def parse(value: object) -> int | None:
        number = _int(value)
        return number if number is not None and low <= number <= high else None

    return As(parse, f"a whole number from {low} to {high}")


def matching(pattern: str, allowed: str) -> As:
    """A text that matches ``pattern`` as a whole."""
    compiled = re.compile(pattern, re.DOTALL)
    return As(lambda value: value if isinstance(value, str) and compiled.fullmatch(value) else None, allowed)


def _percent(value: object) -> Decimal | None:
    number = decimal_of(value)
    return number if number is not None and 0 <= number <= 100 else None


Money = Annotated[Decimal, As(money_of, 'an amount in quotes with two decimals, such as "20.00"')]
Percent = Annotated[Decimal, As(_percent, "a number from 0 to 100")]
Text = Annotated[str, matching(r".*\S.*", "a text that is not empty")]

_SINGLE: dict[object, As] = {
    str: As(_text, "a text"),
    bool: As(_bool, "true or false"),
    int: As(_int, "a whole number"),
    Decimal: As(decimal_of, "a decimal number"),
    date: As(date_of, "a date as YYYY-MM-DD"),
    datetime: As(_instant, "an instant with an offset, as 2026-03-01T10:00:00-05:00"),
}


def _single(rule: As) -> Parser:
    def parse(value: object, key: str) -> object:
        parsed = rule.parse(value)
        if parsed is None:
            raise DataError(key, f"must be {rule.allowed}, not {shown(value)}")
        return parsed

    return parse


def _choice(kind: type[StrEnum]) -> Parser:
    members = {member.value: member for member in kind}
    allowed = ", ".join(members)

    def parse(value: object, key: str) -> StrEnum:
        if isinstance(value, str) and value in members:
            return members[value]
        raise DataError(key, f"must be one of {allowed}, not {shown(value)}")

    return parse


# ------------------------------------------------------------------------------------------------ compositions


def _list(value: object, key: str) -> list[object]:
    if not isinstance(value, list | tuple):
        raise DataError(key, f"must be a list, not {shown(value)}")
    return list(value)


def _table(value: object, key: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise DataError(key, f"must be a table, not {shown(value)}")
    return cast("Mapping[str, object]", value)


def _tuple_of(parser: Parser) -> Parser:
    return lambda value, key: tuple(parser(item, inside(key, number)) for number, item in enumerate(_list(value, key)))


def _set_of(parser: Parser) -> Parser:
    return lambda value, key: frozenset(
        parser(item, inside(key, number)) for number, item in enumerate(_list(value, key))
    )


def _map_of(parser: Parser) -> Parser:
    return lambda value, key: {name: parser(item, inside(key, name)) for name, item in _table(value, key).items()}


def _or_none(parser: Parser) -> Parser:
    return lambda value, key: None if value is None else parser(value, key)


def _is_optional(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _record(kind: type[Any]) -> Parser:
    hints = get_type_hints(kind, include_extras=True)
    parsers = {field.name: _parser(hints[field.name]) for field in fields(kind)}
    required = [field.name for field in fields(kind) if not _is_optional(field)]
    allowed = ", ".join(parsers)

    def parse(value: object, key: str) -> object:
        table = _table(value, key)
        for name in table:
            if name not in parsers:
                raise DataError(inside(key, name), f"is not a key here; allowed are {allowed}")
        for name in required:
            if name not in table:
                raise DataError(inside(key, name), "is missing")
        return kind(**{name: parsers[name](item, inside(key, name)) for name, item in table.items()})

    return parse


_COMPOSED: dict[object, tuple[Callable[[Parser], Parser], int]] = {
    tuple: (_tuple_of, 0),
    frozenset: (_set_of, 0),
    Mapping: (_map_of, 1),
    Union: (_or_none, 0),
    UnionType: (_or_none, 0),
}


@cache
def _parser(hint: object) -> Parser:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _single(arguments[1])
    if origin in _COMPOSED:
        compose, position = _COMPOSED[origin]
        return compose(_parser(arguments[position]))
    if hint in _SINGLE:
        return _single(_SINGLE[hint])
    kind = cast("type[Any]", hint)
    return _choice(kind) if issubclass(kind, StrEnum) else _record(kind)


def read(kind: type[T], data: object, key: str = "") -> T:
    """The record of type ``kind`` in ``data``, which stands at ``key``. Raises DataError."""
    return cast("T", _parser(cast("Any", kind))(data, key))


def write(value: object) -> Json:
    """JSON-safe data that ``read`` turns into an equal record. Fields that are None by default are left out."""
    if isinstance(value, Mapping):
        return {name: write(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [write(part) for part in value]
    if isinstance(value, frozenset):
        return [write(part) for part in sorted(value)]
    if is_dataclass(value):
        parts = {field.name: getattr(value, field.name) for field in fields(value) if _is_written(field, value)}
        return {name: write(part) for name, part in parts.items()}
    return _plain(value)


def _is_written(field: Field[Any], record: object) -> bool:
    return field.default is not None or getattr(record, field.name) is not None


def _plain(value: object) -> Json:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.value if isinstance(value, StrEnum) else cast("Json", value)
