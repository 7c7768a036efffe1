"""`python -m bench.reports`: the managers' reports beside their SQL, and the export of a year's lines.

What a report says is compared with the ledger before anything is timed. The data set is that of `make bench`, made
where it isn't there yet; its roll-ups are made anew and proved, which is timed, too.
"""

import argparse
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from bench.portal import BenchError, servers
from bench.reports_page import ALL_TIME, PAGE, Exported, Result, Timed, Work, page_of, sections_of
from devstack.environment import ROOT
from devstack.servers import NoServerError
from devstack.supervisor import ChildFailedError

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from returns.models import Storefront

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 15
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
