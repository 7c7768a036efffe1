"""The SQL of the queue is kept from one page to the next: it has to be the SQL that would be made anew."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from returns import paging
from returns.domain.facts import Reason
from returns.domain.queue import ME, Criteria, DueBy, Lane, Sort
from returns.models import Storefront
from returns.queue import ORDERS, Desk, desk_of, requests_in
from returns.views.desk_queue import in_columns, rows_of
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db

VIEWS = [
    Criteria(),
    Criteria(owner=ME),
    Criteria(storefront=IMAGE, status="to_decide"),
    Criteria(due=DueBy.TODAY.value),
    Criteria(due=DueBy.OVERDUE.value, sort=Sort.NEWEST.value),
    Criteria(lane=Lane.CLAIMS.value, sort=Sort.OLDEST.value),
    Criteria(reason=Reason.DAMAGED.value, sort=Sort.AMOUNT.value),
]


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def filled(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    """Returns of both shops: some decided, some late, some claims."""
    for number in range(9):
        shop, at = shops[IMAGE if number % 2 else SPA], now - timedelta(days=number * 3)
        order = factories.order(shop, now=at, customer=cast.accounts[shop.slug], delivered_hours_ago=19)
        reason = Reason.DAMAGED if number % 3 == 0 else Reason.CHANGED_MIND
        request = factories.submitted(order, now=at, lines=[factories.asked(order.lines.get(), reason=reason)])
        if number % 3 == 1:
            factories.received(factories.authorized(request, by=cast.renee, now=at), by=cast.renee, now=at)


def pages_of(criteria: Criteria, desk: Desk, *, is_kept: bool) -> Iterator[paging.Page]:
    """All pages of a view, by kept SQL or by a query made for each."""
    order, after = ORDERS[criteria.order], ""
    while True:
        if is_kept:
            page = rows_of(criteria, desk).page(after)
        else:
            rows = in_columns(requests_in(criteria, desk))
            page = paging.page(rows, order.keys, after=after, size=2, is_descending=order.is_descending)
        yield page
        after = page.next
        if not after:
            return


@pytest.mark.parametrize("criteria", VIEWS, ids=str)
def test_kept_sql_gives_the_pages_of_a_query_made_anew(
    filled: None, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, criteria: Criteria
) -> None:
    monkeypatch.setattr("returns.views.desk_queue.PAGE_SIZE", 2)
    for day in (now, now + timedelta(days=1), now + timedelta(days=40)):
        desk = desk_of(cast.renee, day)
        for _ in range(2):  # the second time nothing is compiled
            kept = list(pages_of(criteria, desk, is_kept=True))
            assert kept == list(pages_of(criteria, desk, is_kept=False))


def test_who_works_elsewhere_gets_other_rows(filled: None, cast: Cast, now: datetime) -> None:
    desk = desk_of(cast.renee, now)
    one = Desk(desk.user, [shop for shop in desk.storefronts if shop.slug == SPA], now)
    assert {row.storefront_id for row in rows_of(Criteria(), one).page("").rows} == {one.storefronts[0].pk}
    assert len({row.storefront_id for row in rows_of(Criteria(), desk).page("").rows}) == 2
    assert rows_of(Criteria(), Desk(desk.user, [], now)).page("").rows == []
