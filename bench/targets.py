"""What the figures should be, and which of them are not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.measuring import CONNECTIONS, Result

MOST_GROWTH = 1.5
GROWS_FREELY = ("Django's admin", "find, surname")
"""The peer isn't ours; a name has more hits in a larger set, and a limit in milliseconds."""

QUEUE, DEEP, ADMIN = "desk queue", "desk queue, deep", "Django's admin"


@dataclass(frozen=True, slots=True)
class Limit:
    """The most milliseconds (median, one connection) and queries of a page; 0 where there is no limit."""

    page: str
    milliseconds: float
    queries: int


LIMITS = (
    Limit("order", 20, 8),
    Limit("status, authorized", 20, 8),
    Limit("status, settled", 20, 8),
    Limit("desk request, to decide", 20, 8),
    Limit("desk request, inspected", 20, 8),
    Limit(QUEUE, 0, 6),
    Limit("find, number", 25, 0),
    Limit("find, email", 25, 0),
    Limit("find, surname", 60, 0),
)
MOST_TIMES_FLOOR = 3.5
FEWEST_A_SECOND = 120
MOST_TIMES_FIRST_PAGE = 1.5
FEWEST_TIMES_FASTER = 10


def missed(results: Sequence[Result]) -> list[str]:
    """The targets that were not reached, as sentences."""
    found = [f"{sentence} at {result.returns:,} returns" for result in results for sentence in _missed_at(result)]
    if len(results) > 1:
        small, large = results[0], results[-1]
        growths = {page: grown(small, large, page) for page in names(small) if page not in GROWS_FREELY}
        found += [
            f"{page}: grows {by:.2f} times, target {MOST_GROWTH}" for page, by in growths.items() if by > MOST_GROWTH
        ]
    return found


def _missed_at(result: Result) -> Iterator[str]:
    yield from (f"{one.page}: {one.errors} errors" for one in result.figures if one.errors)
    for limit in LIMITS:
        one = result.of(limit.page, 1)
        if limit.milliseconds and one.p50 > limit.milliseconds:
            yield f"{limit.page}: p50 {one.p50:.1f} ms, target {limit.milliseconds:.0f}"
        if limit.queries and one.queries > limit.queries:
            yield f"{limit.page}: {one.queries} SQL, target {limit.queries}"
    yield from _missed_by_the_queue(result)


def _missed_by_the_queue(result: Result) -> Iterator[str]:
    queue, deep, admin = (result.of(page, 1) for page in (QUEUE, DEEP, ADMIN))
    if queue.ratio > MOST_TIMES_FLOOR:
        yield f"{QUEUE}: {queue.ratio:.1f} times the floor, target {MOST_TIMES_FLOOR}"
    a_second = result.of(QUEUE, CONNECTIONS[-1]).per_second
    if a_second < FEWEST_A_SECOND:
        yield f"{QUEUE}: {a_second:.0f} requests a second at {CONNECTIONS[-1]} connections, target {FEWEST_A_SECOND}"
    if deep.p50 > MOST_TIMES_FIRST_PAGE * queue.p50:
        yield f"{DEEP}: {deep.p50 / queue.p50:.2f} times the first page, target {MOST_TIMES_FIRST_PAGE}"
    if admin.p50 < FEWEST_TIMES_FASTER * queue.p50:
        yield f"{QUEUE}: {admin.p50 / queue.p50:.1f} times faster than Django's admin, target {FEWEST_TIMES_FASTER}"


def names(result: Result) -> list[str]:
    """The pages in their order."""
    return [one.page for one in result.figures if one.connections == CONNECTIONS[0]]


def grown(small: Result, large: Result, page: str) -> float:
    """How many times longer a page takes with the larger set."""
    return large.of(page, 1).p50 / small.of(page, 1).p50
