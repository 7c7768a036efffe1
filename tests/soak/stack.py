"""The portal as production runs it, every process and server of its own, so that each of them can be broken."""

import json
import os
import secrets
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from devstack.portal import MANAGE, PYTHON, background_parts, front_page_status, web_part
from devstack.servers import ensure_database, find_postgres, launch_postgres, start_postgres
from devstack.supervisor import Child, Supervisor, launched
from tests.kill.workers import Broker, kill, private_broker, wait_until
from tests.mail_server import MailServer, Taken, free_port, running
from tests.soak.load import World

PARTS = ("web", "worker", "beat")

TIME_PASSES = """
UPDATE returns_notification SET next_attempt_at = now(), claimed_at = claimed_at - interval '5 minutes'
WHERE state IN ('sending', 'retry', 'uncertain') RETURNING id
"""


@dataclass
class Database:
    """A private PostgreSQL that keeps its data, and comes back at its old address."""

    url: str
    home: Path
    supervisor: Supervisor
    child: Child

    def stop(self, how: signal.Signals) -> None:
        """SIGINT ends the sessions and writes everything; SIGQUIT leaves that to the recovery."""
        self.child.process.send_signal(how)
        self.child.process.wait()

    def start_again(self) -> None:
        """The same server on the same data."""
        self.supervisor.children.remove(self.child)
        where = urlsplit(self.url)
        port, password = where.port or 0, where.password or ""
        self.child = launch_postgres(self.supervisor, self.home, find_postgres(self.home), port, durable=True)
        wait_until(lambda: ensure_database(port, password))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a statement gives."""
        with closing(psycopg2.connect(self.url, connect_timeout=3, application_name="soak")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()


@dataclass
class Mailbox:
    """A mail server that can be closed and opened again at its old address; it counts copies by Message-ID."""

    server: MailServer = field(default_factory=MailServer)
    copies: Counter[str] = field(default_factory=Counter)
    _open: ExitStack = field(default_factory=ExitStack)

    def open(self) -> None:
        """Listen."""
        self.server.on_taken = self.note
        self._open.enter_context(running(self.server))

    def close(self) -> None:
        """Refuse connections."""
        self._open.close()

    def note(self, mail: Taken) -> None:
        """Count it and forget the rest of it."""
        self.copies[mail.message_id] += 1
        self.server.taken.clear()


@dataclass
class Portal:
    """Gunicorn, worker and beat, and what they need."""

    home: Path
    environment: dict[str, str]
    database: Database
    broker: Broker
    mailbox: Mailbox
    world: World
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it is."""
        return self.environment["SITE_URL"]

    def start(self, part: str) -> None:
        """Start web, worker or beat; it leads a process group of its own."""
        command = {**web_part(self.environment), **background_parts()}[part]
        with self.log(part).open("ab") as log:
            self.processes[part] = subprocess.Popen(
                launched(command),
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log(self, part: str) -> Path:
        """Where it writes what it has to say."""
        return self.home / f"{part}.log"

    def pid(self, part: str) -> int:
        """The process that leads a part."""
        return self.processes[part].pid

    def time_passes(self) -> None:
        """Whatever is tried again later is due now, and what a dead worker had in hand anybody may take over."""
        self.database.rows(TIME_PASSES)
        self.broker.ring("sweep_outbox")

    def check_invariants(self) -> str:
        """What the command says, with every violation."""
        command = [*MANAGE, "check_invariants"]
        return subprocess.run(
            command, env={**os.environ, **self.environment}, capture_output=True, text=True, check=False
        ).stdout


@contextmanager
def whole_portal(home: Path, orders: int) -> Iterator[Portal]:
    """Everything started in `home`, with so many orders for each customer; all of it is killed in the end."""
    mailbox = Mailbox()
    with Supervisor(stop_limit=3) as supervisor, private_broker(home) as broker:
        url = start_postgres(supervisor, home, durable=True)
        database = Database(url, home, supervisor, supervisor.children[-1])
        mailbox.open()
        environment = settings_of(home) | {
            "DATABASE_URL": url,
            "REDIS_URL": broker.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.server.port}",
        }
        portal = Portal(home, environment, database, broker, mailbox, prepared(environment, orders))
        try:
            for part in PARTS:
                portal.start(part)
            wait_until(lambda: front_page_status(urlsplit(portal.url).port or 0) == 200, seconds=60)
            yield portal
        finally:
            for process in portal.processes.values():
                kill(process)
            mailbox.close()


def prepared(environment: Mapping[str, str], orders: int) -> World:
    """The world, and the static files under the names of production."""
    everything = {**os.environ, **environment}
    static = subprocess.Popen([*MANAGE, "collectstatic", "--no-input", "--verbosity=0"], env=everything)
    made = [*PYTHON, "tests.soak.world", str(orders)]
    printed = subprocess.run(made, env=everything, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert static.wait() == 0
    world: World = json.loads(printed)
    return world


def settings_of(home: Path) -> dict[str, str]:
    """Production's settings apart from plain http, on this machine."""
    return {
        "TESTING": "0",
        "INSECURE_HTTP": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LINK_KEY": secrets.token_urlsafe(48),
        "SITE_URL": f"http://127.0.0.1:{free_port()}",
        "STATIC_ROOT": str(home / "static"),
        "MEDIA_ROOT": str(home / "media"),
        "WEB_CONCURRENCY": "2",
        "LOG_LEVEL": "WARNING",
    }
