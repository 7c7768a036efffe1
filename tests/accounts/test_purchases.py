"""What a person bought before they had an account becomes theirs, once the address is theirs (CON-01, B34, B39)."""

from datetime import datetime

import pytest

from accounts.models import User
from accounts.purchases import link_purchases
from accounts.roles import Role
from returns import drafts as reading
from returns.models import CustomerAccount, Order, Storefront
from returns.services import drafts
from returns.viewer import Viewer
from tests import factories
from tests.accounts.mailbox import confirmed

pytestmark = pytest.mark.django_db

EMAIL = "maya@example.com"


@pytest.fixture
def maya() -> User:
    return confirmed(factories.person(EMAIL, name="Maya Brennan"))


def test_accounts_at_every_storefront_are_found_whatever_the_case(maya: User, shops: dict[str, Storefront]) -> None:
    for shop in shops.values():
        factories.account(shop, email="MAYA@Example.com")
    link_purchases(maya)
    assert maya.customer_accounts.count() == 3


def test_an_account_of_somebody_else_stays_theirs(maya: User, shops: dict[str, Storefront]) -> None:
    other = factories.person("other@example.com")
    account = factories.account(shops[factories.SPA], user=other, email=EMAIL)
    link_purchases(maya)
    account.refresh_from_db()
    assert account.user == other


def test_another_address_is_never_taken_for_the_same(maya: User, shops: dict[str, Storefront]) -> None:
    for email in ("ma.ya@example.com", "maya+1@example.com", "maya@example.org"):
        factories.account(shops[factories.SPA], email=email)
    link_purchases(maya)
    assert not maya.customer_accounts.exists()


def test_of_two_accounts_at_one_storefront_the_older_is_taken(maya: User, shops: dict[str, Storefront]) -> None:
    older, newer = (factories.account(shops[factories.SPA], email=EMAIL) for _ in range(2))
    link_purchases(maya)
    assert list(maya.customer_accounts.all()) == [older]
    newer.refresh_from_db()
    assert newer.user is None


def test_guest_orders_alone_make_an_account_for_them(maya: User, shops: dict[str, Storefront], now: datetime) -> None:
    shop = shops[factories.IMAGE]
    orders = [factories.order(shop, now=now, email=EMAIL, name="M. Brennan", phone="704-555-0100") for _ in range(2)]
    filed = factories.submitted(orders[0], now=now)
    link_purchases(maya)
    account = maya.customer_accounts.get()
    assert account.number.startswith("WEB-")
    assert (account.name, account.phone, account.email) == ("M. Brennan", "704-555-0100", EMAIL)
    assert set(account.orders.all()) == set(orders)
    assert filed in type(filed).objects.owned_by(Viewer(maya))


def test_an_unproven_address_inherits_nothing(shops: dict[str, Storefront], now: datetime) -> None:
    factories.account(shops[factories.IMAGE], email=EMAIL)
    factories.order(shops[factories.SPA], now=now, email=EMAIL)
    link_purchases(factories.person(EMAIL))
    assert not CustomerAccount.objects.filter(user__isnull=False).exists()


def test_it_can_run_again_and_finds_what_came_meanwhile(
    maya: User, shops: dict[str, Storefront], now: datetime
) -> None:
    shop = shops[factories.IMAGE]
    factories.order(shop, now=now, email=EMAIL)
    link_purchases(maya)
    later = factories.order(shop, now=now, email=EMAIL)
    link_purchases(maya)
    later.refresh_from_db()
    assert later.account == maya.customer_accounts.get()


def test_staff_own_what_they_bought_so_that_they_cannot_decide_about_it(
    shops: dict[str, Storefront], now: datetime
) -> None:
    shop = shops[factories.IMAGE]
    renee = confirmed(factories.person("renee@example.com", role=Role.SUPPORT, at=[shop]))
    order = factories.order(shop, now=now, email="renee@example.com")
    link_purchases(renee)
    order.refresh_from_db()
    assert order.account is not None
    assert order.account.user == renee


def test_what_a_guest_began_is_there_after_signing_up(maya: User, shops: dict[str, Storefront], now: datetime) -> None:
    alone = factories.order(shops[factories.IMAGE], now=now, email=EMAIL)
    account = factories.account(shops[factories.SPA], email=EMAIL)
    of_account = factories.order(shops[factories.SPA], now=now, customer=account)
    begun = [drafts.open_draft(order=order, user=None, now=now) for order in (alone, of_account)]
    link_purchases(maya)
    found = [reading.find(Order.objects.get(pk=draft.order_id), Viewer(maya)) for draft in begun]
    assert found == begun


def test_a_draft_of_somebody_elses_order_stays_the_guests(
    maya: User, shops: dict[str, Storefront], now: datetime
) -> None:
    foreign = drafts.open_draft(order=factories.order(shops[factories.IMAGE], now=now), user=None, now=now)
    factories.order(shops[factories.IMAGE], now=now, email=EMAIL)
    link_purchases(maya)
    foreign.refresh_from_db()
    assert foreign.user is None
