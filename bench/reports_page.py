"""The page docs/benchmarks-reports.md: what was measured of reports and exports, beside the targets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from devstack.environment import ROOT

PAGE = ROOT / "docs" / "benchmarks-reports.md"
MOST_OVER_SQL = 1.5
MOST_ALL_TIME_MS = 50.0
MOST_MEMORY_MB = 64
ALL_TIME = "all time"

INTRODUCTION = """# Benchmarks of the reports

Made by `.venv/bin/python -m bench.reports` (`--returns 10000`, `100000`, `1000000`; sections of other sizes stay).
The data set covers three years; the figures are one machine's on one day.

- A **page** is the whole dashboard: the period, the one before, charts, what is open; asked in the process that
  measures, without a web server. **Its SQL** is all of its statements, those of session and menu among them; the rest
  is Python and the template.
- **Sums from roll-ups**: the statement behind most of the page. **Sums without**: the same, added up from the returns
  by the very definition that the roll-ups are made from. A page may take 1.5 times as long as its sums would without
  roll-ups, and the sums of all time may take 50 ms from them. Measured by its own SQL a page looks slow, because so
  little of that is left: any signed-in page takes some 8 ms before it does anything.
- **Days changed** are added up by the report itself, so that it is of this very moment. With more than 250 of them, or
  more than 5,000 returns on them, it shows the figures of the last sweep and says as of when.
- What a report says is paid back is compared with the ledger before it is timed.
- An **export** has the lines of the last year, written to a file as a worker does; its memory is what the process needs
  at most beyond what it had before.
"""

HEADING = re.compile(r"^## ([0-9,]+) returns\n\n", re.MULTILINE)


@dataclass(slots=True)
class Timed:
    """One kind of report: milliseconds of the page, of its SQL, and of the same sums without roll-ups."""

    name: str
    page: float
    sql: float
    roll_ups: float
    raw: float

    @property
    def row(self) -> str:
        """A line of the table."""
        times = f"{self.page:.1f} | {self.sql:.1f} | {self.page / self.sql:.2f} | {self.roll_ups:.1f}"
        return f"| {self.name} | {times} | {self.raw:,.0f} | {self.page / self.raw:.2f} |"


@dataclass(slots=True)
class Exported:
    """One export of everything."""

    form: str
    lines: int
    seconds: float
    peak: float
    size: float

    @property
    def row(self) -> str:
        """A line of the table."""
        speed = self.lines / self.seconds
        return (
            f"| {self.form} | {self.lines:,} | {self.seconds:.1f} | {speed:,.0f} | {self.peak:.1f} | {self.size:.1f} |"
        )


@dataclass(slots=True)
class Work:
    """What adding up takes, in seconds: everything anew, the proof of it, and some days that changed."""

    rebuilt: float
    proved: float
    changed: int = 0
    refreshed: float = 0.0

    @property
    def words(self) -> str:
        """The same as sentences."""
        return (
            f"Everything was made anew in {self.rebuilt:.1f} s and proved in {self.proved:.1f} s: every day from the\n"
            f"returns, every month from its days, no difference. {self.changed} days that changed were added up in "
            f"{self.refreshed:.1f} s."
        )


@dataclass(slots=True)
class Result:
    """All figures of a data set."""

    returns: int
    work: Work
    reports: list[Timed] = field(default_factory=list)
    exports: list[Exported] = field(default_factory=list)

    @property
    def missed(self) -> list[str]:
        """The targets that were not reached."""
        found = [
            f"{one.name}: {one.page:.0f} ms, more than {MOST_OVER_SQL} × its SQL without roll-ups ({one.raw:.0f} ms)"
            for one in self.reports
            if one.page > MOST_OVER_SQL * one.raw
        ]
        found += [
            f"{one.name}: {one.roll_ups:.0f} ms from roll-ups, target {MOST_ALL_TIME_MS:.0f}"
            for one in self.reports
            if one.name == ALL_TIME and one.roll_ups > MOST_ALL_TIME_MS
        ]
        found += [
            f"export as {one.form}: {one.peak:.0f} MB more memory, target {MOST_MEMORY_MB}"
            for one in self.exports
            if one.peak > MOST_MEMORY_MB
        ]
        return found

    @property
    def text(self) -> str:
        """The section of this size, without its heading."""
        return "\n".join(
            [
                self.work.words,
                "",
                "| report | page ms | its SQL ms | page ÷ SQL | sums from roll-ups ms | sums without ms | page ÷ it |",
                "|---|---|---|---|---|---|---|",
                *(one.row for one in self.reports),
                "",
                "| export | lines | seconds | lines/s | memory on top MB | file MB |",
                "|---|---|---|---|---|---|",
                *(one.row for one in self.exports),
                "",
                *([f"- missed: {sentence}" for sentence in self.missed] or ["All targets reached."]),
                "",
            ]
        )


def sections_of(page: str) -> dict[int, str]:
    """What the page says of each size, without the headings."""
    _, *parts = HEADING.split(page)
    return {int(size.replace(",", "")): text for size, text in zip(parts[::2], parts[1::2], strict=True)}


def page_of(sections: Mapping[int, str]) -> str:
    """The page: the smallest data set first."""
    return "\n".join(
        [INTRODUCTION, *(f"## {size:,} returns\n\n{text.strip()}\n" for size, text in sorted(sections.items()))]
    )
