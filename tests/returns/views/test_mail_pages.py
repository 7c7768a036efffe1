"""What managers see of the mails: waiting, failed, unknown addresses, and every message with sample data."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from returns.models import LedgerEntry, Notification, Order, ReturnRequest, Storefront, Suppression
from returns.notices import CATALOGUE, STAFFED
from returns.samples import sample_of
from returns.samples.kinds import SAMPLES
from returns.services import gate
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA
from tests.mails import Reader, asked_back, bought, html_of

pytestmark = pytest.mark.django_db


def failed_mail(shop: Storefront, cast: Cast, now: datetime) -> tuple[ReturnRequest, Notification]:
    """A request whose first mail couldn't be delivered."""
    request = asked_back(bought(shop, cast, now), now)
    row = request.notifications.get()
    row.state, row.last_error = "failed", "550 5.1.1 no such mailbox"
    row.save()
    return request, row


# ---------------------------------------------------------------------------------------- what waits, failed


def test_managers_see_what_failed_and_send_it_again(
    shops: dict[str, Storefront], cast: Cast, now: datetime, signed_in: SignIn
) -> None:
    request, row = failed_mail(shops[IMAGE], cast, now)
    mona = signed_in(cast.mona)
    page = mona.get("/reports/mails/").content.decode()
    for word in ("550 5.1.1 no such mailbox", row.recipient, request.number, "Received"):
        assert word in page
    mona.post(f"/reports/mails/{row.pk}/resend/")
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 0)
    answer = mona.post(f"/reports/mails/{row.pk}/resend/", follow=True).content.decode()
    assert "isn’t failed any more" in answer or "isn&#x27;t failed any more" in answer


def test_mails_of_other_storefronts_are_not_theirs(
    shops: dict[str, Storefront], cast: Cast, now: datetime, signed_in: SignIn
) -> None:
    _, row = failed_mail(shops[IMAGE], cast, now)
    cast.mona.memberships.filter(storefront=shops[IMAGE]).delete()
    mona = signed_in(cast.mona)
    assert row.recipient not in mona.get("/reports/mails/").content.decode()
    assert mona.post(f"/reports/mails/{row.pk}/resend/").status_code == 404


def test_an_address_that_was_called_unknown_is_lifted(
    shops: dict[str, Storefront], cast: Cast, now: datetime, signed_in: SignIn
) -> None:
    _, row = failed_mail(shops[IMAGE], cast, now)
    Suppression.objects.create(email=row.recipient.lower(), reason="550 5.1.1", since=now)
    Suppression.objects.create(email="elsewhere@example.com", reason="550 5.1.1", since=now)
    mona = signed_in(cast.mona)
    page = mona.get("/reports/mails/").content.decode()
    assert "Addresses that nobody has" in page
    assert "elsewhere@example.com" not in page, "no mail of these storefronts went there"
    mona.post("/reports/mails/lift/", {"email": "elsewhere@example.com"})
    mona.post("/reports/mails/lift/", {"email": row.recipient.upper()})
    assert [one.email for one in Suppression.objects.all()] == ["elsewhere@example.com"]


