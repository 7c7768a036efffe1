"""Signing in and out: one answer for everybody who may not, and limits that lock nobody else out (B4-B6, B11, B36)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from returns.models import Storefront
from tests import factories
from tests.accounts.mailbox import confirmed, kinds_to
from tests.accounts.pages import LOGIN, is_signed_in, seen, sign_in

pytestmark = pytest.mark.django_db

WRONG = "not the password of anybody here"


@pytest.fixture
def maya() -> User:
    return confirmed(factories.person("maya@example.com", name="Maya Brennan"))


# -------------------------------------------------------------------------------------------------------------- who may


@pytest.mark.parametrize("typed", ["maya@example.com", "MAYA@Example.com", " maya@example.com "])
def test_address_and_password_sign_in(client: Client, maya: User, typed: str) -> None:
    response = sign_in(client, typed, factories.PASSWORD)
    assert response.headers["Location"] == reverse("accounts:home")
    assert client.session["_auth_user_id"] == str(maya.pk)


def test_an_unconfirmed_address_gets_a_mail_instead(client: Client) -> None:
    factories.person("new@example.com")
    response = sign_in(client, "new@example.com", factories.PASSWORD)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert kinds_to("new@example.com") == ["account_verify"]
    assert not is_signed_in(client)


def answers(client: Client, *emails: str) -> list[object]:
    return [seen(sign_in(client, email, WRONG), email) for email in emails]


def test_known_unknown_disabled_and_unconfirmed_get_the_same_answer(client: Client, maya: User) -> None:
    gone = confirmed(factories.person("gone@example.com"))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    factories.person("new@example.com")
    known, unknown, disabled, unconfirmed = answers(
        client, maya.email, "nobody@example.com", gone.email, "new@example.com"
    )
    assert known == unknown == disabled == unconfirmed


def test_a_disabled_person_with_the_right_password_gets_the_answer_to_a_wrong_one(client: Client, maya: User) -> None:
    wrong = seen(sign_in(client, maya.email, WRONG), maya.email)
    User.objects.filter(pk=maya.pk).update(is_active=False)
    right = seen(sign_in(client, maya.email, factories.PASSWORD), maya.email)
    assert right == wrong


# --------------------------------------------------------------------------------------------------------------- limits


def test_ten_wrong_passwords_in_a_quarter_of_an_hour_are_enough(client: Client, maya: User) -> None:
    with time_machine.travel(datetime(2026, 11, 18, 17, tzinfo=UTC), tick=False) as clock:
        statuses = [sign_in(client, maya.email, WRONG).status_code for _ in range(11)]
        assert statuses == [422] * 10 + [429]
        assert sign_in(client, maya.email, factories.PASSWORD).status_code == 429
        clock.shift(timedelta(minutes=16))
        assert sign_in(client, maya.email, factories.PASSWORD).status_code == 302


def test_somebody_elses_guessing_keeps_nobody_out(client: Client, maya: User) -> None:
    for _ in range(11):
        sign_in(client, maya.email, WRONG)
    assert sign_in(Client(REMOTE_ADDR="198.51.100.1"), maya.email, factories.PASSWORD).status_code == 302


def test_a_hundred_guesses_from_many_places_close_an_account_until_a_new_password(maya: User) -> None:
    for place in range(1, 11):
        for _ in range(10):
            sign_in(Client(REMOTE_ADDR=f"198.51.100.{place}"), maya.email, WRONG)
    owner = Client(REMOTE_ADDR="203.0.113.1")
    assert sign_in(owner, maya.email, factories.PASSWORD).status_code == 429
    from tests.accounts.test_passwords import reset_by_mail

    reset_by_mail(owner, maya, "a new password of her own")
    assert sign_in(owner, maya.email, "a new password of her own").status_code == 302


def test_right_passwords_do_not_count(client: Client, maya: User) -> None:
    for _ in range(12):
        assert sign_in(client, maya.email, factories.PASSWORD).status_code == 302
        client.post(reverse("account_logout"))


def test_unknown_addresses_meet_the_same_limit(client: Client) -> None:
    statuses = [sign_in(client, "nobody@example.com", WRONG).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


@pytest.mark.usefixtures("maya")
def test_other_spellings_and_forged_headers_meet_the_same_limit(client: Client) -> None:
    spellings = ["maya@example.com", "MAYA@example.com", "ma.ya@example.com", "maya+1@example.com"]
    statuses = [
        sign_in(client, spellings[turn % 4], WRONG, HTTP_X_FORWARDED_FOR=f"192.0.2.{turn}").status_code
        for turn in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_the_limits_survive_an_emptied_redis(client: Client, maya: User) -> None:
    for _ in range(10):
        sign_in(client, maya.email, WRONG)
    for cache in caches.all():
        cache.clear()
    assert sign_in(client, maya.email, WRONG).status_code == 429


# ----------------------------------------------------------------------------------------------------------- where next


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example/",
        "https:evil.example",
        "http://127.0.0.1:8000@evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "\x01//evil.example",
        " //evil.example",
        "http://testserver/accounts/",
    ],
)
def test_next_never_leads_away(client: Client, maya: User, elsewhere: str) -> None:
    response = sign_in(client, maya.email, factories.PASSWORD, next_url=elsewhere)
    assert response.headers["Location"] == reverse("accounts:home")
    again = client.get(reverse(LOGIN), {"next": elsewhere})  # signed in already: sent on at once
    assert again.headers["Location"] == reverse("accounts:home")


@pytest.mark.parametrize("target", ["/image-consumer/orders/", "/desk/?owner=me"])
def test_next_leads_on_within_the_portal(client: Client, maya: User, target: str) -> None:
    response = sign_in(client, maya.email, factories.PASSWORD, next_url=target)
    assert response.headers["Location"] == target


@pytest.mark.parametrize("name", ["account_logout", "account_signup", "account_change_password"])
def test_next_leads_nowhere_else_on_the_other_pages_either(client: Client, maya: User, name: str) -> None:
    client.force_login(maya)
    response = client.post(reverse(name), {"next": "//evil.example"})
    assert "evil.example" not in response.headers.get("Location", "")


def test_a_page_for_people_sends_strangers_to_sign_in_and_back(client: Client) -> None:
    page = reverse("account_change_password")
    assert client.get(page).headers["Location"] == f"{reverse(LOGIN)}?next={page}"


# ------------------------------------------------------------------------------------------------------------- sessions


def test_signing_in_gives_the_session_a_new_key(client: Client, maya: User) -> None:
    client.get(reverse(LOGIN))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted or ""
    sign_in(client, maya.email, factories.PASSWORD)
    assert client.session.session_key != planted
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = planted or ""
    assert not is_signed_in(stranger)


def test_signing_out_kills_the_old_cookie(client: Client, maya: User) -> None:
    sign_in(client, maya.email, factories.PASSWORD)
    old = client.session.session_key or ""
    assert client.get(reverse("account_logout")).status_code == 200  # only asks
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    client.cookies[settings.SESSION_COOKIE_NAME] = old
    assert not is_signed_in(client)


def test_the_cookie_ends_with_the_browser_and_scripts_cannot_read_it(client: Client, maya: User) -> None:
    sign_in(client, maya.email, factories.PASSWORD)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]


def test_a_disabled_person_is_out_at_the_next_request(client: Client, maya: User) -> None:
    client.force_login(maya)
    assert is_signed_in(client)
    User.objects.filter(pk=maya.pk).update(is_active=False)
    assert not is_signed_in(client)


# ------------------------------------------------------------------------------------------------------- own first page


def test_everybody_begins_where_their_work_is(client: Client, shops: dict[str, Storefront]) -> None:
    shop = shops[factories.IMAGE]
    support = factories.person("support@example.com", role=Role.SUPPORT, at=[shop])
    manager = factories.person("manager@example.com", role=Role.MANAGER, at=[shop])
    one_shop = factories.account(shop, user=factories.person("one@example.com")).user
    nothing_yet = factories.person("none@example.com")
    begins = {}
    for user in (support, manager, one_shop, nothing_yet):
        assert user is not None
        client.force_login(user)
        begins[user.email] = client.get(reverse("accounts:home")).headers["Location"]
    assert begins == {
        "support@example.com": reverse("desk:queue"),
        "manager@example.com": reverse("reports:overview"),
        "one@example.com": reverse("portal:orders", args=[shop.slug]),
        "none@example.com": reverse("portal:storefronts"),
    }
