"""New passwords: by a mailed link that works once, for an hour, or with the current one (CON-02, PRO-01, B37, B38)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from accounts import links
from accounts.models import User
from returns.models import Notification
from tests import factories
from tests.accounts.mailbox import confirmed, kinds_to, mails_to, reset_path
from tests.accounts.pages import is_signed_in, seen, sign_in

pytestmark = pytest.mark.django_db

NEW = "a new password of her own"


@pytest.fixture
def maya() -> User:
    return confirmed(factories.person("maya@example.com", name="Maya Brennan"))


def forget(client: Client, email: str) -> Any:
    return client.post(reverse("account_reset_password"), {"email": email})


def follow(client: Client, path: str) -> str:
    """Follow the mailed link; the token-free address of the form."""
    response = client.get(path)
    assert response.status_code == 302, "the link is dead"
    return response.headers["Location"]


def reset_by_mail(client: Client, user: User, password: str) -> None:
    forget(client, user.email)
    response = client.post(follow(client, reset_path(user.email)), {"password1": password, "password2": password})
    assert response.status_code == 302, response.content.decode()


# ---------------------------------------------------------------------------------------------------- asking for a link


def test_the_answer_is_the_same_for_known_unknown_and_disabled_addresses(client: Client, maya: User) -> None:
    gone = confirmed(factories.person("gone@example.com"))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    answers = [seen(forget(client, email)) for email in (maya.email, "nobody@example.com", gone.email)]
    assert answers[0] == answers[1] == answers[2]
    assert [row.recipient for row in Notification.objects.all()] == [maya.email]


def test_the_mail_is_owed_not_sent_and_holds_no_token(client: Client, maya: User) -> None:
    forget(client, maya.email)
    row = mails_to(maya.email).get()
    assert (row.kind, row.context) == ("account_reset", {"user": maya.pk})
    assert mail.outbox == []


def test_the_mail_goes_to_the_address_on_file_never_to_a_look_alike(client: Client) -> None:
    confirmed(factories.person("mike@example.org"))
    forget(client, "mi\N{KELVIN SIGN}e@example.org")
    assert set(Notification.objects.values_list("recipient", flat=True)) <= {"mike@example.org"}


def test_three_mails_an_hour_are_enough_and_look_no_different(client: Client, maya: User) -> None:
    answers = [seen(forget(client, maya.email)) for _ in range(5)]
    assert all(answer == answers[0] for answer in answers)
    assert kinds_to(maya.email) == ["account_reset"] * 3


def test_fifty_an_hour_from_one_place_are_enough(client: Client) -> None:
    statuses = [forget(client, f"person{number}@example.com").status_code for number in range(51)]
    assert statuses == [302] * 50 + [429]


def test_links_begin_with_the_portals_own_address_whatever_host_was_named(client: Client, maya: User) -> None:
    client.post(reverse("account_reset_password"), {"email": maya.email}, HTTP_X_FORWARDED_HOST="evil.example")
    row = mails_to(maya.email).get()
    assert (links.reset_url(row.context) or "").startswith(f"{settings.SITE_URL}/")
    evil = client.post(reverse("account_reset_password"), {"email": maya.email}, HTTP_HOST="evil.example")
    assert evil.status_code == 400


# ------------------------------------------------------------------------------------------------------- using the link


def test_the_link_lets_choose_a_new_password_once(client: Client, maya: User) -> None:
    forget(client, maya.email)
    path = reset_path(maya.email)
    form = follow(client, path)
    client.post(form, {"password1": NEW, "password2": NEW})
    assert sign_in(client, maya.email, NEW).status_code == 302
    assert Client().get(path).status_code == 404
    assert (
        client.post(form, {"password1": "another one entirely", "password2": "another one entirely"}).status_code == 404
    )


def test_the_token_leaves_the_address_at_once(client: Client, maya: User) -> None:
    forget(client, maya.email)
    path = reset_path(maya.email)
    token = path.rstrip("/").rpartition("-")[2]
    form = follow(client, path)
    assert token not in form
    assert token.encode() not in client.get(form).content


def test_following_the_link_changes_nothing(client: Client, maya: User) -> None:
    forget(client, maya.email)
    path = reset_path(maya.email)
    for _ in range(20):
        Client().get(path)
        Client().head(path)
    before = User.objects.get(pk=maya.pk)
    assert before.password == maya.password
    assert client.get(follow(client, path)).status_code == 200


def test_the_link_works_for_an_hour(client: Client, maya: User) -> None:
    with time_machine.travel(datetime(2026, 11, 18, 17, tzinfo=UTC), tick=False) as clock:
        forget(client, maya.email)
        path = reset_path(maya.email)
        clock.shift(timedelta(minutes=59))
        follow(Client(), path)
        clock.shift(timedelta(minutes=2))
        assert Client().get(path).status_code == 404


def test_a_used_link_ends_the_others_too(client: Client, maya: User) -> None:
    forget(client, maya.email)
    other = reset_path(maya.email)
    reset_by_mail(client, maya, NEW)
    assert Client().get(other).status_code == 404


def test_a_link_dies_with_the_address_it_went_to_and_with_the_person(client: Client, maya: User) -> None:
    forget(client, maya.email)
    path = reset_path(maya.email)
    User.objects.filter(pk=maya.pk).update(email="moved@example.com")
    assert Client().get(path).status_code == 404
    User.objects.filter(pk=maya.pk).update(is_active=False)
    assert links.reset_url({"user": maya.pk}) is None


@pytest.mark.parametrize("path", ["1-x/", "1-set-password/", "zzzz-abc-def/", "0-/x/", "99999999999999-abc/"])
def test_dead_links_look_alike(client: Client, path: str) -> None:
    assert client.get(f"/accounts/password/reset/key/{path}").status_code == 404


def test_a_new_password_ends_every_session_and_is_told_by_mail(client: Client, maya: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(maya)
    reset_by_mail(client, maya, NEW)
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(client)
    assert kinds_to(maya.email) == ["account_reset", "account_password_changed"]


def test_whoever_resets_reads_the_mailbox_so_the_address_is_confirmed(client: Client) -> None:
    new = factories.person("new@example.com")
    reset_by_mail(client, new, NEW)
    assert sign_in(client, new.email, NEW).headers["Location"] == reverse("accounts:home")


# -------------------------------------------------------------------------------------------- changing, choosing, words


def change(client: Client, old: str, new: str = NEW) -> Any:
    data = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), data)


def test_changing_the_password_ends_every_session_this_one_too(client: Client, maya: User) -> None:
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(maya)
    assert change(client, factories.PASSWORD).headers["Location"] == reverse("account_login")
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(client)
    assert sign_in(client, maya.email, NEW).status_code == 302
    assert kinds_to(maya.email) == ["account_password_changed"]


def test_who_never_had_a_password_gets_one_by_mail(client: Client, maya: User) -> None:
    maya.set_unusable_password()
    maya.save()
    client.force_login(maya)
    assert client.get(reverse("account_change_password")).headers["Location"] == reverse("account_reset_password")


def test_a_found_session_guesses_the_current_password_ten_times_at_most(client: Client, maya: User) -> None:
    client.force_login(maya)
    statuses = [change(client, "not this one, surely").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert change(client, factories.PASSWORD).status_code == 429


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("x" * 14, False),
        ("1q2w3e4r5t6y7u8i9o0p", False),
        ("123456789987654321", False),
        ("maya@example.com", False),
        ("fifteen letters", True),
        ("пятнадцать букв и пробелы", True),
        ("🐈" * 15, True),
        ("correct horse battery staple " * 4, True),
        ("no capital no digit no sign", True),
        ("x" * 1001, False),
    ],
)
def test_long_passwords_are_taken_as_they_are_and_common_ones_never(
    client: Client, maya: User, password: str, is_taken: bool
) -> None:
    client.force_login(maya)
    response = change(client, factories.PASSWORD, password)
    assert (response.status_code == 302) is is_taken
    maya.refresh_from_db()
    assert maya.check_password(password) is is_taken
    assert not maya.check_password(password[:-1])


def test_the_sign_in_page_names_the_ways_back_in_as_the_shops_do(client: Client, shops: object) -> None:
    del shops
    page = client.get(reverse("account_login")).content.decode()
    assert "Returning Customers" in page
    assert "Forgot Password" in page
    professional = client.get(reverse("account_login"), {"next": "/image-professional/orders/"}).content.decode()
    assert "Forgot your password?" in professional
    assert "(800) 796-7546" in professional
    assert "Forgot your password?" in client.get(reverse("account_reset_password")).content.decode()


@override_settings(TRUSTED_PROXIES=1)
def test_behind_a_proxy_each_client_is_a_place_of_its_own(client: Client, maya: User) -> None:
    for _ in range(11):
        sign_in(client, maya.email, "not the password", HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.9")
    forged = sign_in(client, maya.email, factories.PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.2, 198.51.100.9")
    assert forged.status_code == 429
    assert sign_in(client, maya.email, factories.PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.5").status_code == 302
