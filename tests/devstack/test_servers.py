"""The private servers: whose they are, who gets in, what they keep."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from devstack import servers
from devstack.scratch import scratch_home
from devstack.supervisor import Supervisor


@pytest.fixture
def home() -> Iterator[Path]:
    with scratch_home() as folder:
        yield folder


@pytest.fixture
def no_servers_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")


def test_servers_named_in_the_environment_are_used_and_none_is_started(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"DATABASE_URL": "postgres://somewhere/else", "REDIS_URL": "redis://somewhere/0"}
    for name, url in named.items():
        monkeypatch.setenv(name, url)

    with Supervisor() as supervisor:
        assert servers.start_servers(supervisor, home, durable=False) == named
        assert supervisor.children == []


@pytest.mark.usefixtures("no_servers_named")
def test_postgresql_keeps_what_was_written_and_wants_the_password(home: Path) -> None:
    with Supervisor() as supervisor:
        url = servers.start_servers(supervisor, home, durable=True)["DATABASE_URL"]
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 7 AS number")
        connection.close()
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(url.replace(str(urlsplit(url).password), "guessed"))

    with Supervisor() as supervisor:
        url = servers.start_servers(supervisor, home, durable=True)["DATABASE_URL"]
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT number FROM kept")
            assert cursor.fetchone() == (7,)
            cursor.execute("SHOW fsync")
            assert cursor.fetchone() == ("on",)
        connection.close()


@pytest.mark.usefixtures("no_servers_named")
def test_valkey_wants_the_password(home: Path) -> None:
    with Supervisor() as supervisor:
        url = servers.start_servers(supervisor, home, durable=False)["REDIS_URL"]
        assert redis.Redis.from_url(url).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=int(urlsplit(url).port or 0), retry=servers.NO_RETRY).ping()


@pytest.mark.usefixtures("no_servers_named")
def test_postgresql_runs_as_the_last_resort_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # For root that is `nobody`, where user namespaces are forbidden; anybody else has no other identity.
    last_resort = servers.postgres_identities()[-1:]
    monkeypatch.setattr(servers, "postgres_identities", lambda: last_resort)

    with Supervisor() as supervisor:
        url = servers.start_servers(supervisor, home, durable=False)["DATABASE_URL"]
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        connection.close()


@pytest.mark.usefixtures("no_servers_named")
def test_without_any_postgresql_the_sentence_says_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "postgres_folders", lambda: iter([home]))

    with Supervisor() as supervisor, pytest.raises(servers.NoServerError, match="DATABASE_URL"):
        servers.start_servers(supervisor, home, durable=False)
