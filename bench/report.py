"""The figures in words: on the terminal, and as docs/benchmarks.md."""

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import django
from django.db import connection

from bench import load
from bench.measuring import CONNECTIONS, Figures, Result
from devstack.environment import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
MOST_GROWTH = 1.5
MOST_MS = 20.0
MOST_QUERIES = 8
BOUNDED = ("order", "status, authorized", "status, settled")
UNBOUNDED = ("desk queue",)
"""Only measured, for comparison."""

HEADINGS = ("page", "p50 ms", "p95 ms", "requests/s", "× floor", "CPU web ms", "CPU db ms", "SQL", "kB", "errors")

INTRODUCTION = """# Benchmarks

Made by `make bench`; the figures are one machine's on one day. What counts are the ratios to the floor: a bare WSGI
function on the same server with one statement and f-strings (`bench/floor.py`), asked in the same round as the page.
Pages and floor run as in production: gunicorn as `rma_portal/serving.py` says, production's settings, a signed-in
session. The customer has 2,000 orders and returns (a quarter of the set where it is smaller than 8,000). What is on
each page is compared with SQL before it is timed. CPU is processor time for one request, of gunicorn and of PostgreSQL.

| command | what it does |
|---|---|
| `make bench` | the engine, then the pages at 10,000 returns |
| `.venv/bin/python -m bench --returns 100000` | another size (10000, 100000, 1000000) |
| `.venv/bin/python -m bench --growth` | 10,000 and 1,000,000 returns, and what the growth costs |

Data sets are kept in `var/bench` until what makes them changes; a million returns take some minutes and about 20 GB.
"""


def table(figures: Iterable[Figures]) -> str:
    """Figures as a table."""
    rows = [HEADINGS, ["---"] * len(HEADINGS)] + [
        (
            one.page,
            f"{one.p50:.1f}",
            f"{one.p95:.1f}",
            f"{one.per_second:.0f}",
            f"{one.ratio:.1f}",
            f"{one.web:.1f}",
            f"{one.database:.1f}",
            str(one.queries),
            f"{one.size / 1024:.0f}",
            str(one.errors),
        )
        for one in figures
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def section(result: Result) -> str:
    """One size of data."""
    floors = ", ".join(f"{name} {took:.1f} ms" for name, took in sorted(result.floor.items()))
    parts = [f"## {result.returns:,} returns\n\nThe floor, one connection, p50: {floors}."]
    for connections in CONNECTIONS:
        chosen = [one for one in result.figures if one.connections == connections]
        parts.append(f"{connections} connection{'s' if connections > 1 else ''}:\n\n{table(chosen)}")
    return "\n\n".join(parts) + "\n"


def growth(small: Result, large: Result) -> str:
    """What the larger set costs, page by page."""
    rows = [
        f"| {page} | {small.of(page, 1).p50:.1f} | {large.of(page, 1).p50:.1f} | {grown(small, large, page):.2f} |"
        for page in names(small)
    ]
    head = f"| page | p50 ms at {small.returns:,} | p50 ms at {large.returns:,} | growth |\n|---|---|---|---|"
    return "\n".join([f"## Growth\n\nOne connection.\n\n{head}", *rows, ""])


def names(result: Result) -> list[str]:
    """The pages in their order."""
    return [one.page for one in result.figures if one.connections == CONNECTIONS[0]]


def grown(small: Result, large: Result, page: str) -> float:
    """How many times longer a page takes with the larger set."""
    return large.of(page, 1).p50 / small.of(page, 1).p50


def missed(results: Sequence[Result]) -> list[str]:
    """The targets that were not reached, as sentences."""
    found = []
    for result in results:
        size = f"at {result.returns:,} returns"
        found += [f"{one.page} {size}: {one.errors} errors" for one in result.figures if one.errors]
        for page in BOUNDED:
            one = result.of(page, 1)
            if one.p50 > MOST_MS:
                found.append(f"{page} {size}: p50 {one.p50:.1f} ms, target {MOST_MS:.0f}")
            if one.queries > MOST_QUERIES:
                found.append(f"{page} {size}: {one.queries} SQL, target {MOST_QUERIES}")
    if len(results) > 1:
        for page in names(results[0]):
            by = grown(results[0], results[-1], page)
            if by > MOST_GROWTH and page not in UNBOUNDED:
                found.append(f"{page}: grows {by:.2f} times, target {MOST_GROWTH}")
    return found


def machine() -> str:
    """When, on what, and with which versions."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
    load_average = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {os.cpu_count()} processors ({platform.machine()}, "
        f"{platform.system()}), load average {load_average:.1f} at the start; Python {sys.version.split()[0]}, "
        f"Django {django.get_version()}, PostgreSQL {postgres}, asked by {load.tool()}."
    )


def write(about: str, engine: str, results: Sequence[Result], *, path: Path = PAGE) -> None:
    """The page of the documentation."""
    parts = [INTRODUCTION, about, f"## Engine\n\n{engine}\n", *(section(result) for result in results)]
    if len(results) > 1:
        parts.append(growth(results[0], results[-1]))
    wanting = [f"- {sentence}" for sentence in missed(results)] or ["All reached."]
    parts.append("\n".join(["## Targets missed\n", *wanting, ""]))
    path.write_text("\n".join(part.rstrip("\n") + "\n" for part in parts), encoding="utf-8")
