"""The managers' pages."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from returns.demo.seed import seed
from returns.models import Settlement, Storefront
from returns.wording.phrases import money
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


def test_managers_see_four_figures_and_a_row_for_each_storefront(signed_in: SignIn, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        seed(now=now)
        page = signed_in(User.objects.get(email="mona@desk.example")).get("/reports/")
    html = page.content.decode()
    assert page.status_code == 200
    for word in ("Open now", "Overdue now", "Decided", "Paid back", "le petit spa", "From price to payout"):
        assert word in html
    for resolution in ("refund", "store_credit"):
        paid = Settlement.objects.filter(resolution=resolution, decided_at__gt=now - timedelta(days=30))
        assert money(sum(one.total for one in paid) or Decimal(0)) in html
    assert '<a href="/desk/?overdue=on">' in html


def test_the_page_needs_few_queries(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.mona)
    with django_assert_max_num_queries(11):
        client.get("/reports/")


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("first=2026-11-10&last=2026-11-01&storefront=all", "The last day is before the first"),
        ("first=soon&last=2026-11-01", "Enter a valid date"),
        ("first=2001-01-01&last=2026-11-01&storefront=all", "at most ten years"),
        ("first=9999-01-01&last=9999-12-31&storefront=all", "between 2000 and 2199"),
        ("first=0001-01-01&last=2026-11-01&storefront=all", "between 2000 and 2199"),
        ("first=2026-11-01&last=2026-11-10&storefront=nowhere", "not one of the available choices"),
        ("first=2026-11-01", "This field is required"),
    ],
)
def test_a_range_that_makes_no_sense_is_said_beside_its_field(
    cast: Cast, signed_in: SignIn, query: str, word: str
) -> None:
    page = signed_in(cast.mona).get(f"/reports/?{query}")
    assert page.status_code == 422
    assert word in page.content.decode()
    assert page.content.decode().count("Error: Error: ") == 0
    assert "<title>Error: " in page.content.decode()


def test_an_empty_range_shows_zeros(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.mona).get("/reports/?first=2020-01-01&last=2020-01-31&storefront=all")
    assert "no decision in these days" in page.content.decode()


def test_what_is_open_now_leads_to_the_queue_of_its_storefront(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.mona).get(f"/reports/?first=2026-11-01&last=2026-11-10&storefront={SPA}")
    urls = [figure.url for figure in page.context["figures"]]
    assert urls == [f"/desk/?storefront={SPA}", f"/desk/?storefront={SPA}&overdue=on", "", ""]


def test_support_staff_and_customers_are_turned_away(cast: Cast, signed_in: SignIn) -> None:
    for user in (cast.renee, cast.maya):
        assert signed_in(user).get("/reports/").status_code == 403
        assert signed_in(user).post(f"/reports/storefronts/{SPA}/", {"address": "A\nB"}).status_code == 403


def test_a_manager_enters_the_address_that_blocks_authorizing(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn
) -> None:
    Storefront.objects.filter(slug=SPA).update(return_address="")
    client = signed_in(cast.mona)
    assert "authorizing is blocked" in client.get("/reports/").content.decode()
    url = f"/reports/storefronts/{SPA}/"
    assert "Authorizing is blocked" in client.get(url).content.decode()
    refused = client.post(url, {"address": "Charlotte"})
    assert refused.status_code == 422
    assert "at least two lines" in refused.content.decode()
    assert client.post(url, {"address": " 1 Main Street \r\n\r\nCharlotte, NC 28202"}).status_code == 302
    assert Storefront.objects.get(slug=SPA).return_address == "1 Main Street\nCharlotte, NC 28202"


def test_a_manager_sees_only_their_own_storefronts(cast: Cast, signed_in: SignIn) -> None:
    cast.mona.memberships.filter(storefront__slug=IMAGE).delete()
    client = signed_in(cast.mona)
    assert "IMAGE Skincare</" not in client.get("/reports/").content.decode()
    assert client.get(f"/reports/storefronts/{IMAGE}/").status_code == 404
    assert client.post(f"/reports/storefronts/{IMAGE}/", {"address": "A\nB"}).status_code == 404
