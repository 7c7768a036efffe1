"""A storefront without a programmer: opened, named, colored and reached through forms alone."""

import re
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import StaffMembership
from returns.mail import sender
from returns.models import Notification, PolicyVersion, Storefront, StorefrontChange
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA
from tests.look.css_tokens import contrast

pytestmark = pytest.mark.django_db

LIST = "/reports/storefronts/"


@pytest.fixture
def mona(cast: Cast, signed_in: SignIn, now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield signed_in(cast.mona)


def answers(**instead: Any) -> dict[str, Any]:
    hours = {f"{day}_{name}": at for day in ("mon", "tue") for name, at in (("opens", "9:00"), ("closes", "17:30"))}
    return {
        "name": "The Green Pot",
        "short_name": "Green Pot",
        "tagline": "Plants by mail",
        "slug": "green-pot",
        "currency": "USD",
        "accent": "#295d32",
        "return_address": "The Green Pot\n1 Garden Way\nCharlotte, NC 28202",
        "care_name": "The gardeners",
        "email": "care@pot.example",
        "sender_name": "Green Pot returns",
        "phone": "704-555-0111",
        "timezone": "America/New_York",
        "closing_days": "2026-12-24\n\n2026-12-23",
        "account_self_service": "on",
        "copied": PolicyVersion.objects.get(storefront__slug=IMAGE).pk,
        "begins": "published",
        **hours,
        **instead,
    }


def test_a_new_storefront_is_live_the_same_minute_for_who_made_it(mona: Client, cast: Cast, client: Client) -> None:
    assert mona.post(f"{LIST}new/", answers()).headers["Location"] == LIST
    made = Storefront.objects.get(slug="green-pot")
    assert made.closing_days == [date(2026, 12, 23), date(2026, 12, 24)]
    assert made.opening_hours == {"mon": ["09:00", "17:30"], "tue": ["09:00", "17:30"]}
    assert list(made.memberships.values_list("user", flat=True)) == [cast.mona.pk]
    version = made.policy_versions.get()
    assert (version.number, version.effective_from, version.published_by) == (1, None, cast.mona)
    page = client.get("/green-pot/").content.decode()
    assert "The Green Pot" in page
    assert "From day 31" in page
    assert "Nothing is missing." in mona.get(LIST).content.decode()


def test_its_color_comes_as_a_style_sheet_with_its_mark_in_the_name(mona: Client, client: Client) -> None:
    mona.post(f"{LIST}new/", answers())
    page = client.get("/green-pot/").content.decode()
    assert "style=" not in page
    found = re.search(r'href="(/green-pot/look-[0-9a-f]{12}\.css)"', page)
    assert found is not None
    sheet = mona.get(found[1])  # signed in: a file like any other all the same
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert ':root[data-storefront="green-pot"]{--accent:#295d32;' in sheet.content.decode()
    assert client.get("/green-pot/look-000000000000.css").status_code == 404
    assert "look-" not in client.get(f"/{IMAGE}/").content.decode(), "its color is in the portal's own style sheet"


def test_another_color_has_another_name(mona: Client, shops: dict[str, Storefront], client: Client) -> None:
    mona.post(f"{LIST}{IMAGE}/settings/", settings_of(shops[IMAGE], accent="#5a1f6b"))
    first = re.search(r"look-[0-9a-f]{12}", client.get(f"/{IMAGE}/").content.decode())
    mona.post(f"{LIST}{IMAGE}/settings/", settings_of(shops[IMAGE], accent="#1f2f6b"))
    second = re.search(r"look-[0-9a-f]{12}", client.get(f"/{IMAGE}/").content.decode())
    assert first is not None
    assert second is not None
    assert first[0] != second[0]


def settings_of(shop: Storefront, **instead: Any) -> dict[str, Any]:
    """The settings form as it stands, some of it filled in otherwise."""
    names = ("name", "short_name", "tagline", "accent", "return_address", "care_name", "email", "phone", "timezone")
    found = {name: getattr(shop, name) for name in names}
    for day, (opens, closes) in shop.opening_hours.items():
        found |= {f"{day}_opens": opens, f"{day}_closes": closes}
    return {**found, "account_self_service": "on", **instead}


def test_the_time_zone_stays_once_a_policy_is_published(mona: Client, shops: dict[str, Storefront]) -> None:
    page = mona.post(f"{LIST}{IMAGE}/settings/", settings_of(shops[IMAGE], timezone="Asia/Tokyo", tagline="Kept"))
    html = page.content.decode()
    assert page.status_code == 422
    assert "The published policy counts its days by America/New_York." in html
    assert 'value="Kept"' in html
    assert Storefront.objects.get(slug=IMAGE).timezone == "America/New_York"
    assert not StorefrontChange.objects.filter(storefront__slug=IMAGE).exists()


def test_a_storefront_with_a_draft_alone_may_move_to_another_time_zone(
    mona: Client, shops: dict[str, Storefront]
) -> None:
    mona.post(f"{LIST}new/", answers(begins="draft"))
    made = Storefront.objects.get(slug="green-pot")
    mona.post(f"{LIST}green-pot/settings/", settings_of(made, timezone="America/Chicago"))
    made.refresh_from_db()
    assert made.timezone == "America/Chicago"


def test_a_color_that_is_too_faint_is_refused_and_the_readable_one_can_be_taken(
    mona: Client, shops: dict[str, Storefront]
) -> None:
    page = mona.post(f"{LIST}{IMAGE}/settings/", settings_of(shops[IMAGE], accent="#ffcc00"))
    html = page.content.decode()
    assert page.status_code == 422
    assert "Text in #ffcc00 is too faint on paper." in html
    found = re.search(r'name="take" value="(#[0-9a-f]{6})"', html)
    assert found is not None
    assert contrast(found[1], "#f6f4ee") >= 7
    mona.post(f"{LIST}{IMAGE}/settings/", settings_of(shops[IMAGE], accent="#ffcc00", take=found[1]))
    shops[IMAGE].refresh_from_db()
    assert shops[IMAGE].accent == found[1]


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ({"name": ""}, "Write the storefront’s name."),
        ({"slug": "Green Pot"}, "small letters, digits and single hyphens"),
        ({"slug": "desk"}, "“desk” is taken."),
        ({"slug": IMAGE}, f"“{IMAGE}” is taken."),
        ({"slug": "new"}, "“new” is taken."),
        ({"slug": "metrics"}, "“metrics” is taken."),
        ({"currency": "usd"}, "three capital letters"),
        ({"accent": "green"}, "Write a color as #"),
        ({"return_address": "Somewhere"}, "at least two lines"),
        ({"email": "care"}, "such as care@example.com"),
        ({"phone": "call us"}, "Write digits"),
        ({"mon_closes": ""}, "Monday: write both times"),
        ({"mon_opens": "18:00"}, "Monday: it closes after it opens."),
        ({"mon_opens": "25:00"}, "Write a time from 00:00"),
        ({"mon_opens": "08:30Z"}, "Write a time from 00:00"),
        ({"mon_opens": "0830"}, "Write a time from 00:00"),
        ({"closing_days": "Christmas"}, "“Christmas” isn’t a day."),
        ({"closing_days": "9999-12-31"}, "between 2000 and 2199"),
        ({"timezone": "Mars/Olympus"}, "not one of the available choices"),
        ({"timezone": "localtime"}, "not one of the available choices"),
        ({"copied": "0"}, "not one of the available choices"),
        ({"begins": ""}, "This field is required"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(mona: Client, instead: dict[str, str], words: str) -> None:
    page = mona.post(f"{LIST}new/", answers(**instead))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Storefront.objects.count() == 3


def test_what_is_missing_is_shown_where_it_blocks(mona: Client, cast: Cast, signed_in: SignIn) -> None:
    mona.post(f"{LIST}new/", answers(return_address="", begins="draft", email="", phone=""))
    html = mona.get(LIST).content.decode()
    assert "No return address: nothing can be authorized" in html
    assert "No policy in force: no return can be asked for" in html
    assert "customers can’t reach anybody" in html


def test_a_managers_new_storefront_is_not_there_for_others(mona: Client, cast: Cast, signed_in: SignIn) -> None:
    mona.post(f"{LIST}new/", answers())
    StaffMembership.objects.filter(user=cast.mona, storefront__slug=SPA).delete()
    assert mona.get(f"{LIST}{SPA}/settings/").status_code == 404
    assert "le petit spa" not in mona.get(LIST).content.decode()
    cast.renee.role = "manager"
    cast.renee.save()
    assert signed_in(cast.renee).get(f"{LIST}green-pot/settings/").status_code == 404
    assert "Green Pot" not in signed_in(cast.renee).get("/reports/policies/").content.decode()


def test_who_changed_what_stands_in_the_history(
    mona: Client, shops: dict[str, Storefront], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    mona.post(f"{LIST}{IMAGE}/settings/", settings_of(shops[IMAGE], phone="704-555-0199", mon_opens="10:00"))
    mona.post(f"{LIST}{IMAGE}/", {"address": "Elsewhere 1\nLantana, FL"})
    mona.post(f"{LIST}{IMAGE}/limit/", {"amount": "150"})
    clocks = {
        "decision_days": 3,
        "claim_decision_days": 1,
        "reminder_days": "5, 2, 0",
        "expires_after_days": 30,
        "goods_leave_within_days": 2,
    }
    mona.post(f"{LIST}{IMAGE}/deadlines/", clocks)
    about = set(StorefrontChange.objects.filter(storefront=shops[IMAGE]).values_list("about", flat=True))
    settings = {"Phone", "Opening hours", "Return address", "A second person above"}
    assert about == settings | {"Decide within", "Expire what isn’t shipped after"}
    with django_assert_max_num_queries(8):
        html = mona.get(f"{LIST}{IMAGE}/history/").content.decode()
    for words in ("1-855-791-5800", "704-555-0199", "150.00", "Mona M."):
        assert words in html
    assert "704-555-0199" not in mona.get(f"{LIST}{IMAGE}/history/?area=policy").content.decode()
    assert "704-555-0199" not in mona.get(f"{LIST}{PRO}/history/").content.decode()


@pytest.mark.parametrize(
    "after",
    [
        "2026-11-18T00:00:00,1",
        "0001-01-01T00:00:00+23:59,1",
        "2199-01-01T00:00:00+00:00,99999999999999999999",
        "soon,1",
    ],
)
def test_a_place_in_the_history_that_is_none_is_its_beginning(mona: Client, after: str) -> None:
    mona.post(f"{LIST}{IMAGE}/limit/", {"amount": "150"})
    page = mona.get(f"{LIST}{IMAGE}/history/", {"after": after})
    assert page.status_code == 200
    assert "150.00" in page.content.decode()


def test_names_are_of_one_line_as_the_subjects_of_mails_are(mona: Client, shops: dict[str, Storefront]) -> None:
    names = ("name", "short_name", "tagline", "care_name", "sender_name")
    broken = dict.fromkeys(names, "Spa\r\nBcc: all@example.com")
    mona.post(f"{LIST}{IMAGE}/settings/", settings_of(shops[IMAGE], **broken))
    shops[IMAGE].refresh_from_db()
    assert {getattr(shops[IMAGE], name) for name in names} == {"Spa  Bcc: all@example.com"}


def test_what_stays_as_it_is_leaves_no_trace(mona: Client, shops: dict[str, Storefront]) -> None:
    mona.post(f"{LIST}{PRO}/settings/", settings_of(shops[PRO], account_types=shops[PRO].account_types))
    assert not StorefrontChange.objects.filter(about="Name").exists()


def test_mails_come_from_the_name_that_is_set(mona: Client, shops: dict[str, Storefront]) -> None:
    row = Notification(storefront=shops[IMAGE], kind="received", recipient="maya@example.com")
    assert sender(row).startswith("IMAGE Skincare <")
    shops[IMAGE].sender_name = "IMAGE returns"
    assert sender(row).startswith("IMAGE returns <")
