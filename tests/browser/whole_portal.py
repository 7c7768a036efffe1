"""The whole portal for the browser: every process that `make run` has, on a database of its own with the demo in it."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from devstack.portal import MANAGE, PYTHON, background_parts, wait_for_first_page, web_part
from devstack.servers import free_port, start_valkey
from devstack.supervisor import Supervisor
from tests.browser.mailbox import Mailbox

DATABASE = "rma_portal_browser"


@dataclass(frozen=True)
class WholePortal:
    """A running portal: where it is, and what it has mailed."""

    url: str
    mailbox: Mailbox
    mail_choice: str
    """The address at the foot of an optional mail."""


@contextmanager
def whole_portal(home: Path) -> Iterator[WholePortal]:
    """Start it with logs, static files and mails in `home`; everything is stopped and dropped on leaving.

    Database and Valkey are its own too: its workers must not hear what other tests ring for, nor theirs what it does.
    """
    port = free_port()
    with own_database() as database_url, Supervisor() as supervisor:
        servers = {"DATABASE_URL": database_url, "REDIS_URL": start_valkey(supervisor, home)}
        environment = settings_of(home, port) | servers
        prepare(supervisor, environment, home)
        for name, command in (web_part(environment) | background_parts()).items():
            supervisor.start(name, command, environment=environment, log=home / f"{name}.log")
        wait_for_first_page(supervisor, port)
        yield WholePortal(environment["SITE_URL"], Mailbox(home / "mail"), (home / "mail-choice").read_text())
        supervisor.check()


def settings_of(home: Path, port: int) -> dict[str, str]:
    """As `make run` has them: production's settings apart from plain http and the demo."""
    return {
        "TESTING": "0",
        "DEMO": "1",
        "INSECURE_HTTP": "1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "MAIL_SINK_DIR": str(home / "mail"),
        "STATIC_ROOT": str(home / "static"),
        "MEDIA_ROOT": str(home / "media"),
    }


def prepare(supervisor: Supervisor, environment: dict[str, str], home: Path) -> None:
    """Tables, storefronts, the demo, orders of the tests' own, and static files under the names of production."""
    steps = {
        "preparation": [*PYTHON, "devstack.preparation", str(home / "logins")],
        "static files": [*MANAGE, "collectstatic", "--no-input", "--verbosity=0"],
    }
    started = [
        supervisor.start(name, command, environment=environment, log=home / f"{name}.log", is_lasting=False)
        for name, command in steps.items()
    ]
    for step in started:
        supervisor.finish(step)
    own = [*PYTHON, "tests.browser.own_orders", str(home / "mail-choice")]
    supervisor.finish(
        supervisor.start("own orders", own, environment=environment, log=home / "own.log", is_lasting=False)
    )


@contextmanager
def own_database() -> Iterator[str]:
    """An empty database on the test run's server, so that no other test sees what happens here; its URL."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = sql.Identifier(DATABASE)
    with closing(psycopg2.connect(url.geturl())) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(name))
            try:
                yield url._replace(path=f"/{DATABASE}").geturl()
            finally:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
