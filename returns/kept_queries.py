"""Queries whose SQL is made once and kept, for pages that are opened again and again.

Putting a joined query together and compiling it takes several times longer than answering it
(docs/decisions/0016-kept-queries.md). The query is Django's own, and so are the objects it makes.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache, partial
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

from accounts.models import User
from returns.prepared import Place, PreparedStatement, answered
from returns.viewer import Viewer

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class KeptQuery(Generic[Row]):
    """A query for rows that differ from call to call only in the values asked for.

    `build` makes the queryset from the values and flags of a call; it must not decide anything by a value: numbers,
    texts, days, moments, UUIDs, or the Viewer who asks. What it decides by is a flag, and each combination of flags,
    like each kind of viewer, has SQL of its own. No prefetching: what belongs to the rows is another kept query.
    """

    build: Callable[..., "QuerySet[Any, Row]"]
    _made: dict[Hashable, "_Made | None"] = field(default_factory=dict, init=False)

    def rows(self, *values: object, **flags: Hashable) -> list[Row]:
        """All rows for these values.

        Raises:
            ValueError: A value can't be exchanged in the SQL; the query can't be kept like this.
        """
        parts = [_Part.of(value) for value in values]
        kind = (tuple(part.kind for part in parts), tuple(sorted(flags.items())))
        if kind not in self._made:
            self._made[kind] = _made(self.build, parts, flags)
        made = self._made[kind]
        return [] if made is None else made.rows([value for part in parts for value in part.values])

    def first(self, *values: object, **flags: Hashable) -> Row | None:
        """The first row, None where there is none."""
        return next(iter(self.rows(*values, **flags)), None)


@dataclass(frozen=True, slots=True)
class _Part:
    """One value of a call, taken apart: what the SQL depends on, what it is asked with, and the way back."""

    kind: Hashable
    values: Sequence[Any]
    together: Callable[[Sequence[Any]], object]

    @classmethod
    def of(cls, value: object) -> "_Part":
        if isinstance(value, Viewer):
            return _of_viewer(value)
        return cls(type(value).__qualname__, (value,), lambda values: values[0])


def _of_viewer(viewer: Viewer) -> _Part:
    orders, user = tuple(sorted(viewer.guest_orders)), viewer.user
    if viewer.user_id is None:
        return _Part((None, len(orders)), orders, lambda values: Viewer(AnonymousUser(), frozenset(values)))
    role, is_active = getattr(user, "role", ""), getattr(user, "is_active", False)

    def together(values: Sequence[Any]) -> Viewer:
        return Viewer(User(pk=values[0], role=role, is_active=is_active), frozenset(values[1:]))

    return _Part((role, is_active, len(orders)), (viewer.user_id, *orders), together)


@dataclass(frozen=True, slots=True)
class _Made:
    """A query that was compiled once: Django's compiler as it stood afterwards, and the statement."""

    iterable: type
    compiler: Any
    statement: PreparedStatement

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """The rows for these values."""
        connection = connections[self.compiler.using]  # each thread has its own
        return answered(partial(self._asked, values, connection), connection)

    def _asked(self, values: Sequence[Any], connection: BaseDatabaseWrapper, *, is_plain: bool) -> list[Any]:
        asked = self.statement.asked(values, connection, is_plain=is_plain)
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: asked
        query = SimpleNamespace(get_compiler=lambda using: compiler)  # noqa: ARG005  Django's name
        return list(self.iterable(SimpleNamespace(db=compiler.using, query=query, _known_related_objects={})))


def _made(
    build: Callable[..., "QuerySet[Any, Any]"], parts: Sequence[_Part], flags: dict[str, Hashable]
) -> _Made | None:
    """The query for stand-ins, each of which is found again among the parameters; None where it can have no rows."""
    asked = [value for part in parts for value in part.values]
    stand_ins = iter(used := [_stand_in(value, number) for number, value in enumerate(asked)])
    rows = build(*(part.together([next(stand_ins) for _value in part.values]) for part in parts), **flags)
    if rows._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001  nothing public tells
        raise ValueError("A kept query fetches nothing besides its rows.")
    compiler = rows.query.get_compiler(using=rows.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        if _has_rows(build(*(part.together(part.values) for part in parts), **flags)):
            raise ValueError("A column is too small for the stand-in of a value.") from None
        return None
    if lost := [asked[number] for number, value in enumerate(used) if value not in parameters]:
        raise ValueError(f"Values of type {sorted({type(one).__name__ for one in lost})} aren't found in the SQL.")
    places = {value: Place(number) for number, value in enumerate(used)}
    kept = [places.get(one, one) if isinstance(one, Hashable) else one for one in parameters]
    statement = PreparedStatement(sql, kept, [TYPES[type(value)] for value in used], rows.model._meta.db_table)  # noqa: SLF001
    return _Made(rows._iterable_class, compiler, statement)  # noqa: SLF001  as above


def _has_rows(rows: "QuerySet[Any, Any]") -> bool:
    """Whether Django would ask the database for them at all."""
    try:
        rows.query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return False
    return True


TYPES: Mapping[type, str] = {int: "bigint", str: "unknown", datetime: "timestamptz", date: "date", UUID: "uuid"}
"""What PostgreSQL calls a value; which of its types a text is, depends on what it is compared with."""


def _stand_in(value: object, number: int) -> object:
    """A value of the same type that occurs nowhere else."""
    match value:
        case bool():
            raise ValueError("Whether something is so is a flag, not a value.")
        case int():
            return 2**62 + number
        case str():
            return f"\0{number}"
        case datetime():
            return datetime(9998, 12, 31, 23, 59, 59, number, UTC)
        case date():
            return date(9998, 1, 1).replace(day=1 + number)
        case UUID():
            return UUID(int=2**127 + number)
        case _:
            raise ValueError(f"A value of type {type(value).__name__} can't be exchanged in SQL.")


def without(rows: Iterable[Model], *relations: str) -> None:
    """Let the rows know that nothing is related to them by these names, as prefetching would, without asking."""
    for row in rows:
        known = row.__dict__.setdefault("_prefetched_objects_cache", {})
        known.update({name: nothing_of(type(row), name) for name in relations})


@cache
def nothing_of(model: type[Model], relation: str) -> "QuerySet[Any, Any]":
    """No rows of what is related to a model by this name."""
    related: Any = model._meta.get_field(relation).related_model  # noqa: SLF001  documented
    return cast("QuerySet[Any, Any]", related._default_manager.none())  # noqa: SLF001  Django's name for it
