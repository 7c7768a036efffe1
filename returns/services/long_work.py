"""Work of minutes is done one piece at a time in the whole house, so that mail and reminders find a free worker."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

# Of the session, not of a transaction: it ends with the work, or with the connection of a worker that died.
_BEGIN = "SELECT pg_try_advisory_lock('returns_export'::regclass::oid::bigint)"
_END = "SELECT pg_advisory_unlock('returns_export'::regclass::oid::bigint)"


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else is at such work; then nobody begins any until this ends."""
    is_free = _ask(_BEGIN)
    try:
        yield is_free
    finally:
        if is_free:
            with suppress(InterfaceError, OperationalError):  # gone, and the lock with it
                _ask(_END)


def _ask(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return bool(cursor.fetchone()[0])
