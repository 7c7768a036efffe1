"""Every page of an account is ours: laid out by us, and no other page of django-allauth's is there."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import mails
from accounts.adapter import AccountAdapter
from accounts.models import User
from accounts.urls import urlpatterns
from returns.models import Notification
from tests import factories
from tests.accounts.mailbox import confirmation_path, confirmed, reset_path
from tests.accounts.pages import sign_in

pytestmark = pytest.mark.django_db

PLAIN = [
    name
    for entry in urlpatterns
    if (name := getattr(entry, "name", None)) and "<" not in str(entry.pattern) and "(" not in str(entry.pattern)
]


@pytest.fixture
def maya() -> User:
    return confirmed(factories.person("maya@example.com"))


def pages(client: Client, user: User) -> dict[str, str]:
    """Every page by its address, as a stranger and as a person sees it, the mailed ones included."""
    new = factories.person("new@example.com")
    mails.owe_verification(EmailAddress.objects.create(user=new, email=new.email))
    mails.owe_reset(user)
    mailed = [confirmation_path(new.email), reset_path(user.email), "/accounts/confirm-email/x/"]
    addresses = [*(reverse(name) for name in PLAIN), *mailed, "/accounts/password/reset/key/1-x/"]
    found = {address: client.get(address, follow=True).content.decode() for address in addresses}
    client.force_login(user)
    for name in ("account_change_password", "account_logout"):
        found[reverse(name)] = client.get(reverse(name)).content.decode()
    return found


def test_every_page_is_in_the_house_style_and_nothing_is_styled_inline(client: Client, maya: User) -> None:
    found = pages(client, maya)
    assert len(found) == len(PLAIN) + 4
    for address, page in found.items():
        assert 'href="/static/css/house.css"' in page, address
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src)", page), address
        assert "placeholder=" not in page, address
        assert page.count("<h1") == 1, address


@pytest.mark.parametrize(
    "path",
    [
        "inactive/",
        "reauthenticate/",
        "password/set/",
        "login/code/",
        "login/code/confirm/",
        "3rdparty/",
        "2fa/",
    ],
)
def test_no_other_page_of_allauths_is_there(client: Client, maya: User, path: str) -> None:
    client.force_login(maya)
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("account_login", {"password": "not the password of hers"}),
        ("account_reset_password", {}),
        ("account_signup", {"password1": "four words put together"}),
    ],
)
def test_known_and_unknown_addresses_cost_the_same_work(maya: User, name: str, data: dict[str, str]) -> None:
    cost = []
    for email in ("warm-up@example.com", maya.email, "nobody@example.com"):
        field = "login" if name == "account_login" else "email"
        with CaptureQueriesContext(connection) as captured:
            Client().post(reverse(name), {field: email, **data})
        cost.append(len(captured))
    assert abs(cost[1] - cost[2]) <= 8, cost


def test_who_is_signed_in_is_not_asked_to_sign_in_or_up_again(client: Client, maya: User) -> None:
    sign_in(client, maya.email, factories.PASSWORD)
    for name in ("account_login", "account_signup"):
        assert client.get(reverse(name)).headers["Location"] == reverse("accounts:home")


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup"])
@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Enter your email address."),
        ("maya", "Enter an email address such as name@example.com."),
        ("a@b\r\nBcc: eve@example.com", "Enter an email address such as name@example.com."),
        ("a@example.com,b@example.com", "Enter an email address such as name@example.com."),
        (f"{'a' * 60}@{'b.' * 120}example.com", "Enter an email address such as name@example.com."),
        (f"{'a' * 250}@example.com", "Enter an email address such as name@example.com."),
    ],
)
def test_what_is_no_address_is_said_and_how_one_looks(client: Client, name: str, email: str, sentence: str) -> None:
    data = {"login": email, "email": email, "password": "x", "password1": "four words put together"}
    page = client.post(reverse(name), data)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not User.objects.exists()


def test_mail_of_allauths_own_is_refused_not_sent(maya: User) -> None:
    with pytest.raises(NotImplementedError, match="account/email/unknown_account"):
        AccountAdapter().send_mail("account/email/unknown_account", maya.email, {})
    AccountAdapter().send_notification_mail("account/email/email_changed", maya)
    assert not Notification.objects.exists()


def test_who_is_disabled_while_signing_in_is_sent_to_sign_in(maya: User, rf: RequestFactory) -> None:
    response = AccountAdapter().respond_user_inactive(rf.get("/"), maya)
    assert response.headers["Location"] == reverse("account_login")
