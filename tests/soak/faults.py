"""What goes wrong, each for a while, and what a person may notice of it meanwhile."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

from tests.kill.workers import kill, kill_children
from tests.soak.stack import Portal
from tests.soak.visitor import NOTHING, Answer
from tests.soak.watch import children_of

LATER = {"MAIL": "421 4.3.2 later", "RCPT": "450 4.2.0 later", "DATA": "451 4.3.0 later"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong: while the context is open, or at once where it doesn't last.

    `shows` is what people may see of it meanwhile: nothing, usually.
    """

    name: str
    breaks: Callable[[Portal, random.Random], AbstractContextManager[None]]
    shows: str = ""
    lasts: bool = True


POLITE, BROKEN = "503", "no answer"


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault and when it was, by time.monotonic()."""

    fault: Fault
    begun: float
    ended: float

    def excuses(self, answer: Answer) -> bool:
        """Whether the answer is what people may see of this fault."""
        was_then = answer.asked_at <= self.ended and answer.asked_at + answer.took >= self.begun
        shows = POLITE if answer.is_polite and answer.status == 503 else BROKEN if answer.status == NOTHING else ""
        return was_then and bool(shows) and shows == self.fault.shows


def strike(portal: Portal, faults: Sequence[Fault], chance: random.Random, *, every: float) -> Iterator[Struck]:
    """One fault after the other, each begun `every` seconds after the last and over by half of that time."""
    for fault in faults:
        begun = time.monotonic()
        with fault.breaks(portal, chance):
            time.sleep(chance.uniform(every / 10, every / 2) if fault.lasts else 0)
        yield Struck(fault, begun, time.monotonic())
        time.sleep(max(begun + every - time.monotonic(), 0))


def in_turn(number: int, chance: random.Random) -> list[Fault]:
    """So many of them in an order nobody chose; none comes again before all the others came."""
    chosen: list[Fault] = []
    while len(chosen) < number:
        chosen += chance.sample(FAULTS, len(FAULTS))
    return chosen[:number]


# ---------------------------------------------------------------------------------------------------------- processes


@contextmanager
def _web_process_killed(portal: Portal, chance: random.Random) -> Iterator[None]:
    os.kill(chance.choice(children_of(portal.pid("web"))), signal.SIGKILL)
    yield


@contextmanager
def _killed(part: str, portal: Portal, _chance: random.Random) -> Iterator[None]:
    kill(portal.processes[part])
    yield
    portal.start(part)


@contextmanager
def _worker_children_killed(portal: Portal, _chance: random.Random) -> Iterator[None]:
    kill_children(portal.processes["worker"])
    yield


# ------------------------------------------------------------------------------------------------------------- broker


@contextmanager
def _broker_emptied(portal: Portal, _chance: random.Random) -> Iterator[None]:
    portal.broker.flush()
    yield


@contextmanager
def _broker_away(portal: Portal, _chance: random.Random) -> Iterator[None]:
    portal.broker.kill()
    yield
    portal.broker.start_again()


@contextmanager
def _broker_frozen(portal: Portal, _chance: random.Random) -> Iterator[None]:
    portal.broker.freeze()
    yield
    portal.broker.thaw()


# ----------------------------------------------------------------------------------------------------------- database


@contextmanager
def _database_stopped(how: signal.Signals, portal: Portal, _chance: random.Random) -> Iterator[None]:
    portal.database.stop(how)
    yield
    portal.database.start_again()


@contextmanager
def _sessions_ended(portal: Portal, _chance: random.Random) -> Iterator[None]:
    portal.database.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    yield


# -------------------------------------------------------------------------------------------------------- mail server


@contextmanager
def _mail_refused(portal: Portal, _chance: random.Random) -> Iterator[None]:
    portal.mailbox.close()
    yield
    portal.mailbox.open()


@contextmanager
def _mail_put_off(portal: Portal, chance: random.Random) -> Iterator[None]:
    command = chance.choice(sorted(LATER))
    portal.mailbox.server.replies = {command: LATER[command]}
    yield
    portal.mailbox.server.replies = {}


@contextmanager
def _mail_server_hangs(portal: Portal, _chance: random.Random) -> Iterator[None]:
    """It takes each message and doesn't say so."""
    over, server, note = threading.Event(), portal.mailbox.server, portal.mailbox.note
    server.on_taken = lambda mail: (note(mail), over.wait(60))[0]
    yield
    server.on_taken = note
    over.set()


@contextmanager
def _mail_server_hangs_up(portal: Portal, _chance: random.Random) -> Iterator[None]:
    """It takes each message and closes the connection instead of saying so."""
    portal.mailbox.server.drops = True
    yield
    portal.mailbox.server.drops = False


FAULTS: tuple[Fault, ...] = (
    Fault("a web process killed", _web_process_killed, BROKEN, lasts=False),
    Fault("the worker and its children killed", partial(_killed, "worker")),
    Fault("the worker's children killed", _worker_children_killed, lasts=False),
    Fault("beat killed", partial(_killed, "beat")),
    Fault("the broker emptied", _broker_emptied, lasts=False),
    Fault("the broker killed", _broker_away),
    Fault("the broker frozen", _broker_frozen),
    Fault("PostgreSQL stopped, fast", partial(_database_stopped, signal.SIGINT), POLITE),
    Fault("PostgreSQL stopped, immediately", partial(_database_stopped, signal.SIGQUIT), POLITE),
    Fault("all sessions of PostgreSQL ended", _sessions_ended, POLITE, lasts=False),
    Fault("the mail server away", _mail_refused),
    Fault("the mail server says later", _mail_put_off),
    Fault("the mail server hangs", _mail_server_hangs),
    Fault("the mail server hangs up", _mail_server_hangs_up),
)
