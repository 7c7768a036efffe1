"""The whole portal for one developer: `run` and `manage`, on the data in `var/`."""

import fcntl
import hashlib
import http.client
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from devstack.environment import EVERYTHING_LOCK, ROOT
from devstack.servers import free_port, start_servers
from devstack.supervisor import ChildFailedError, Supervisor, run_in_foreground

VAR = ROOT / "var"
LOGS = VAR / "log"
MAIL = VAR / "mail"
LOGINS = VAR / "demo_logins"
RUNNING = VAR / "running.env"
PREPARED = VAR / "prepared"
PREPARED_FROM = ("accounts", "returns", "rma_portal", "static")
USUAL_PORT = 8000
FIRST_PAGE_LIMIT = 60.0  # seconds
PYTHON = [sys.executable, "-m"]
MANAGE = [sys.executable, str(ROOT / "manage.py")]


class PortalError(Exception):
    """The portal cannot run here and now; the message says why."""


def run(_arguments: list[str]) -> int:
    """The portal until Ctrl-C; 0 if that is what ended it."""
    try:
        with portal_data() as running, Supervisor() as supervisor:
            serve(supervisor, running)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0
    except PortalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def serve(supervisor: Supervisor, running: dict[str, str] | None) -> None:
    """Start everything in order, say where it is, watch over it.

    Raises:
        PortalError: It is running already, or its port is taken.
        KeyboardInterrupt: It was asked to stop.
        ChildFailedError: A part of it ended.
    """
    if running:
        raise PortalError(f"The portal runs already, on {running['SITE_URL']}.")
    port = chosen_port()
    for folder in (LOGS, MAIL):
        folder.mkdir(mode=0o700, exist_ok=True)
    print("Starting PostgreSQL and Valkey …", flush=True)
    mail_url = f"smtp://127.0.0.1:{free_port()}"
    environment = demo_environment(port, mail_url) | start_servers(supervisor, VAR, durable=True)
    prepare(supervisor, environment)
    # The page first: the others would only compete with it for the processor.
    start_all(supervisor, environment, web_part(environment))
    wait_for_first_page(supervisor, port)
    start_all(supervisor, environment, background_parts())
    announce(environment)
    RUNNING.touch(mode=0o600)
    RUNNING.write_text("".join(f"{name}={value}\n" for name, value in environment.items()))
    try:
        supervisor.watch()
    finally:
        RUNNING.unlink()


def prepare(supervisor: Supervisor, environment: dict[str, str]) -> None:
    """Bring database and static files up to date, both at once; nothing to do where nothing has changed since."""
    wanted = fingerprint(environment["DATABASE_URL"])
    is_ours = not os.environ.get("DATABASE_URL")  # what others did to a database of theirs we cannot see
    if is_ours and PREPARED.exists() and PREPARED.read_text() == wanted:
        return
    print("Preparing the database and the static files …", flush=True)
    steps = [
        supervisor.start(name, command, environment=environment, log=log_of(name), is_lasting=False)
        for name, command in {
            "static files": [*MANAGE, "collectstatic", "--no-input", "--clear", "--verbosity=0"],
            "preparation": [*PYTHON, "devstack.preparation", str(LOGINS)],
        }.items()
    ]
    for step in steps:
        supervisor.finish(step)
    PREPARED.write_text(wanted)


