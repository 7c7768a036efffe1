"""Finding a return, an order or a customer at the desk: by whatever is written or said, among one's own storefronts."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from returns.domain.rma_number import ALPHABET
from returns.models import ReturnRequest, Storefront
from returns.viewer import Viewer
from returns.views.desk_find import search
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    """Maya's return at IMAGE, authorized; and Otto's at le petit spa, for contrast."""
    factories.submitted(factories.order(shops[SPA], now=now, customer=cast.ottos[SPA]), now=now)
    order = factories.order(
        shops[IMAGE], now=now, customer=cast.accounts[IMAGE], number="IC-20418", tracking_number="1Z 999 AA1"
    )
    return factories.authorized(factories.submitted(order, now=now), by=cast.renee, now=now)


def hits(person: Any, text: str) -> list[int]:
    return [row.pk for row in search(Viewer(person), text).requests]


def number_of(rma: ReturnRequest) -> str:
    assert rma.rma_number
    return rma.rma_number


def test_every_number_and_name_leads_to_the_return(cast: Cast, found: ReturnRequest) -> None:
    account = cast.accounts[IMAGE]
    numbers = [number_of(found), number_of(found).lower().replace("-", " "), found.reference, "ic20418", "#IC-20418"]
    others = [account.number.lower(), "1Z 999 AA1", "MAYA@example.com", "brennan", "maya brenn", found.reference[:4]]
    for text in [*numbers, *others, "IC-204"]:
        assert hits(cast.renee, text) == [found.pk], text


def test_other_storefronts_returns_are_never_found(cast: Cast, found: ReturnRequest) -> None:
    for text in (number_of(found), found.reference, "IC-20418", "MAYA@example.com", "brennan", "1Z 999 AA1"):
        assert hits(cast.lena, text) == [], text
    assert search(Viewer(cast.lena), mistyped(found)).meant == []


def mistyped(rma: ReturnRequest) -> str:
    """One wrong symbol."""
    last = number_of(rma)[-1]
    return number_of(rma)[:-1] + ALPHABET[ALPHABET.index(last) - 1]


def test_a_mistyped_number_is_told_from_an_unknown_one_and_the_nearest_is_offered(
    cast: Cast, found: ReturnRequest, signed_in: SignIn
) -> None:
    number = number_of(found)
    swapped = number[:4] + number[5] + number[4] + number[6:]
    renee = signed_in(cast.renee)
    for text in {mistyped(found), swapped} - {number}:
        page = renee.get(reverse("desk:find"), {"q": text}).content.decode()
        assert "Did you mean" in page
        assert number in page
    unknown = renee.get(reverse("desk:find"), {"q": "RMA-2222-2222-" + check_of("22222222")}).content.decode()
    assert "well formed" in unknown
    assert "Did you mean" not in unknown


def check_of(body: str) -> str:
    from returns.domain.rma_number import check_symbol

    return check_symbol(body)


def test_an_order_without_a_return_leads_to_the_phone(
    cast: Cast, shops: dict[str, Storefront], now: datetime, signed_in: SignIn
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], number="IC-777")
    page = signed_in(cast.renee).get(reverse("desk:find"), {"q": "ic777"}).content.decode()
    assert "has no return" in page
    assert reverse("desk:phone_order", args=[order.public_id]) in page


@pytest.mark.parametrize(
    ("way", "text", "index"),
    [
        ("mailed_to", "maya@example.com", "request_contact_email"),
        ("ordered_from", "maya@example.com", "order_email_any_case"),
        ("named_like", "brennan", "request_contact_name"),
        ("ordered_in_a_name_like", "brennan", "order_name"),
        ("of_account", "A00001", "account_number_any_case"),
        ("naming_account", "A00001", "request_contact_account"),
        ("of_order", "IC-20418", "order_number_begins"),
        ("of_order_from", "IC-204", "order_number_begins"),
        ("tracked_as", "1Z999", "request_tracking"),
        ("sent_as", "1Z999", "order_tracking"),
    ],
)
@pytest.mark.usefixtures("found")
def test_each_way_has_an_index_of_its_own(way: str, text: str, index: str) -> None:
    """With few rows a table is read through, or along its keys; without those ways the index has to fit the words."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("returns_order", "returns_customeraccount"):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey CASCADE")
        for other in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        plan = getattr(ReturnRequest.objects.order_by(), way)(text).explain()
    assert index in plan


def test_a_search_asks_a_few_short_questions(cast: Cast, found: ReturnRequest) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert hits(cast.renee, "MAYA@example.com") == [found.pk]
    assert len(captured) == 3  # the storefronts, and two ways
    with CaptureQueriesContext(connection) as captured:
        assert hits(cast.renee, "brennan") == [found.pk]
    assert len(captured) == 8


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1", "a" * 100, "a\0b", "RMA-", "@", "٣"])
def test_whatever_is_typed_is_looked_for_as_it_is(
    cast: Cast, found: ReturnRequest, signed_in: SignIn, text: str
) -> None:
    client: Client = signed_in(cast.renee)
    answer = client.get(reverse("desk:find"), {"q": text})
    assert answer.status_code in {200, 400}
    assert found.reference not in answer.content.decode()
