"""Mails in Spanish: in the language of the request they are about, staff's apart."""

from datetime import datetime, timedelta
from pprint import pformat

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from accounts import mails
from returns import mail
from returns.models import GuestLink, Notification, ReturnRequest, Storefront
from returns.notices import CATALOGUE, STAFFED
from returns.services import guest_links
from returns.wording.phrases import long_date
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA
from tests.mails import asked_back, bought, html_of, one_of_each, text_of
from tests.spanish import english, is_english, said

pytestmark = pytest.mark.django_db

STAFF = {notice.kind for notice in CATALOGUE if notice.audience in STAFFED} | {"staff_invited"}
# What the people of these returns wrote, and what the shops and products are called.
WRITTEN = (
    "Is the seal unbroken?",
    "Is it sealed?",
    "The seals were broken.",
    "We looked again.",
    "We need the back of it, too.",
    "IMAGE Skincare",
    "Vital C hydrating serum",
    "Facial cleanser",
    "Gift pouch",
    "Charlotte, NC",
)


@pytest.fixture
def both(shops: dict[str, Storefront], cast: Cast, now: datetime) -> list[tuple[Notification, EmailMultiAlternatives]]:
    """Every mail of one life that was owed, in Spanish, with its row."""
    one_of_each(shops, cast, now)
    later = now + timedelta(days=12)
    rows = list(Notification.objects.order_by("created_at", "dedupe_key"))
    for row in rows:
        row.language = "en" if row.kind in STAFF else "es"
    return [(row, mail.render(row, now=later)) for row in {row.kind: row for row in reversed(rows)}.values()]


def test_every_letter_to_a_customer_is_spanish_in_both_parts(
    both: list[tuple[Notification, EmailMultiAlternatives]],
) -> None:
    left = {}
    for row, message in both:
        if row.kind not in STAFF:
            assert 'lang="es"' in html_of(message), row.kind
            pieces = [str(message.subject), *text_of(message).splitlines(), *said(html_of(message))]
            if found := english(pieces, *WRITTEN, *known(row)):
                left[row.kind] = found
    assert not left, pformat(left, width=160)


def known(row: Notification) -> list[str]:
    """The addresses and names that stand in this mail as they are."""
    if row.storefront is None:
        return []
    return [row.storefront.name, row.storefront.return_address, *row.storefront.return_address.splitlines()]


def test_mails_to_staff_stay_english(both: list[tuple[Notification, EmailMultiAlternatives]]) -> None:
    [reminder] = [message for row, message in both if row.kind == "staff_reminder"]
    assert 'lang="en"' in html_of(reminder)
    assert is_english(str(reminder.subject))


def test_a_mail_follows_the_language_of_its_request_and_not_of_the_person_who_acts(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    ReturnRequest.objects.filter(pk=request.pk).update(language="es")
    factories.authorized(request, by=cast.renee, now=now)
    row = Notification.objects.get(kind="authorized")
    assert row.language == "es"
    message = mail.render(row, now=now)
    assert message.subject.startswith("Su devolución está autorizada: RMA-")
    assert "Escriba esto en la parte exterior de la caja" in html_of(message)
    assert "procesamos en un plazo de 10 días" in text_of(message)
    assert translation.get_language() == "en", "the worker's next mail is not Spanish by accident"


def test_a_guest_gets_the_link_in_the_language_of_the_page_that_asked(
    shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now)
    with translation.override("es"):
        guest_links.request_link(
            storefront=shops[SPA], order_number=order.number, email=order.email, client="192.0.2.1", now=now
        )
        until = long_date((now + guest_links.LIFETIME).astimezone(shops[SPA].zone).date())
    assert GuestLink.objects.get().language == "es"
    row = Notification.objects.get()
    assert row.language == "es"
    assert f"funciona hasta el {until}" in text_of(mail.render(row, now=now))


def test_mails_about_accounts_speak_the_language_of_the_page(cast: Cast) -> None:
    with translation.override("es"):
        mails.owe_reset(cast.maya)
    mails.owe_password_changed(cast.maya)
    assert {row.kind: row.language for row in Notification.objects.all()} == {
        "account_reset": "es",
        "account_password_changed": "en",
    }
