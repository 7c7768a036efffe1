"""Every clock beside that of the promised day: decisions, questions, packages that never come, packages of nobody."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django.fixtures import Settings

from returns.differences import Answer
from returns.domain.deadlines import local_date
from returns.domain.facts import Reason
from returns.domain.holding import Way
from returns.domain.reminders import PROCESSING_LADDER, reminder_on
from returns.letters import NoLongerTrue, letter_of
from returns.models import Notification, ReturnRequest, Storefront
from returns.services import (
    authorization,
    conversation,
    delivery,
    difference,
    holding,
    reminder_rows,
    reminders,
    retention,
    storefronts,
)
from returns.services.colleagues import staff_of
from returns.services.reminder_rows import PROMISE, owe_steps
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA
from tests.mails import asked_back, bought, differing
from tests.outbox import mail_goes_to

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)


def local(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment by the clock in New York."""
    return datetime(year, month, day, hour, minute, tzinfo=NEW_YORK)


def filed(shop: Storefront, cast: Cast, at: datetime, **fields: object) -> ReturnRequest:
    """A request that came at this moment, and the outbox empty again."""
    request = asked_back(bought(shop, cast, at, **fields), at)
    Notification.objects.all().delete()
    return request


def owed(kind: str) -> list[tuple[str, date, str]]:
    """Key without names, day and recipient of each message of this kind, in order."""
    rows = Notification.objects.filter(kind=kind).order_by("created_at", "recipient")
    return [(str(row.context.get("step", "")), local_date(row.created_at, NEW_YORK), row.recipient) for row in rows]


def days(start: datetime, end: datetime) -> Iterator[datetime]:
    """Noon of each day."""
    while start <= end:
        yield start
        start += DAY


# ------------------------------------------------------------------------------------------------------------ decisions


def test_a_decision_is_reminded_of_on_its_day_and_every_service_day_after_then_to_managers_too(
    shops: dict[str, Storefront], cast: Cast
) -> None:
    request = filed(shops[IMAGE], cast, local(2026, 11, 18))
    assert request.decision_due_on == date(2026, 11, 20)
    for now in days(local(2026, 11, 18), local(2026, 11, 23)):
        reminders.owe_due_reminders(now=now)
    assert owed("decision_reminder") == [
        ("today", date(2026, 11, 20), "renee@example.com"),
        ("today", date(2026, 11, 20), "sam@example.com"),
        ("overdue 2026-11-23", date(2026, 11, 23), "mona@example.com"),
        ("overdue 2026-11-23", date(2026, 11, 23), "renee@example.com"),
        ("overdue 2026-11-23", date(2026, 11, 23), "sam@example.com"),
    ]


def test_about_a_claim_staff_decide_by_the_next_service_day(shops: dict[str, Storefront], cast: Cast) -> None:
    friday = local(2026, 11, 20)
    order = bought(shops[IMAGE], cast, friday, delivered_hours_ago=10)
    assert asked_back(order, friday, reason=Reason.DAMAGED).decision_due_on == date(2026, 11, 23)


def test_the_decision_s_clock_stands_still_while_the_customer_is_asked(
    shops: dict[str, Storefront], cast: Cast
) -> None:
    request = filed(shops[IMAGE], cast, local(2026, 11, 18))
    renee = By.staff(cast.renee)
    authorization.request_information(
        request_id=request.pk, question="Is it sealed?", by=renee, now=local(2026, 11, 19)
    )
    request.refresh_from_db()
    assert request.decides_by is None
    for now in days(local(2026, 11, 20), local(2026, 11, 24)):
        reminders.owe_due_reminders(now=now)
    assert owed("decision_reminder") == []
    conversation.answer(request_id=request.pk, body="Yes", by=By.owner(cast.maya), now=local(2026, 11, 24, 15))
    request.refresh_from_db()
    assert request.decides_by == date(2026, 11, 25), "three service days were waited for"


def test_who_was_decided_about_meanwhile_is_not_reminded_of(
    shops: dict[str, Storefront], cast: Cast, settings: Settings
) -> None:
    request = filed(shops[IMAGE], cast, local(2026, 11, 18))
    reminders.owe_due_reminders(now=local(2026, 11, 20))
    factories.authorized(request, by=cast.renee, now=local(2026, 11, 20, 13))
    Notification.objects.exclude(kind="decision_reminder").delete()
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: local(2026, 11, 20, 14))
    assert server.taken == []
    assert set(Notification.objects.values_list("state", flat=True)) == {"dropped"}


# ------------------------------------------------------------------------------------------- the statement and the rule

