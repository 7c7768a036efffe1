"""The queue's counters are equal to COUNT(*): after any history, whoever else is at work, and whoever dies over it."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from accounts.models import User
from returns.domain.queue import NOBODY, STANDARD_VIEWS, Criteria, DueBy, Lane
from returns.domain.workflow import Status
from returns.invariants import violations
from returns.models import Order, QueueCount, ReturnRequest, Storefront
from returns.queue import Desk, desk_of, numbers_in, requests_in
from returns.services import queue_counts, requests
from returns.services.transition import By
from returns.tasks import fold_queue_counts
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA

PEOPLE = 8
KINDS = ("storefront_id", "status", "owner_id", "is_claim")


@pytest.fixture
def now() -> datetime:
    """The database folds by its own clock, so this moment is the real one."""
    return timezone.now().astimezone(UTC)


def at_the_dock(shops: dict[str, Storefront], cast: Cast, now: datetime) -> list[ReturnRequest]:
    """Returns in many states, of several owners, with due days before, on and after today."""
    made = []
    for slug, days in product((SPA, IMAGE), (0, 4, 6, 9, 10, 11, 14, 30)):
        at = now - timedelta(days=days)
        order = factories.order(shops[slug], now=at, customer=cast.accounts[slug])
        request = factories.submitted(order, now=at)
        if days % 2 == 0:
            request = factories.authorized(request, by=cast.sam if days % 3 else cast.renee, now=at)
            request = factories.received(request, by=cast.sam, now=at)
        made.append(request)
    requests.withdraw(request_id=made[3].pk, by=By.staff(cast.sam), now=now)
    return made


def counted() -> Counter[tuple[object, ...]]:
    """What the counters say, by all they know but the day."""
    found: Counter[tuple[object, ...]] = Counter()
    for *kind, delta in QueueCount.objects.values_list(*KINDS, "delta"):
        found[tuple(kind)] += delta
    return +found


def there() -> Counter[tuple[object, ...]]:
    """What is there, by the same."""
    return Counter(ReturnRequest.objects.values_list(*KINDS))


def counters_are_right() -> bool:
    """Equal to COUNT(*) in every kind, days included."""
    return counted() == there() and list(violations()) == []


# ---------------------------------------------------------------------------------------------------------------- views


@pytest.mark.django_db
def test_every_view_that_counters_know_shows_what_counting_would(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    at_the_dock(shops, cast, now)
    views = [view for _name, view in STANDARD_VIEWS] + [
        Criteria(storefront=shop, status=status, owner=owner, lane=lane, due=due)
        for shop, status, owner, lane, due in product(
            ("", SPA),
            ("", "all", "received", "withdrawn"),
            ("", "me", NOBODY, str(cast.sam.public_id)),
            ("", Lane.ORDINARY.value, Lane.CLAIMS.value),
            ("", *(each.value for each in DueBy)),
        )
    ]
    for person in (cast.renee, cast.lena):
        desk = desk_of(person, now)
        by_counting = [str(requests_in(view, desk).count()) for view in views]
        assert numbers_in(views, desk) == by_counting
        queue_counts.fold(today=now.date())
        assert numbers_in(views, desk) == by_counting
    assert len(set(numbers_in(views, desk_of(cast.renee, now)))) > 5, "the views differ"


@pytest.mark.django_db
def test_other_views_are_counted_up_to_a_hundred(
    cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_dock(shops, cast, now)
    desk = desk_of(cast.renee, now)
    views = [Criteria(status="all", reason="changed_mind"), Criteria(verdict="redirect"), Criteria(status="received")]
    assert numbers_in(views, desk) == ["16", "0", "12"]
    monkeypatch.setattr("returns.queue.MOST_COUNTED", 9)
    assert numbers_in(views, desk) == ["9+", "0", "12"]


@pytest.mark.django_db
def test_folding_leaves_one_row_of_a_kind_and_none_of_what_is_gone(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    at_the_dock(shops, cast, now)
    before, rows = counted(), QueueCount.objects.count()
    fold_queue_counts()
    assert counted() == before
    assert QueueCount.objects.count() < rows
    days = QueueCount.objects.values_list(*KINDS, "due_on")
    assert len(days) == len(set(days))
    long_ago = QueueCount.objects.filter(due_on__lte=now.date() - queue_counts.MARGIN).values_list(*KINDS)
    assert 0 < len(long_ago) == len(set(long_ago)), "one day stands for all that are long past"
    fold_queue_counts()
    assert counters_are_right()


@pytest.mark.django_db
def test_owners_and_requests_that_go_away_are_counted(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    made = at_the_dock(shops, cast, now)
    ReturnRequest.objects.filter(pk=made[0].pk).update(owner=None, is_claim=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")  # the history, which nothing else deletes
        cursor.execute("DELETE FROM returns_returnevent; DELETE FROM returns_notification")
        cursor.execute("DELETE FROM returns_returnline")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(
            "DELETE FROM returns_returnrequest WHERE status = 'submitted' AND storefront_id = %s", [shops[SPA].pk]
        )
    assert 0 < ReturnRequest.objects.count() < len(made)
    assert counted() == there()


@pytest.mark.django_db
def test_what_came_in_without_triggers_is_found_and_counted_anew(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    at_the_dock(shops, cast, now)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE returns_returnrequest SET is_claim = NOT is_claim")
        cursor.execute("SET session_replication_role = DEFAULT")
    promises = {violation.promise for violation in violations()}
    assert promises == {"the queue's counters count the returns that are there"}
    queue_counts.recount()
    assert counters_are_right()


# ------------------------------------------------------------------------------------------------------- many at a time


def change(key: int, rng: random.Random, people: list[User]) -> None:
    """Another owner, lane or due day, one transaction; now and then one that comes to nothing."""
    with suppress(InterruptedError), transaction.atomic():
        request = ReturnRequest.objects.select_for_update(no_key=True).get(pk=key)
        request.owner = rng.choice([None, *people])
        request.is_claim = rng.random() < 0.5
        if request.due_on:
            request.due_on += timedelta(days=rng.choice((-20, -1, 1)))
        request.save(update_fields=["owner", "is_claim", "due_on"])
        if rng.random() < 0.2:
            raise InterruptedError


def at_work(keys: list[int], people: list[User], number: int, deaths: list[str]) -> None:
    """One colleague's busy minute; another one folds. A connection that is cut is made anew."""
    rng = random.Random(number)  # noqa: S311  a test repeats itself
    try:
        for _ in range(25):
            try:
                if number == 0:
                    queue_counts.fold(today=timezone.now().date())
                else:
                    change(rng.choice(keys), rng, people)
            except Error as error:
                deaths.append(type(error).__name__)
                connection.close()
    finally:
        connection.close()


