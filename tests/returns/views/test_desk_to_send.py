"""Packages to send: a return stands there from its settlement until its package is noted."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from returns.domain.facts import Reason, Wish
from returns.models import ReturnRequest, Storefront
from returns.services import outgoing, settlement
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db

PAGE = "/desk/payouts/packages/"


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def a_replacement(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=10)
    asked = factories.asked(order.lines.get(), reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    request = factories.authorized(factories.submitted(order, now=now, lines=[asked]), by=cast.sam, now=now)
    by = By.staff(cast.sam)
    return settlement.settle_without_goods(request_id=request.pk, expected_total=Decimal(0), by=by, now=now)


@pytest.fixture
def replaced(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    return a_replacement(cast, shops, now)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def promise(request: ReturnRequest, day: date) -> None:
    ReturnRequest.objects.filter(pk=request.pk).update(goods_leave_on=day, goods_owed_on=day)


def test_a_package_stands_there_until_it_is_noted(
    cast: Cast, signed_in: SignIn, replaced: ReturnRequest, now: datetime
) -> None:
    renee = signed_in(cast.renee)
    assert replaced.goods_owed_on == replaced.goods_leave_on is not None
    shown = text(renee.get(PAGE))
    assert f"/desk/requests/{replaced.reference}/send/" in shown
    assert replaced.contact_name in shown
    line = replaced.lines.get()
    assert line.settled_quantity > 0
    assert f"{line.settled_quantity} × {line.order_line.title}, as a replacement" in shown
    outgoing.record_shipment(
        request_id=replaced.pk,
        carrier="UPS",
        tracking_number="",
        shipped_on=now.date(),
        by=By.staff(cast.sam),
        now=now,
    )
    replaced.refresh_from_db()
    assert (replaced.goods_owed_on, replaced.goods_leave_on is None) == (None, False)
    assert "No package to send" in text(renee.get(PAGE))


def test_a_refund_owes_no_package(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    refunded = factories.settled(cast.accounts[IMAGE], by=cast.sam, now=now)
    assert refunded.goods_owed_on is None
    assert "No package to send" in text(signed_in(cast.renee).get(PAGE))


def test_what_leaves_first_is_on_top_and_overdue_says_so(
    cast: Cast, signed_in: SignIn, shops: dict[str, Storefront], now: datetime
) -> None:
    later, over = a_replacement(cast, shops, now), a_replacement(cast, shops, now)
    promise(later, now.date() + timedelta(days=9))
    promise(over, now.date() - timedelta(days=3))
    shown = text(signed_in(cast.renee).get(PAGE))
    assert shown.index(over.number) < shown.index(later.number)
    assert shown.count("days over") == 1


def test_other_storefronts_packages_are_not_listed(cast: Cast, signed_in: SignIn, replaced: ReturnRequest) -> None:
    cast.renee.memberships.filter(storefront=replaced.storefront).delete()
    assert replaced.number not in text(signed_in(cast.renee).get(PAGE))


def test_the_list_costs_the_same_however_long_it_is(
    cast: Cast, signed_in: SignIn, shops: dict[str, Storefront], now: datetime, django_assert_num_queries: Any
) -> None:
    renee: Client = signed_in(cast.renee)
    for _ in range(3):
        a_replacement(cast, shops, now)
    renee.get(PAGE)
    with django_assert_num_queries(4):  # session, person, returns, their lines
        renee.get(PAGE)


def test_the_list_is_read_from_its_own_index(replaced: ReturnRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = ReturnRequest.objects.owing_goods()[:51].explain()
    assert "request_goods_owed" in plan
