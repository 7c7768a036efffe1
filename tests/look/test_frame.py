"""The frame of pages: whose page it is, how to reach its people, which policy applies, and where else one can go."""

from datetime import datetime
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory

from accounts.models import User
from returns.domain.deadlines import ServiceHours
from returns.models import PolicyVersion, Storefront
from returns.templatetags.frame import desk_nav, face_of, links
from returns.wording.hours import open_now
from tests.conftest import Cast
from tests.factories import SPA
from tests.look.markup import Markup

HOURS = ServiceHours.of(
    "America/New_York",
    {day: ["08:30", "18:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    closed_on_federal_holidays=True,
)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-18T12:00-05:00", "Open now, until 6 pm"),
        ("2026-11-18T07:00-05:00", "Closed, opens today 8:30 am"),
        ("2026-11-18T18:00-05:00", "Closed, opens Thursday 8:30 am"),
        ("2026-11-20T23:30-05:00", "Closed, opens Monday 8:30 am"),
        ("2026-11-25T20:00-05:00", "Closed, opens Friday 8:30 am"),  # the day after is Thanksgiving
    ],
)
def test_the_foot_says_whether_somebody_answers_now(at: str, words: str) -> None:
    assert open_now(HOURS, datetime.fromisoformat(at)) == words


def test_a_shop_without_hours_says_nothing_about_them(now: datetime) -> None:
    assert open_now(ServiceHours.of("UTC", {}, closed_on_federal_holidays=False), now) == ""


def test_of_several_pages_the_nearest_one_is_current() -> None:
    found = links("/desk/receive/x/", ("Queue", "/desk/"), ("Receive", "/desk/receive/"), ("Nowhere", ""))
    assert [(item.label, item.is_current) for item in found] == [("Queue", False), ("Receive", True)]


def test_a_storefronts_face_has_its_name_its_people_and_its_policy(shops: dict[str, Storefront], now: datetime) -> None:
    shop = shops[SPA]
    face = face_of(shop, None, path=f"/{SPA}/returns/", now=now)
    assert (face.look, face.name, face.email) == (SPA, shop.name, shop.email)
    assert face.policy_label == "Return policy, version 1"
    assert face.home_url == f"/{SPA}/"
    assert face.policy_url == f"/{SPA}/policy/"
    assert [(item.url, item.is_current) for item in face.nav] == [(f"/{SPA}/returns/", True), (face.policy_url, False)]
    assert face.hours
    assert face.open_now


def test_a_shop_whose_policy_is_not_published_names_none(shops: dict[str, Storefront], now: datetime) -> None:
    shop = Storefront.objects.create(slug="new-shop", name="New Shop", short_name="New")
    assert face_of(shop, None, path="/", now=now).policy_label == ""


def test_a_page_about_a_return_names_the_version_that_decided(shops: dict[str, Storefront], now: datetime) -> None:
    old = PolicyVersion.objects.get(storefront=shops[SPA])
    PolicyVersion.objects.create(storefront=shops[SPA], number=2, terms=old.terms, effective_from=now, published_at=now)
    assert face_of(shops[SPA], old, path="/", now=now).policy_label == "Return policy, version 1"
    latest = face_of(shops[SPA], None, path="/", now=now)
    assert latest.policy_label == "Return policy, version 2"
    assert latest.policy_since == "In force since November 18, 2026"


def page(source: str, user: User | None = None, path: str = "/", **values: Any) -> Markup:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    return Markup.of(Template(source).render(Context({"request": request, "user": request.user, **values})))


def test_a_bar_that_is_drawn_once_shows_each_reader_their_own_search_and_token(cast: Cast) -> None:
    texts = ['<b>"', "Maya", "\\0", ""]
    bars = [page("{% load frame %}{% desk_bar %}", cast.sam, "/desk/find/", q=text) for text in [*texts, *texts]]
    fields = [bar.all("input", name="q")[0].get("value") for bar in bars]
    tokens = {bar.all("input", name="csrfmiddlewaretoken")[0].get("value") for bar in bars}
    assert fields == [*texts, *texts]
    assert len(tokens) == len(bars)
    assert all(len(token) == 64 for token in tokens)


def test_reports_are_in_the_bar_of_managers_only(cast: Cast) -> None:
    def bar(user: User) -> list[str]:
        request = RequestFactory().get("/desk/")
        request.user = user
        return [item.label for item in desk_nav(request)]

    assert bar(cast.renee) == ["Queue", "Receive", "Holding", "Customers", "Licenses", "Proposals", "Payouts"]
    assert bar(cast.mona) == [
        "Queue",
        "Receive",
        "Holding",
        "Customers",
        "Licenses",
        "Proposals",
        "Payouts",
        "Reports",
    ]
    assert bar(cast.ada) == ["Staff"]


BLOCKS = "{% block title %}Start{% endblock %}{% block content %}<h1>Start</h1>{% endblock %}"
PORTAL = '{% extends "base_portal.html" %}' + BLOCKS
DESK = '{% extends "base_desk.html" %}' + BLOCKS


def test_a_customers_page_wears_the_look_of_its_storefront(shops: dict[str, Storefront], cast: Cast) -> None:
    drawn = page(PORTAL, cast.maya, f"/{SPA}/", storefront=shops[SPA])
    assert not drawn.faults()
    assert drawn.all("html")[0].get("data-storefront") == SPA
    assert drawn.all("title")[0].text.strip() == f"Start – {shops[SPA].name}"
    assert drawn.all("a")[0].get("href") == "#main"
    assert "Maya Brennan" in drawn.all("header")[0].text


def test_signing_out_is_a_form_and_never_a_link(shops: dict[str, Storefront], cast: Cast) -> None:
    drawn = page(PORTAL, cast.maya, storefront=shops[SPA])
    assert drawn.all("form", method="post", action="/accounts/logout/")
    assert not drawn.all("a", href="/accounts/logout/")


def test_strangers_are_offered_to_sign_in_and_come_back_to_this_shop(shops: dict[str, Storefront]) -> None:
    drawn = page(PORTAL, storefront=shops[SPA])
    assert [link.text for link in drawn.all("a", href=f"/accounts/login/?next=/{SPA}/returns/")] == ["Sign in"]


def test_the_desk_looks_the_same_whichever_storefront_the_page_is_about(
    shops: dict[str, Storefront], cast: Cast
) -> None:
    drawn = page(DESK, cast.renee, "/desk/", storefront=shops[SPA])
    assert not drawn.faults()
    [html] = drawn.all("html")
    assert (html.get("data-area"), html.get("data-storefront")) == ("desk", "")
    assert [link.text for link in drawn.all("a") if link.get("aria-current") == "page"] == ["Queue", "Queue"]


class OneField(forms.Form):
    name = forms.CharField()


@pytest.mark.parametrize(("form", "title"), [(OneField({}), "Error: Start"), (OneField(), "Start")])
def test_the_title_says_first_that_the_form_came_back(form: forms.Form, title: str) -> None:
    assert page(PORTAL, form=form).all("title")[0].text.strip() == title


def test_every_key_that_the_desk_lists_leads_somewhere(cast: Cast) -> None:
    drawn = page(DESK, cast.renee, "/desk/")
    assert [link.text for link in drawn.all("a", data_key="d")] == ["Receive"]
    assert drawn.all("input", id="find")
    assert drawn.all("dialog", id="keys")
