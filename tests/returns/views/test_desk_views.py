"""Views beside the queue: counted, saved, renamed and removed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from returns.domain.facts import Reason
from returns.models import ReturnRequest, SavedView, Storefront
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


def filed(shop: Storefront, cast: Cast, now: datetime, **asked: object) -> ReturnRequest:
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug], delivered_hours_ago=19)
    return factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), **asked)])


def numbers(client: Client, url: str) -> list[str]:
    return [row.number for row in client.get(url).context["rows"]]


def counts(client: Client, url: str = "/desk/") -> dict[str, str]:
    return {view.name: view.number for view in client.get(url).context["views"]}


def test_the_standard_views_stand_beside_the_queue_with_their_counts(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    filed(shops[IMAGE], cast, now, reason=Reason.DAMAGED)
    late = now - timedelta(days=20)
    mine = factories.authorized(filed(shops[SPA], cast, late), by=cast.renee, now=late)
    factories.received(mine, by=cast.renee, now=late)
    factories.authorized(filed(shops[IMAGE], cast, now), by=cast.sam, now=now)
    assert counts(renee) == {
        "Everything open": "3",
        "Mine": "1",
        "Nobody's": "1",
        "To decide": "1",
        "Claims": "1",
        "Waiting for the customer": "0",
        "To receive": "1",
        "To inspect": "1",
        "To settle": "0",
        "Due this week": "0",
        "Overdue": "1",
    }
    page = renee.get("/desk/")
    assert [view.name for view in page.context["views"] if view.is_current] == ["Everything open"]
    assert "3 returns." in page.content.decode()
    for view in page.context["views"]:
        answer = renee.get(view.url)
        assert answer.context["heading"] == view.name
        assert str(len(answer.context["rows"])) == view.number


def test_filters_narrow_by_reason_verdict_lane_amount_owner_and_due_day(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    claim = filed(shops[IMAGE], cast, now, reason=Reason.DAMAGED)
    late = now - timedelta(days=12)
    sams = factories.authorized(filed(shops[IMAGE], cast, late), by=cast.sam, now=late)
    factories.received(sams, by=cast.sam, now=late)
    today = now - timedelta(days=10)
    due = factories.received(
        factories.authorized(filed(shops[IMAGE], cast, today), by=cast.renee, now=today), by=cast.renee, now=today
    )
    small = filed(shops[IMAGE], cast, now, quantity=1)
    cases = {
        "reason=damaged": [claim],
        "verdict=eligible&lane=claims": [claim],
        "verdict=redirect": [],
        "lane=ordinary": [sams, due, small],
        "amount_to=%2461.20&lane=ordinary": [small],
        "amount_from=100&lane=ordinary": [sams, due],
        f"owner={cast.sam.public_id}": [sams],
        "due=overdue": [sams],
        "due=today": [due],
        "due=week": [due],
        "overdue=on": [sams],
        "status=to_inspect&sort=newest": [due, sams],
        "status=to_inspect&sort=oldest": [sams, due],
        "lane=ordinary&sort=amount": [*sorted((sams, due), key=lambda one: one.reference, reverse=True), small],
    }
    for query, expected in cases.items():
        assert (query, numbers(renee, f"/desk/?{query}")) == (query, [row.rma_number or row.number for row in expected])
        assert renee.get(f"/desk/?{query}").context["number"].split()[0] == str(len(expected))


def test_an_amount_that_is_none_is_kept_and_told(renee: Client) -> None:
    page = renee.get("/desk/?amount_from=a+lot").content.decode()
    assert 'value="a lot"' in page
    assert "An amount is a number" in page


@pytest.mark.parametrize("sort", ["newest", "oldest", "amount"])
def test_pages_follow_each_other_in_every_order(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr("returns.views.desk_queue.PAGE_SIZE", 2)
    made = {
        filed(shops[SPA], cast, now - timedelta(hours=hours), quantity=units).number
        for hours, units in ((1, 1), (1, 2), (3, 2), (4, 1), (5, 2))
    }
    whole = f"/desk/?sort={sort}"
    seen, url = [], whole
    while url:
        page = renee.get(url)
        seen.append([row.number for row in page.context["rows"]])
        url = page.context["next_url"]
    assert [len(page) for page in seen] == [2, 2, 1]
    monkeypatch.setattr("returns.views.desk_queue.PAGE_SIZE", 50)
    assert [number for page in seen for number in page] == numbers(renee, whole)
    assert {number for page in seen for number in page} == made


def test_a_view_is_saved_found_renamed_and_removed(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    filed(shops[IMAGE], cast, now, reason=Reason.DAMAGED)
    query = "lane=claims&amount_from=50.00&sort=amount"
    page = renee.get(f"/desk/?{query}")
    assert page.context["heading"] == "Chosen returns"
    form = renee.get(page.context["save_url"])
    assert "Lane: Claims" in form.content.decode()
    answer = renee.post(page.context["save_url"], {"name": " Big  claims ", "share": "me"}, follow=True)
    assert answer.context["heading"] == "Big claims"
    view = SavedView.objects.get()
    assert (view.person, view.shared_at, view.name) == (cast.renee, None, "Big claims")
    assert counts(renee)["Big claims"] == "1"

    edit = answer.context["current"].edit_url
    renamed = renee.post(edit, {"name": "Large claims", "was": "Big claims"}, follow=True)
    assert renamed.context["heading"] == "Large claims"
    removed = renee.post(f"{edit}remove/", {"was": "Large claims"}, follow=True)
    assert "View “Large claims” removed" in removed.content.decode()
    assert not SavedView.objects.exists()


def test_what_cannot_be_saved_comes_back_with_the_reason(renee: Client) -> None:
    assert renee.post("/desk/views/new/?owner=me", {"name": " ", "share": "me"}).status_code == 422
    assert renee.post("/desk/views/new/?owner=me", {"name": "x" * 41, "share": "me"}).status_code == 422
    assert renee.post("/desk/views/new/?owner=me", {"name": "Mine", "share": "elsewhere"}).status_code == 422
    assert renee.post("/desk/views/new/?owner=me", {"name": "Mine", "share": "me"}).status_code == 302
    again = renee.post("/desk/views/new/?owner=nobody", {"name": "mine", "share": "me"})
    assert again.status_code == 409
    assert "There is a view called “mine” already." in again.content.decode()


def test_a_view_that_somebody_renamed_meanwhile_is_left_alone(
    renee: Client, cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    renee.post("/desk/views/new/?due=overdue", {"name": "Late", "share": IMAGE})
    view = SavedView.objects.get()
    url = f"/desk/views/{view.public_id}/"
    assert signed_in(cast.mona).post(url, {"name": "Too late", "was": "Late"}).status_code == 302
    for answer in (renee.post(url, {"name": "Latest", "was": "Late"}), renee.post(f"{url}remove/", {"was": "Late"})):
        assert answer.status_code == 409
        assert "Somebody renamed “Late” to “Too late” meanwhile." in answer.content.decode()
    assert renee.post(url, {"name": "", "was": "Too late"}).status_code == 422
    assert signed_in(cast.sam).get(url).status_code == 403
    assert signed_in(cast.lena).get(url).status_code == 404


def test_the_queue_asks_six_questions_with_any_number_of_views_and_counts_no_big_table(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    filed(shops[SPA], cast, now)
    for number, query in enumerate(("owner=me&sort=oldest", "reason=damaged", "verdict=redirect&amount_to=9")):
        renee.post(f"/desk/views/new/?{query}", {"name": f"View {number}", "share": "me"})
    renee.get("/desk/")  # reads the flash lines
    for query in ("", "?owner=nobody", "?reason=changed_mind", "?view=x&sort=amount"):
        with CaptureQueriesContext(connection) as asked:
            assert renee.get(f"/desk/{query}").status_code == 200
        assert len(asked) <= 6, [one["sql"] for one in asked]
        for one in asked:
            for rows in one["sql"].lower().split("count(*)")[1:]:
                assert rows.startswith(" from (select"), "only what was cut off at a hundred is counted"
                assert "limit 100) bounded" in rows


def test_an_outdated_view_still_shows_a_queue(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    SavedView.objects.create(
        person=cast.renee, name="Old", filter={"status": "gone", "storefront": "closed", "x": "y"}, created_at=now
    )
    filed(shops[SPA], cast, now)
    assert counts(renee)["Old"] == "1"
