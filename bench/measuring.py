"""The rounds: floor and pages in turn, so that a busy minute of the machine is everybody's."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from bench import load, processor
from bench.asking import WrongPage
from bench.dataset import Size, build
from bench.desk_pages import desk_pages
from bench.load import Timing
from bench.pages import Page, pages
from bench.portal import Running, database_for, note_as_filled, running
from devstack.supervisor import Supervisor
from returns.services import queue_counts

CONNECTIONS = (1, 4)
FEW = 4
WARMING = 16  # requests, so that every thread of every worker has its connection and its templates


@dataclass(frozen=True, slots=True)
class Figures:
    """One page at one number of connections, over all rounds. Times in milliseconds, medians of the rounds.

    `ratio` is the median over the floor's in the same round. `web` and `database` are processor time for a request, and
    `cpu_ratio` is their sum over the floor's: of the figures here what a busy machine disturbs least.
    """

    page: str
    connections: int
    p50: float
    p95: float
    per_second: float
    ratio: float
    cpu_ratio: float
    web: float
    database: float
    queries: int
    size: int
    errors: int


@dataclass(frozen=True, slots=True)
class Result:
    """All figures of a data set, and what the floor took (milliseconds at one connection, by its address)."""

    returns: int
    made_in: float
    figures: Sequence[Figures]
    floor: dict[str, float]

    def of(self, page: str, connections: int) -> Figures:
        """The figures of one page."""
        return next(one for one in self.figures if (one.page, one.connections) == (page, connections))


@dataclass(frozen=True, slots=True)
class Round:
    """One page in one round, with the floor beside it."""

    timing: Timing
    floor: Timing
    floor_cpu: float
    web: float
    database: float


def collect_static_files() -> None:
    """The static files under the names that production gives them."""
    call_command("collectstatic", interactive=False, verbosity=0)


def measure(supervisor: Supervisor, returns: int, *, seconds: int, rounds: int, say: Callable[[str], None]) -> Result:
    """Everything about one size. Raises WrongPage before anything is timed that isn't what it should be."""
    database_url, made_in = ready(returns, say)
    with running(supervisor, database_url) as portal:
        timed = [*pages(timezone.now()), *desk_pages()]
        clients = {viewer: signed_in(viewer) for viewer in sorted({page.viewer for page in timed})}
        counted = {page.name: inspected(page, clients[page.viewer]) for page in timed}
        for page in timed:
            warm(portal, page, cookie(clients[page.viewer]))
        connection.close()
        figures, floor = [], {}
        for connections in CONNECTIONS:
            found: dict[str, list[Round]] = {page.name: [] for page in timed}
            for number in range(1, rounds + 1):
                say(f"{returns:,} returns, {connections} at once, round {number} of {rounds}")
                one_round(portal, timed, clients, connections, seconds, found)
            for page in timed:
                figures.append(summary(page, connections, found[page.name], *counted[page.name]))
                if connections == 1:
                    floor[page.floor.partition("?")[0]] = statistics.median(one.floor.p50 for one in found[page.name])
        for page in timed:  # still the same pages: nothing broke under the load
            warm(portal, page, cookie(clients[page.viewer]))
    return Result(returns, made_in, figures, floor)


def ready(returns: int, say: Callable[[str], None]) -> tuple[str, float]:
    """The database of this size, filled where it isn't; its URL, and the seconds that filling took."""
    url, is_empty = database_for(returns)
    connection.close()
    connection.settings_dict["NAME"] = url.rpartition("/")[2]
    # What fills a database takes longer than a page may.
    connection.settings_dict["OPTIONS"]["options"] += " -c statement_timeout=0"
    call_command("migrate", interactive=False, verbosity=0)
    started = time.perf_counter()
    if is_empty:
        build(Size(returns), timezone.now(), say)
        note_as_filled(returns)
    queue_counts.fold(today=timezone.now().date())  # as a worker does all the time
    return url, time.perf_counter() - started if is_empty else 0.0


def signed_in(email: str) -> Client:
    """A client with the session of this person."""
    client = Client(SERVER_NAME=settings.SITE_HOST)
    client.force_login(User.objects.get(email=email))
    return client


def cookie(client: Client) -> str:
    """The session as a request carries it."""
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def inspected(page: Page, client: Client) -> tuple[int, int]:
    """The page is right; how many queries it makes once the process is warm, and its size in bytes (0 of a peer).

    Raises:
        WrongPage: It is another page.
    """
    if page.is_peer:  # its settings are others than those of this process
        return 0, 0
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page.path)
    if response.status_code != page.status:
        raise WrongPage(f"{page.path} answered {response.status_code}")
    page.check(response.headers.get("Location") or response.content.decode())
    return len(queries), len(response.content)


def warm(portal: Running, page: Page, session: str) -> None:
    """Ask the served portal and the floor a few times, and look at what comes. Raises WrongPage."""
    for _ in range(FEW if page.is_peer else WARMING):
        page.check(load.fetched(address(portal, page), session, page.status))
        load.fetched(portal.floor_url + page.floor, "")


def address(portal: Running, page: Page) -> str:
    """Where the page is served."""
    return (portal.peer_url if page.is_peer else portal.url) + page.path


def one_round(
    portal: Running,
    timed: Sequence[Page],
    clients: dict[str, Client],
    connections: int,
    seconds: int,
    found: dict[str, list[Round]],
) -> None:
    """Every page once, each beside its floor of this round."""
    floors = {
        path: _asked(portal, portal.floor, Address(portal.floor_url + path), connections, seconds)
        for path in sorted({page.floor for page in timed})
    }
    for page in timed:
        server = portal.peer if page.is_peer else portal.web
        where = Address(address(portal, page), cookie(clients[page.viewer]), page.status)
        timing, web, database = _asked(portal, server, where, connections, seconds)
        floor, floor_web, floor_database = floors[page.floor]
        found[page.name].append(Round(timing, floor, floor_web + floor_database, web, database))


@dataclass(frozen=True, slots=True)
class Address:
    """What is asked for: with which cookie, and the status of the right answer."""

    url: str
    cookie: str = ""
    status: int = 200


def _asked(portal: Running, server: int, where: Address, connections: int, seconds: int) -> tuple[Timing, float, float]:
    """An address for some seconds, and the milliseconds of processor time that server and database took for each."""
    before = processor.used_by(server), processor.used_by(portal.database)
    timing = load.ask(where.url, cookie=where.cookie, connections=connections, seconds=seconds, expected=where.status)
    web, database = processor.used_by(server) - before[0], processor.used_by(portal.database) - before[1]
    asked = max(timing.requests, 1) / 1000
    return timing, web / asked, database / asked


def summary(page: Page, connections: int, found: Sequence[Round], queries: int, size: int) -> Figures:
    """The rounds of a page as one row."""

    def middle(value: Callable[[Round], float]) -> float:
        return statistics.median(value(one) for one in found)

    return Figures(
        page=page.name,
        connections=connections,
        p50=middle(lambda one: one.timing.p50),
        p95=middle(lambda one: one.timing.p95),
        per_second=middle(lambda one: one.timing.per_second),
        ratio=middle(lambda one: one.timing.p50 / one.floor.p50),
        cpu_ratio=middle(lambda one: (one.web + one.database) / max(one.floor_cpu, 0.01)),
        web=middle(lambda one: one.web),
        database=middle(lambda one: one.database),
        queries=queries,
        size=size,
        errors=sum(one.timing.errors + one.floor.errors for one in found),
    )