INSTANTS = [
    local(2026, 11, 26),  # Thanksgiving
    local(2026, 11, 27, 9, 30),
    local(2027, 3, 14, 3, 30),  # the night without 2:30
    local(2027, 3, 15, 9),
    local(2027, 11, 7, 1, 30),  # the night with two
    local(2027, 11, 8, 9),
    local(2027, 7, 5, 12),  # Independence Day, observed
    local(2028, 2, 29, 12),
    local(2026, 12, 31, 16),
    local(2027, 1, 1, 12),
    local(2027, 1, 4, 9),
]


@pytest.mark.parametrize("now", INSTANTS, ids=lambda now: f"{now:%Y-%m-%d %H:%M}")
def test_the_statement_owes_what_the_rule_says_for_every_due_day(
    shops: dict[str, Storefront], cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In batches of three, so that each batch goes on where the one before it ended."""
    monkeypatch.setattr(reminder_rows, "BATCH", 3)
    shop, today = shops[SPA], local_date(now, NEW_YORK)
    at = now - 3 * DAY
    request = factories.authorized(filed(shop, cast, at), by=cast.renee, now=at)
    request = factories.received(request, by=cast.renee, now=at)
    copies = [request, *(copy_of(request, number) for number in range(24))]
    for number, copy in enumerate(copies):
        ReturnRequest.objects.filter(pk=copy.pk).update(due_on=today + (number - 12) * DAY)
    Notification.objects.all().delete()
    owe_steps(shop, PROMISE, shop.reminder_days, staff=staff_of(shop), now=now, today=today)
    found = dict(Notification.objects.filter(recipient="renee@example.com").values_list("request_id", "context__step"))
    wanted = {
        copy.pk: reminder_on(shop.service_hours, today + (number - 12) * DAY, today, PROCESSING_LADDER)
        for number, copy in enumerate(copies)
    }
    assert found == {key: step.name for key, step in wanted.items() if step is not None}
    assert owe_steps(shop, PROMISE, shop.reminder_days, staff=staff_of(shop), now=now, today=today) == 0


def copy_of(request: ReturnRequest, number: int) -> ReturnRequest:
    """Another return that stands where this one stands."""
    copy = ReturnRequest.objects.get(pk=request.pk)
    copy.pk = None
    copy.reference, copy.rma_number = f"COPY-{number:04}", f"RMA-COPY-{number:04}"
    copy.nonce = uuid.uuid4()
    copy.save(force_insert=True)
    return copy


def test_a_storefront_may_have_another_ladder(shops: dict[str, Storefront], cast: Cast) -> None:
    shop = shops[IMAGE]
    storefronts.change_deadlines(
        storefront=shop,
        decision_days=2,
        claim_decision_days=1,
        reminder_days=[7, 0],
        goods_leave_within_days=2,
        expires_after_days=None,
    )
    at = local(2026, 11, 18)
    request = factories.received(
        factories.authorized(filed(shop, cast, at), by=cast.renee, now=at), by=cast.renee, now=at
    )
    assert request.due_on == date(2026, 11, 28)
    for now in days(at, local(2026, 11, 27)):
        reminders.owe_due_reminders(now=now)
    assert [(step, day) for step, day, _ in owed("staff_reminder")] == [
        ("before 7", date(2026, 11, 20)),
        ("today", date(2026, 11, 27)),
    ]


# ------------------------------------------------------------------------------------------------------------ customers


def test_a_question_is_asked_again_after_three_days_and_seven_and_then_left(
    shops: dict[str, Storefront], cast: Cast
) -> None:
    request = filed(shops[IMAGE], cast, local(2026, 11, 18))
    authorization.request_information(
        request_id=request.pk, question="Is it sealed?", by=By.staff(cast.renee), now=local(2026, 11, 18)
    )
    for now in days(local(2026, 11, 19), local(2026, 12, 18)):
        reminders.owe_due_reminders(now=now + timedelta(minutes=1))
    assert [day for _, day, _ in owed("information_reminder")] == [date(2026, 11, 23), date(2026, 11, 25)]


def test_after_an_outage_one_reminder_of_a_question_leaves(shops: dict[str, Storefront], cast: Cast) -> None:
    request = filed(shops[IMAGE], cast, local(2026, 11, 18))
    authorization.request_information(
        request_id=request.pk, question="Is it sealed?", by=By.staff(cast.renee), now=local(2026, 11, 18)
    )
    reminders.owe_due_reminders(now=local(2026, 11, 30))
    reminders.owe_due_reminders(now=local(2026, 12, 1))
    assert [day for _, day, _ in owed("information_reminder")] == [date(2026, 11, 30)]


def test_a_guest_s_reminder_has_a_link_of_its_own_that_no_row_holds(
    shops: dict[str, Storefront], cast: Cast, settings: Settings
) -> None:
    at = local(2026, 11, 18)
    request = factories.submitted(factories.order(shops[IMAGE], now=at), now=at)
    authorization.request_information(request_id=request.pk, question="Sealed?", by=By.staff(cast.renee), now=at)
    Notification.objects.all().delete()
    reminders.owe_due_reminders(now=local(2026, 11, 23))
    Notification.objects.exclude(kind="information_reminder").delete()
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: local(2026, 11, 23, 13))
    [row] = Notification.objects.all()
    [mail] = server.taken
    assert set(row.context) == {"asked", "link"}
    assert "/link/" in mail.part("plain")
    assert "Sealed?" in mail.part("plain")


def test_a_difference_is_reminded_of_once_three_days_before_the_time_to_answer_ends(
    shops: dict[str, Storefront], cast: Cast
) -> None:
    at = local(2026, 11, 16)
    request = differing(bought(shops[SPA], cast, at), cast, at)  # they can answer until Thursday, November 26
    for now in days(at, local(2026, 12, 4)):
        reminders.owe_due_reminders(now=now)
        reminders.owe_due_reminders(now=now + timedelta(minutes=1))
    assert [(day, to) for _, day, to in owed("difference_reminder")] == [(date(2026, 11, 23), request.contact_email)]


def test_whoever_has_answered_to_a_difference_is_not_reminded(shops: dict[str, Storefront], cast: Cast) -> None:
    at = local(2026, 11, 16)
    request = differing(bought(shops[SPA], cast, at), cast, at)
    reminders.owe_due_reminders(now=local(2026, 11, 23))
    row = Notification.objects.get(kind="difference_reminder")
    letter = letter_of(row, now=local(2026, 11, 23))
    assert (letter["answer_by"], len(letter["offers"])) == ("Thursday, November 26, 2026", 3)
    with pytest.raises(NoLongerTrue):
        letter_of(row, now=local(2026, 11, 27))
    difference.answer_difference(
        request_id=request.pk, answer=Answer.ACCEPT, by=By.owner(cast.maya), now=local(2026, 11, 23, 14)
    )
    with pytest.raises(NoLongerTrue):
        letter_of(Notification.objects.get(pk=row.pk), now=local(2026, 11, 23, 15))
    other = differing(bought(shops[SPA], cast, at), cast, at)
    difference.answer_difference(
        request_id=other.pk, answer=Answer.DISAGREE, text="No", by=By.owner(cast.maya), now=local(2026, 11, 20)
    )
    reminders.owe_due_reminders(now=local(2026, 11, 24))
    assert len(owed("difference_reminder")) == 1


def test_a_return_is_late_by_the_storefronts_calendar(shops: dict[str, Storefront], cast: Cast) -> None:
    at = local(2026, 11, 2)
    request = factories.authorized(filed(shops[IMAGE], cast, at), by=cast.renee, now=at)
    request = factories.received(request, by=cast.renee, now=at)
    assert request.due_on == date(2026, 11, 12)
    assert not ReturnRequest.objects.late(local(2026, 11, 12, 23).astimezone(UTC), [request.storefront]).exists()
    assert ReturnRequest.objects.late(local(2026, 11, 13, 1).astimezone(UTC), [request.storefront]).exists()


def test_a_promise_that_moved_is_told(shops: dict[str, Storefront], cast: Cast) -> None:
    """The customer took two business days to answer; the day is later by those, and they read it."""
    at = local(2026, 11, 16)
    request = differing(bought(shops[SPA], cast, at), cast, at)
    promised = request.due_on
    difference.answer_difference(request_id=request.pk, answer=Answer.ACCEPT, by=By.owner(cast.maya), now=at + 2 * DAY)
    request.refresh_from_db()
    assert request.due_on is not None
    assert promised is not None
    assert request.due_on > promised
    assert [recipient for _, _, recipient in owed("promise_moved")] == [request.contact_email]


def test_an_answer_on_the_same_day_moves_nothing_and_tells_nothing(shops: dict[str, Storefront], cast: Cast) -> None:
    at = local(2026, 11, 16)
    request = differing(bought(shops[SPA], cast, at), cast, at)
    difference.answer_difference(
        request_id=request.pk, answer=Answer.ACCEPT, by=By.owner(cast.maya), now=at + timedelta(hours=1)
    )
    assert owed("promise_moved") == []


def test_nothing_expires_unless_the_storefront_sets_a_limit(shops: dict[str, Storefront], cast: Cast) -> None:
    shop, at = shops[IMAGE], local(2026, 11, 18)
    request = factories.authorized(filed(shop, cast, at), by=cast.renee, now=at)
    reminders.owe_due_reminders(now=local(2027, 3, 18))
    request.refresh_from_db()
    assert request.status == "authorized"
    storefronts.change_deadlines(
        storefront=shop,
        decision_days=2,
        claim_decision_days=1,
        reminder_days=[0],
        goods_leave_within_days=2,
        expires_after_days=30,
        now=at,
    )
    reminders.owe_due_reminders(now=local(2026, 12, 17))
    request.refresh_from_db()
    assert request.status == "authorized"
    reminders.owe_due_reminders(now=local(2026, 12, 18, 13))
    request.refresh_from_db()
    assert request.status == "expired"
    assert len(owed("expired")) == 1


def test_a_limit_counts_only_for_what_is_authorized_once_it_is_set(shops: dict[str, Storefront], cast: Cast) -> None:
    shop, at = shops[IMAGE], local(2026, 10, 1)
    clocks: dict[str, Any] = {
        "decision_days": 2,
        "claim_decision_days": 1,
        "reminder_days": [0],
        "goods_leave_within_days": 2,
    }
    older = factories.authorized(filed(shop, cast, at), by=cast.renee, now=at)
    set_on = at + 60 * DAY
    storefronts.change_deadlines(storefront=shop, **clocks, expires_after_days=30, now=set_on)
    newer = factories.authorized(filed(shop, cast, set_on), by=cast.renee, now=set_on + DAY)
    # Saved again as it is, it holds on since the same day.
    storefronts.change_deadlines(storefront=shop, **clocks, expires_after_days=30, now=set_on + 2 * DAY)
    reminders.owe_due_reminders(now=set_on + 32 * DAY)
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.status, newer.status) == ("authorized", "expired")


# ------------------------------------------------------------------------------------------------ packages and managers


def test_the_sender_of_a_held_package_is_tried_on_days_0_3_7_and_14(shops: dict[str, Storefront], cast: Cast) -> None:
    at, renee = local(2026, 11, 16), By.staff(cast.renee)
    held = factories.held(shops[IMAGE], by=cast.renee, now=at)
    for now in days(at, local(2026, 12, 4)):
        reminders.owe_due_reminders(now=now)
        reminders.owe_due_reminders(now=now + timedelta(hours=1))
        if owed("held_reminder") and owed("held_reminder")[-1][1] == now.date():
            held.refresh_from_db()
            holding.note_try(
                held_id=held.public_id, seen=held.tries.count(), way=Way.PHONE, note="Nobody.", by=renee, now=now
            )
    told = [day for _, day, recipient in owed("held_reminder") if recipient == "renee@example.com"]
    assert told[:4] == [date(2026, 11, 16), date(2026, 11, 19), date(2026, 11, 23), date(2026, 11, 30)]


def test_managers_get_one_digest_a_service_day_and_none_where_nothing_presses(
    shops: dict[str, Storefront], cast: Cast
) -> None:
    reminders.owe_due_reminders(now=local(2026, 11, 17))
    assert owed("digest") == []
    filed(shops[IMAGE], cast, local(2026, 11, 18))
    for now in days(local(2026, 11, 20, 9), local(2026, 11, 23, 9)):
        reminders.owe_due_reminders(now=now)
        reminders.owe_due_reminders(now=now + timedelta(hours=2))
    assert [(day, recipient) for _, day, recipient in owed("digest")] == [
        (date(2026, 11, 20), "mona@example.com"),
        (date(2026, 11, 23), "mona@example.com"),
    ]


def test_what_a_message_was_made_from_is_forgotten_after_a_month_and_its_key_is_not(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    Notification.objects.update(state="sent", sent_at=now)
    assert retention.forget_old_contexts(now=now + 29 * DAY) == 0
    assert retention.forget_old_contexts(now=now + 31 * DAY) == 1
    row = request.notifications.get()
    assert (row.context, row.state) == ({}, "sent")
    assert row.dedupe_key == f"received:{request.pk}:1"


def test_a_failed_message_can_be_sent_again_after_a_month(
    shops: dict[str, Storefront], cast: Cast, now: datetime, settings: Settings
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    Notification.objects.update(state="failed", last_error="550 No.")
    assert retention.forget_old_contexts(now=now + 31 * DAY) == 0
    row = request.notifications.get()
    delivery.resend(notification_id=row.pk, now=now + 31 * DAY)
    with mail_goes_to(settings) as server:
        delivery.deliver(row.pk, now=now + 31 * DAY)
        assert len(server.taken) == 1
