"""What a customer or guest does after sending: answer with photos, write, correct, answer to the difference, print."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from returns.differences import Answer
from returns.domain.facts import Condition
from returns.models import Photo, ReturnRequest, Storefront
from returns.services import (
    authorization,
    conversation,
    difference,
    guest_links,
    inspection,
    requests,
    settlement,
    shipments,
    transition,
)
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA
from tests.mails import asked_back, bought, differing
from tests.returns.views.seen import seen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(now: datetime, tmp_path: Any, settings: Any) -> Iterator[time_machine.Traveller]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(now, tick=False) as moment:
        yield moment


@pytest.fixture
def maya(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.maya)


def url(rma: ReturnRequest, name: str = "return") -> str:
    return reverse(f"portal:{name}", args=[rma.storefront.slug, rma.reference])


def text(response: Any) -> str:
    return str(response.content.decode())


def photo(color: str = "red") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 30), color).save(file, "JPEG")
    return SimpleUploadedFile("seal.jpg", file.getvalue(), "image/jpeg")


def status_of(rma: ReturnRequest) -> str:
    return ReturnRequest.objects.get(pk=rma.pk).status


# ------------------------------------------------------------------------------------------------------ right after it


def test_right_after_sending_the_page_is_the_confirmation(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    rma = asked_back(bought(shops[IMAGE], cast, now), now)
    body = text(maya.get(url(rma)))
    for words in (
        "We have your request",
        "Sent Wednesday, November 18, 2026, 12 pm.",
        "maya@example.com",
        rma.reference,
        "Please don't ship anything yet",
        "Your quote, kept",
        "Withdraw the request",
    ):
        assert words in body, words


def test_an_open_question_can_be_answered_before_it_is_asked(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    lines: list[dict[str, object]] = [{"expires_on": None, "title": "Facial cleanser"}]
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], days_ago=40, lines=lines)
    body = text(maya.get(url(factories.submitted(order, now=now))))
    assert "Want an answer sooner?" in body
    assert "Tell us the expiration date of Facial cleanser, or add a photo of it." in body


# ------------------------------------------------------------------------------------------ answers and messages


def test_a_question_is_answered_with_text_and_photos(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    rma = asked_back(bought(shops[IMAGE], cast, now), now)
    authorization.request_information(
        request_id=rma.pk, question="A photo of the seal?", by=By.staff(cast.renee), now=now
    )
    page = text(maya.get(url(rma)))
    assert "take it yet" not in page
    assert 'enctype="multipart/form-data"' in page
    assert maya.post(url(rma, "answer"), {"body": "Here", "photos": [photo(), photo("blue")]}).status_code == 302
    assert status_of(rma) == "in_review"
    assert rma.messages.get(body="Here").photos.count() == 2
    assert rma.messages.get(body="Here").photos.first() is not None


def test_photos_alone_are_an_answer_and_bad_ones_are_named(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    rma = asked_back(bought(shops[IMAGE], cast, now), now)
    authorization.request_information(request_id=rma.pk, question="A photo?", by=By.staff(cast.renee), now=now)
    bad = SimpleUploadedFile("virus.jpg", b"MZ not a picture", "image/jpeg")
    refused = maya.post(url(rma, "answer"), {"body": "Here it is", "photos": [bad]})
    assert refused.status_code == 422
    assert "virus.jpg" in text(refused)
    assert "Here it is" in text(refused)
    assert not Photo.objects.exists()
    assert maya.post(url(rma, "answer"), {"body": "", "photos": [photo()]}).status_code == 302
    assert Photo.objects.count() == 1


def test_a_message_is_sent_once_with_its_photo_and_staff_read_that_it_is_new(
    shops: dict[str, Storefront], cast: Cast, maya: Client, signed_in: SignIn, now: datetime, today: Any
) -> None:
    rma = asked_back(bought(shops[IMAGE], cast, now), now)
    today.shift(60)
    form = {"body": "One more thing", "nonce": str(uuid.uuid4())}
    assert maya.post(url(rma, "message"), {**form, "photos": [photo()]}).status_code == 302
    assert maya.post(url(rma, "message"), {**form, "photos": [photo()]}).status_code == 302
    assert rma.messages.count() == 1
    assert "One more thing" in text(maya.get(url(rma)))
    staff = signed_in(cast.renee)
    assert "The customer wrote last." in text(staff.get(reverse("desk:request", args=[rma.reference])))
    today.shift(60)
    maya.post(url(rma, "message"), {"body": "And another", "nonce": str(uuid.uuid4())})
    assert "New message" in text(staff.get(reverse("desk:queue")))


def test_what_is_wrong_with_a_message_stands_beside_it(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime, today: Any
) -> None:
    rma = asked_back(bought(shops[IMAGE], cast, now), now)
    empty = maya.post(url(rma, "message"), {"body": " ", "nonce": str(uuid.uuid4())})
    assert (empty.status_code, "Write something first." in text(empty)) == (422, True)
    assert maya.post(url(rma, "message"), {"body": "Hi", "nonce": "x"}).status_code == 422
    requests.withdraw(request_id=rma.pk, by=By.owner(cast.maya), now=now)
    today.shift(timedelta(days=31))
    maya.force_login(cast.maya)  # the session hasn't lasted so long
    assert maya.post(url(rma, "message"), {"body": "Hi", "nonce": str(uuid.uuid4())}).status_code == 409
    assert "closed a while ago" in text(maya.get(url(rma)))


# ---------------------------------------------------------------------------------------------------------- the package


def test_tracking_is_a_link_and_can_be_corrected(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    rma = factories.authorized(asked_back(bought(shops[IMAGE], cast, now), now), by=cast.renee, now=now)
    assert maya.post(url(rma, "tracking"), {"tracking_number": "1Z"}).status_code == 409
    maya.post(url(rma, "shipped"), {"carrier": "UPS", "tracking_number": "1z 999"})
    assert "https://www.ups.com/track?tracknum=1Z999" in text(maya.get(url(rma)))
    bad = maya.post(url(rma, "tracking"), {"carrier": "UPS", "tracking_number": "<b>"})
    assert (bad.status_code, "letters and digits only" in text(bad)) == (422, True)
    assert maya.post(url(rma, "tracking"), {"carrier": "USPS", "tracking_number": "9400 1"}).status_code == 302
    assert "tLabels=94001" in text(maya.get(url(rma)))


def test_a_package_that_never_came_is_no_ordinary_expiry(
    shops: dict[str, Storefront], cast: Cast, maya: Client, signed_in: SignIn, now: datetime
) -> None:
    rma = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    shipments.mark_shipped(request_id=rma.pk, by=By.owner(cast.maya), now=now)
    staff, step = signed_in(cast.renee), reverse("desk:close_lost", args=[rma.reference])
    assert "closed without credit" in text(staff.get(step))
    assert status_of(rma) == "shipped"
    assert staff.post(step).status_code == 302
    body = text(maya.get(url(rma)))
    assert "Your package never reached us" in body
    assert "Never arrived" in body
    assert "wasn't sent in time" not in body


# ------------------------------------------------------------------------------------------------------- the difference


def test_the_difference_shows_both_sides_the_measurement_and_each_consequence(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    rma = differing(bought(shops[SPA], cast, now), cast, now)
    body = text(maya.get(url(rma)))
    for words in (
        "2 unopened",
        "2 opened, 40% used",
        "$61.20 credit",
        "(139.0\u00a0−\u00a0116.2) ÷ (139.0\u00a0−\u00a082.0)",
        "Take the $95.40 credit",
        "$34.20 credit for the rest.",
        "I don&#x27;t agree",
        "Tell us by Saturday, November 28, 2026.",
        "Paused since Wednesday, November 18, 2026",
        "Your quote on Wednesday, November 18, 2026",
        "$156.60",
    ):
        assert words in body, words
    assert "refund" not in body.lower()


def test_the_answer_is_given_once_and_a_second_press_shows_the_same_page(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    rma = differing(bought(shops[SPA], cast, now), cast, now)
    nothing = maya.post(url(rma, "difference"))
    assert (nothing.status_code, "Choose one of the answers." in text(nothing)) == (422, True)
    silent = maya.post(url(rma, "difference"), {"answer": "disagree"})
    assert (silent.status_code, "Tell us what you see otherwise." in text(silent)) == (422, True)
    for _ in range(2):
        assert maya.post(url(rma, "difference"), {"answer": "send_back"}).status_code == 302
    assert maya.post(url(rma, "difference"), {"answer": "accept"}).status_code == 409
    after = text(maya.get(url(rma)))
    for words in ("We send it back to you", "goes back to you", "2 back", "$34.20", "$156.60"):
        assert words in after, words
    assert rma.events.filter(action="answer_difference").count() == 1


def test_staff_read_that_the_customer_wants_it_back_and_not_that_a_person_decided(
    shops: dict[str, Storefront], cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    rma = differing(bought(shops[SPA], cast, now), cast, now)
    difference.answer_difference(request_id=rma.pk, answer=Answer.SEND_BACK, by=By.owner(cast.maya), now=now)
    shown = text(signed_in(cast.renee).get(f"/desk/requests/{rma.reference}/settle/"))
    assert "$0.00: 2 opened, 40% used. The customer wants it back." in shown
    assert "person decided" not in shown
    assert "decided it" not in shown


def test_a_way_that_leads_nowhere_is_not_offered(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    """One of two serums is missing altogether: nothing is here that could go back."""
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{}, {"title": "Crème"}])
    rma = factories.authorized(factories.submitted(order, now=now), by=cast.renee, now=now)
    from returns.services import receiving

    receiving.receive(request_id=rma.pk, counts={1: 2, 2: 0}, by=By.staff(cast.renee), now=now)
    found = [factories.finding(1, 2), factories.finding(2, 0)]
    inspection.inspect(request_id=rma.pk, findings=found, by=By.staff(cast.renee), now=now)
    difference.send_difference(request_id=rma.pk, by=By.staff(cast.renee), now=now)
    body = text(maya.get(url(rma)))
    assert "Not in the package" in body
    assert "back to me" not in body
    assert maya.post(url(rma, "difference"), {"answer": "send_back"}).status_code == 422


def test_guests_answer_through_their_link(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    rma = differing(bought(shops[SPA], cast, now, customer=None, email="gia@example.com"), cast, now)
    client = Client()
    link = guest_links.fresh_link_for(rma.order, rma.order.email, now=now)
    client.get(guest_links.url_for(link).removeprefix(settings.SITE_URL))
    client.post(reverse("portal:link", args=[SPA]))
    assert "Take the $95.40 credit" in text(client.get(url(rma)))
    assert client.post(url(rma, "difference"), {"answer": "accept"}).status_code == 302
    assert client.post(url(rma, "message"), {"body": "Thanks", "nonce": str(uuid.uuid4())}).status_code == 302
    assert rma.messages.filter(body="Thanks", author=None).exists()


def test_the_desk_sends_the_difference_first_and_settles_as_answered(
    shops: dict[str, Storefront], cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    rma = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    rma = factories.received(rma, by=cast.renee, now=now)
    opened = factories.finding(1, 2, condition=Condition.OPENED)
    inspection.inspect(
        request_id=rma.pk,
        findings=[
            factories.finding(1, 2, condition=Condition.OPENED, used_percent=20),
            factories.finding(2, 1),
        ],
        by=By.staff(cast.renee),
        now=now,
    )
    assert opened.position == 1
    staff = signed_in(cast.renee)
    settle, send = (reverse(f"desk:{name}", args=[rma.reference]) for name in ("settle", "difference"))
    assert "settled only after the customer was asked" in text(staff.get(settle))
    assert "Send the difference" in text(staff.get(settle))
    assert staff.post(settle, seen(rma, "95.40")).status_code == 409
    assert staff.post(send, {"note": "The seal was broken."}).status_code == 302
    assert staff.get(settle).status_code == 302
    assert staff.post(settle, seen(rma, "95.40")).status_code == 409
    assert status_of(rma) == "difference_sent"
    said = reverse("desk:difference_answer", args=[rma.reference])
    assert staff.post(said, {"answer": "accept"}).status_code == 302
    assert "takes what we found" in text(staff.get(settle))
    assert staff.post(settle, seen(rma, "95.40")).status_code == 302
    assert status_of(rma) == "completed"


def test_staff_on_the_phone_see_the_sum_they_answer_to(
    shops: dict[str, Storefront], cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    account = cast.accounts[PRO]
    order = factories.order(shops[PRO], now=now, customer=account, days_ago=10, lines=[{}])
    rma = factories.authorized(factories.submitted(order, now=now), by=cast.renee, now=now)
    rma = factories.received(rma, by=cast.renee, now=now)
    inspection.inspect(request_id=rma.pk, findings=[factories.finding(1, 1)], by=By.staff(cast.renee), now=now)
    difference.send_difference(request_id=rma.pk, by=By.staff(cast.renee), now=now)
    staff, page = signed_in(cast.sam), reverse("desk:difference_answer", args=[rma.reference])
    assert "Takes what we found: $61.20" in text(staff.get(page))
    account.outstanding_balance = Decimal("10.00")
    account.save()
    refused = staff.post(page, {"answer": "accept", "seen_accept": "61.20", "text": "Yes, by phone."})
    assert refused.status_code == 409
    assert "The sum has changed since you saw it." in text(refused)
    assert "Takes what we found: $51.20" in text(refused)
    assert "Yes, by phone." in text(refused), "what was typed is kept"
    assert 'name="seen_accept" value="51.20"' in text(refused)
    assert status_of(rma) == "difference_sent"
    assert staff.post(page, {"answer": "accept", "seen_accept": "51.20"}).status_code == 302
    assert ReturnRequest.objects.get(pk=rma.pk).amount == Decimal("51.20")


def test_a_balance_that_arose_since_the_mail_is_shown_before_it_is_accepted(
    shops: dict[str, Storefront], cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    account = cast.accounts[PRO]
    order = factories.order(shops[PRO], now=now, customer=account, days_ago=10, lines=[{}])
    rma = factories.authorized(factories.submitted(order, now=now), by=cast.renee, now=now)
    rma = factories.received(rma, by=cast.renee, now=now)
    inspection.inspect(request_id=rma.pk, findings=[factories.finding(1, 1)], by=By.staff(cast.renee), now=now)
    difference.send_difference(request_id=rma.pk, by=By.staff(cast.renee), now=now)
    client = signed_in(cast.maya)
    assert "Take the $61.20" in text(client.get(url(rma)))
    account.outstanding_balance = Decimal("10.00")
    account.save()
    refused = client.post(url(rma, "difference"), {"answer": "accept", "seen_accept": "61.20"})
    assert refused.status_code == 409
    assert "The sum has changed since you saw it." in text(refused)
    assert "Take the $51.20" in text(refused)
    assert status_of(rma) == "difference_sent"
    assert client.post(url(rma, "difference"), {"answer": "accept", "seen_accept": "51.20"}).status_code == 302
    rma.refresh_from_db()
    assert rma.amount == Decimal("51.20")


def test_steps_pressed_twice_lead_to_the_page(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    rma = asked_back(bought(shops[IMAGE], cast, now), now)
    authorization.request_information(request_id=rma.pk, question="Is it sealed?", by=By.staff(cast.renee), now=now)
    later = now + timedelta(minutes=1)
    conversation.write_message(
        request_id=rma.pk, nonce=uuid.uuid4(), body="One more thing.", by=By.staff(cast.renee), now=later
    )
    assert maya.get(url(rma)).context["question"] == "Is it sealed?"
    for _ in range(2):
        assert maya.post(url(rma, "answer"), {"body": "It is."}).status_code == 302
    assert maya.post(url(rma, "answer"), {"body": "It isn't."}).status_code == 409
    assert rma.messages.filter(from_staff=False).count() == 1
    rma = factories.authorized(ReturnRequest.objects.get(pk=rma.pk), by=cast.renee, now=now)
    for _ in range(2):
        assert maya.post(url(rma, "shipped"), {"carrier": "UPS", "tracking_number": "1Z9"}).status_code == 302
    assert maya.post(url(rma, "shipped"), {"carrier": "UPS", "tracking_number": "1Z8"}).status_code == 409
    for _ in range(2):
        assert maya.post(url(rma, "withdraw"), {"reason": "No more."}).status_code == 302
    assert rma.events.filter(action="withdraw").count() == 1


def test_the_list_says_of_a_lost_package_what_its_page_says(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    rma = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    shipments.mark_shipped(request_id=rma.pk, by=By.owner(cast.maya), now=now)
    requests.close_lost(request_id=rma.pk, by=By.staff(cast.renee), now=now)
    body = text(maya.get(reverse("portal:returns", args=[SPA])))
    assert "Never arrived" in body
    assert "Expired" not in body


# ----------------------------------------------------------------------------------------------------------- settlement


@pytest.mark.parametrize(("days", "says_so"), [(0, False), (2, True)])
def test_the_promised_day_is_said_to_have_moved_only_where_it_has(
    shops: dict[str, Storefront],
    cast: Cast,
    maya: Client,
    now: datetime,
    days: int,
    says_so: bool,
) -> None:
    rma = differing(bought(shops[SPA], cast, now), cast, now)
    before, at = rma.due_on, now + timedelta(days=days)
    rma = difference.answer_difference(request_id=rma.pk, answer=Answer.ACCEPT, by=By.owner(cast.maya), now=at)
    assert (rma.due_on != before) is says_so
    assert ("It moved by the days we waited for your answer." in text(maya.get(url(rma)))) is says_so


def test_the_settlement_adds_up_beside_the_first_quote(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    rma = differing(bought(shops[SPA], cast, now), cast, now)
    assert maya.get(url(rma, "settlement")).status_code == 302
    rma = difference.answer_difference(request_id=rma.pk, answer=Answer.ACCEPT, by=By.owner(cast.maya), now=now)
    settlement.settle(request_id=rma.pk, expected_total=rma.amount, by=By.staff(cast.renee), now=now)
    assert url(rma, "settlement") in text(maya.get(url(rma)))
    response = maya.get(url(rma, "settlement"))
    ledger = response.context["ledger"]
    assert sum(row.amount for row in ledger.rows) == ledger.total == rma.settlement.total
    assert "Your quote on Wednesday, November 18, 2026" in text(response)
    assert "$156.60" in text(response)


# ------------------------------------------------------------------------------------------ what it costs


def test_the_page_costs_the_same_with_many_lines_events_messages_and_photos(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime, django_assert_max_num_queries: Any
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], lines=({},) * 8)
    rma = factories.submitted(order, now=now)
    owner, staff = By.owner(cast.maya), By.staff(cast.renee)
    for number in range(15):
        with transition.locked(rma.pk) as row:
            requests.add_message(row, body=f"Message {number}", by=staff if number % 2 else owner, now=now)
    colors = ("red", "blue", "green", "white")
    pictures = [photo(color) for color in colors]
    maya.post(url(rma, "message"), {"body": "See", "nonce": str(uuid.uuid4()), "photos": pictures})
    maya.get(url(rma))
    assert rma.photos.count() == len(colors)
    # session, person, request with its storefront, lines, titles, events, messages, photos
    with django_assert_max_num_queries(8):
        assert "Message 14" in text(maya.get(url(rma)))
    found = differing(bought(shops[SPA], cast, now), cast, now)
    with django_assert_max_num_queries(8):
        maya.get(url(found))


def test_what_waits_for_the_customer_stands_first(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    oldest = asked_back(bought(shops[IMAGE], cast, now), now - timedelta(hours=30))
    oldest = factories.authorized(oldest, by=cast.renee, now=now - timedelta(hours=29))
    newer = [asked_back(bought(shops[IMAGE], cast, now), now - timedelta(hours=number)) for number in range(21)]
    first = maya.get(reverse("portal:returns", args=[IMAGE]))
    rows = [row["request"].reference for row in first.context["rows"]]
    assert rows == [oldest.reference, *(one.reference for one in newer[:19])]
    assert text(first).count("Your turn") == 1
    second = maya.get(reverse("portal:returns", args=[IMAGE]) + first.context["older"])
    assert [row["request"].reference for row in second.context["rows"]] == [one.reference for one in newer[19:]]


def test_of_very_many_that_wait_for_the_customer_ten_stand_first(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    old = [asked_back(bought(shops[IMAGE], cast, now), now - timedelta(hours=50 + number)) for number in range(11)]
    waiting = [factories.authorized(one, by=cast.renee, now=now - timedelta(hours=40)).reference for one in old]
    newest = asked_back(bought(shops[IMAGE], cast, now), now - timedelta(hours=1)).reference
    rows = maya.get(reverse("portal:returns", args=[IMAGE])).context["rows"]
    assert [row["request"].reference for row in rows] == [*waiting[:10], newest, waiting[10]]


def test_the_list_goes_on_where_the_page_ended(
    shops: dict[str, Storefront],
    cast: Cast,
    maya: Client,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made = [
        asked_back(bought(shops[IMAGE], cast, now), now - timedelta(hours=number)).reference for number in range(23)
    ]
    first = maya.get(reverse("portal:returns", args=[IMAGE]))
    assert [row["request"].reference for row in first.context["rows"]] == made[:20]
    with django_assert_num_queries(7):
        second = maya.get(reverse("portal:returns", args=[IMAGE]) + first.context["older"])
    assert [row["request"].reference for row in second.context["rows"]] == made[20:]
    assert not second.context["older"]
    assert maya.get(reverse("portal:returns", args=[IMAGE]) + "?after=nonsense,1").status_code == 200
