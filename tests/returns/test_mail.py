"""Every mail: headers, addresses, styles, ways in, and that nothing anybody typed can do harm."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.template.loader import get_template
from pytest_django.fixtures import Settings

from accounts.models import User
from returns import mail
from returns.letters import LETTERS, NoLongerTrue
from returns.models import GuestLink, Notification, Storefront
from returns.services import authorization, delivery
from returns.services.guest_links import token_for
from returns.services.transition import By
from returns.wording.carriers import tracking_url
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE
from tests.mails import SITE, Last, Reader, asked_back, bought, html_of, settled, text_of
from tests.outbox import mail_goes_to

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><svg onload=alert(1)>",
    "{{ 7|add:42 }}{% now 'Y' %}",
    "%s %(name)s {0.__class__}",
    "Eve\r\nBcc: eve@example.com\r\n\r\nHello",
]


def test_every_kind_has_a_text_and_an_html_template() -> None:
    for kind in LETTERS:
        get_template(f"emails/{kind}.txt")
        get_template(f"emails/{kind}.html")


def test_every_mail_has_a_subject_a_text_and_an_html_part(every: dict[str, EmailMultiAlternatives]) -> None:
    for kind, message in every.items():
        assert message.subject.strip(), kind
        assert len(message.subject) <= 78, kind
        assert len(text_of(message)) > 100, kind
        assert Reader.read(html_of(message)).text.strip(), kind


def test_nothing_in_a_mail_is_fetched_from_anywhere(every: dict[str, EmailMultiAlternatives]) -> None:
    for kind, message in every.items():
        html = html_of(message)
        assert not Reader.read(html).tags & {"img", "link", "script", "iframe", "object", "form", "input"}, kind
        assert not re.search(r"url\(|@import|expression\(", html), kind


def test_every_address_in_a_mail_begins_with_the_site(every: dict[str, EmailMultiAlternatives]) -> None:
    carriers = {"goods_sent": {tracking_url("UPS", "1Z9")}}  # where the package is, only its carrier knows
    for kind, message in every.items():
        found = {*Reader.read(html_of(message)).addresses, *re.findall(r"\bhttps?:\S+", text_of(message))}
        elsewhere = carriers.get(kind, set())
        assert elsewhere < found, kind
        assert all(address.startswith(f"{SITE}/") for address in found - elsewhere), (kind, found)


def test_both_parts_lead_to_the_same_places(every: dict[str, EmailMultiAlternatives]) -> None:
    for kind, message in every.items():
        in_html = set(Reader.read(html_of(message)).addresses)
        in_text = set(re.findall(r"\bhttps?:\S+", text_of(message)))
        assert in_html == in_text, kind


def test_styles_stand_in_the_elements_and_only_media_queries_in_the_head(
    every: dict[str, EmailMultiAlternatives],
) -> None:
    for kind, message in every.items():
        html = html_of(message)
        assert 'style="' in html, kind
        head = "".join(re.findall(r"<style.*?</style>", html, re.DOTALL))
        outside = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", head)
        assert "{" not in outside, kind
        assert "prefers-color-scheme: dark" in head, kind


def test_a_mail_looks_like_its_shop(every: dict[str, EmailMultiAlternatives]) -> None:
    assert "#0d5963" in html_of(every["authorized"])
    assert "#7a3b5a" in html_of(every["guest_link"])
    assert "#26363c" in html_of(every["account_reset"])


# ------------------------------------------------------------------------------------------------------------ headers


def test_headers_are_the_same_for_every_attempt(every: dict[str, EmailMultiAlternatives], now: datetime) -> None:
    for row in Notification.objects.all():
        assert mail.headers(row)["Message-ID"] == f"<{row.pk.hex}@127.0.0.1>"
        assert mail.headers(row) == mail.headers(Notification.objects.get(pk=row.pk))
    assert all(message.extra_headers["Auto-Submitted"] == "auto-generated" for message in every.values())


def test_the_mails_of_one_return_are_one_thread(every: dict[str, EmailMultiAlternatives]) -> None:
    threads = {every[kind].extra_headers["References"] for kind in ("authorized", "completed", "information_requested")}
    assert len(threads) == 1
    assert every["withdrawn"].extra_headers["References"] not in threads
    assert "References" not in every["account_reset"].extra_headers


def test_an_answer_goes_to_the_people_of_the_shop(every: dict[str, EmailMultiAlternatives]) -> None:
    assert every["authorized"].reply_to == ["customercare@imageskincare.com"]
    assert every["authorized"].from_email == "IMAGE Skincare <returns@127.0.0.1>"
    assert every["account_reset"].from_email == "Returns <returns@127.0.0.1>"


def test_the_portal_s_address_may_come_with_a_name(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Our portal <portal@example.com>"
    assert mail.sender(Notification(kind="account_reset")) == "Returns <portal@example.com>"


# ----------------------------------------------------------------------------------------------------------- ways in


def test_each_mail_to_a_guest_carries_a_fresh_link_that_is_stored_nowhere(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now)
    filed = factories.submitted(order, now=now)
    factories.authorized(filed, by=cast.renee, now=now)
    rows = list(Notification.objects.all())
    links = {row.kind: GuestLink.objects.get(pk=row.context["link"]) for row in rows}
    assert set(links) == {"received", "authorized"}
    assert len({link.pk for link in links.values()}) == 2
    for row in rows:
        link = links[row.kind]
        message = mail.render(row, now=now)
        token = token_for(link)
        way_in = f"{SITE}/{IMAGE}/link/{token}/?return={filed.reference}"
        assert way_in in text_of(message)
        assert way_in in Reader.read(html_of(message)).addresses
        assert token not in str(Notification.objects.filter(pk=row.pk).values())
        assert link.email == order.email
        assert link.expires_at == now + timedelta(days=7)


def test_somebody_who_can_sign_in_gets_a_page_and_no_token(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    assert f"{SITE}/{IMAGE}/returns/{request.reference}/" in text_of(last("received"))
    assert GuestLink.objects.count() == 0


def test_a_main_contact_who_cannot_sign_in_gets_a_link(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    account = cast.accounts[IMAGE]
    account.main_contact_email = "dana@example.com"
    account.save()
    request = factories.authorized(asked_back(bought(shops[IMAGE], cast, now), now), by=cast.renee, now=now)
    settled(factories.inspected(factories.received(request, by=cast.renee, now=now), by=cast.renee, now=now), cast, now)
    assert f"{SITE}/{IMAGE}/link/" in text_of(last("completed"))
    assert GuestLink.objects.get().email == "dana@example.com"


def test_account_mails_make_their_tokens_when_they_leave(
    every: dict[str, EmailMultiAlternatives], settings: Settings
) -> None:
    assert settings.SITE_URL == SITE
    for kind, path in {
        "account_reset": "/accounts/password/reset/key/",
        "account_verify": "/accounts/confirm-email/",
        "staff_invited": "/accounts/invited/",
    }.items():
        found = re.search(rf"{SITE}{path}(\S+)/", text_of(every[kind]))
        assert found, kind
        assert found[1] not in str(list(Notification.objects.filter(kind=kind).values()))


@pytest.mark.parametrize("kind", ["account_verify", "account_reset", "account_exists", "account_password_changed"])
def test_a_disabled_person_gets_no_account_mail(
    every: dict[str, EmailMultiAlternatives], now: datetime, kind: str
) -> None:
    assert kind in every
    User.objects.update(is_active=False)
    row = Notification.objects.get(kind=kind)
    with pytest.raises(NoLongerTrue):
        mail.render(row, now=now)


# ------------------------------------------------------------------------------------------------------------ attacks


@pytest.mark.parametrize("payload", HOSTILE)
def test_what_people_typed_is_printed_and_does_nothing(
    shops: dict[str, Storefront], cast: Cast, now: datetime, settings: Settings, payload: str
) -> None:
    """In every field that reaches a mail, through a real mail server (B23, B24, B27)."""
    shop = shops[IMAGE]
    shop.name = shop.return_address = shop.phone = payload[:40]
    shop.save()
    line = {"title": payload, "quantity": 2}
    order = factories.order(
        shop,
        now=now,
        name=payload,
        number=f"#9{payload}"[:40],
        seller_name=payload,
        seller_contact=payload,
        lines=(line,),
    )
    order.email = "gia@example.com"
    order.save()
    request = factories.submitted(order, now=now)
    renee = By.staff(cast.renee)
    authorization.request_information(request_id=request.pk, question=payload, by=renee, now=now)
    authorization.reject(request_id=request.pk, reason="other", text=payload, by=renee, now=now)
    other = factories.submitted(
        factories.order(shop, now=now, name=payload, email="gia@example.com", lines=(line,)), now=now
    )
    factories.authorized(other, by=cast.renee, now=now)
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: now)
    assert set(Notification.objects.values_list("state", flat=True)) == {"sent"}
    assert len(server.taken) == 5
    visible = payload.partition("\r\n")[0]
    for taken in server.taken:
        assert taken.recipients == ["gia@example.com"]
        assert taken.message.get_all("To") == ["gia@example.com"]
        assert taken.message["Bcc"] is None
        assert len(taken.message.get_all("Message-ID") or []) == 1
        read = Reader.read(taken.part("html"))
        assert not read.tags & {"script", "img", "svg"}
        assert "onerror" not in taken.part("html") or "&lt;img" in taken.part("html")
        assert "49" not in taken.message["Subject"]
        assert visible in taken.part("plain")
        assert visible in read.text


def test_an_accent_that_is_no_color_is_not_put_into_the_styles(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    shop = shops[IMAGE]
    shop.accent = "red;}a"
    shop.save()
    asked_back(bought(shop, cast, now), now)
    assert "red;" not in html_of(last("received"))


def test_a_row_of_a_kind_nobody_knows_is_refused(now: datetime) -> None:
    row = Notification(id=uuid.uuid4(), kind="../../etc/passwd", recipient="a@example.com", context={})
    with pytest.raises(KeyError):
        mail.render(row, now=now)
