"""Reply templates: managers write them, the desk fills them in, and nothing else stands in braces."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from returns.domain import replies
from returns.domain.replies import EXAMPLES, Placeholder, Use
from returns.models import Message, Notification, ReplyTemplate, ReplyTemplateChange, ReturnRequest, Storefront
from returns.services.errors import Refused
from returns.services.replies import filled
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db

LIST = "/reports/replies/"
TEXT = {"storefront": IMAGE, "use": "ask", "language": "en", "name": "Lot number", "body": "Which lot, {customer}?"}


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def mona(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.mona)


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


@pytest.fixture
def request_filed(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    return factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)


def focused(answer: Any) -> list[str]:
    """The names of the fields that take the focus."""
    tags = re.findall(r"<(?:input|select|textarea)[^>]*\sautofocus[^>]*>", answer.content.decode())
    return [tag.partition('name="')[2].partition('"')[0] for tag in tags]


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


# ------------------------------------------------------------------------------------------------------- placeholders


@pytest.mark.parametrize(
    ("body", "unknown"),
    [
        ("{customer} {number} {order} {products} {shop} {phone} {email}", []),
        ("{name}", ["{name}"]),
        ("{0.__class__} {}", ["{0.__class__}", "{}"]),
        ("{{customer}}", ["{", "}"]),
        ("a { b", ["{"]),
        ("{% now 'Y' %}", ["{% now 'Y' %}"]),
        ("%(order)s", []),
    ],
)
def test_only_placeholders_of_the_list_may_stand_in_braces(body: str, unknown: list[str]) -> None:
    assert replies.unknown_in(body) == unknown


def test_what_is_filled_in_is_never_read_as_a_placeholder_again() -> None:
    values = {**EXAMPLES, Placeholder.CUSTOMER: "{email} {{7*7}}"}
    assert replies.fill("Dear {customer}", values) == "Dear {email} {{7*7}}"


def test_every_placeholder_has_a_meaning_an_example_and_a_value_for_every_return(
    request_filed: ReturnRequest, cast: Cast, now: datetime
) -> None:
    assert set(replies.MEANINGS) == set(EXAMPLES) == set(Placeholder)
    body = " | ".join(f"{{{one.value}}}" for one in Placeholder)
    template = factories.reply_template(request_filed.storefront, by=cast.mona, now=now, body=body)
    shop, order = request_filed.storefront, request_filed.order
    expected = ["Maya Brennan", request_filed.reference, order.number, "2 × Vital C hydrating serum", "IMAGE Skincare"]
    assert filled(template, request_filed).split(" | ") == [*expected, shop.phone, shop.email]


# ----------------------------------------------------------------------------------------------------------- managers


def test_a_manager_writes_changes_and_puts_away_and_every_wording_is_kept(mona: Client, cast: Cast) -> None:
    assert "No template yet" in text(mona.get(LIST))
    assert mona.post(f"{LIST}new/", TEXT).status_code == 302
    template = ReplyTemplate.objects.get()
    page = reverse("reports:reply_template", args=[template.public_id])
    assert "Which lot, Hana Kim?" in text(mona.get(page))
    assert mona.post(page, {**TEXT, "body": "The lot, please.", "seen": "1"}).status_code == 302
    put_away = reverse("reports:reply_template_put_away", args=[template.public_id])
    for _ in range(2):  # pressed twice, it is done once
        assert mona.post(put_away, {"to": "away"}).status_code == 302
    shown = text(mona.get(page))
    assert "Put away: not offered at the desk." in shown
    assert "Which lot, {customer}?" in shown
    kept = list(ReplyTemplateChange.objects.order_by("number").values_list("number", "body", "put_away", "by"))
    assert kept == [
        (1, "Which lot, {customer}?", False, cast.mona.pk),
        (2, "The lot, please.", False, cast.mona.pk),
        (3, "The lot, please.", True, cast.mona.pk),
    ]
    assert mona.post(f"{LIST}new/", TEXT).status_code == 302  # its name is free again
    answer = mona.post(put_away, {"to": "back"})
    assert answer.status_code == 409  # and so it can't come back under it
    assert "has this name" in text(answer)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"body": "Hello {name}"}, "{name} isn't one of the placeholders"),
        ({"body": "Hello {"}, "{ isn't one of the placeholders"),
        ({"body": " "}, "Write the text."),
        ({"name": ""}, "Give it a name."),
        ({"use": "reject", "body": "x" * 501}, "At most 500 characters"),
        ({"use": "sell"}, "Select a valid choice"),
        ({"language": "tlh"}, "Select a valid choice"),
        ({"storefront": "nowhere"}, "Select a valid choice"),
    ],
)
def test_what_can_not_be_used_comes_back_with_the_reason(mona: Client, bad: dict[str, str], why: str) -> None:
    answer = mona.post(f"{LIST}new/", {**TEXT, **bad})
    assert answer.status_code == 422
    assert why in text(answer)
    assert not ReplyTemplate.objects.exists()


def test_a_second_template_of_the_same_name_and_use_comes_back(mona: Client) -> None:
    mona.post(f"{LIST}new/", TEXT)
    answer = mona.post(f"{LIST}new/", TEXT)
    assert answer.status_code == 422
    assert "Another template of this use has this name." in text(answer)


def test_a_shop_without_a_phone_number_takes_none_into_its_templates(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    Storefront.objects.filter(pk=shops[IMAGE].pk).update(phone="")
    shops[IMAGE].refresh_from_db()
    with pytest.raises(Refused, match="has no phone"):
        factories.reply_template(shops[IMAGE], by=cast.mona, now=now, body="Call {phone}")


def test_what_another_manager_changed_meanwhile_is_not_overwritten(
    mona: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    template = factories.reply_template(shops[IMAGE], by=cast.mona, now=now)
    page = reverse("reports:reply_template", args=[template.public_id])
    mona.post(page, {**TEXT, "body": "One", "seen": "1"})
    answer = mona.post(page, {**TEXT, "body": "Two", "seen": "1"})
    assert answer.status_code == 409
    assert "Two" in text(answer)
    template.refresh_from_db()
    assert template.body == "One"


COLUMNS = "storefront_id, use, language, name, body, changes, changed_by_id, changed_at"
TWICE = f"INSERT INTO returns_replytemplate (public_id, {COLUMNS}) SELECT gen_random_uuid(), {COLUMNS}"


@pytest.mark.parametrize(
    "bad",
    [
        "UPDATE returns_replytemplatechange SET body = 'x'",
        "DELETE FROM returns_replytemplatechange",
        "UPDATE returns_replytemplate SET use = 'sell'",
        "UPDATE returns_replytemplate SET body = ''",
        f"{TWICE} FROM returns_replytemplate",
    ],
)
def test_the_database_keeps_every_wording(cast: Cast, shops: dict[str, Storefront], now: datetime, bad: str) -> None:
    factories.reply_template(shops[IMAGE], by=cast.mona, now=now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(bad)


def test_the_list_costs_the_same_however_long_it_is(
    mona: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, django_assert_num_queries: Any
) -> None:
    for name in ("One", "Two", "Three"):
        factories.reply_template(shops[IMAGE], by=cast.mona, now=now, name=name)
    with django_assert_num_queries(4):  # session, person, templates, the count in the bar
        mona.get(LIST)


# ----------------------------------------------------------------------------------------------------------- the desk


def test_a_template_is_put_into_the_question_below_what_was_typed_and_nothing_is_sent(
    renee: Client, cast: Cast, request_filed: ReturnRequest, now: datetime
) -> None:
    template = factories.reply_template(request_filed.storefront, by=cast.mona, now=now)
    page = reverse("desk:ask", args=[request_filed.reference])
    assert "Lot number" in text(renee.get(page))
    answer = renee.post(page, {"template": str(template.public_id), "put_in": "1", "question": "Hello."})
    assert answer.status_code == 200
    assert "Hello. Which lot is 2 × Vital C hydrating serum, Maya Brennan?" in text(answer)
    request_filed.refresh_from_db()
    assert request_filed.status == "submitted"
    assert not Message.objects.exists()
    assert renee.post(page, {"template": str(template.public_id), "question": "Which lot?"}).status_code == 302
    assert Message.objects.get().body == "Which lot?"


def test_a_rejection_keeps_its_reason_while_a_template_is_put_in(
    renee: Client, cast: Cast, request_filed: ReturnRequest, now: datetime
) -> None:
    template = factories.reply_template(
        request_filed.storefront, by=cast.mona, now=now, use=Use.REJECT, body="No answer about {order}."
    )
    page = reverse("desk:reject", args=[request_filed.reference])
    answer = text(renee.post(page, {"template": str(template.public_id), "put_in": "1", "reason": "discretion"}))
    assert f"No answer about {request_filed.order.number}." in answer
    assert 'value="discretion" selected' in answer


def test_one_rejected_line_starts_from_a_template_and_nothing_is_decided(
    renee: Client, cast: Cast, request_filed: ReturnRequest, now: datetime
) -> None:
    page = reverse("desk:authorize_check", args=[request_filed.reference])
    line = {"line-1-choice": "reject", "line-1-reason": "discretion", "line-1-text": "Hello."}
    asked = {**line, "put_in": "line-1"}
    assert "There is no template for rejections" in text(renee.post(page, asked))
    template = factories.reply_template(
        request_filed.storefront, by=cast.mona, now=now, use=Use.REJECT, body="No answer about {order}."
    )
    assert template.name in text(renee.post(page, asked))
    answer = renee.post(page, {**asked, "template": str(template.public_id)})
    assert f"Hello. No answer about {request_filed.order.number}." in text(answer)
    assert 'value="discretion" selected' in answer.content.decode()
    assert focused(answer) == ["line-1-text"]
    elsewhere = renee.post(page, {**asked, "put_in": "line-99", "template": str(template.public_id)})
    assert "No answer about" not in text(elsewhere)
    request_filed.refresh_from_db()
    assert request_filed.status == "submitted"


def test_asking_for_a_template_is_not_yet_a_mistake(
    renee: Client, cast: Cast, request_filed: ReturnRequest, now: datetime
) -> None:
    template = factories.reply_template(request_filed.storefront, by=cast.mona, now=now, use=Use.REJECT, body="No.")
    page = reverse("desk:authorize_check", args=[request_filed.reference])
    asked = {"line-1-choice": "reject", "line-1-reason": "", "put_in": "line-1"}
    for sent, goes_on_at in ((asked, "template"), ({**asked, "template": str(template.public_id)}, "line-1-reason")):
        answer = renee.post(page, sent)
        assert answer.status_code == 200
        assert "There is a problem" not in text(answer)
        assert focused(answer) == [goes_on_at]
    assert "There is a problem" in text(renee.post(page, {"line-1-choice": "reject", "line-1-reason": ""}))


def test_a_message_starts_from_a_template_and_is_not_an_internal_note_then(
    renee: Client, cast: Cast, request_filed: ReturnRequest, now: datetime
) -> None:
    page = reverse("desk:message", args=[request_filed.reference])
    asked = {"put_in": "1", "body": "Hi", "nonce": "5b8e2d6c-4d3f-4f43-9d1c-0c7a4c1f2b11"}
    assert "There is no template for messages" in text(renee.post(page, asked))
    template = factories.reply_template(request_filed.storefront, by=cast.mona, now=now, use=Use.MESSAGE, body="Done.")
    assert "Lot number" in text(renee.post(page, asked))
    answer = text(renee.post(page, {**asked, "template": str(template.public_id)}))
    assert "Hi Done.</textarea>" in answer
    assert asked["nonce"] in answer
    assert not Message.objects.exists()
    assert not Notification.objects.filter(kind="message").exists()


def test_only_templates_of_the_storefront_and_the_use_are_offered_the_customers_language_first(
    renee: Client, cast: Cast, shops: dict[str, Storefront], request_filed: ReturnRequest, now: datetime
) -> None:
    ReturnRequest.objects.filter(pk=request_filed.pk).update(language="es")
    other = factories.reply_template(shops[SPA], by=cast.mona, now=now, name="Elsewhere", body="Secret {order}")
    factories.reply_template(shops[IMAGE], by=cast.mona, now=now, name="A")
    factories.reply_template(shops[IMAGE], by=cast.mona, now=now, name="Z", language="es")
    factories.reply_template(shops[IMAGE], by=cast.mona, now=now, name="No", use=Use.REJECT)
    page = reverse("desk:ask", args=[request_filed.reference])
    shown = text(renee.get(page))
    assert shown.index(">Z<") < shown.index(">A (English)<")
    assert "Elsewhere" not in shown
    assert ">No<" not in shown
    answer = text(renee.post(page, {"template": str(other.public_id), "put_in": "1", "question": ""}))
    assert "Secret" not in answer


def test_support_staff_read_and_write_no_templates(renee: Client) -> None:
    assert renee.get(LIST).status_code == 403
    assert renee.post(f"{LIST}new/", TEXT).status_code == 403
