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
from bench.dataset import Size, build
from bench.load import Timing
from bench.pages import Page, WrongPage, pages
from bench.portal import Running, database_for, note_as_filled, running
from devstack.supervisor import Supervisor

CONNECTIONS = (1, 4)
WARMING = 16  # requests, so that every thread of every worker has its connection and its templates
OK = 200


@dataclass(frozen=True, slots=True)
class Figures:
    """One page at one number of connections, over all rounds. Times in milliseconds, medians of the rounds.

    `ratio` is the median over the floor's in the same round. `web` and `database` are processor time for a request.
    """

    page: str
    connections: int
    p50: float
    p95: float
    per_second: float
    ratio: float
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
    web: float
    database: float


def collect_static_files() -> None:
    """The static files under the names that production gives them."""
    call_command("collectstatic", interactive=False, verbosity=0)


def measure(supervisor: Supervisor, returns: int, *, seconds: int, rounds: int, say: Callable[[str], None]) -> Result:
    """Everything about one size. Raises WrongPage before anything is timed that isn't what it should be."""
    database_url, made_in = ready(returns, say)
    with running(supervisor, database_url) as portal:
        timed = pages(timezone.now())
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
    connection.settings_dict["OPTIONS"]["options"] = "-c statement_timeout=0"
    call_command("migrate", interactive=False, verbosity=0)
    started = time.perf_counter()
    if is_empty:
        build(Size(returns), timezone.now(), say)
        note_as_filled(returns)
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
    """The page is right; how many queries it makes once the process is warm, and its size in bytes.

    Raises:
        WrongPage: It is another page.
    """
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page.path)
    if response.status_code != OK:
        raise WrongPage(f"{page.path} answered {response.status_code}")
    page.check(response.content.decode())
    return len(queries), len(response.content)


def warm(portal: Running, page: Page, session: str) -> None:
    """Ask the served portal and the floor a few times, and look at what comes. Raises WrongPage."""
    for _ in range(WARMING):
        page.check(load.fetched(portal.url + page.path, session))
        load.fetched(portal.floor_url + page.floor, "")


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
        path: load.ask(portal.floor_url + path, cookie="", connections=connections, seconds=seconds)
        for path in sorted({page.floor for page in timed})
    }
    for page in timed:
        before = processor.used_by(portal.web), processor.used_by(portal.database)
        session = cookie(clients[page.viewer])
        timing = load.ask(portal.url + page.path, cookie=session, connections=connections, seconds=seconds)
        web, database = processor.used_by(portal.web) - before[0], processor.used_by(portal.database) - before[1]
        asked = max(timing.requests, 1)
        found[page.name].append(Round(timing, floors[page.floor], web / asked * 1000, database / asked * 1000))


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
        web=middle(lambda one: one.web),
        database=middle(lambda one: one.database),
        queries=queries,
        size=size,
        errors=sum(one.timing.errors + one.floor.errors for one in found),
    )
