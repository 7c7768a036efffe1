"""Customers at the desk: found at one's own storefronts, with what they sent back and bought, owe and have."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from returns.domain.facts import Condition, Reason, Wish
from returns.models import AccountChange, CustomerAccount, License, Storefront
from returns.services.customer_accounts import change
from returns.services.errors import Refused
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


def page_of(account: CustomerAccount) -> str:
    return reverse("desk:account", args=[account.public_id])


def text_of(browser: Client, account: CustomerAccount, after: str = "") -> str:
    return browser.get(page_of(account), {"after": after} if after else {}).content.decode()


@pytest.mark.parametrize("typed", ["number", "number in small letters", "dana spa", "SPA dana"])
def test_one_hit_opens_the_customers_page(renee: Client, shops: dict[str, Storefront], typed: str) -> None:
    dana = factories.account(shops[PRO], name="Dana Lumen Spa", number="X-77120")
    said = {"number": "X-77120", "number in small letters": "x-77120"}.get(typed, typed)
    assert renee.get(reverse("desk:customers"), {"q": said}).headers["Location"] == page_of(dana)


def test_an_address_with_accounts_at_several_storefronts_lists_them(cast: Cast, renee: Client) -> None:
    page = renee.get(reverse("desk:customers"), {"q": "Maya@Example.com"}).content.decode()
    assert all(page_of(account) in page for account in cast.accounts.values())


def test_customers_of_other_storefronts_are_not_found(cast: Cast, signed_in: SignIn) -> None:
    lena = signed_in(cast.lena)
    assert lena.get(reverse("desk:customers"), {"q": "maya@example.com"}).headers["Location"] == page_of(
        cast.accounts[SPA]
    )
    assert (
        "No customer found" in lena.get(reverse("desk:customers"), {"q": cast.accounts[IMAGE].number}).content.decode()
    )


def test_the_page_has_returns_orders_credit_and_what_is_owed(
    cast: Cast, shops: dict[str, Storefront], now: datetime, renee: Client
) -> None:
    account = cast.accounts[SPA]
    CustomerAccount.objects.filter(pk=account.pk).update(outstanding_balance=Decimal("12.34"))
    done = factories.settled(account, by=cast.sam, now=now)
    License.objects.create(account=account, wanted_type="professional", uploaded_at=now)
    text = text_of(renee, account)
    assert str(done.rma_number) in text
    assert done.order.number in text
    assert reverse("desk:phone_order", args=[done.order.public_id]) in text
    assert "$12.34" in text
    assert "$122.40" in text
    assert "waiting, for professional" in text


def test_earlier_opened_returns_are_facts_for_a_person(
    cast: Cast, shops: dict[str, Storefront], now: datetime, renee: Client
) -> None:
    """LPS-30: what a person has to know, and no verdict."""
    account = cast.accounts[SPA]
    order = factories.order(shops[SPA], now=now, customer=account)
    opened = factories.asked(
        order.lines.get(), condition=Condition.OPENED, used_percent=Decimal(30), reason=Reason.DISSATISFIED,
        wants=Wish.STORE_CREDIT, quantity=1,
    )  # fmt: skip
    assert "Opened goods taken back</dt><dd>none" in text_of(renee, account)
    factories.authorized(factories.submitted(order, now=now, lines=[opened]), by=cast.sam, now=now)
    text = text_of(renee, account)
    assert "Opened goods taken back</dt><dd>Vital C hydrating serum, November 18, 2026" in text
    assert "1 return, " in text


def test_a_long_history_is_paged_and_each_page_costs_the_same(
    cast: Cast, shops: dict[str, Storefront], now: datetime, renee: Client, django_assert_num_queries: Any
) -> None:
    account = cast.accounts[IMAGE]
    factories.submitted(factories.order(shops[IMAGE], now=now, customer=account), now=now)
    text_of(renee, account)
    with django_assert_num_queries(QUERIES):
        text_of(renee, account)
    for _ in range(22):
        factories.submitted(factories.order(shops[IMAGE], now=now, customer=account), now=now)
    with django_assert_num_queries(QUERIES):
        text = text_of(renee, account)
    assert text.count("/desk/requests/") == 20
    after = text.partition('href="?after=')[2].partition('"')[0].replace("%2C", ",").replace("%3A", ":")
    assert text_of(renee, account, after.replace("%2B", "+")).count("/desk/requests/") == 3


QUERIES = 11


def test_care_raises_the_type_and_nobody_lowers_it(cast: Cast, renee: Client, now: datetime) -> None:
    account = cast.accounts[PRO]
    Storefront.objects.filter(pk=account.storefront_id).update(account_types=["student", "professional", "business"])
    CustomerAccount.objects.filter(pk=account.pk).update(type="student")
    known = {"name": account.name, "phone": account.phone, "email": account.email}
    assert renee.post(page_of(account), {**known, "type": "professional"}).status_code == 302
    account.refresh_from_db()
    assert (account.type, AccountChange.objects.get().fields) == ("professional", ["type"])
    assert renee.post(page_of(account), known).status_code == 302
    assert renee.post(page_of(account), {**known, "type": "student"}).status_code == 422
    with pytest.raises(Refused, match="never falls"):
        change(account_id=account.pk, data={"type": "consumer"}, by=By.staff(cast.sam), now=now)
    assert CustomerAccount.objects.get(pk=account.pk).type == "professional"
