"""What SQL says, for comparing the pages with it."""

from datetime import datetime
from typing import Any

from django.db import connection

from bench.portal import BenchError

Value = str | int | datetime


class WrongPage(BenchError):
    """A page doesn't show what the database has; its time would mean nothing."""


def run(sql: str, *values: Value) -> None:
    """Execute it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def column(sql: str, *values: Value) -> list[str]:
    """The one column it gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [value for (value,) in cursor.fetchall()]


def row(sql: str, *values: Value) -> dict[str, Any]:
    """The first row, by names. Raises WrongPage where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        found = cursor.fetchone()
    if found is None:
        raise WrongPage(f"the data set has no row for {values}")
    return dict(zip(names, found, strict=True))
