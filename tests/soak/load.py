"""People at the portal, some requests a second altogether, until they are asked to go home."""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypedDict

from tests.soak.errands import Done, authorize_one, file_return, open_link, read_status, sign_in
from tests.soak.visitor import Answer, Visitor

GUESTS = 2
"""Guests at a time; each of their returns is another guest's."""


class World(TypedDict):
    """Who is there, as tests/soak/world.py prints it."""

    staff: list[str]
    customers: dict[str, list[str]]
    links: list[str]


class Turns:
    """Hands out turns evenly, so many a second; whoever comes late finds those of the meantime gone."""

    def __init__(self, per_second: float) -> None:
        self._every, self._next, self._lock = 1 / per_second, time.monotonic(), threading.Lock()

    def wait(self) -> None:
        """Until it is one's turn."""
        with self._lock:
            mine = self._next = max(self._next + self._every, time.monotonic())
        time.sleep(max(mine - time.monotonic(), 0))


@dataclass
class Load:
    """What people did and saw."""

    url: str
    world: World
    turns: Turns
    seed: int
    done: Done = field(default_factory=Done)
    answers: list[Answer] = field(default_factory=list)
    """Without their pages."""
    trouble: list[Exception] = field(default_factory=list)
    going_home: threading.Event = field(default_factory=threading.Event)

    def people(self) -> Iterator[Callable[[], None]]:
        """Everybody's day."""
        for number, email in enumerate(self.world["staff"]):
            yield partial(self._staff, email, random.Random(self.seed + number))  # noqa: S311  no secret
        for email, orders in self.world["customers"].items():
            yield partial(self._customer, email, deque(orders))
        links = deque(self.world["links"])
        for _ in range(GUESTS):
            yield partial(self._guests, links)

    def _staff(self, email: str, chance: random.Random) -> None:
        visitor = self._visitor()
        sign_in(visitor, email)
        while not self.going_home.is_set():
            authorize_one(visitor, self.done, chance)

    def _customer(self, email: str, orders: deque[str]) -> None:
        visitor = self._visitor()
        sign_in(visitor, email)
        pages: list[str] = []
        while not self.going_home.is_set():
            pages.append(file_return(visitor, orders.popleft(), self.done))
            for page in pages[-2:]:
                read_status(visitor, page)

    def _guests(self, links: deque[str]) -> None:
        while not self.going_home.is_set():
            visitor = self._visitor()
            order = open_link(visitor, links.popleft())
            read_status(visitor, file_return(visitor, order, self.done))

    def _visitor(self) -> Visitor:
        return Visitor(self.url, turn=self.turns.wait, seen=lambda one: self.answers.append(replace(one, body="")))


@contextmanager
def under_load(load: Load) -> Iterator[Load]:
    """People come and go until the block ends; each finishes what they are at."""

    def live(day: Callable[[], None]) -> None:
        try:
            day()
        except Exception as error:  # noqa: BLE001  told at the end
            load.trouble.append(error)

    threads = [threading.Thread(target=live, args=[day], daemon=True) for day in load.people()]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.going_home.set()
        for thread in threads:
            thread.join()
