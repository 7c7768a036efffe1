"""Keyset paging: every page costs what the first one costs, and nothing is counted.

A page begins after the sort key of the last row before it. The key travels in the URL as plain text; a key that no
page of ours has made is answered with the first page.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet, Value

from returns.prepared import Place, PreparedStatement

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
    return _cut(list(rows[: size + 1]), keys, size, is_first=values is None)


def _cut(found: list[Any], keys: Sequence[Key], size: int, *, is_first: bool) -> Page:
    shown = found[:size]
    return Page(shown, _write_key(shown[-1], keys) if len(found) > size else "", is_first=is_first)


@dataclass(frozen=True, slots=True)
class KeptRows:
    """Rows whose SQL is made once and kept, for a page that is opened again and again.

    Putting such a query together and compiling it can take longer than answering it. `build` makes it; everything its
    SQL depends on, the place where a page begins apart, is in `kind`. Each row is made by `row` from the columns.
    """

    kind: Hashable
    build: Callable[[], QuerySet[Any, Any]] = field(compare=False)
    row: Callable[..., Any] = field(compare=False)
    keys: tuple[Key, ...]
    size: int
    is_descending: bool = False

    def page(self, after: str) -> Page:
        """One page of the rows, as `page` gives it."""
        values = read_key(after, self.keys)
        statement = _compiled(self, is_first=values is None)
        found = [self.row(*columns) for columns in statement.rows(values or (), connection)] if statement else []
        return _cut(found, self.keys, self.size, is_first=values is None)


@lru_cache(maxsize=512)
def _compiled(kept: KeptRows, *, is_first: bool) -> PreparedStatement | None:
    """The statement; None where the query can have no rows."""
    rows, places = kept.build(), () if is_first else [Place(number) for number in range(len(kept.keys))]
    if places:
        rows = rows.filter(_follows(kept.keys, places, " < " if kept.is_descending else " > "))
    try:
        sql, parameters = rows[: kept.size + 1].query.sql_with_params()
    except EmptyResultSet:
        return None
    return PreparedStatement(sql, parameters, ["unknown"] * len(places), rows.model._meta.db_table)  # noqa: SLF001  documented


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
