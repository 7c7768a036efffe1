"""Prepared statements give what the SQL gives, and no fault of theirs reaches a page."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from psycopg2.extras import Json
from pytest_django.fixtures import Settings

from returns import prepared
from returns.domain.queue import STANDARD_VIEWS, Criteria
from returns.kept_queries import KeptQuery
from returns.models import Storefront
from returns.prepared import Place, PreparedStatement
from returns.queue import desk_of, numbers_in
from returns.views.desk_queue import rows_of
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db(transaction=True)

DOUBLED = PreparedStatement("SELECT %s * 2", [Place(0)], ["bigint"], "doubled")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Each test begins on a connection of its own, and leaves none behind that it broke."""
    connection.close()
    yield
    connection.close()


def names() -> set[str]:
    """What this connection has prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


def elsewhere(sql: str) -> None:
    """Something done on another connection."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute(sql)


def process() -> int:
    """The server's process behind this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [number] = cursor.fetchone() or [0]
    return int(number)


def test_a_statement_is_prepared_once_and_asked_with_other_values() -> None:
    assert [DOUBLED.rows([number], connection) for number in (1, 2**40, -3)] == [[(2,)], [(2**41,)], [(-6,)]]
    assert names() == {DOUBLED.name}
    connection.close()
    assert DOUBLED.rows([4], connection) == [(8,)]
    assert names() == {DOUBLED.name}


def test_every_type_of_value_and_constant_arrives_as_it_is() -> None:
    at, day, known = datetime(2026, 3, 8, 6, 59, 59, 5, UTC), date(2028, 2, 29), UUID(int=7)
    values = [at, day, known, "%s'\\ \"ñ", [1, 2]]
    types = ["timestamptz", "date", "uuid", "text", "bigint[]"]
    sql = "SELECT %s, %s, %s, %s, %s, %s, 'as it is: 5 %%', %s::text[]"
    statement = PreparedStatement(
        sql, [*(Place(number) for number in range(5)), "a'b%s\\", ["x'", "%"]], types, "typed"
    )
    wanted = [(*values, "a'b%s\\", "as it is: 5 %", ["x'", "%"])]
    assert statement.rows(values, connection) == wanted
    with transaction.atomic():
        [plain] = statement.rows(values, connection)
    assert plain[:4] == wanted[0][:4]
    assert plain[5:] == wanted[0][5:]
    assert names() == {statement.name}


@pytest.mark.parametrize("is_on", [True, False])
def test_the_queue_reads_the_same_either_way(
    cast: Cast, shops: dict[str, Storefront], now: datetime, settings: Settings, is_on: bool
) -> None:
    settings.PREPARED_STATEMENTS = is_on
    for days in range(3):
        order = factories.order(shops[IMAGE], now=now, days_ago=9 + days, customer=cast.accounts[IMAGE])
        factories.submitted(order, now=now)
    views = [*(view for _name, view in STANDARD_VIEWS), Criteria(reason="changed_mind"), Criteria(storefront=SPA)]
    desk = desk_of(cast.renee, now)

    def read() -> tuple[list[str], list[list[str]]]:
        return numbers_in(views, desk), [[row.reference for row in rows_of(view, desk).page("").rows] for view in views]

    found = read()
    assert bool(names()) == is_on
    with transaction.atomic():
        assert read() == found
    assert found[0][0] == "3"
    assert len(found[1][0]) == 3


def test_in_a_transaction_nothing_is_prepared() -> None:
    with transaction.atomic():
        assert DOUBLED.rows([5], connection) == [(10,)]
        assert names() == set()


@pytest.mark.parametrize("lost", ["DEALLOCATE ALL", "DISCARD ALL"])
def test_what_a_connection_has_lost_is_prepared_again(lost: str) -> None:
    DOUBLED.rows([1], connection)
    with connection.cursor() as cursor:
        cursor.execute(lost)
    assert [DOUBLED.rows([number], connection) for number in (2, 3)] == [[(4,)], [(6,)]]
    assert names() == {DOUBLED.name}


def test_a_pooler_that_always_gives_another_connection_costs_no_page(shops: dict[str, Storefront]) -> None:
    def lose(execute: Callable[..., Any], sql: str, *asked: Any) -> Any:
        if sql.startswith("EXECUTE"):
            with connection.connection.cursor() as cursor:
                cursor.execute("DEALLOCATE ALL")
        return execute(sql, *asked)

    by_slug = KeptQuery(lambda slug: Storefront.objects.filter(slug=slug))
    with connection.execute_wrapper(lose):
        assert [DOUBLED.rows([number], connection) for number in (2, 3)] == [[(4,)], [(6,)]]
        assert [by_slug.first(slug) for slug in (SPA, IMAGE)] == [shops[SPA], shops[IMAGE]]


def test_what_a_migration_outdated_is_planned_again(shops: dict[str, Storefront]) -> None:
    elsewhere("CREATE TABLE changing AS SELECT 1::smallint AS number")
    try:
        statement = PreparedStatement("SELECT number FROM changing", [], [], "changing")
        assert statement.rows([], connection) == [(1,)]
        elsewhere("ALTER TABLE changing ALTER number TYPE text")
        assert statement.rows([], connection) == [("1",)]
    finally:
        elsewhere("DROP TABLE changing")


def test_a_page_survives_a_server_that_was_restarted(shops: dict[str, Storefront]) -> None:
    by_slug = KeptQuery(lambda slug: Storefront.objects.filter(slug=slug))
    assert by_slug.first(SPA) == shops[SPA]
    first = process()
    elsewhere(f"SELECT pg_terminate_backend({first})")
    assert by_slug.first(SPA) == shops[SPA]
    assert process() != first


def test_a_transaction_whose_connection_broke_is_not_gone_on_with(shops: dict[str, Storefront]) -> None:
    with pytest.raises(OperationalError), transaction.atomic():
        Storefront.objects.filter(slug=SPA).update(position=9)
        elsewhere(f"SELECT pg_terminate_backend({process()})")
        DOUBLED.rows([1], connection)
    assert Storefront.objects.get(slug=SPA).position == shops[SPA].position


def test_a_fault_of_the_statement_itself_is_told() -> None:
    with pytest.raises(ProgrammingError, match="no_such_table"):
        PreparedStatement("SELECT 1 FROM no_such_table", [], [], "wrong").rows([], connection)
    assert DOUBLED.rows([1], connection) == [(2,)]


def test_what_another_client_prepared_on_the_same_connection_is_used() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE {DOUBLED.name} (bigint) AS SELECT $1 * 2")
    assert DOUBLED.rows([7], connection) == [(14,)]


def test_a_name_is_one_statement_for_ever() -> None:
    same = PreparedStatement("SELECT %s * 2", [Place(0)], ["bigint"], "doubled")
    others = [
        PreparedStatement("SELECT %s * 3", [Place(0)], ["bigint"], "doubled"),
        PreparedStatement("SELECT %s * 2", [Place(0)], ["date"], "doubled"),
        PreparedStatement("SELECT %s * 2", [2], ["bigint"], "doubled"),
    ]
    assert same.name == DOUBLED.name
    assert len({DOUBLED.name, *(other.name for other in others)}) == 4


def test_json_is_named_by_what_it_says() -> None:
    names = [PreparedStatement("SELECT %s", [Json({"is": one})], [], "json").name for one in ("this", "that", "this")]
    assert names[0] == names[2] != names[1]


def test_a_connection_keeps_the_newest_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_PREPARED", 3)
    many = [PreparedStatement(f"SELECT {number}", [], [], "many") for number in range(5)]
    assert [each.rows([], connection) for each in many] == [[(number,)] for number in range(5)]
    assert names() == {each.name for each in many[2:]}
    assert many[0].rows([], connection) == [(0,)]
