"""The managers' pages."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.db.models import Sum
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from returns.demo.seed import seed
from returns.models import Settlement, Storefront
from returns.wording.phrases import money
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db

LAST_DAYS = "first=2026-10-20&last=2026-11-18&storefront=all&by=settled"
SHOWN = (
    "Returns over time",
    "Kept our promise?",
    "Open now",
    "Overdue now",
    "At risk now",
    "Store credit owed now",
    "Open by status and age",
    "By storefront",
    "le petit spa",
    "Why",
    "What customers got",
    "From price to payout",
    "Where the money went",
    "Products that come back",
    "How long it took",
    "Declared and found",
    "Overrides by clause",
    "Overrides by person",
    "Who did what",
    "From customers who return often",
    "Mails that didn’t arrive",
    "By date of settlement in Eastern time",
)


def test_managers_see_figures_charts_tables_and_a_row_for_each_storefront(signed_in: SignIn, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        seed(now=now)
        page = signed_in(User.objects.get(email="mona@desk.example")).get("/reports/?" + LAST_DAYS)
    html = page.content.decode()
    assert page.status_code == 200
    for word in SHOWN:
        assert word in html, word
    for resolution in ("refund", "store_credit"):
        paid = Settlement.objects.filter(resolution=resolution, decided_at__gt=now - timedelta(days=30))
        assert money(sum(one.total for one in paid) or Decimal(0)) in html
    assert '<a href="/desk/?due=overdue">' in html
    assert "style=" not in html


def test_every_figure_on_the_page_leads_to_a_page(signed_in: SignIn, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        seed(now=now)
        manager = signed_in(User.objects.get(email="mona@desk.example"))
        html = manager.get("/reports/?" + LAST_DAYS).content.decode()
        urls = {unescape(url) for url in re.findall(r'href="(/reports/(?:returns|credit)/[^"]*)"', html)}
        assert len(urls) > 60
        shown = {url: manager.get(url) for url in sorted(urls)[::9]}
        largest = manager.get("/reports/returns/?first=2020-01-01&last=2026-11-18&storefront=all&figure=line")
    assert {page.status_code for page in shown.values()} == {200}
    total = Settlement.objects.aggregate(sum=Sum("total"))["sum"]
    assert money(total) in largest.content.decode()


def test_rows_are_paged_with_the_filter_kept(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    for _ in range(3):
        factories.submitted(
            factories.order(cast.accounts[IMAGE].storefront, now=now, customer=cast.accounts[IMAGE]), now=now
        )
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(now, tick=False):
        patch.setattr("returns.views.report_rows.PAGE_SIZE", 2)
        manager = signed_in(cast.mona)
        page = manager.get("/reports/returns/?figure=reason&detail=changed_mind")
        link = re.search(r'href="([^"]+)" rel="next"', page.content.decode())
        assert link
        following = manager.get("/reports/returns/" + unescape(link[1]))
    assert [len(each.context["rows"]) for each in (page, following)] == [2, 1]
    assert "Reason: Changed their mind" in following.content.decode()
    assert following.context["page"].next == ""


@pytest.mark.parametrize(
    "query",
    [
        "figure=nonsense",
        "figure=work&detail=" + "x" * 36,
        "figure=reason&detail=" + "y" * 5000,
        "figure=status&" + "&".join(f"detail=d{number}" for number in range(200)),
        "figure=requests&after=9999-12-31,9999-12-31T23:59:59-23:59,z",
        "figure=requests&after=0001-01-01,0001-01-01T00:00:00%2B23:59,z",
        "figure=decided_after&detail=soon",
        "figure=decided_after&detail=²",
        "figure=settled_late&detail=--5",
    ],
)
def test_nonsense_is_answered_with_few_rows_or_none(cast: Cast, signed_in: SignIn, query: str) -> None:
    assert signed_in(cast.mona).get(f"/reports/returns/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["detail=%00", "&".join(f"detail=d{number}" for number in range(2000))])
def test_what_no_browser_sends_is_refused(cast: Cast, signed_in: SignIn, query: str) -> None:
    assert signed_in(cast.mona).get(f"/reports/returns/?figure=status&{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    ["first=1900-01-01&last=2026-01-01&storefront=all", "first=x&last=y", "first=2026-11-01&last=2026-11-02&by=booked"],
)
def test_days_that_make_no_sense_show_no_rows(cast: Cast, signed_in: SignIn, query: str) -> None:
    assert signed_in(cast.mona).get(f"/reports/returns/?{query}").status_code == 422


@pytest.mark.parametrize("after", ["", "NaN,1", "1e400,1", "5.00,x", "5.00,99999999999999999999", "-1,-1"])
def test_credit_owed_is_listed_and_adds_up(cast: Cast, signed_in: SignIn, now: datetime, after: str) -> None:
    factories.settled(cast.accounts[SPA], by=cast.renee, now=now)
    page = signed_in(cast.mona).get("/reports/credit/", {"after": after, "storefront": "all"})
    assert page.status_code == 200
    assert [row.amount for row in page.context["rows"]] == ["$122.40"]


def test_an_amount_too_small_for_the_database_is_a_place_in_the_list_all_the_same(
    cast: Cast, signed_in: SignIn
) -> None:
    assert signed_in(cast.mona).get("/reports/credit/", {"after": "1e-20000,1"}).status_code == 200


def test_amounts_of_several_currencies_are_not_added_up(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    factories.settled(cast.accounts[SPA], by=cast.renee, now=now)
    Storefront.objects.filter(slug=SPA).update(currency="EUR")
    client = signed_in(cast.mona)
    board = client.get("/reports/").context["report"]
    assert board.figures[4].value == "–"
    assert {row.instead for row in board.payout.rows} == {"–"}
    assert board.payout.total_instead == "–"
    assert (
        client.get(f"/reports/?first=2026-11-01&last=2026-11-02&storefront={SPA}").context["report"].figures[4].value
        == "€0.00"
    )


def test_the_page_needs_few_queries(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.mona)
    with django_assert_max_num_queries(24):
        client.get("/reports/")
    with django_assert_max_num_queries(11):
        client.get("/reports/returns/?figure=work")
    with django_assert_max_num_queries(6):
        client.get("/reports/credit/")


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("first=2026-11-10&last=2026-11-01&storefront=all", "The last day is before the first"),
        ("first=soon&last=2026-11-01", "Enter a valid date"),
        ("first=2001-01-01&last=2026-11-01&storefront=all", "at most twenty years"),
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
    values = [figure.value for figure in page.context["report"].figures]
    assert values == ["0", "–", "–", "–", "$0.00", "0"]


def test_what_is_open_now_leads_to_the_queue_of_its_storefront(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.mona).get(f"/reports/?first=2026-11-01&last=2026-11-10&storefront={SPA}")
    urls = [figure.url for figure in page.context["open_figures"]]
    assert urls[:2] == [f"/desk/?storefront={SPA}", f"/desk/?storefront={SPA}&due=overdue"]
    assert urls[3].startswith("/reports/credit/")
    assert urls[3].endswith(f"storefront={SPA}")


def test_support_staff_and_customers_are_turned_away(cast: Cast, signed_in: SignIn) -> None:
    for user in (cast.renee, cast.maya):
        for path in ("", "returns/", "credit/"):
            assert signed_in(user).get(f"/reports/{path}").status_code == 403
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
