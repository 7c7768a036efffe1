"""Real processes that a test may kill: Celery workers and beat on the test's own database and a broker of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis
from django.db.models import F

from devstack.servers import find_valkey, start_valkey
from devstack.supervisor import Child, Supervisor
from returns.models import Notification
from returns.services.claims import SILENT_AFTER
from rma_portal.celery import app
from tests.outbox import database_url

QUICK = ("--without-gossip", "--without-mingle", "--without-heartbeat")


@dataclass
class Broker:
    """A private Valkey that can be frozen, emptied, killed and started again at its old address."""

    url: str
    home: Path
    supervisor: Supervisor
    child: Child

    def freeze(self) -> None:
        """It accepts connections and answers nobody (M6)."""
        self.child.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self.child.process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """End it without a word; what it had in memory is gone."""
        self.child.process.kill()
        self.child.process.wait()

    def start_again(self) -> None:
        """The same server at the same address, empty."""
        self.child = self.supervisor.start("Valkey", [find_valkey(), self.home / "valkey.conf"])
        wait_until(self.answers)

    def answers(self) -> bool:
        """Whether it takes commands."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def ring(self, task: str, *args: str) -> None:
        """Ask for a task, as beat and the doorbell do."""
        with app.connection_for_write(self.url) as connection:
            app.send_task(f"returns.tasks.{task}", args, connection=connection)

    def ring_until(self, come_true: Callable[[], object], task: str, *args: str, seconds: float = 60.0) -> None:
        """Ask for a task every second, as beat goes on ringing: a ring may reach somebody who died a moment ago."""
        end = time.monotonic() + seconds
        while not come_true():
            assert time.monotonic() < end, f"not within {seconds:.0f} s"
            self.ring(task, *args)
            wait_a_second_for(come_true)

    def push(self, raw: bytes) -> None:
        """Put something into the queue that no Celery wrote."""
        with redis.Redis.from_url(self.url) as client:
            client.lpush("celery", raw)


@contextmanager
def private_broker(home: Path) -> Iterator[Broker]:
    """A Valkey for one test."""
    with Supervisor(stop_limit=1) as supervisor:
        url = start_valkey(supervisor, home)
        broker = Broker(url, home, supervisor, supervisor.children[-1])
        try:
            yield broker
        finally:
            broker.thaw()


@dataclass
class Stack:
    """What worker and beat need to know, and every process that was started; leaving the test kills them all."""

    broker: Broker
    mail_port: int
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker of two processes, leading a process group of its own."""
        return self._start("worker", "--concurrency=2", *QUICK)

    def beat(self) -> subprocess.Popen[bytes]:
        """Beat with the portal's own schedule."""
        return self._start("beat")

    def _start(self, part: str, *options: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.broker.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app=rma_portal", part, "--loglevel=WARNING", *options],
                env=environment,
                cwd=Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def kill_all(self) -> None:
        """kill -9 for every process group, the children included."""
        for process in self.processes:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for a worker and all its children at once."""
    signal_group(process, signal.SIGKILL)
    process.wait()


def kill_children(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for the processes that do a worker's work, as when memory runs out; the worker itself starts new ones."""
    everybody = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in everybody.splitlines()]
    children = {int(pid) for pid, parent in pairs if int(parent) == process.pid}
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(alive(pid) for pid in children))


def alive(pid: int) -> bool:
    """Whether there is still such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a process group, if there is anything left of it."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def at_full_size() -> bool:
    """Whether to kill as often as the promise says, which takes minutes: with KILLS=all in the environment."""
    return os.environ.get("KILLS") == "all"


def time_passes() -> None:
    """Make every claim of a dead worker as old as it has to be to be taken over."""
    Notification.objects.filter(state="sending").update(claimed_at=F("claimed_at") - 2 * SILENT_AFTER)


def wait_a_second_for(come_true: Callable[[], object]) -> None:
    """Until something is so, but no longer than a second."""
    end = time.monotonic() + 1
    while not come_true() and time.monotonic() < end:
        time.sleep(0.02)


def wait_until(come_true: Callable[[], object], seconds: float = 30.0) -> None:
    """Until something is so; an error where it takes longer."""
    end = time.monotonic() + seconds
    while not come_true():
        assert time.monotonic() < end, f"not within {seconds:.0f} s"
        time.sleep(0.05)
