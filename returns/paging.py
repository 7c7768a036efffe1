"""Keyset paging: every page costs what the first one costs, and nothing is counted.

A page begins after the sort key of the last row before it. The key travels in the URL as plain text; a key that no
page of ours has made is answered with the first page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Value

SEPARATOR = ","


@dataclass(frozen=True, slots=True)
class Key:
    """One part of a sort key: its name in the query, and how to read it back. `parse` raises ValueError."""

    name: str
    parse: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page; `next` is what the next page begins after, empty on the last one."""

    rows: Sequence[Any]
    next: str
    is_first: bool


def page(rows: QuerySet[Any, Any], keys: Sequence[Key], *, after: str, size: int, is_descending: bool = False) -> Page:
    """One page of `rows`: they have `keys` as attributes, and are ordered by all of them in one direction, uniquely."""
    values = read_key(after, keys)
    if values is not None:
        rows = rows.filter(_follows(keys, values, " < " if is_descending else " > "))
    found = list(rows[: size + 1])
    shown = found[:size]
    return Page(shown, _write_key(shown[-1], keys) if len(found) > size else "", is_first=values is None)


def neighbors(
    rows: QuerySet[Any, Any], keys: Sequence[Key], place: Sequence[Any], *, is_descending: bool
) -> tuple[str, str]:
    """The references of the rows right before and right after a place in the order of `rows`, in one query."""
    forth, back = (" < ", " > ") if is_descending else (" > ", " < ")
    after = rows.filter(_follows(keys, place, forth)).values_list("reference", Value(1))[:1]
    before = rows.filter(_follows(keys, place, back)).reverse().values_list("reference", Value(0))[:1]
    found = {is_after: reference for reference, is_after in before.union(after, all=True)}
    return found.get(0, ""), found.get(1, "")


def read_key(text: str, keys: Sequence[Key]) -> list[Any] | None:
    """The values of a key from a URL; None where there is none, or where it isn't one."""
    parts = text.split(SEPARATOR)
    if len(parts) != len(keys):
        return None
    try:
        return [key.parse(part) for key, part in zip(keys, parts, strict=True)]
    except (ValueError, OverflowError):
        return None


def _write_key(row: object, keys: Sequence[Key]) -> str:
    values = (getattr(row, key.name) for key in keys)
    return SEPARATOR.join(value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values)


def _follows(keys: Sequence[Key], values: Sequence[Any], compared: str) -> Func:
    # (a, b) > (1, 2) is one condition that an index over (a, b) answers; spelled out with OR it isn't.
    return Func(
        Func(*(F(key.name) for key in keys), template="(%(expressions)s)"),
        Func(*(Value(value) for value in values), template="(%(expressions)s)"),
        template="%(expressions)s",
        arg_joiner=compared,
        output_field=BooleanField(),
    )