def cut_connections(done: threading.Event) -> None:
    """End whatever is going on, over and over, as a killed server process would."""
    try:
        while not done.wait(0.05):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND state <> 'idle' ORDER BY random() LIMIT 1"
                )
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_counters_are_right_whoever_works_folds_gives_up_or_is_killed(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    keys, people, deaths = [one.pk for one in at_the_dock(shops, cast, now)], [cast.renee, cast.sam], list[str]()
    done = threading.Event()
    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        killer = pool.submit(cut_connections, done)
        work = [pool.submit(at_work, keys, people, number, deaths) for number in range(PEOPLE)]
        for one in work:
            one.result()
        done.set()
        killer.result()
    assert deaths, "nobody was killed"
    assert counters_are_right()
    queue_counts.fold(today=timezone.now().date())
    assert counters_are_right()


@pytest.fixture
def hasty_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: sums first, deletes all, writes the sums. What comes in between is lost."""
    hasty = """
    CREATE TEMPORARY TABLE sums ON COMMIT DROP AS SELECT storefront_id, status, owner_id, is_claim, due_on, sum(delta)
        FROM returns_queuecount GROUP BY 1, 2, 3, 4, 5;
    SELECT pg_sleep(0.5);
    DELETE FROM returns_queuecount;
    INSERT INTO returns_queuecount (storefront_id, status, owner_id, is_claim, due_on, delta) SELECT * FROM sums;
    """
    monkeypatch.setattr(queue_counts, "FOLD", hasty)


def fold_while_people_take(made: list[ReturnRequest], people: list[User]) -> None:
    """One folds, and meanwhile one change is committed after another."""
    rng = random.Random(7)  # noqa: S311  a test repeats itself
    with ThreadPoolExecutor(1) as pool:
        folding = pool.submit(in_thread, lambda: queue_counts.fold(today=timezone.now().date()))
        while not folding.done():
            one, owner = rng.choice(made), rng.choice([None, *people])
            ReturnRequest.objects.filter(pk=one.pk).update(owner=owner)
        assert folding.result() is True


def in_thread(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_change_during_a_fold_is_kept(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    made = at_the_dock(shops, cast, now)
    for _ in range(5):
        fold_while_people_take(made, [cast.renee, cast.sam])
    assert counters_are_right()


@pytest.mark.django_db(transaction=True)
def test_a_fold_in_two_steps_would_lose_it(
    cast: Cast, shops: dict[str, Storefront], now: datetime, hasty_fold: None
) -> None:
    made = at_the_dock(shops, cast, now)
    fold_while_people_take(made, [cast.renee, cast.sam])
    assert counted() != there(), "the negative control shows what the one above would find"


@pytest.fixture
def one_row(cast: Cast, shops: dict[str, Storefront]) -> Iterator[None]:
    """The twin: a trigger that reads a number and writes it back, as counters in a row are often kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('request_is_counted'::regproc)")
        ours = cursor.fetchone()[0]
        cursor.execute(
            """
            CREATE OR REPLACE FUNCTION request_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                number bigint;
            BEGIN
                SELECT delta INTO number FROM returns_queuecount LIMIT 1;
                PERFORM pg_sleep(0.05);
                UPDATE returns_queuecount SET delta = coalesce(number, 0) + 1;
                RETURN NULL;
            END $$
            """
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute(ours)


@pytest.mark.django_db(transaction=True)
def test_counting_in_one_row_would_lose_what_others_count(
    cast: Cast, shops: dict[str, Storefront], now: datetime, one_row: None
) -> None:
    QueueCount.objects.create(storefront=shops[IMAGE], status=Status.SUBMITTED.value, is_claim=False, delta=0)
    orders = [factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]) for _ in range(PEOPLE)]

    def file(order: Order) -> object:
        return in_thread(lambda: factories.submitted(order, now=now))

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert all(isinstance(one, ReturnRequest) for one in pool.map(file, orders))
    assert QueueCount.objects.get().delta < ReturnRequest.objects.count() == PEOPLE


@pytest.mark.django_db(transaction=True)
def test_only_one_folds_at_a_time(cast: Cast) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock('returns_queuecount'::regclass::oid::bigint)")
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(in_thread, lambda: queue_counts.fold(today=timezone.now().date())).result() is False


def test_the_desk_of_nobody_in_particular_counts_nothing(cast: Cast, now: datetime) -> None:
    assert numbers_in([Criteria(), Criteria(reason="damaged")], Desk(cast.maya, [], now)) == ["0", "0"]
