"""Rows that many tests begin with: made once in each test database, and put back at once for every test after."""

import pickle
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

SCHEMA = "kept"  # beside the portal's own tables, so that what empties those between tests leaves it alone


class Kept:
    """Things made by `steps`, in their order, with the rows each of them wrote.

    A step is given what the one before it made. Later copies have the same ids, and no test sees what another one did
    to them; what points to each other among them still does.
    """

    def __init__(self, **steps: Any) -> None:
        self._rows: dict[str, str] = {}
        made: dict[str, Any] = {}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
            seen = from_migrations = filled_tables()
            for name, step in steps.items():
                made[name] = step(*list(made.values())[-1:])
                tables = [table for table in filled_tables() if table not in seen]
                self._rows[name] = keep_aside(cursor, tables)
                seen = seen + tables
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            ours = [quoted(table) for table in seen if table not in from_migrations]
            cursor.execute(f"TRUNCATE {', '.join(ours)} CASCADE")
        self._pickled = pickle.dumps(made)

    def copies(self) -> dict[str, Any]:
        """What each step made, as it was then."""
        found: dict[str, Any] = pickle.loads(self._pickled)  # noqa: S301 - our own bytes
        return found

    def put_back(self, name: str) -> None:
        """The rows that this step wrote."""
        with connection.cursor() as cursor:
            cursor.execute(self._rows[name])


def keep_aside(cursor: CursorWrapper, tables: list[str]) -> str:
    """Copy the rows of these tables; the statement that brings them back."""
    for table in tables:
        cursor.execute(f"CREATE TABLE {SCHEMA}.{quoted(table)} AS TABLE {quoted(table)}")
    return "; ".join(f"INSERT INTO {quoted(table)} TABLE {SCHEMA}.{quoted(table)}" for table in tables)


def filled_tables() -> list[str]:
    """The portal's own tables that have rows."""
    models = [model for app in ("accounts", "returns", "account") for model in apps.get_app_config(app).get_models()]
    return [model._meta.db_table for model in models if model._base_manager.exists()]


def quoted(name: str) -> str:
    """A table's name as SQL has it."""
    return connection.ops.quote_name(name)