def test_a_held_outbox_is_said(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    gate.hold(because="We move.", now=now)
    assert "The outbox is held" in signed_in(cast.mona).get("/reports/mails/").content.decode()


def test_the_page_of_mails_needs_few_queries(
    shops: dict[str, Storefront],
    cast: Cast,
    now: datetime,
    signed_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(4):
        failed_mail(shops[IMAGE], cast, now)
    client = signed_in(cast.mona)
    with django_assert_max_num_queries(10):
        client.get("/reports/mails/")


def test_staff_see_on_the_request_what_was_not_delivered_and_send_it_again(
    shops: dict[str, Storefront], cast: Cast, now: datetime, signed_in: SignIn
) -> None:
    request, row = failed_mail(shops[IMAGE], cast, now)
    renee = signed_in(cast.renee)
    address = f"/desk/requests/{request.reference}/"
    page = renee.get(address).content.decode()
    assert "A mail wasn’t delivered" in page
    assert "no such mailbox" in page
    renee.post(f"{address}mails/{row.pk}/resend/")
    row.refresh_from_db()
    assert row.state == "queued"
    assert "wasn’t delivered" not in renee.get(address).content.decode()


# ---------------------------------------------------------------------------------------- the catalogue


def test_every_kind_has_a_sample() -> None:
    assert set(SAMPLES) == {notice.kind for notice in CATALOGUE}


@pytest.mark.parametrize("kind", list(SAMPLES))
def test_a_sample_is_the_message_itself_and_leaves_nothing_behind(
    shops: dict[str, Storefront], cast: Cast, now: datetime, kind: str
) -> None:
    shop = shops[IMAGE] if kind.startswith("refund") else list(shops.values())[len(kind) % len(shops)]
    before = (Notification.objects.count(), Order.objects.count(), LedgerEntry.objects.count())
    message = sample_of(kind, shop, now=now)
    assert message.subject
    assert "{{" not in html_of(message) + str(message.body)
    html = Reader.read(html_of(message))
    assert html.text.strip()
    for address in html.addresses:
        assert urlsplit(address).scheme in {"http", "https", "tel", "mailto"}, address
    assert (Notification.objects.count(), Order.objects.count(), LedgerEntry.objects.count()) == before


def test_a_storefront_that_pays_nothing_out_says_why_it_never_sends_a_refund(
    shops: dict[str, Storefront], cast: Cast, signed_in: SignIn
) -> None:
    address = f"/reports/mails/catalogue/{SPA}/refund_sent/"
    mona = signed_in(cast.mona)
    assert "so it never sends this message" in mona.get(address).content.decode()
    assert mona.get(f"{address}html/").status_code == 404


@pytest.mark.parametrize("slug", [SPA, IMAGE, PRO])
def test_the_story_of_a_settlement_is_told_by_each_policy(
    shops: dict[str, Storefront], now: datetime, slug: str
) -> None:
    assert sample_of("completed", shops[slug], now=now, language="es").subject
    assert sample_of("difference", shops[slug], now=now).subject
    assert sample_of("goods_sent", shops[slug], now=now).subject


def test_a_message_to_staff_is_written_in_service_hours_whenever_it_is_looked_at(
    shops: dict[str, Storefront], now: datetime
) -> None:
    night = now.replace(hour=3)
    assert sample_of("digest", shops[IMAGE], now=night).subject


def test_managers_read_the_list_and_each_message_in_a_frame_of_its_own(
    shops: dict[str, Storefront], cast: Cast, now: datetime, signed_in: SignIn
) -> None:
    mona = signed_in(cast.mona)
    listed = mona.get("/reports/mails/catalogue/").content.decode()
    for notice in CATALOGUE:
        assert f"/{notice.kind}/" in listed
    address = f"/reports/mails/catalogue/{IMAGE}/authorized/"
    page = mona.get(f"{address}?language=es")
    assert f'<iframe src="{address}html/?language=es"' in page.content.decode()
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert [name for name, _ in page.context["headers"]] == ["Subject", "From", "To", "Reply-To"]
    assert "Message-ID" in dict(page.context["technical"])
    frame = mona.get(f"{address}html/?language=es")
    policy = frame.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'lang="es"' in frame.content.decode()
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert mona.get(f"/reports/mails/catalogue/{IMAGE}/no_such/").status_code == 404


def test_mails_to_staff_are_in_english_whatever_is_asked_for(cast: Cast, signed_in: SignIn) -> None:
    kinds = [notice.kind for notice in CATALOGUE if notice.audience in STAFFED]
    assert "digest" in kinds
    frame = signed_in(cast.mona).get(f"/reports/mails/catalogue/{IMAGE}/held_reminder/html/?language=es")
    assert 'lang="en"' in frame.content.decode()


# ------------------------------------------------------------------------------------------------------------ deadlines


def test_managers_set_the_clocks_of_a_storefront(shops: dict[str, Storefront], cast: Cast, signed_in: SignIn) -> None:
    mona, address = signed_in(cast.mona), f"/reports/storefronts/{IMAGE}/deadlines/"
    assert 'value="5, 2, 0"' in mona.get(address).content.decode()
    data = {
        "decision_days": "3",
        "claim_decision_days": "0",
        "reminder_days": "7 0, 2",
        "expires_after_days": "30",
        "goods_leave_within_days": "4",
    }
    assert mona.post(address, data).status_code == 302
    shop = Storefront.objects.get(slug=IMAGE)
    assert (shop.decision_days, shop.claim_decision_days, shop.goods_leave_within_days) == (3, 0, 4)
    assert (shop.reminder_days, shop.expires_after_days) == ([7, 2, 0], 30)


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("decision_days", "", "Enter a number of days."),
        ("decision_days", "-1", "greater than or equal to 0"),
        ("goods_leave_within_days", "61", "less than or equal to 60"),
        ("reminder_days", "five", "Write days as numbers"),
        ("reminder_days", "90", "At most 60 days before."),
        ("expires_after_days", "3", "greater than or equal to 14"),
    ],
)
def test_a_clock_that_makes_no_sense_is_said_beside_its_field(
    shops: dict[str, Storefront], cast: Cast, signed_in: SignIn, field: str, value: str, word: str
) -> None:
    data = {
        "decision_days": "2",
        "claim_decision_days": "1",
        "reminder_days": "5, 2, 0",
        "expires_after_days": "",
        "goods_leave_within_days": "2",
    }
    page = signed_in(cast.mona).post(f"/reports/storefronts/{IMAGE}/deadlines/", {**data, field: value})
    assert page.status_code == 422
    assert word in page.content.decode()
    assert Storefront.objects.get(slug=IMAGE).decision_days == 2


def test_a_late_mail_is_named_with_its_next_try(
    shops: dict[str, Storefront], cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    request.notifications.update(state="retry", attempts=4, last_error="450 come back")
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        page = signed_in(cast.mona).get("/reports/mails/").content.decode()
    assert "450 come back" in page


def test_managers_read_reasons_and_no_requirement_ids(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.mona).get("/reports/mails/catalogue/").content.decode()
    assert "A box is easily forgotten" in page
    assert "The RMA number is over, where a storefront has set a limit" in page
    assert not re.search(r"\b[A-Z]{3}-[0-9]", page)