def fingerprint(database_url: str) -> str:
    """What the preparation depends on, as one word: code, policies, static files, the lock, which database it is."""
    files = [EVERYTHING_LOCK, *(path for name in PREPARED_FROM for path in sorted((ROOT / name).rglob("*.*")))]
    # The port is another one at each start; the password was drawn when the database was made.
    digest = hashlib.sha256(str(urlsplit(database_url).password).encode())
    for file in files:
        if file.suffix != ".pyc" and file.is_file():
            status = file.stat()
            digest.update(f"{file} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def web_part(environment: dict[str, str]) -> dict[str, list[str]]:
    """What answers the browser, by name."""
    address = environment["SITE_URL"].removeprefix("http://")
    return {"web": [*PYTHON, "gunicorn", "--config=python:rma_portal.serving", f"--bind={address}", "rma_portal.wsgi"]}


def background_parts() -> dict[str, list[str]]:
    """What works without being asked by a browser, by name."""
    celery = [*PYTHON, "celery", "--app=rma_portal"]
    return {
        "mail": [*MANAGE, "mail_sink"],
        "worker": [*celery, "worker", "--concurrency=2", "--loglevel=INFO"],
        "beat": [*celery, "beat", "--loglevel=INFO"],
    }


def start_all(supervisor: Supervisor, environment: dict[str, str], parts: dict[str, list[str]]) -> None:
    """Start lasting processes of the portal, each with a log of its own."""
    for name, command in parts.items():
        supervisor.start(name, command, environment=environment, log=log_of(name))


def log_of(name: str) -> Path:
    """Where a process of the portal writes what it has to say."""
    return LOGS / f"{name.replace(' ', '_')}.log"


def wait_for_first_page(supervisor: Supervisor, port: int) -> None:
    """Until the front page is there.

    Raises:
        ChildFailedError: A part ended, or the page is an error or stays away.
    """
    deadline = time.monotonic() + FIRST_PAGE_LIMIT
    status = None
    while time.monotonic() < deadline:
        supervisor.check()
        status = front_page_status(port)
        if status == http.client.OK:
            return
        time.sleep(0.1 if status is None else 1)
    raise ChildFailedError(
        f"The front page did not come ({status or 'no answer'}); see {log_of('web').relative_to(ROOT)}."
    )


def front_page_status(port: int) -> int | None:
    """The status of `/`; None if nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def announce(environment: dict[str, str]) -> None:
    """Where the portal is, who can sign in, where the mails are."""
    url = environment["SITE_URL"]
    print(f"\nThe portal is ready:   {url}/\nIts mails:             {url}/mail/\nIts logs:              var/log/")
    print(f"\nSign in as\n{LOGINS.read_text().rstrip()}\n\nCtrl-C stops it.", flush=True)


def manage(arguments: list[str]) -> int:
    """Run manage.py on the data of `run`, beside a running portal or with servers of its own; its exit status."""
    with portal_data() as running, Supervisor() as supervisor:
        environment = running
        if environment is None:
            mine = demo_environment(USUAL_PORT, "smtp://127.0.0.1:2525")
            environment = mine | start_servers(supervisor, VAR, durable=True)
        return run_in_foreground([*MANAGE, *arguments], environment)


@contextmanager
def portal_data() -> Iterator[dict[str, str] | None]:
    """Hold the data in `var/`, as only one command at a time may run servers on it; wait for others to end.

    Yields:
        None if the data is ours, else the variables of the portal that runs on it.
    """
    VAR.mkdir(mode=0o700, exist_ok=True)
    with (VAR / "lock").open("w") as lock:
        waited = False
        while not (ours := try_lock(lock.fileno())) and not RUNNING.exists():
            if not waited:
                print("Waiting for another command that uses the data in var/ …", file=sys.stderr)
            waited = True
            time.sleep(0.2)
        yield None if ours else read_running()


def try_lock(file: int) -> bool:
    """Whether the lock on an open file is ours now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    RUNNING.unlink(missing_ok=True)  # left by a portal that was killed
    return True


def read_running() -> dict[str, str]:
    """The variables of the running portal."""
    return dict(line.split("=", 1) for line in RUNNING.read_text().splitlines())


def demo_environment(port: int, mail_url: str) -> dict[str, str]:
    """What the settings need to know for a demo on this machine."""
    return {
        "DEMO": "1",
        "INSECURE_HTTP": "1",
        "SECRET_KEY": kept_secret("secret_key"),
        "LINK_KEY": kept_secret("link_key"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": mail_url,
        "MAIL_SINK_DIR": str(MAIL),
        "STATIC_ROOT": str(VAR / "static"),
        "MEDIA_ROOT": str(VAR / "media"),
    }


def kept_secret(name: str) -> str:
    """A random key, made at the first start and kept in `var/`."""
    file = VAR / name
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def chosen_port() -> int:
    """PORT, or the usual one, or a free one if that is taken and nobody asked for it.

    Raises:
        PortalError: PORT is no port, or it is taken.
    """
    asked = os.environ.get("PORT", "")
    if asked:
        if not (asked.isascii() and asked.isdigit() and 0 < int(asked) < 2**16):
            raise PortalError(f"PORT must be a number from 1 to 65535, not “{asked}”.")
        if not is_free(int(asked)):
            raise PortalError(f"Port {asked} is taken: name another one, as in `make run PORT=8010`.")
        return int(asked)
    if is_free(USUAL_PORT):
        return USUAL_PORT
    print(f"Port {USUAL_PORT} is taken; using a free one.")
    return free_port()


def is_free(port: int) -> bool:
    """Whether a server may listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
