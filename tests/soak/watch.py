"""How much memory the portal's processes take, and how many connections they have, again and again."""

import statistics
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg2

from tests.soak.stack import PARTS, Portal

EVERY = 2.0
"""Seconds between two looks."""

FEW = 10
"""Looks of which the median is taken."""

CONNECTIONS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'soak'
"""


@dataclass(frozen=True, slots=True)
class Look:
    """One process at one moment: its age in seconds, and its resident memory in KiB."""

    at: float
    age: float
    resident: int


@dataclass(frozen=True, slots=True)
class Growth:
    """A process that lived: what it took after the warm-up of its own, and in the end. KiB, medians of some looks."""

    role: str
    warm: float
    last: float
    seconds: float

    @property
    def share(self) -> float:
        """0.1 where it grew by a tenth."""
        return self.last / self.warm - 1


@dataclass
class Watch:
    """What was seen. A role is `web` or `worker` for the one that leads, `web child` for one that does the work."""

    portal: Portal
    looks: dict[tuple[str, int], list[Look]] = field(default_factory=lambda: defaultdict(list))
    connections: list[tuple[float, int]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Once; what is being killed or restarted at this moment isn't seen."""
        now = time.monotonic()
        for (role, pid), resident in self._resident().items():
            seen = self.looks[role, pid]
            seen.append(Look(now, now - seen[0].at if seen else 0.0, resident))
        try:
            [(number,)] = self.portal.database.rows(CONNECTIONS)
            self.connections.append((now, number))
        except psycopg2.Error:
            return

    def _resident(self) -> dict[tuple[str, int], int]:
        leaders = {self.portal.pid(part): part for part in PARTS if part in self.portal.processes}
        found = {}
        for pid, parent, resident in processes():
            role = leaders.get(pid) or (f"{leaders[parent]} child" if parent in leaders else "")
            if role and resident:
                found[role, pid] = resident
        return found

    def growths(self, warm: float) -> list[Growth]:
        """Of every process that lived at least twice as long as its warm-up of so many seconds."""
        lives = [(role, looks) for (role, _), looks in sorted(self.looks.items()) if looks[-1].age >= 2 * warm]
        return [_growth(role, [look for look in looks if look.age >= warm]) for role, looks in lives]


def processes() -> Iterator[tuple[int, int, int]]:
    """Everything that runs here: process, parent, resident KiB."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        pid, parent, resident = map(int, line.split())
        yield pid, parent, resident


def children_of(leader: int) -> list[int]:
    """The processes it started."""
    return [pid for pid, parent, _ in processes() if parent == leader]


def _growth(role: str, looks: Sequence[Look]) -> Growth:
    warm, last = (statistics.median(look.resident for look in some) for some in (looks[:FEW], looks[-FEW:]))
    return Growth(role, warm, last, looks[-1].age)


@contextmanager
def watching(portal: Portal) -> Iterator[Watch]:
    """Looks until the block ends."""
    watch = Watch(portal)

    def keep_looking() -> None:
        while not watch.over.wait(EVERY):
            watch.look()

    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.over.set()
        thread.join()
