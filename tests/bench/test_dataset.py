"""The data set of the benchmarks is one that the portal could have written, and its pages show what SQL says."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from bench.asking import WrongPage
from bench.dataset import LOYAL, Size, build
from bench.desk_pages import desk_pages
from bench.measuring import inspected, signed_in
from bench.originals import KINDS, LINES, STAFF
from bench.pages import Page, pages
from returns.models import LedgerAccount, OrderLine, ReturnEvent, ReturnLine, ReturnRequest, Settlement

pytestmark = pytest.mark.django_db
SIZE = Size(200)
MOST_QUERIES = {
    "order": 8,
    "status, authorized": 8,
    "status, settled": 8,
    "desk queue": 6,
    "desk queue, deep": 6,
    "desk request, to decide": 8,
    "desk request, inspected": 8,
}


@pytest.fixture(scope="module")
def timed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Page]]:
    """A small data set, and the pages that would be timed on it. All triggers of the database have seen it."""
    now = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic():
        build(SIZE, now, say=lambda _: None)
        yield [*pages(now), *desk_pages()]
        transaction.set_rollback(True)


def test_each_page_shows_what_the_database_has(timed: list[Page]) -> None:
    for page in (one for one in timed if not one.is_peer):
        queries, size = inspected(page, signed_in(page.viewer))
        assert size > 1000 or page.status == 302
        assert queries <= MOST_QUERIES.get(page.name, 12), page.name


def test_a_page_that_shows_something_else_is_refused(timed: list[Page]) -> None:
    for page in timed:
        with pytest.raises(WrongPage):
            page.check("<h1>Everything is fine</h1>")


def test_the_set_is_as_large_as_asked_for_and_like_its_originals(timed: list[Page]) -> None:
    copies = ReturnRequest.objects.exclude(order__number__startswith="ORIGINAL")
    assert copies.count() == SIZE.returns
    assert ReturnLine.objects.filter(request__in=copies).count() == SIZE.returns * LINES
    assert copies.filter(order__account__user__email=LOYAL).count() == SIZE.loyal_returns
    assert set(copies.values_list("status", flat=True)) == {kind.value for kind in KINDS}
    assert {one.submitted_by_id for one in copies} == {one.order.account.user_id for one in copies if one.order.account}
    assert not OrderLine.objects.filter(order__requests=None).exists()


def test_history_and_money_of_the_copies_are_whole(timed: list[Page]) -> None:
    last = dict(ReturnEvent.objects.exclude(target="").order_by("seq").values_list("request_id", "target"))
    assert all(last.get(one.pk, "submitted") == one.status for one in ReturnRequest.objects.all())
    settled = Settlement.objects.select_related("request")
    assert Counter(one.request.status for one in settled).keys() == {"completed"}
    assert all(one.total == sum(line.amount for line in one.lines.all()) for one in settled)
    assert sum(account.balance for account in LedgerAccount.objects.all()) == 0


def test_the_queue_is_looked_at_by_somebody_of_every_storefront(timed: list[Page]) -> None:
    assert {page.viewer for page in timed} == {LOYAL, STAFF}
