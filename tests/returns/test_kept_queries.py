"""A kept query gives the rows of its queryset, to whoever asks with whatever values."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from returns.kept_queries import KeptQuery
from returns.models import CustomerAccount, Order, OrderLine, Storefront
from returns.viewer import Viewer
from tests import factories
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders(shops: dict[str, Storefront], now: datetime) -> list[Order]:
    """Two orders with accounts at one storefront, one of a guest at another."""
    accounts = [factories.account(shops[IMAGE], user=factories.person()) for _ in range(2)]
    owned = [factories.order(shops[IMAGE], now=now, days_ago=2, customer=account) for account in accounts]
    return [*owned, factories.order(shops[SPA], now=now, days_ago=9)]


def owner_of(order: Order) -> User:
    account = order.account
    assert account is not None
    assert account.user is not None
    return account.user


OWNED: KeptQuery[Order] = KeptQuery(
    lambda viewer, slug: (
        Order.objects.owned_by(viewer)
        .filter(storefront__slug=slug)
        .select_related("storefront", "account__user")
        .order_by("pk")
    )
)


def test_each_viewer_gets_their_own_rows(orders: list[Order]) -> None:
    first, second, guests = orders
    for order in (first, second, first):
        assert OWNED.rows(Viewer(owner_of(order)), IMAGE) == [order]
    assert OWNED.rows(Viewer(owner_of(first)), SPA) == []
    assert OWNED.rows(Viewer(None, frozenset({guests.pk})), SPA) == [guests]
    assert OWNED.rows(Viewer(None, frozenset({guests.pk, first.pk})), SPA) == [guests]
    assert OWNED.rows(Viewer(owner_of(first), frozenset({second.pk})), IMAGE) == [first, second]
    assert OWNED.rows(Viewer(None), IMAGE) == []


@pytest.mark.parametrize("asked_first", ["staff", "customer"])
def test_the_sql_of_one_role_is_never_anothers(orders: list[Order], asked_first: str) -> None:
    visible: KeptQuery[Order] = KeptQuery(lambda viewer: Order.objects.visible_to(viewer).order_by("pk"))
    support = factories.person(role=Role.SUPPORT, at=[orders[0].storefront])
    left = factories.person(role=Role.SUPPORT, at=[orders[0].storefront])
    left.is_active = False
    customer = owner_of(orders[0])
    asking = [support, customer, left] if asked_first == "staff" else [customer, left, support]
    for person in asking:
        assert visible.rows(Viewer(person)) == list(Order.objects.visible_to(Viewer(person)).order_by("pk"))
    assert len(visible.rows(Viewer(support))) == 2
    assert len(visible.rows(Viewer(customer))) == 1
    assert visible.rows(Viewer(left)) == []


def test_joined_rows_come_with_the_first_and_ask_nothing_more(orders: list[Order]) -> None:
    with CaptureQueriesContext(connection) as queries:
        [found] = OWNED.rows(Viewer(owner_of(orders[0])), IMAGE)
        assert found.storefront.slug == IMAGE
        assert found.account is not None
        assert found.account.user == owner_of(orders[0])
    assert len(queries) == 1
    plain = Order.objects.get(pk=orders[0].pk)
    fields = [field.attname for field in Order._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(plain, name) for name in fields]


def test_columns_annotations_and_left_out_fields_are_those_of_the_queryset(orders: list[Order], now: datetime) -> None:
    columns: KeptQuery[Any] = KeptQuery(
        lambda before: Order.objects.filter(placed_at__lt=before).order_by("pk").values_list("pk", "placed_at")
    )
    placed = [(order.pk, order.placed_at) for order in orders]
    assert columns.rows(now) == placed
    assert columns.rows(now - timedelta(days=5)) == placed[2:]
    claimed: KeptQuery[Any] = KeptQuery(
        lambda user_id: Order.objects.annotate(is_mine=Q(account__user=user_id)).only("number").order_by("pk")
    )
    rows = claimed.rows(owner_of(orders[1]).pk)
    assert [bool(row.is_mine) for row in rows] == [False, True, False]
    assert rows[0].get_deferred_fields()


def test_flags_make_a_query_of_their_own(orders: list[Order]) -> None:
    def build(slug: str, *, is_newest_first: bool) -> Any:
        return Order.objects.filter(storefront__slug=slug).order_by("-pk" if is_newest_first else "pk")

    query: KeptQuery[Order] = KeptQuery(build)
    assert query.rows(IMAGE, is_newest_first=False) == orders[:2]
    assert query.rows(IMAGE, is_newest_first=True) == orders[1::-1]
    assert query.first(IMAGE, is_newest_first=True) == orders[1]
    assert query.first(PRO, is_newest_first=True) is None


@pytest.mark.parametrize(
    ("build", "value"),
    [
        (lambda day: Order.objects.filter(placed_at__gte=day - timedelta(days=1)), datetime(2026, 1, 1, tzinfo=UTC)),
        (lambda number: Order.objects.filter(number=f"{number}-1"), "A"),
        (lambda _number: Order.objects.all(), "A"),
        (lambda at: Order.objects.filter(placed_at__year=at.year), date(2026, 1, 1)),
        (lambda yes: Order.objects.filter(pk__isnull=yes), True),
        (lambda pks: Order.objects.filter(pk__in=pks), [1, 2]),
        (lambda pk: Order.objects.filter(pk=pk).prefetch_related("lines"), 1),
        (lambda position: OrderLine.objects.filter(position=position), 1),
    ],
    ids=["moved", "lengthened", "left out", "cut", "flag", "list", "prefetching", "beyond the column"],
)
def test_a_value_that_cannot_be_exchanged_is_refused(build: Any, value: object) -> None:
    with pytest.raises(ValueError, match=r"value|Values|fetches"):
        KeptQuery(build).rows(value)


def test_texts_are_values_and_never_sql(orders: list[Order]) -> None:
    query: KeptQuery[Order] = KeptQuery(lambda number: Order.objects.filter(number=number))
    assert query.rows("x' OR '1'='1") == []
    assert query.rows("%s") == []
    assert query.rows(orders[0].number) == [orders[0]]


@pytest.mark.django_db(transaction=True)
def test_threads_ask_on_their_own_connections(orders: list[Order]) -> None:
    query: KeptQuery[OrderLine] = KeptQuery(
        lambda order_id: OrderLine.objects.filter(order_id=order_id).select_related("order").order_by("position")
    )
    wanted = {order.pk: list(order.lines.order_by("position")) for order in orders}

    def asked(order_id: int) -> bool:
        try:
            return query.rows(order_id) == wanted[order_id]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(asked, list(wanted) * 20))


def test_nothing_asked_is_nothing_found() -> None:
    nobody: KeptQuery[CustomerAccount] = KeptQuery(CustomerAccount.objects.owned_by)
    with CaptureQueriesContext(connection) as queries:
        assert nobody.rows(Viewer(None)) == []
    assert not len(queries)
