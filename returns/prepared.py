"""Statements that a connection plans once and asks many times (docs/decisions/0017-prepared-statements.md).

Nothing is prepared inside a transaction: there the error about a statement that is lost or outdated would end it. The
same SQL is asked as it is then, as it is everywhere with `PREPARED_STATEMENTS=false`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.errors import DuplicatePreparedStatement, FeatureNotSupported, InvalidSqlStatementName
from psycopg2.extensions import AsIs
from psycopg2.extras import Json

Answer = TypeVar("Answer")

MOST_PREPARED = 100
"""Statements of one connection; each keeps its plan, in the mean 180 kilobytes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes in the parameters of a statement."""

    number: int


class PreparedStatement:
    """SQL whose parameters are constants and places for values.

    `types` are the types of the values as PostgreSQL calls them, `unknown` where it finds out itself.
    """

    def __init__(self, sql: str, parameters: Sequence[object], types: Sequence[str], name: str) -> None:
        self.sql = sql
        self.parameters = parameters
        self.types = types
        # One name is one statement for ever, whatever process prepared it: behind a pooler they may meet.
        told = repr((sql, [_value(one) for one in parameters], types)).encode()
        self.name = f"{name}_{sha256(told).hexdigest()[:16]}"
        self.execute = f"EXECUTE {self.name} ({', '.join(['%s'] * len(types))})" if types else f"EXECUTE {self.name}"

    def asked(
        self, values: Sequence[Any], connection: BaseDatabaseWrapper, *, is_plain: bool
    ) -> tuple[str, Sequence[Any]]:
        """What to execute for these values on this connection, where it is prepared if need be and not to be plain."""
        if is_plain or connection.in_atomic_block or not settings.PREPARED_STATEMENTS:
            return self.sql, [values[one.number] if isinstance(one, Place) else one for one in self.parameters]
        prepared = _prepared_on(connection)
        if self.name not in prepared:
            self._prepare(connection, prepared)
        return self.execute, values

    def rows(self, values: Sequence[object], connection: BaseDatabaseWrapper) -> list[tuple[Any, ...]]:
        """All rows for these values."""

        def ask(*, is_plain: bool) -> list[tuple[Any, ...]]:
            sql, put = self.asked(values, connection, is_plain=is_plain)
            with connection.cursor() as cursor:
                cursor.execute(sql, put)
                found: list[tuple[Any, ...]] = cursor.fetchall()
                return found

        return answered(ask, connection)

    def _prepare(self, connection: BaseDatabaseWrapper, prepared: dict[str, None]) -> None:
        types = f" ({', '.join(self.types)})" if self.types else ""
        put = [AsIs(f"${one.number + 1}") if isinstance(one, Place) else one for one in self.parameters]
        # Below Django's cursor: preparing isn't asking.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            if len(prepared) >= MOST_PREPARED:
                oldest = next(iter(prepared))
                del prepared[oldest]
                cursor.execute(f"DEALLOCATE {oldest}")
            with suppress(DuplicatePreparedStatement):  # by another client of the same pooler
                cursor.execute(f"PREPARE {self.name}{types} AS {self.sql}", put)
        prepared[self.name] = None


def _value(parameter: object) -> object:
    """What a parameter says: JSON's wrapper shows where it is in memory, and that may be another one's place later."""
    return parameter.adapted if isinstance(parameter, Json) else parameter


@dataclass(frozen=True, slots=True)
class _Known:
    """What was prepared on one connection to the database, the oldest first."""

    connection: object
    statements: dict[str, None] = field(default_factory=dict)


def _prepared_on(connection: BaseDatabaseWrapper) -> dict[str, None]:
    """The names of what is prepared; none on a connection that was just opened."""
    # Instead of asking whether the connection still works: `answered` finds out.
    connection.health_check_done = True  # type: ignore[attr-defined]  # missing in the stubs
    connection.ensure_connection()
    known: _Known | None = connection.__dict__.get("prepared_statements")
    if known is None or known.connection is not connection.connection:
        known = connection.__dict__["prepared_statements"] = _Known(connection.connection)
    return known.statements


def answered(ask: Callable[..., Answer], connection: BaseDatabaseWrapper) -> Answer:
    """What `ask` reads, which is asked once more on a new connection where this one is of no use any more.

    Either it is closed (the server was restarted), or it has lost its statements, or a migration outdated one. The
    second time `ask` gets `is_plain=True`, for plain SQL: behind a pooler the new connection loses its statements, too.
    """
    try:
        return ask(is_plain=False)
    except Error as error:
        if connection.in_atomic_block or not (_is_closed(connection) or isinstance(error.__cause__, OUTDATED)):
            raise
        connection.close()
        return ask(is_plain=True)


OUTDATED = (InvalidSqlStatementName, FeatureNotSupported)


def _is_closed(connection: BaseDatabaseWrapper) -> bool:
    """Whether psycopg2 has seen the server hang up."""
    return connection.connection is not None and bool(connection.connection.closed)
