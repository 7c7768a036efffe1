"""`python -m bench.reports`: the managers' reports beside their SQL, and the export of a year's lines.

What a report says is compared with the ledger before anything is timed. The data set is that of `make bench`, made
where it isn't there yet; its roll-ups are made anew and proved, which is timed, too.
"""

import argparse
import logging
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from bench.portal import BenchError, servers
from devstack.environment import ROOT
from devstack.servers import NoServerError
from devstack.supervisor import ChildFailedError

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from returns.models import Storefront

PAGE = ROOT / "docs" / "benchmarks-reports.md"
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 15
MOST_OVER_SQL = 1.5
MOST_ALL_TIME_MS = 50.0
MOST_MEMORY_MB = 64
ALL_TIME = "all time"
CHANGED = 3
"""Days that have just changed, by each date at each storefront."""
LONGEST_EXPORT = 365
"""Days; of a million returns a million lines."""

OLDEST = "SELECT min(requested_at) FROM returns_returnrequest"
PAID_BACK = """
SELECT coalesce(sum(e.amount), 0) FROM returns_ledgerentry e JOIN returns_ledgeraccount k ON k.id = e.credit_id
JOIN returns_ledgeraccount d ON d.id = e.debit_id
JOIN returns_returnrequest r ON r.id = e.request_id
WHERE k.kind IN ('refunds_payable', 'store_credit') AND r.requested_at >= %s AND r.requested_at < %s
AND r.storefront_id = ANY (%s)
"""


WITHOUT_ROLL_UPS = """
SELECT storefront_id, figure, detail, sum(number), sum(amount) FROM ({facts}) brought GROUP BY 1, 2, 3
"""


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


def main(arguments: list[str]) -> int:
    """Measure and say; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.reports", description="Measure reports and exports.")
    parser.add_argument("--returns", type=int, choices=SIZES, default=SIZES[0], help="size of the data set")
    parser.add_argument("--no-page", action="store_true", help="leave docs/benchmarks-reports.md as it is")
    asked = parser.parse_args(arguments)
    try:
        with servers():
            django.setup()  # the settings need to know the servers, and the rest needs the settings
            logging.disable(logging.INFO)
            from bench import measuring, report

            about = f"{report.machine().partition(', asked by')[0]}."  # nothing asks for these pages but this process
            measuring.ready(asked.returns, lambda what: print(what, file=sys.stderr, flush=True))
            measuring.collect_static_files()
            result = measured(asked.returns)
    except (BenchError, NoServerError, ChildFailedError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{about}\n\n{result.text}")
    if not asked.no_page:
        sections = sections_of(PAGE.read_text(encoding="utf-8")) | {asked.returns: f"{about}\n\n{result.text}"}
        PAGE.write_text(page_of(sections), encoding="utf-8")
    return 1 if result.missed else 0


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


def sections_of(page: str) -> dict[int, str]:
    """What the page says of each size, without the headings."""
    _, *parts = HEADING.split(page)
    return {int(size.replace(",", "")): text for size, text in zip(parts[::2], parts[1::2], strict=True)}


def page_of(sections: Mapping[int, str]) -> str:
    """The page: the smallest data set first."""
    return "\n".join(
        [INTRODUCTION, *(f"## {size:,} returns\n\n{text.strip()}\n" for size, text in sorted(sections.items()))]
    )


def measured(returns: int) -> Result:
    """Everything about one size."""
    from django.utils import timezone

    from bench.measuring import signed_in
    from returns.models import Storefront
    from returns.services import rollups

    now = timezone.now()
    rebuilt = clocked(lambda: rollups.rebuild(now=now)) / 1000
    tidied()
    result = Result(returns, Work(rebuilt, clocked(proved) / 1000))
    shops = list(Storefront.objects.filter(requests__isnull=False).distinct())
    client = signed_in(manager_of(shops).email)
    for name, days in (("90 days", 90), (ALL_TIME, None)):
        result.reports.append(timed(name, days, client, shops, now))
    result.work.changed = change(shops, now)
    result.reports.append(timed(f"{ALL_TIME}, {result.work.changed} days changed", None, client, shops, now))
    result.work.refreshed = clocked(lambda: rollups.refresh(now=now)) / 1000
    for form in ("csv", "xlsx"):
        result.exports.append(exported(form, shops, now))
    return result


def tidied() -> None:
    """What was replaced is cleared away, as the database does by itself within a minute of so many changes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) returns_reportfigure, returns_reportmark")


def proved() -> None:
    """The roll-ups are what the returns say. Raises BenchError where one isn't."""
    from returns.reports.proof import differences

    if found := next(differences(), ""):
        raise BenchError(f"A roll-up isn't what the returns say: {found}")


