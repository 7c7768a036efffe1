"""Sessions in the database, as Django keeps them, with a shorter way to read one: every page does.

A database that is away or busy says so, where Django would take it for a session that ended meanwhile.
"""

from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone

from returns.kept_queries import KeptQuery

SESSION = KeptQuery(lambda session_key, now: Session.objects.filter(session_key=session_key, expire_date__gt=now))


class SessionStore(DatabaseSessions):
    """Django's, reading by a kept query, and telling why it could not save."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Django's own table."""
        return Session

    def load(self) -> dict[str, Any]:
        """What the session holds; of one that ended or never was nothing, and its key is forgotten."""
        found = SESSION.first(self.session_key, timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
            return {}
        return dict(self.decode(found.session_data))

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  Django's signature
        """Django's. Raises UpdateError where the session ended meanwhile, and the database's own error for the rest."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__  # noqa: B904  it keeps its own cause, by which the page is chosen (C16, C17)
            raise
