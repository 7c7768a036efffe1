"""The public pages of a storefront."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from returns.models import PolicyVersion, Storefront
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield


def url(name: str, *args: object) -> str:
    return reverse(f"portal:{name}", args=args)


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    response = client.get(url(name, *args))
    assert response.status_code == status
    return response.content.decode()


def test_everybody_may_choose_a_storefront(shops: dict[str, Storefront]) -> None:
    body = page(Client(), "storefronts")
    assert all(shop.name in body for shop in shops.values())


@pytest.mark.parametrize("slug", [SPA, IMAGE, PRO])
def test_everybody_may_read_the_landing_page_and_the_policy(shops: dict[str, Storefront], slug: str) -> None:
    del shops
    assert "What you get back" in page(Client(), "landing", slug)
    assert "Return policy" in page(Client(), "policy", slug)


def test_the_landing_page_computes_the_last_day_in_full(shops: dict[str, Storefront]) -> None:
    del shops
    assert "in full until Friday, December 18, 2026." in page(Client(), "landing", IMAGE)
    assert "in full until Thursday, December 3, 2026." in page(Client(), "landing", SPA)


def test_le_petit_spa_never_promises_a_refund(shops: dict[str, Storefront]) -> None:
    del shops
    for name in ("landing", "policy"):
        body = page(Client(), name, SPA).lower()
        assert "refund" not in body
        assert "credit card" not in body


def test_help_names_the_storefronts_own_contacts(shops: dict[str, Storefront]) -> None:
    del shops
    assert 'call <span class="nowrap">(800) 796-7546</span>' in page(Client(), "landing", PRO).lower()
    assert "We keep your account data for you." in page(Client(), "landing", PRO)
    assert "We keep your account data for you." not in page(Client(), "landing", IMAGE)


def test_without_a_published_policy_nothing_can_be_started_and_the_contacts_stay(shops: dict[str, Storefront]) -> None:
    bare = Storefront.objects.create(slug="bare", name="Bare", short_name="Bare", phone="704-555-0199")
    del shops
    body = page(Client(), "landing", bare.slug)
    assert "Email me the link" not in body
    assert "704-555-0199" in body
    assert page(Client(), "policy", bare.slug)


def test_damage_comes_first_and_each_visitor_gets_the_way_to_report_it(
    cast: Cast, signed_in: SignIn, shops: dict[str, Storefront]
) -> None:
    del shops
    stranger, customer = page(Client(), "landing", IMAGE), page(signed_in(cast.maya), "landing", IMAGE)
    assert f'href="{url("start", IMAGE)}?lane=damage"' in stranger
    assert f'href="{url("orders", IMAGE)}?lane=damage"' in customer
    assert stranger.index("Report it") < stranger.index("Start a return") < stranger.index("What you get back")


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        (SPA, ("within 10 business days", "Store credit only.", "half if opened", "$20.00", "packing slip", "15 days")),
        (IMAGE, ("within 10 days", "A refund", "less 20%", "T-shirts", "a year away", "48 hours", "Bought elsewhere")),
        (PRO, ("within 10 days", "or store credit", "less 20%", "peels", "10% back", "48 hours", "What you owe us")),
    ],
)
def test_the_policy_in_plain_words_names_what_decides(
    shops: dict[str, Storefront], slug: str, said: tuple[str, ...]
) -> None:
    del shops
    body = page(Client(), "landing", slug)
    assert [words for words in (*said, "You pay the shipping.") if words not in body] == []


def test_while_nobody_answers_the_form_is_named_as_what_works(shops: dict[str, Storefront], now: datetime) -> None:
    del shops
    assert "The form works day and night." not in page(Client(), "landing", IMAGE)
    with time_machine.travel(now.replace(day=21), tick=False):  # a Saturday
        body = page(Client(), "landing", IMAGE)
    assert "Closed, opens Monday 8:30 am. The form works day and night." in body


def test_the_line_for_appointments_is_in_the_head_of_the_shop_that_has_one(shops: dict[str, Storefront]) -> None:
    del shops
    assert 'href="tel:9804063269"' in page(Client(), "landing", SPA)
    assert "appointment" not in page(Client(), "landing", IMAGE)


@pytest.mark.parametrize("slug", [SPA, IMAGE, PRO])
def test_the_landing_page_costs_little(
    cast: Cast,
    signed_in: SignIn,
    slug: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    clients = Client(), signed_in(cast.maya)
    for client in clients:
        client.get(url("landing", slug))
    for client in clients:
        with django_assert_max_num_queries(8):
            client.get(url("landing", slug))


def test_an_older_policy_says_so_and_leads_to_the_others(shops: dict[str, Storefront], now: datetime) -> None:
    first = PolicyVersion.objects.get(storefront=shops[IMAGE])
    PolicyVersion.objects.create(
        storefront=shops[IMAGE], number=2, terms=first.terms, published_at=now, effective_from=now
    )
    older, latest = page(Client(), "policy_version", IMAGE, 1), page(Client(), "policy", IMAGE)
    assert "An older version" in older
    assert "Version 2, for orders from November 18, 2026 on" in older
    assert "An older version" not in latest
    assert "Version 1, for the oldest orders" in latest


def test_a_policy_of_a_later_day_is_shown_as_coming_and_not_as_in_force(
    shops: dict[str, Storefront], now: datetime
) -> None:
    first, tomorrow = PolicyVersion.objects.get(storefront=shops[IMAGE]), now + timedelta(days=1)
    PolicyVersion.objects.create(
        storefront=shops[IMAGE], number=2, terms=first.terms, published_at=now, effective_from=tomorrow
    )
    since = "Version 2, for orders from November 19, 2026 on"
    current, coming = page(Client(), "policy", IMAGE), page(Client(), "policy_version", IMAGE, 2)
    assert "Return policy, version 1" in page(Client(), "landing", IMAGE)
    assert "An older version" not in current
    assert since in current
    assert since in coming
    assert "An older version" not in coming


def test_each_clause_of_the_policy_can_be_linked(shops: dict[str, Storefront]) -> None:
    body = page(Client(), "policy_version", IMAGE, 1)
    terms = PolicyVersion.objects.get(storefront=shops[IMAGE]).parsed()
    assert all(f'id="{clause.id}"' in body for clause in terms.clauses)


def test_a_draft_of_a_policy_is_not_public(shops: dict[str, Storefront]) -> None:
    first = PolicyVersion.objects.get(storefront=shops[IMAGE])
    PolicyVersion.objects.create(storefront=shops[IMAGE], number=2, terms=first.terms)
    page(Client(), "policy_version", IMAGE, 2, status=404)
    assert "version 1" in page(Client(), "policy", IMAGE)


@pytest.mark.parametrize("name", ["landing", "policy", "orders", "returns"])
def test_a_storefront_that_does_not_exist_is_not_found(cast: Cast, signed_in: SignIn, name: str) -> None:
    page(signed_in(cast.maya), name, "nowhere", status=404)


@pytest.mark.parametrize("name", ["orders", "returns"])
def test_strangers_are_asked_to_sign_in(shops: dict[str, Storefront], name: str) -> None:
    del shops
    response = Client().get(url(name, IMAGE))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))
