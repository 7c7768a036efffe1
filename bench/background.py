"""What happens behind the pages: mails from the outbox, what owing one costs a request, the sweep of the reminders.

Each beside its floor, taken in the same minutes: a connection that is given the same message over and over, a
transaction without a message, the one statement that owes all reminders.
"""

import os
import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import cycle, islice
from typing import IO, Final, cast

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from bench.originals import STAFF
from bench.portal import HOME, BenchError
from returns import mail
from returns.domain.policy import Weekday
from returns.domain.workflow import Status
from returns.models import Notification, ReturnRequest, Storefront
from returns.services import claims
from returns.services.colleagues import staff_of
from returns.services.reminder_rows import PROMISE, owe_steps

MAILS = 3_000
WORKERS = 2
DUE = 10_000
ROUNDS = 5
LEAST_MAILS, MOST_NOTIFYING, MOST_SWEEP = 350.0, 1.0, 3.0


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in words, and whether its target is reached."""

    words: str
    reached: bool


def measure(say: Callable[[str], None]) -> list[Line]:
    """All of it on the open database, whose outbox is emptied before and after."""
    Notification.objects.all().delete()
    say("sweep of the reminders")
    lines = [sweep()]
    say("mails from the outbox")
    lines += mails()
    say("owing a message")
    lines += notifying()
    Notification.objects.all().delete()
    return lines


# ------------------------------------------------------------------------------------------------------------ the sweep

# The floor: everything in one statement that knows one step only, with one person told.
_ONE_STATEMENT = """
INSERT INTO returns_notification (id, kind, storefront_id, request_id, recipient, language, context, dedupe_key,
    priority, state, attempts, interruptions, next_attempt_at, last_error, created_at)
SELECT gen_random_uuid(), 'staff_reminder', r.storefront_id, r.id, u.email, 'en',
    jsonb_build_object('step', 'today', 'person', u.public_id::text), 'floor:' || r.id, 8, 'queued', 0, 0, now(), '',
    now()
FROM returns_returnrequest r JOIN accounts_user u ON u.email = 'staff@bench.example'
WHERE r.storefront_id = %s AND r.status IN ('inspected', 'received', 'difference_sent') AND r.answer_due_on IS NULL
    AND r.due_on <= %s
"""


def sweep() -> Line:
    """The reminders of all that is due at one storefront, beside one statement for the same returns."""
    shop = Storefront.objects.earliest("pk")
    now = timezone.now()
    today = now.astimezone(shop.zone).date()
    shop.opening_hours = {day.value: ["00:00", "23:59"] for day in Weekday}
    shop.closed_on_federal_holidays = False
    floor, swept, staff = [], [], staff_of(shop)
    owe = partial(owe_steps, shop, PROMISE, shop.reminder_days, staff=staff, now=now, today=today)
    with transaction.atomic():  # for a moment so many are due, and then as many as before
        due = _made_due(shop, today)
        for _ in range(ROUNDS):
            floor.append(_timed(lambda: _one_statement(shop, today)))
            Notification.objects.all().delete()
            swept.append(_timed(owe))
            if Notification.objects.count() != due:
                raise BenchError(f"{Notification.objects.count()} reminders for {due} returns")
            Notification.objects.all().delete()
        transaction.set_rollback(True)
    ratio = statistics.median(swept) / statistics.median(floor)
    words = (
        f"Sweep of the reminders, {due:,} due: {statistics.median(swept) * 1000:.0f} ms, {ratio:.2f} × its one"
        f" statement ({statistics.median(floor) * 1000:.0f} ms), target {MOST_SWEEP:.0f} ×."
    )
    return Line(words, ratio <= MOST_SWEEP)


def _made_due(shop: Storefront, today: date) -> int:
    running = ReturnRequest.objects.on_the_clock().filter(storefront=shop)
    due = list(running.order_by("pk").values_list("pk", flat=True)[:DUE])
    running.update(due_on=today + timedelta(days=90))
    ReturnRequest.objects.filter(pk__in=due).update(due_on=today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE returns_returnrequest")
    return len(due)


def _one_statement(shop: Storefront, today: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_STATEMENT, [shop.pk, today])


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# ------------------------------------------------------------------------------------------------------------ the mails


def mails() -> list[Line]:
    """Mails from the outbox to a mail server, their state kept, beside one message sent over and over."""
    with sink() as port:
        return [
            _mails(port, "Reminders to staff", _owed_reminders),
            _mails(port, "Letters to customers", _owed_letters),
        ]


def _mails(port: int, what: str, owe: Callable[[], int]) -> Line:
    owed = owe()
    floor = owed / _timed(lambda: _same_message(port, owed))
    took = _swept_by_workers(port)
    sent = Notification.objects.filter(state=Notification.SENT).count()
    if sent != owed:
        raise BenchError(f"{sent} of {owed} mails were sent")
    Notification.objects.all().delete()
    rate = owed / took
    words = (
        f"{what} from the outbox, state kept, {owed:,} by {WORKERS} processes: {rate:.0f}/s,"
        f" target {LEAST_MAILS:.0f}/s (the same message over and over on one connection: {floor:.0f}/s)."
    )
    return Line(words, rate >= LEAST_MAILS)


def _owed_reminders() -> int:
    """Reminders that still hold when their turn comes, day and night; in a small set several about a return."""
    person = User.objects.get(email=STAFF)
    requests = list(ReturnRequest.objects.on_the_clock().order_by("pk")[:MAILS])
    Storefront.objects.update(
        opening_hours={day.value: ["00:00", "23:59"] for day in Weekday}, closed_on_federal_holidays=False
    )
    context = {"step": "today", "person": str(person.public_id)}
    return _owed(("staff_reminder", request, person.email, context) for request in islice(cycle(requests), MAILS))


# What a return that came so far has told its customer.
_FILED: Final = ("received",)
_DECIDED: Final = (*_FILED, "authorized")
_ARRIVED: Final = (*_DECIDED, "package_received")
_TOLD: Final[dict[Status, tuple[str, ...]]] = {
    Status.SUBMITTED: _FILED,
    Status.IN_REVIEW: _FILED,
    Status.AUTHORIZED: _DECIDED,
    Status.SHIPPED: _DECIDED,
    Status.RECEIVED: _ARRIVED,
    Status.INSPECTED: _ARRIVED,
    Status.COMPLETED: (*_ARRIVED, "completed"),
    Status.REJECTED: (*_FILED, "rejected"),
    Status.WITHDRAWN: (*_FILED, "withdrawn"),
    Status.EXPIRED: (*_DECIDED, "expired"),
}


def _owed_letters() -> int:
    """All letters of the newest returns' lives, in the order in which those were asked for."""
    requests = ReturnRequest.objects.filter(status__in=_TOLD).order_by("-requested_at")
    nothing: dict[str, str] = {}
    letters = (
        (kind, request, request.contact_email, nothing)
        for request in requests.iterator()
        for kind in _TOLD[Status(request.status)]
    )
    return _owed(islice(letters, MAILS))


