"""What is measured against: a PostgreSQL with the data set, the portal as production serves it, and the floor."""

import fcntl
import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from devstack.portal import VAR, wait_for_first_page, web_part
from devstack.servers import free_port, start_servers
from devstack.supervisor import ChildFailedError, Supervisor

HOME = VAR / "bench"
MADE_BY = ("originals.py", "copying.py", "dataset.py")
"""The files of which a change makes a kept data set another one."""


class BenchError(Exception):
    """Nothing can be measured here and now; the message says why."""


@dataclass(frozen=True, slots=True)
class Running:
    """The processes that answer: where they are, and whose processor time is counted."""

    url: str
    floor_url: str
    peer_url: str
    web: int
    floor: int
    peer: int
    database: int | None


@contextmanager
def servers() -> Iterator[Supervisor]:
    """PostgreSQL and Valkey for this process and those it starts; the data in var/bench is kept.

    Raises:
        BenchError: Another benchmark uses that data.
    """
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BenchError("Another benchmark runs on the data in var/bench.") from error
        with Supervisor() as supervisor:
            # A data set is made again rather than rescued, so nothing waits for the disk.
            os.environ.update(settings_of(HOME) | start_servers(supervisor, HOME, durable=False))
            yield supervisor


def settings_of(home: Path) -> dict[str, str]:
    """Production's settings apart from plain http, on this machine."""
    return {
        "DJANGO_SETTINGS_MODULE": "rma_portal.settings",
        "TESTING": "0",
        "DEMO": "0",
        "INSECURE_HTTP": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LINK_KEY": secrets.token_urlsafe(48),
        "SITE_URL": f"http://127.0.0.1:{free_port()}",
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "STATIC_ROOT": str(home / "static"),
        "LOG_LEVEL": "INFO",
    }


@contextmanager
def running(supervisor: Supervisor, database_url: str) -> Iterator[Running]:
    """The portal and the floor on one data set, each with gunicorn as production has it."""
    environment = {"DATABASE_URL": database_url}
    floor_port, peer_port, url = free_port(), free_port(), os.environ["SITE_URL"]
    peer_settings = environment | {"DJANGO_SETTINGS_MODULE": "bench.peer_settings"}
    started = [
        supervisor.start("portal", web_part(dict(os.environ))["web"], environment=environment, log=HOME / "web.log"),
        supervisor.start(
            "floor", _served("bench.floor:app", floor_port), environment=environment, log=HOME / "floor.log"
        ),
        supervisor.start(
            "peer", _served("rma_portal.wsgi", peer_port), environment=peer_settings, log=HOME / "peer.log"
        ),
    ]
    database = next((child.process.pid for child in supervisor.children if child.name == "PostgreSQL"), None)
    try:
        answered(supervisor, urlsplit(url).port or 80)
        web, bare, peer = (child.process.pid for child in started)
        here = "http://127.0.0.1"
        yield Running(url, f"{here}:{floor_port}", f"{here}:{peer_port}", web, bare, peer, database)
    finally:
        for child in started:
            supervisor.children.remove(child)
            child.stop(supervisor.stop_limit)


def _served(application: str, port: int) -> list[str]:
    gunicorn = (sys.executable, "-m", "gunicorn", "--config=python:rma_portal.serving")
    return [*gunicorn, f"--bind=127.0.0.1:{port}", application]


def answered(supervisor: Supervisor, port: int) -> None:
    """Wait for the portal's first page. Raises BenchError where it doesn't come."""
    try:
        wait_for_first_page(supervisor, port)
    except ChildFailedError as error:
        raise BenchError(f"The portal doesn't answer; see {HOME / 'web.log'}.") from error


def database_for(returns: int) -> tuple[str, bool]:
    """The URL of the database of this size, and whether it is an empty one that has to be filled."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"rma_bench_{returns}"
    with closing(psycopg2.connect(url.geturl())) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
            found = cursor.fetchone()
            is_kept = found is not None and found[0] == made_by()
            if not is_kept:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return url._replace(path=f"/{name}").geturl(), not is_kept


def note_as_filled(returns: int) -> None:
    """From now on the database of this size is whole, and used again as long as its makers stay the same."""
    name = sql.Identifier(f"rma_bench_{returns}")
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(made_by())))
        connection.commit()


def made_by() -> str:
    """The makers of the data set as one word."""
    files = [Path(__file__).with_name(name) for name in MADE_BY]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
