"""A session that can't be kept: the database's trouble is told as such, and only an ended session as ended."""

from contextlib import closing

import psycopg2
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from psycopg2.errors import LockNotAvailable

from accounts.sessions import SessionStore
from tests.outbox import database_url


@pytest.fixture
def session() -> SessionStore:
    session = SessionStore()
    session["seen"] = "once"
    session.save()
    return session


@pytest.mark.django_db
def test_a_session_that_ended_meanwhile_is_not_begun_again(session: SessionStore) -> None:
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_went_away_says_so(session: SessionStore) -> None:
    with closing(psycopg2.connect(database_url())) as other, other.cursor() as cursor, connection.cursor() as ours:
        ours.execute("SELECT pg_backend_pid()")
        cursor.execute("SELECT pg_terminate_backend(%s)", ours.fetchone())
    with pytest.raises(OperationalError):
        session.save()
    connection.close()
    assert SessionStore(session.session_key)["seen"] == "once"


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_says_why(session: SessionStore) -> None:
    with closing(psycopg2.connect(database_url())) as other, other.cursor() as cursor, connection.cursor() as ours:
        cursor.execute("SELECT 1 FROM django_session FOR UPDATE")
        ours.execute("SET lock_timeout = 10")
        with pytest.raises(OperationalError) as told:
            session.save()
    connection.close()
    assert isinstance(told.value.__cause__, LockNotAvailable)
