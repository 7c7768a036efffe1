"""Sessions in the database, as Django keeps them, with a shorter way to read one: every page does."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from returns.kept_queries import KeptQuery

SESSION = KeptQuery(lambda session_key, now: Session.objects.filter(session_key=session_key, expire_date__gt=now))


class SessionStore(DatabaseSessions):
    """Django's, reading by a kept query."""

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
