"""Reminders can be switched off, mail about a return's state can't (CON-06)."""

import base64
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from returns import mail, tokens
from returns.letters import NoLongerTrue
from returns.models import MailPreference, Notification, ReturnRequest, Storefront
from returns.preferences import wants_optional
from returns.services import guest_links, preferences
from returns.services.ship_reminders import owe_ship_reminders
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA
from tests.mails import asked_back, bought

pytestmark = pytest.mark.django_db

EMAIL = "gia@example.com"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def reminder(shops: dict[str, Storefront], now: datetime) -> Notification:
    return Notification.objects.create(
        kind="ship_reminder",
        storefront=shops[IMAGE],
        recipient=EMAIL,
        dedupe_key="ship_reminder:1",
        next_attempt_at=now,
        created_at=now,
    )


def address_in(row: Notification) -> str:
    return tokens.mail_choice_url(row).removeprefix(settings.SITE_URL)


def token_in(row: Notification) -> str:
    return address_in(row).split("/")[-2]


def test_everybody_wants_reminders_until_they_say_no(shops: dict[str, Storefront], now: datetime) -> None:
    assert wants_optional(shops[IMAGE], EMAIL)
    preferences.change(storefront=shops[IMAGE], email="Gia@Example.com", wants_optional=False, now=now)
    assert not wants_optional(shops[IMAGE], EMAIL)
    assert wants_optional(shops[SPA], EMAIL)
    preferences.change(storefront=shops[IMAGE], email=EMAIL, wants_optional=True, now=now)
    assert wants_optional(shops[IMAGE], "GIA@example.com")
    assert MailPreference.objects.count() == 1


def test_an_unwanted_reminder_does_not_leave(reminder: Notification, now: datetime) -> None:
    preferences.change(storefront=reminder.storefront, email=EMAIL, wants_optional=False, now=now)  # type: ignore[arg-type]
    with pytest.raises(NoLongerTrue):
        mail.render(reminder, now=now)


def test_the_choice_in_the_account_holds_for_returns_that_name_another_address(
    shops: dict[str, Storefront], cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    ReturnRequest.objects.filter(pk=request.pk).update(contact_email="office@example.com")
    factories.authorized(request, by=cast.renee, now=now)
    assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=8)) == 1
    owed = Notification.objects.get(kind="ship_reminder")
    choice = reverse("portal:account_mail", args=[IMAGE])
    signed_in(cast.maya).post(choice, {"reminders": "off"})
    with pytest.raises(NoLongerTrue):
        mail.render(owed, now=now)
    owed.delete()
    assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=8)) == 0
    signed_in(cast.maya).post(choice, {"reminders": "on"})
    assert owe_ship_reminders(shops[IMAGE], now=now + timedelta(days=8)) == 1


def test_only_reminders_offer_to_be_switched_off(reminder: Notification) -> None:
    assert mail.headers(reminder)["List-Unsubscribe"] == f"<{tokens.mail_choice_url(reminder)}>"
    assert mail.headers(reminder)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    reminder.kind = "authorized"
    assert not [name for name in mail.headers(reminder) if name.startswith("List-")]


def test_following_the_link_changes_nothing(client: Client, reminder: Notification) -> None:
    for _ in range(5):
        assert client.get(address_in(reminder)).status_code == 200
        assert client.head(address_in(reminder)).status_code == 200
    assert wants_optional(reminder.storefront, EMAIL)  # type: ignore[arg-type]


def test_a_mail_program_switches_off_with_one_post(reminder: Notification) -> None:
    browser = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert browser.post(address_in(reminder), ONE_CLICK).status_code == 200
    assert not wants_optional(reminder.storefront, EMAIL)  # type: ignore[arg-type]
    assert MailPreference.objects.count() == 1


def test_a_person_switches_off_and_on_again(client: Client, reminder: Notification) -> None:
    page = client.get(address_in(reminder)).content.decode()
    assert "Reminders are on" in page
    assert EMAIL in page
    assert "Reminders are off" in client.post(address_in(reminder), {"reminders": "off"}).content.decode()
    assert "Reminders are on" in client.post(address_in(reminder), {"reminders": "on"}).content.decode()


def swapped(text: str, at: int) -> str:
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def forgeries(token: str) -> list[str]:
    """Thirty-one ways to get a token wrong."""
    raw = base64.urlsafe_b64decode(token)
    flipped = [bytes([*raw[:at], raw[at] ^ 1, *raw[at + 1 :]]) for at in (0, 8, 15, 16, 32, 47)]
    return [
        *(base64.urlsafe_b64encode(bad).decode() for bad in flipped),
        base64.urlsafe_b64encode(raw[16:] + raw[:16]).decode(),
        base64.urlsafe_b64encode(raw[:16] + bytes(32)).decode(),
        base64.urlsafe_b64encode(bytes(16) + raw[16:]).decode(),
        base64.urlsafe_b64encode(bytes(48)).decode(),
        token[:-1],
        token[:32],
        token[:1],
        token + "A",
        token + "=",
        token + "~",
        token * 2,
        token[::-1],
        token.upper(),
        token.lower(),
        token.swapcase(),
        swapped(token, 0),
        swapped(token, 40),
        swapped(token, 63),
        "A" * 64,
        "-" * 64,
        "_" * 64,
        "é" * 64,
        "%20" + token,
        token + "%0A",
        "token",
    ]


def test_every_forged_link_meets_the_same_404(client: Client, reminder: Notification) -> None:
    bad = forgeries(token_in(reminder))
    assert len(bad) == 31
    path = address_in(reminder)
    pages = [client.post(path.replace(token_in(reminder), one), ONE_CLICK) for one in bad]
    assert {page.status_code for page in pages} == {404}
    assert all("This link doesn’t work any more" in page.content.decode() for page in pages)
    assert not MailPreference.objects.exists()


@pytest.mark.parametrize("kind", ["authorized", "guest_link", "account_reset"])
def test_what_was_made_of_another_mail_switches_nothing_off(client: Client, reminder: Notification, kind: str) -> None:
    Notification.objects.filter(pk=reminder.pk).update(kind=kind)
    assert client.get(address_in(reminder)).status_code == 404
    assert client.post(address_in(reminder), ONE_CLICK).status_code == 404
    assert not MailPreference.objects.exists()


def test_a_link_does_one_work_only(
    client: Client, reminder: Notification, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now)
    link = guest_links.fresh_link_for(order, order.email, now=now)
    as_choice = reverse("portal:mail_choice", args=[IMAGE, tokens.token_for(link)])
    assert client.post(as_choice).status_code == 404
    assert client.get(reverse("portal:link_token", args=[IMAGE, token_in(reminder)])).status_code == 404
    elsewhere = reverse("portal:mail_choice", args=[SPA, token_in(reminder)])
    assert client.post(elsewhere).status_code == 404
    assert not MailPreference.objects.exists()
