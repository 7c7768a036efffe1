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
from bench.targets import grown, missed, names
from devstack.environment import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
HEADINGS = (
    "page",
    "p50 ms",
    "p95 ms",
    "requests/s",
    "× floor",
    "CPU × floor",
    "CPU web ms",
    "CPU db ms",
    "SQL",
    "kB",
    "errors",
)

BY_HAND = "## Behind the pages"
INTRODUCTION = """# Benchmarks

Made by `make bench`; the figures are one machine's on one day. What counts are the ratios to the floor: a bare WSGI
function on the same server with one statement and f-strings (`bench/floor.py`), asked in the same round as the page.
Pages and floor run as in production: gunicorn as `rma_portal/serving.py` says, production's settings, a signed-in
session. The customer has 2,000 orders and returns (a quarter of the set where it is smaller than 8,000). What is on
each page is compared with SQL before it is timed. CPU is processor time for one request, of gunicorn and of PostgreSQL;
"CPU × floor" divides it by the floor's of the same round. Django's admin, on the same table with the same columns, is
the peer of the queue; its queries aren't counted. The deep page of the queue begins after 99,950 open returns, in
smaller sets after nine tenths of them. The floor of the searches is the queue's.

How far to trust them: a load average above the number of processors says that the machine had other work at the same
time. Then milliseconds and requests a second say how busy it was, also in their ratios; processor times rise as well,
because caches and cores are shared, but far less. Where the two disagree, "CPU × floor" is the figure to compare.

| command | what it does |
|---|---|
| `make bench` | the engine, then the pages at 10,000 returns |
| `.venv/bin/python -m bench --returns 100000` | another size (10000, 100000, 1000000) |
| `.venv/bin/python -m bench --growth` | 10,000 and 1,000,000 returns (or `--returns`), and what the growth costs |

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
            f"{one.cpu_ratio:.1f}",
            f"{one.web:.1f}",
            f"{one.database:.1f}",
            str(one.queries or "–"),
            f"{one.size / 1024:.0f}" if one.size else "–",
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
    """The page of the documentation. What stands there from `BY_HAND` on stays."""
    _made, heading, by_hand = path.read_text(encoding="utf-8").partition(BY_HAND) if path.exists() else ("", "", "")
    parts = [INTRODUCTION, about, f"## Engine\n\n{engine}\n", *(section(result) for result in results)]
    if len(results) > 1:
        parts.append(growth(results[0], results[-1]))
    wanting = [f"- {sentence}" for sentence in missed(results)] or ["All reached."]
    parts.append("\n".join(["## Targets missed\n", *wanting, ""]))
    parts.append(heading + by_hand)
    path.write_text("\n".join(part.rstrip("\n") + "\n" for part in parts if part), encoding="utf-8")
