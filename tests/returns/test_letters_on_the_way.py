"""What the mails between authorization and settlement say: a message, a difference, a lost package, a reminder."""

import uuid
from datetime import datetime, timedelta

import pytest

from returns.differences import Answer
from returns.letters import NoLongerTrue, letter_of
from returns.models import Notification, Storefront
from returns.services import conversation, difference, requests, settlement, shipments
from returns.services.ship_reminders import owe_ship_reminders
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA
from tests.mails import Last, asked_back, bought, differing, html_of, text_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def renee(cast: Cast) -> By:
    return By.staff(cast.renee)


def test_what_staff_write_is_mailed_with_its_first_lines(
    shops: dict[str, Storefront], cast: Cast, renee: By, now: datetime, last: Last
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    conversation.write_message(
        request_id=request.pk, nonce=uuid.uuid4(), body="Which lot?\n" + "word " * 300, by=renee, now=now
    )
    mail = last("message")
    assert mail.subject == f"A message about your return {request.reference}"
    assert "> Which lot?" in text_of(mail)
    assert "word word …" in words_of(html_of(mail))
    assert "The rest is on the page of your return." in text_of(mail)
    assert "Renee" not in text_of(mail) + html_of(mail)


def test_notes_answers_and_steps_with_a_mail_of_their_own_send_none(
    shops: dict[str, Storefront], cast: Cast, renee: By, now: datetime
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    conversation.write_message(
        request_id=request.pk, nonce=uuid.uuid4(), body="A reseller?", by=renee, now=now, internal=True
    )
    conversation.write_message(request_id=request.pk, nonce=uuid.uuid4(), body="Hi", by=By.owner(cast.maya), now=now)
    differing(bought(shops[SPA], cast, now), cast, now)
    assert not Notification.objects.filter(kind="message").exists()


def test_the_difference_says_told_found_measured_and_the_three_answers(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = differing(bought(shops[SPA], cast, now), cast, now)
    mail = last("difference")
    text = text_of(mail)
    assert mail.subject == f"Your return: we found something different ({request.number})"
    for words in (
        "You told us: 2 unopened, $122.40",
        "We found: 2 opened, 40% used, $61.20",
        "Vital C hydrating serum (Weight): (139.0\u00a0−\u00a0116.2) ÷ (139.0\u00a0−\u00a082.0) = 40%",
        "> The seals were broken.",
        "Before: $156.60",
        "Take the $95.40 credit",
        "Send Vital C hydrating serum back to me: $34.20 credit for the rest.",
        "I don't agree",
        "Saturday, November 28, 2026",
    ):
        assert words in text, words
        assert words.removeprefix("> ").split(":")[0] in words_of(html_of(mail))


def test_a_lost_package_is_closed_without_credit_and_with_a_way_on(
    shops: dict[str, Storefront], cast: Cast, renee: By, now: datetime, last: Last
) -> None:
    request = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    shipments.mark_shipped(
        request_id=request.pk, by=By.owner(cast.maya), now=now, carrier="UPS", tracking_number="1Z999"
    )
    requests.close_lost(request_id=request.pk, by=renee, now=now)
    text = text_of(last("closed_lost"))
    assert "without a credit" in text
    assert "Ask the carrier where it is: UPS 1Z999." in text
    assert "If it arrives after all, we go on" in text


def test_a_reminder_to_ship_says_how_and_how_to_hear_no_more(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    owe_ship_reminders(shops[SPA], now=now + timedelta(days=8))
    text = text_of(last("ship_reminder"))
    assert f"Write your order number on the outside of the box: {request.order.number}" in text
    assert "> Test dock" in text
    assert "/mail-choice/" in text
    shipments.mark_shipped(request_id=request.pk, by=By.owner(cast.maya), now=now)
    row = Notification.objects.get(kind="ship_reminder")
    with pytest.raises(NoLongerTrue):
        letter_of(row, now=now)


def test_the_completion_says_what_went_back(
    shops: dict[str, Storefront], cast: Cast, renee: By, now: datetime, last: Last
) -> None:
    request = differing(bought(shops[SPA], cast, now), cast, now)
    request = difference.answer_difference(
        request_id=request.pk, answer=Answer.SEND_BACK, by=By.owner(cast.maya), now=now
    )
    settlement.settle(request_id=request.pk, expected_total=request.amount, by=renee, now=now)
    text = text_of(last("completed"))
    assert "We found: 2 opened, 40% used, goes back to you" in text
    assert "$34.20" in text