def change(shops: "list[Storefront]", now: datetime) -> int:
    """Mark the newest days, as if something had changed on them; how many days of storefronts and dates they are."""
    from returns.models import ReportMark
    from returns.reports.periods import By

    marks = [
        ReportMark(storefront=shop, by=by.value, day=now.astimezone(shop.zone).date() - timedelta(days=days))
        for shop in shops
        for by in By
        for days in range(CHANGED)
    ]
    return len(ReportMark.objects.bulk_create(marks))


def manager_of(shops: "list[Storefront]") -> "User":
    """Somebody who reads the reports of all of them."""
    from accounts.models import StaffMembership, User

    person, _ = User.objects.get_or_create(email="manager@bench.example", defaults={"role": "manager", "name": "Mo"})
    for shop in shops:
        StaffMembership.objects.get_or_create(user=person, storefront=shop)
    return person


def timed(name: str, days: int | None, client: "Client", shops: "list[Storefront]", now: datetime) -> Timed:
    """The page and its parts, each the median of some rounds."""
    from django.db import connection

    from returns.reports.facts import facts
    from returns.reports.figures import Figures
    from returns.reports.periods import By, Period, stretches
    from returns.reports.reading import OVERVIEW, freshness, sums

    today = now.astimezone(shops[0].zone).date()
    first = today - timedelta(days=days - 1) if days else _one(OLDEST).astimezone(shops[0].zone).date()
    period = Period(first, today)
    fresh = freshness(shops, now=now)

    def read() -> Figures:
        return Figures(sums(shops, By.REQUESTED, period, fresh))

    def raw() -> None:
        brought = facts(By.REQUESTED, stretches((shop, day) for shop in shops for day in period), OVERVIEW)
        with connection.cursor() as cursor:
            cursor.execute(WITHOUT_ROLL_UPS.format(facts=brought.sql), brought.values)
            cursor.fetchall()

    start, end = period.bounds(shops[0])
    said, booked = read().paid_back, Decimal(_one(PAID_BACK, start, end, [shop.pk for shop in shops]))
    if said != booked:
        raise BenchError(f"{name}: the report says {said}, the ledger {booked}")
    path = f"/reports/?first={period.first}&last={period.last}&by=requested&storefront=all"
    pages = [page_and_sql(client, path) for _ in range(ROUNDS)]
    return Timed(
        name,
        statistics.median(page for page, _ in pages),
        statistics.median(sql for _, sql in pages),
        statistics.median(clocked(read) for _ in range(ROUNDS)),
        statistics.median(clocked(raw) for _ in range(3)),
    )


def page_and_sql(client: "Client", path: str) -> tuple[float, float]:
    """Milliseconds of a page, and of the statements within it. Raises BenchError where it isn't a page."""
    from django.db import connection

    spent = 0.0

    def around(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal spent
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent += time.perf_counter() - started

    started = time.perf_counter()
    with connection.execute_wrapper(around):
        answer = client.get(path)
    took = time.perf_counter() - started
    if answer.status_code != 200 or b"From price to payout" not in answer.content:
        raise BenchError(f"{path} answered {answer.status_code}")
    return took * 1000, spent * 1000


def clocked(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def exported(form: str, shops: "list[Storefront]", now: datetime) -> Exported:
    """The lines of a year as a file: time, and the most memory on top of what the process had."""
    from returns.reports.lines import lines
    from returns.reports.periods import By, Period
    from returns.services.exports import WRITERS, Counted

    oldest = max(_one(OLDEST), now - timedelta(days=LONGEST_EXPORT))
    period = Period(oldest.date() - timedelta(days=1), now.date())
    counted = Counted(lines(shops, By.REQUESTED, period))
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        path = Path(folder) / f"lines.{form}"
        before = peak_memory(reset=True)
        started = time.perf_counter()
        WRITERS[form](counted, path, lambda _: None)
        took = time.perf_counter() - started
        return Exported(form, counted.number, took, peak_memory() - before, path.stat().st_size / 2**20)


def peak_memory(*, reset: bool = False) -> float:
    """The most memory of this process so far, in MB; counted anew with `reset`."""
    own = Path("/proc/self")
    if reset:
        (own / "clear_refs").write_text("5")
    fields = dict(line.split(":", 1) for line in (own / "status").read_text().splitlines() if ":" in line)
    return int(fields["VmHWM"].split()[0]) / 1024


def _one(sql: str, *values: Any) -> Any:  # noqa: ANN401  whatever the statement yields
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
