"""The week's figures by mail: once, on Monday, to managers who want them and may read them."""

import re
from datetime import datetime, timedelta

import pytest
from django.db.models import QuerySet

from accounts.models import StaffMembership
from accounts.roles import Role
from returns import mail
from returns.letters import NoLongerTrue
from returns.models import Notification, ReportSubscription, Storefront
from returns.services import weekly_reports
from returns.services.weekly_reports import owe_weekly_reports, subscribe
from returns.tasks import owe_weekly_reports as task
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA
from tests.mails import html_of, text_of

pytestmark = pytest.mark.django_db

WORDS = ("1, 1 more than before", "$122.40", "100.0%", "/reports/lines/?first=2026-11-16", "/reports/weekly/")
MONDAY = datetime.fromisoformat("2026-11-23T07:00:00-05:00")


def owed() -> QuerySet[Notification]:
    return Notification.objects.filter(kind=weekly_reports.KIND).order_by("created_at", "pk")


@pytest.fixture
def subscribed(cast: Cast, shops: dict[str, Storefront], now: datetime) -> Cast:
    """Mona wants the week of IMAGE."""
    subscribe(person=cast.mona, storefronts=[shops[IMAGE]], among=shops.values(), now=now)
    return cast


def test_one_mail_is_owed_from_monday_morning_on(subscribed: Cast) -> None:
    steps = [
        (timedelta(minutes=-1), 0),
        (timedelta(0), 1),
        (timedelta(minutes=5), 0),
        (timedelta(days=3), 0),
        (timedelta(days=7, minutes=-1), 0),
        (timedelta(days=10), 1),
    ]
    assert [owe_weekly_reports(now=MONDAY + after) for after, _ in steps] == [number for _, number in steps]
    weeks = [(row.context["first"], row.context["last"]) for row in owed()]
    assert weeks == [("2026-11-16", "2026-11-22"), ("2026-11-23", "2026-11-29")]


def test_nobody_is_mailed_who_didnt_ask(cast: Cast) -> None:
    assert owe_weekly_reports(now=MONDAY) == 0
    task()
    assert not owed().exists()


def test_who_asks_on_monday_noon_gets_the_next_week(cast: Cast, shops: dict[str, Storefront]) -> None:
    subscribe(person=cast.mona, storefronts=[shops[IMAGE]], among=shops.values(), now=MONDAY + timedelta(hours=5))
    assert owe_weekly_reports(now=MONDAY + timedelta(hours=6)) == 0
    assert owe_weekly_reports(now=MONDAY + timedelta(days=7)) == 1


def test_the_mail_has_the_figures_and_the_way_to_the_file(
    subscribed: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    factories.settled(subscribed.accounts[IMAGE], by=subscribed.renee, now=now)
    factories.submitted(factories.order(shops[SPA], now=now, customer=subscribed.accounts[SPA]), now=now)
    owe_weekly_reports(now=MONDAY)
    message = mail.render(owed().get(), now=MONDAY)
    assert message.to == [subscribed.mona.email]
    assert message.subject == "Returns at IMAGE Skincare: the week from November 16"
    for body in (text_of(message), html_of(message)):
        for words in (
            "1, 1 more than before",
            "$122.40",
            "100.0%",
            "/reports/lines/?first=2026-11-16",
            "/reports/weekly/",
        ):
            assert words.replace("&", "&amp;") in body or words in body, words


@pytest.mark.parametrize("change", ["left", "demoted", "inactive", "unsubscribed"])
def test_who_may_or_wants_it_no_more_gets_none(subscribed: Cast, change: str) -> None:
    owe_weekly_reports(now=MONDAY)
    person = subscribed.mona
    if change == "left":
        StaffMembership.objects.filter(user=person, storefront__slug=IMAGE).delete()
    if change == "demoted":
        person.role = Role.SUPPORT.value
    if change == "inactive":
        person.is_active = False
    if change == "unsubscribed":
        ReportSubscription.objects.all().delete()
    person.save()
    with pytest.raises(NoLongerTrue):
        mail.render(owed().get(), now=MONDAY)


def test_managers_choose_storefronts_on_their_page(cast: Cast, shops: dict[str, Storefront], signed_in: SignIn) -> None:
    manager = signed_in(cast.mona)
    for wanted in ([SPA, IMAGE], [IMAGE], []):
        assert manager.post("/reports/weekly/", {"storefronts": wanted}).status_code == 302
        chosen = ReportSubscription.objects.filter(person=cast.mona).values_list("storefront__slug", flat=True)
        assert set(chosen) == set(wanted)
        html = manager.get("/reports/weekly/").content.decode()
        assert len(re.findall(r'name="storefronts"[^>]* checked', html)) == len(wanted)
    assert manager.post("/reports/weekly/", {"storefronts": ["nowhere"]}).status_code == 422


def test_a_storefront_of_others_cant_be_chosen(cast: Cast, shops: dict[str, Storefront], signed_in: SignIn) -> None:
    StaffMembership.objects.filter(user=cast.mona, storefront=shops[SPA]).delete()
    assert signed_in(cast.mona).post("/reports/weekly/", {"storefronts": [SPA]}).status_code == 422
    assert not ReportSubscription.objects.exists()
