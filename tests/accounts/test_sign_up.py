"""Creating an account: customers only, confirmed by mail, and nothing told to strangers (CON-01, B4, B28, B39)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import limits, links
from accounts.limits import Count
from accounts.models import User
from accounts.roles import Role
from accounts.sign_in_limits import SIGN_UPS_PER_PLACE
from returns.models import Notification, Storefront
from tests import factories
from tests.accounts.mailbox import confirmation_path, confirmed, kinds_to, mails_to
from tests.accounts.pages import is_signed_in, seen, sign_in

pytestmark = pytest.mark.django_db

EMAIL = "new@example.com"
PASSWORD = "four words put together"


def sign_up(client: Client, email: str = EMAIL, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("account_signup"), {"email": email, "password1": password, **more})


def confirm(client: Client, path: str, password: str = PASSWORD) -> Any:
    return client.post(path, {"password": password})


def test_signing_up_makes_a_customer_who_is_not_signed_in_yet(client: Client) -> None:
    response = sign_up(client)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get(email=EMAIL)
    assert (user.role, user.is_staff, user.is_superuser) == (Role.CUSTOMER, False, False)
    assert not is_signed_in(client)
    assert sign_in(Client(), EMAIL, PASSWORD).headers["Location"] == reverse("account_email_verification_sent")


def test_the_confirming_mail_is_owed_not_sent_and_holds_no_key(client: Client) -> None:
    sign_up(client)
    row = mails_to(EMAIL).get()
    assert (row.kind, row.context) == ("account_verify", {"address": EmailAddress.objects.get(email=EMAIL).pk})
    assert mail.outbox == []


def test_whatever_else_is_sent_along_changes_nothing(client: Client) -> None:
    columns = {field.name: "manager" for field in User._meta.get_fields()}
    client.post(
        reverse("account_signup"),
        {**columns, "is_superuser": "1", "is_staff": "1", "email": EMAIL, "password1": PASSWORD},
    )
    user = User.objects.get(email=EMAIL)
    assert (user.role, user.is_superuser, user.name) == ("customer", False, "")


# ------------------------------------------------------------------------------------------------------------ strangers


def test_a_known_address_gets_the_same_answer_and_its_owner_a_mail(client: Client) -> None:
    maya = confirmed(factories.person("maya@example.com"))
    taken, free = seen(sign_up(Client(), maya.email)), seen(sign_up(Client(), EMAIL))
    assert taken == free
    after = [seen(browser.get(reverse("account_email_verification_sent"))) for browser in (Client(), client)]
    assert after[0] == after[1]
    assert User.objects.filter(email=maya.email).count() == 1
    assert kinds_to(maya.email) == ["account_exists"]
    assert maya.check_password(factories.PASSWORD)


def test_the_page_after_it_is_the_same_too() -> None:
    confirmed(factories.person("maya@example.com"))
    pages = []
    for email in ("maya@example.com", EMAIL):
        browser = Client()
        sign_up(browser, email)
        pages.append(seen(browser.get(reverse("account_email_verification_sent"))))
    assert pages[0] == pages[1]


def test_a_look_alike_of_a_known_address_tells_its_writer_nothing(client: Client) -> None:
    confirmed(factories.person("mike@example.org"))
    sign_up(client, "mi\N{KELVIN SIGN}e@example.org")
    assert set(Notification.objects.values_list("recipient", flat=True)) <= {"mike@example.org"}


def test_a_disabled_persons_address_gets_the_same_answer_and_no_mail(client: Client) -> None:
    gone = confirmed(factories.person("gone@example.com"))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert seen(sign_up(client, gone.email)) == seen(sign_up(Client(), EMAIL))
    assert kinds_to(gone.email) == []


def test_fifty_an_hour_from_one_place_are_enough() -> None:
    for _ in range(50):
        limits.take([Count(SIGN_UPS_PER_PLACE, "127.0.0.1")], now=timezone.now())
    assert sign_up(Client()).status_code == 429
    assert not User.objects.filter(email=EMAIL).exists()


def test_three_mails_an_hour_are_enough() -> None:
    for _ in range(5):
        sign_up(Client())
    kinds = kinds_to(EMAIL)
    assert len(kinds) <= 4
    assert kinds.count("account_exists") <= 3


def test_a_weak_password_is_refused_alike_for_known_and_unknown_addresses(client: Client) -> None:
    confirmed(factories.person("maya@example.com"))
    answers = [seen(sign_up(client, email, "short"), email) for email in ("maya@example.com", EMAIL)]
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


# ----------------------------------------------------------------------------------------------------------- confirming


def test_the_link_and_the_password_confirm_and_sign_in(client: Client) -> None:
    sign_up(Client())
    path = confirmation_path(EMAIL)
    assert client.get(path).status_code == 200
    assert confirm(client, path).headers["Location"] == reverse("accounts:home")
    assert is_signed_in(client)
    assert EmailAddress.objects.get(email=EMAIL).verified


def test_following_the_link_confirms_nothing(client: Client) -> None:
    sign_up(client)
    path = confirmation_path(EMAIL)
    for _ in range(20):
        client.get(path)
        client.head(path)
    assert not EmailAddress.objects.get(email=EMAIL).verified
    assert confirm(client, path).status_code == 302


def test_the_owner_of_an_address_cannot_confirm_an_account_that_somebody_else_opened(client: Client) -> None:
    sign_up(Client())  # somebody else, who hopes that the owner confirms
    response = confirm(client, confirmation_path(EMAIL), "the owner's own password")
    assert response.status_code == 422
    assert not EmailAddress.objects.get(email=EMAIL).verified
    # The way in for the owner is a new password; the other one's is worth nothing then.
    from tests.accounts.test_passwords import reset_by_mail

    reset_by_mail(client, User.objects.get(email=EMAIL), "the owner's own password")
    assert sign_in(Client(), EMAIL, PASSWORD).status_code == 422
    assert sign_in(client, EMAIL, "the owner's own password").headers["Location"] == reverse("accounts:home")


def test_the_password_of_another_person_does_not_confirm(client: Client) -> None:
    sign_up(Client())
    other = factories.person("other@example.com")
    EmailAddress.objects.create(user=other, email=EMAIL, verified=True)
    assert confirm(client, confirmation_path(EMAIL), factories.PASSWORD).status_code == 422
    assert not is_signed_in(client)


def test_guessing_the_password_there_is_limited(client: Client) -> None:
    sign_up(Client())
    path = confirmation_path(EMAIL)
    statuses = [confirm(client, path, "not the one chosen").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_the_link_works_once_and_for_three_days(client: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 18, 17, tzinfo=UTC), tick=False) as clock:
        sign_up(client)
        path = confirmation_path(EMAIL)
        clock.shift(timedelta(days=3, seconds=2))
        assert client.get(path).status_code == 404
        clock.shift(timedelta(days=-2))
        assert confirm(client, path).status_code == 302
        assert client.get(path).status_code == 404
    assert links.verification_url({"address": EmailAddress.objects.get(email=EMAIL).pk}) is None


@pytest.mark.parametrize("key", ["x", "MQ:1abc:def", "MQ%3A1abc%3Adef", "a" * 500])
def test_dead_links_are_a_page_that_helps(client: Client, key: str) -> None:
    assert client.get(f"/accounts/confirm-email/{key}/").status_code == 404


# ----------------------------------------------------------------------------------------------- what was bought before


def test_nothing_is_inherited_before_the_address_is_confirmed(client: Client, shops: dict[str, Storefront]) -> None:
    shop = shops[factories.IMAGE]
    account = factories.account(shop, email="New@Example.com")
    order = factories.order(shop, now=datetime(2026, 11, 18, 17, tzinfo=UTC), email=EMAIL)
    sign_up(client)
    account.refresh_from_db()
    order.refresh_from_db()
    assert (account.user, order.account) == (None, None)
    confirm(client, confirmation_path(EMAIL))
    account.refresh_from_db()
    order.refresh_from_db()
    assert account.user == User.objects.get(email=EMAIL)
    assert order.account == account