def _owed(letters: Iterable[tuple[str, ReturnRequest, str, dict[str, str]]]) -> int:
    """Outbox rows of these kinds, about these returns, to these addresses, with these contexts; how many."""
    now = timezone.now()
    rows = [
        Notification(
            kind=kind,
            storefront_id=request.storefront_id,
            request=request,
            recipient=recipient,
            context=context,
            dedupe_key=f"bench:{number}",
            priority=8,
            next_attempt_at=now,
            created_at=now,
        )
        for number, (kind, request, recipient, context) in enumerate(letters)
    ]
    return len(Notification.objects.bulk_create(rows))


def _same_message(port: int, times: int) -> None:
    row = claims.loaded(Notification.objects.values_list("pk", flat=True)[:1])[0]
    raw = mail.render(row, now=timezone.now()).message().as_bytes()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _ in range(times):
            server.sendmail("a@bench.example", ["b@bench.example"], raw)


def _swept_by_workers(port: int) -> float:
    """Seconds from the word to begin until all is sent; workers live on in production, so their start isn't counted."""
    environment = {**_environment(), "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "bench.sweeper"]
    with (HOME / "mails.log").open("wb") as log:
        workers = [
            subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
            for _ in range(WORKERS)
        ]
        for worker in workers:
            cast("IO[bytes]", worker.stdout).readline()
        begun = time.perf_counter()
        for worker in workers:
            cast("IO[bytes]", worker.stdin).close()
        for worker in workers:
            worker.wait()
        return time.perf_counter() - begun


@contextmanager
def sink() -> Iterator[int]:
    """A mail server that takes everything; its port."""
    process = subprocess.Popen([sys.executable, "-m", "bench.sink"], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline()) if process.stdout else 0
    finally:
        process.kill()
        process.wait()


# ------------------------------------------------------------------------------------------------------------ owing one


def notifying() -> list[Line]:
    """What owing a message adds to a transaction, with a broker that answers and with one that is gone."""
    return [_notifying("alive", os.environ["REDIS_URL"]), _notifying("dead", "redis://127.0.0.1:1/0")]


def _notifying(state: str, broker: str) -> Line:
    environment = {**_environment(), "REDIS_URL": broker}
    command = [sys.executable, "-m", "bench.notifying"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    cost = float(said)
    words = f"Owing a message, broker {state}: {cost:.2f} ms on top of a transaction, target {MOST_NOTIFYING:.0f} ms."
    return Line(words, cost <= MOST_NOTIFYING)


def _environment() -> dict[str, str]:
    """For processes that work on the open database."""
    found = connection.settings_dict
    server = f"{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}"
    return {**os.environ, "DATABASE_URL": f"postgres://{server}/{found['NAME']}"}
