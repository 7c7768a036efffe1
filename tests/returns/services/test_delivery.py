"""The outbox: one delivery for each message, whatever the mail server does and however many try at once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from unittest import mock
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from returns import smtp
from returns.models import Heartbeat, Notification, Suppression
from returns.services import claims, delivery, undelivered
from returns.services.errors import Refused
from tests.mail_server import MailServer, Taken, dripping, free_port, silent
from tests.outbox import mail_goes_to, owed, point_to

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_goes_to(settings) as listening:
        yield listening


def delivered(row: Notification, now: datetime) -> Notification:
    """The row after one attempt."""
    found = delivery.deliver(row.pk, now=now)
    assert found is not None
    found.refresh_from_db()
    return found


# ------------------------------------------------------------------------------------------------------------ success


def test_a_message_is_handed_over_once_and_is_sent_then(server: MailServer, now: datetime) -> None:
    [row] = owed(now)
    row = delivered(row, now)
    assert (row.state, row.attempts, row.last_error) == ("sent", 1, "")
    assert row.sent_at is not None
    assert delivery.deliver(row.pk, now=now) is None
    assert [mail.recipients for mail in server.taken] == [[row.recipient]]


def test_the_message_id_follows_from_the_row_and_the_site(server: MailServer, now: datetime) -> None:
    [row] = owed(now)
    delivered(row, now)
    assert server.message_ids == [f"<{row.pk.hex}@127.0.0.1>"]


def test_a_message_that_is_not_due_waits(server: MailServer, now: datetime) -> None:
    [row] = owed(now, next_attempt_at=now + timedelta(seconds=1))
    assert delivery.deliver(row.pk, now=now) is None
    assert server.taken == []


def test_a_sweep_sends_the_most_urgent_first(server: MailServer, now: datetime) -> None:
    reminder, [number] = owed(now, 3, priority=8), owed(now, priority=1)
    swept = delivery.deliver_due(clock=lambda: now)
    assert (swept.taken, swept.server_away) == (4, False)
    assert server.taken[0].recipients == [number.recipient]
    assert {mail.recipients[0] for mail in server.taken[1:]} == {row.recipient for row in reminder}


def test_a_sweep_shows_that_it_lives(server: MailServer, now: datetime) -> None:
    delivery.deliver_due(clock=lambda: now)
    assert Heartbeat.objects.get(name="outbox").at == now
    assert server.taken == []


def test_a_sweep_reads_the_database_alone(server: MailServer, now: datetime) -> None:
    """No doorbell rang for these rows: they were written past it, as after a lost broker."""
    owed(now, 5)
    delivery.deliver_due(clock=lambda: now)
    assert len(server.taken) == 5


# ----------------------------------------------------------------------------------------------- what servers answer


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_a_temporary_no_is_tried_again(settings: Settings, now: datetime, command: str, code: int) -> None:
    with mail_goes_to(settings, MailServer(replies={command: f"{code} not now"})) as server:
        [row] = owed(now)
        row = delivered(row, now)
        assert (row.state, row.attempts) == ("retry", 1)
        assert now < row.next_attempt_at <= now + timedelta(seconds=20)
        server.replies = {}
        row = delivered(row, row.next_attempt_at)
    assert (row.state, row.attempts) == ("sent", 2)
    assert len(server.taken) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("code", [550, 552, 554])
def test_a_final_no_fails_after_one_attempt(settings: Settings, now: datetime, command: str, code: int) -> None:
    with mail_goes_to(settings, MailServer(replies={command: f"{code} never"})):
        [row] = owed(now)
        row = delivered(row, now)
        assert (row.state, row.attempts) == ("failed", 1)
        assert row.last_error.startswith(str(code))
        assert delivery.deliver_due(clock=lambda: now + timedelta(days=1)).taken == 0


def test_the_reason_names_no_address(settings: Settings, now: datetime) -> None:
    with mail_goes_to(settings, MailServer(replies={"RCPT": "550 <somebody0@example.com> unknown"})):
        [row] = owed(now)
        assert delivered(row, now).last_error == "550 <s***@example.com> unknown"


def test_a_server_that_wants_other_credentials_is_asked_again(settings: Settings, now: datetime) -> None:
    with mail_goes_to(settings, MailServer(replies={"MAIL": "530 sign in first"})):
        [row] = owed(now)
        assert delivered(row, now).state == "retry"


def test_a_message_dropped_after_it_was_handed_over_is_uncertain_and_sent_again_as_the_same(
    settings: Settings, now: datetime
) -> None:
    with mail_goes_to(settings, MailServer(drops=True)) as server:
        [row] = owed(now)
        row = delivered(row, now)
        assert row.state == "uncertain"
        server.drops = False
        row = delivered(row, row.next_attempt_at)
    assert row.state == "sent"
    assert len(server.taken) == 2
    assert len(set(server.message_ids)) == 1


def test_a_server_that_never_answers_the_message_costs_the_timeout_and_no_more(
    settings: Settings, now: datetime
) -> None:
    with mail_goes_to(settings, MailServer(delay=3)):
        [row] = owed(now)
        row = delivered(row, now)
    assert row.state == "uncertain"
    assert "TimeoutError" in row.last_error or "SMTPServerDisconnected" in row.last_error


def test_a_server_that_is_slow_to_say_goodbye_has_the_message_all_the_same(server: MailServer, now: datetime) -> None:
    def late(*_: object) -> str:
        raise ConnectionResetError

    with mock.patch.object(server, "handle_QUIT", late, create=True):
        [row] = owed(now)
        assert delivered(row, now).state == "sent"


def test_nobody_listening_is_a_server_away(settings: Settings, now: datetime) -> None:
    point_to(settings, free_port())
    [row] = owed(now)
    row = delivered(row, now)
    assert row.state == "retry"
    assert row.last_error == f"{smtp.AWAY}: ConnectionRefusedError"


def test_a_frozen_server_is_away_after_the_timeout(settings: Settings, now: datetime) -> None:
    with silent() as port:
        point_to(settings, port)
        [row] = owed(now)
        row = delivered(row, now)
    assert row.last_error.startswith(smtp.AWAY)


def test_a_server_that_drips_is_hung_up_on(settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "LONGEST_CONVERSATION", 1.0)
    with dripping(0.1) as port:
        point_to(settings, port)
        [row] = owed(now)
        row = delivered(row, now)
    assert row.last_error.startswith(smtp.AWAY)


@pytest.mark.parametrize("host", ["nobody.invalid", "two..dots", "x" * 80])
def test_a_host_that_does_not_exist_is_a_server_away(settings: Settings, now: datetime, host: str) -> None:
    point_to(settings, 25)
    settings.EMAIL_HOST = host
    [row] = owed(now)
    assert delivered(row, now).last_error.startswith(smtp.AWAY)


@pytest.mark.parametrize(
    "wanted",
    [{"EMAIL_USE_TLS": True}, {"EMAIL_USE_SSL": True}, {"EMAIL_HOST_USER": "us", "EMAIL_HOST_PASSWORD": "secret"}],
)
def test_a_server_that_does_not_speak_as_the_settings_say_is_away(
    settings: Settings, now: datetime, wanted: dict[str, object]
) -> None:
    """No encryption, no sign-in: fixing the settings helps, so nothing fails."""
    with mail_goes_to(settings) as server:
        for name, value in wanted.items():
            setattr(settings, name, value)
        [row] = owed(now)
        row = delivered(row, now)
    assert row.last_error.startswith(smtp.AWAY)
    assert row.state == "retry"
    assert server.taken == []


def test_a_sweep_does_not_try_everybody_on_a_server_that_is_away(settings: Settings, now: datetime) -> None:
    point_to(settings, free_port())
    owed(now, 20)
    swept = delivery.deliver_due(clock=lambda: now)
    assert (swept.taken, swept.server_away) == (1, True)
    assert Notification.objects.filter(state="queued", attempts=0).count() == 19


def test_a_server_that_is_back_finds_those_who_waited_for_it(settings: Settings, now: datetime) -> None:
    waiting = owed(
        now, 2, state="retry", attempts=9, next_attempt_at=now + timedelta(hours=1), last_error=f"{smtp.AWAY}: Error"
    )
    [greylisted] = owed(
        now, state="retry", attempts=1, next_attempt_at=now + timedelta(hours=1), last_error="450 later"
    )
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: now)
    assert {mail.recipients[0] for mail in server.taken} == {row.recipient for row in waiting}
    greylisted.refresh_from_db()
    assert greylisted.state == "retry"


def test_the_attempts_last_a_day_and_end(settings: Settings, now: datetime) -> None:
    point_to(settings, free_port())
    [row] = owed(now)
    moment, waits = now, []
    while (row := delivered(row, moment)).state == "retry":
        waits.append(row.next_attempt_at - moment)
        moment = row.next_attempt_at
    assert row.state == "failed"
    assert row.attempts == len(delivery.WAITS) + 1 == len(waits) + 1
    assert moment - now >= timedelta(hours=24)
    assert all(
        least <= wait <= least * (1 + delivery.JITTER) for least, wait in zip(delivery.WAITS, waits, strict=True)
    )


# ------------------------------------------------------------------------------------------------------- bad messages


def test_a_message_that_cannot_be_rendered_does_not_hold_up_the_others(server: MailServer, now: datetime) -> None:
    [poison] = owed(now, kind="no_such_kind", priority=1)
    owed(now, 3)
    delivery.deliver_due(clock=lambda: now)
    poison.refresh_from_db()
    assert (poison.state, poison.last_error) == ("failed", "It can't be rendered: KeyError.")
    assert len(server.taken) == 3


@pytest.mark.parametrize("context", [{"link": "no id"}, {"person": "nobody's id"}])
def test_a_message_whose_matter_cannot_be_read_does_not_hold_up_the_others(
    server: MailServer, now: datetime, context: dict[str, str]
) -> None:
    [poison] = owed(now, priority=1, context=context)
    owed(now, 3)
    delivery.deliver_due(clock=lambda: now)
    poison.refresh_from_db()
    assert poison.state == "failed"
    assert len(server.taken) == 3


@pytest.mark.parametrize(
    "recipient",
    ["a@example.com\r\nBcc: b@example.com", "a@example.com, b@example.com", "a@b@example.com", "nobody"],
)
def test_an_address_that_is_not_one_address_goes_to_nobody(server: MailServer, now: datetime, recipient: str) -> None:
    [row] = owed(now, recipient=recipient)
    assert delivered(row, now).state == "failed"
    assert server.taken == []


def test_a_message_nobody_needs_any_more_is_dropped(server: MailServer, now: datetime) -> None:
    [row] = owed(now)
    User.objects.update(is_active=False)
    row = delivered(row, now)
    assert (row.state, row.last_error) == ("dropped", "The person is gone or disabled.")
    assert delivery.deliver(row.pk, now=now + timedelta(days=1)) is None
    assert server.taken == []


# -------------------------------------------------------------------------------------------------------- lost workers


def test_a_fresh_claim_is_left_alone_and_a_silent_one_taken_over(server: MailServer, now: datetime) -> None:
    [fresh] = owed(now, state="sending", attempts=1, claimed_at=now - claims.SILENT_AFTER)
    [silent_one] = owed(
        now, state="sending", attempts=1, claimed_at=now - claims.SILENT_AFTER - timedelta(microseconds=1)
    )
    assert delivery.deliver_due(clock=lambda: now).taken == 1
    fresh.refresh_from_db()
    silent_one.refresh_from_db()
    assert (fresh.state, silent_one.state) == ("sending", "sent")
    assert silent_one.interruptions == 1


def test_no_attempt_outlives_its_claim() -> None:
    """Two addresses of one host may each take the connection's timeout; then the conversation has its own limit.

    Before that a connection of before may have said that it takes no more.
    """
    longest = delivery.BATCH_LASTS + smtp.SOON + 2 * 10 + smtp.LONGEST_CONVERSATION
    assert timedelta(seconds=longest) < claims.SILENT_AFTER


def test_a_new_connection_and_its_first_message_share_their_time(server: MailServer, now: datetime) -> None:
    with mock.patch.object(smtp._Conversation, "begin", autospec=True, side_effect=smtp._Conversation.begin) as begun:
        owed(now, 3)
        delivery.deliver_due(clock=lambda: now)
    assert len(server.taken) == begun.call_count == 3


def test_a_message_that_kills_its_workers_is_set_aside(server: MailServer, now: datetime) -> None:
    most = delivery.MOST_INTERRUPTIONS
    [deadly] = owed(now, state="sending", attempts=most, interruptions=most - 1, claimed_at=now - timedelta(minutes=5))
    deadly = delivered(deadly, now)
    assert (deadly.state, deadly.interruptions) == ("failed", most)
    assert server.taken == []


def test_an_attempt_that_was_overtaken_does_not_undo_the_delivery(server: MailServer, now: datetime) -> None:
    """The first worker was believed dead, the second one sent the message; now the first one hears of its timeout."""
    [row] = owed(now)
    [slow] = claims.claim(now, only=row.pk)
    later = now + timedelta(minutes=1)
    assert delivered(row, later).state == "sent"
    assert delivery._try_again(slow, "retry", "too late", later).state == "sent"
    assert len(server.taken) == 1


def test_a_failed_message_is_sent_again_when_somebody_says_so(server: MailServer, now: datetime) -> None:
    [row] = owed(now, state="failed", attempts=16, interruptions=2, last_error="550 never")
    row = delivery.resend(notification_id=row.pk, now=now)
    assert (row.state, row.attempts, row.interruptions, row.last_error) == ("queued", 0, 0, "")
    assert delivered(row, now).state == "sent"
    with pytest.raises(Refused):
        delivery.resend(notification_id=row.pk, now=now)
    assert len(server.taken) == 1


# ------------------------------------------------------------------------------------------------------------- batches


def test_a_sweep_sends_all_its_mails_over_one_connection(server: MailServer, now: datetime) -> None:
    owed(now, 30)
    assert delivery.deliver_due(clock=lambda: now).taken == 30
    assert (len(server.taken), server.connections) == (30, 1)


def test_a_server_that_takes_few_on_a_connection_is_called_again(server: MailServer, now: datetime) -> None:
    """421 to the next message: nothing is lost, nothing waits for the next sweep."""
    server.most = 5
    rows = owed(now, 12)
    assert delivery.deliver_due(clock=lambda: now).taken == 12
    assert server.connections == 3
    assert sorted(server.message_ids) == sorted(f"<{row.pk.hex}@127.0.0.1>" for row in rows)
    assert set(Notification.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_one_refused_message_does_not_touch_the_others_of_its_batch(settings: Settings, now: datetime) -> None:
    with mail_goes_to(settings, MailServer(refuses={"somebody1@example.com": "550 5.1.1 unknown"})) as server:
        owed(now, 4)
        delivery.deliver_due(clock=lambda: now)
    assert len(server.taken) == 3
    assert Notification.objects.get(state="failed").recipient == "somebody1@example.com"


def test_what_a_slow_server_leaves_of_a_batch_is_given_back_untried(server: MailServer, now: datetime) -> None:
    owed(now, 5)
    with smtp.Delivery() as door:
        assert delivery._batch(claims.claim(now), door, lambda: now, until=0.0) == (1, False)
    assert Notification.objects.filter(state="queued", attempts=0).count() == 4
    assert len(server.taken) == 1


def test_urgent_mail_overtakes_a_heap_of_reminders_at_the_next_batch(server: MailServer, now: datetime) -> None:
    """It is owed while the first batch leaves; however high the heap is, the rest of a batch at most goes before it."""
    owed(now, 5 * claims.BATCH, priority=8)
    later = now + timedelta(seconds=1)
    [urgent] = owed(now, priority=1, next_attempt_at=later)
    delivery.deliver_due(clock=lambda: later if server.taken else now, lasts=60)
    assert server.message_ids.index(f"<{urgent.pk.hex}@127.0.0.1>") == claims.BATCH
    assert len(server.taken) == 5 * claims.BATCH + 1


def test_the_first_of_a_lost_batch_alone_is_suspected(server: MailServer, now: datetime) -> None:
    """The others were in nobody's hands, so that what happens to their neighbour doesn't add up against them."""
    lost = now - claims.SILENT_AFTER - timedelta(seconds=1)
    first, *others = owed(now, 4, state="sending", attempts=1, claimed_at=lost)
    for place, row in enumerate([first, *others]):
        Notification.objects.filter(pk=row.pk).update(next_attempt_at=now - timedelta(hours=1) + place * DAY / 1000)
    delivery.deliver_due(clock=lambda: now)
    suspected = dict(Notification.objects.values_list("pk", "interruptions"))
    assert suspected == {first.pk: 1, **dict.fromkeys([row.pk for row in others], 0)}
    assert set(Notification.objects.values_list("state", flat=True)) == {"sent"}
    assert len(server.taken) == 4


@pytest.mark.django_db(transaction=True)
def test_in_a_batch_that_lasts_what_changed_meanwhile_counts(
    settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow server has the first message of a batch; what is known of the others is asked again after it."""
    [first], [second] = owed(now, priority=1), owed(now, priority=8)

    def nobody_has_it(_mail: Taken) -> None:
        Suppression.objects.create(email=second.recipient, reason="unknown", since=now)
        connection.close()

    monkeypatch.setattr(delivery, "FRESH", 0.0)
    with mail_goes_to(settings, MailServer(on_taken=nobody_has_it)):
        delivery.deliver_due(clock=lambda: now)
    states = dict(Notification.objects.values_list("pk", "state"))
    assert states == {first.pk: "sent", second.pk: "failed"}


# --------------------------------------------------------------------------------------- the limit, nobody's address


def test_no_more_leave_in_a_minute_than_the_setting_says_and_urgent_ones_first(
    server: MailServer, now: datetime, settings: Settings
) -> None:
    settings.MAILS_PER_MINUTE = 10
    real = timezone.now()
    owed(real, 30, priority=8)
    delivery.deliver_due()
    assert len(server.taken) == 9, "the rest of the limit is kept for urgent ones"
    urgent = owed(real, 3, priority=1)
    delivery.deliver_due()
    assert [mail.recipients for mail in server.taken[9:]] == [[min(urgent, key=lambda row: row.pk).recipient]]
    Notification.objects.filter(state="sent").update(sent_at=real - timedelta(minutes=2))
    delivery.deliver_due()
    assert len(server.taken) == 10 + 2 + 7


@pytest.mark.parametrize(
    ("answer", "is_unknown"),
    [
        ("550 5.1.1 no mailbox here by that name", True),
        ("550 User unknown", True),
        ("553 No such recipient", True),
        ("550 5.7.1 we don't like your address, user unknown to us", False),
        ("550 never", False),
        ("554 spam", False),
    ],
)
def test_an_address_nobody_has_gets_nothing_more_until_a_manager_lifts_it(
    settings: Settings, now: datetime, answer: str, is_unknown: bool
) -> None:
    with mail_goes_to(settings, MailServer(replies={"RCPT": answer})) as server:
        first, second = owed(now, 2, recipient="gone@example.com")
        delivered(first, now)
        assert Suppression.objects.filter(email="gone@example.com").exists() is is_unknown
        server.replies = {}
        assert delivered(second, now).state == ("failed" if is_unknown else "sent")
        if is_unknown:
            assert undelivered.lift(email="Gone@example.com")
            delivery.resend(notification_id=second.pk, now=now)
            assert delivered(second, now).state == "sent"


def test_a_failure_whose_news_is_lost_is_found_again(settings: Settings, now: datetime) -> None:
    with mail_goes_to(settings, MailServer(replies={"RCPT": "550 5.1.1 nobody"})):
        [row] = owed(now, recipient="gone@example.com")
        broken = mock.patch.object(delivery, "tell_of_failure", side_effect=OperationalError("gone"))
        with broken, pytest.raises(OperationalError):
            delivery.deliver(row.pk, now=now)
        row.refresh_from_db()
        assert row.state == "sending"
        assert delivered(row, now + claims.SILENT_AFTER + timedelta(seconds=1)).state == "failed"
        assert Suppression.objects.filter(email="gone@example.com").exists()


# --------------------------------------------------------------------------------------------------------- many at once


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_time_send_each_message_once(server: MailServer, now: datetime) -> None:
    rows = owed(now, 4 * claims.BATCH)

    def sweep(_number: int) -> int:
        try:
            return delivery.deliver_due(clock=lambda: now).taken
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = sum(pool.map(sweep, range(4)))
    assert taken == len(rows)
    # A busy machine may break a conversation off before the mail was handed over; that one goes with the next sweep.
    delivery.deliver_due(clock=lambda: now + timedelta(hours=2))
    assert sorted(server.message_ids) == sorted(f"<{row.pk.hex}@127.0.0.1>" for row in rows)


@pytest.mark.django_db(transaction=True)
def test_without_the_condition_in_the_claim_the_same_sweeps_double(
    server: MailServer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a claim that reads first and writes then lets several workers have a message."""
    barrier = threading.Barrier(4)
    [row] = owed(now)

    def naive(_now: datetime, *, only: UUID) -> list[Notification]:
        [found] = claims.loaded([only])
        barrier.wait(timeout=30)
        return [found] if found.state == "queued" else []

    monkeypatch.setattr(claims, "claim", naive)

    def deliver(_number: int) -> None:
        try:
            delivery.deliver(row.pk, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(deliver, range(4)))
    assert len(server.taken) == 4
    assert len(set(server.message_ids)) == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_server_talks(settings: Settings, now: datetime) -> None:
    open_then: list[bool] = []
    server = MailServer(on_taken=lambda _mail: open_then.append(connection_is_in_transaction()))
    with mail_goes_to(settings, server):
        [row] = owed(now)
        delivered(row, now)
    assert open_then == [False]


def connection_is_in_transaction() -> bool:
    """Whether any session of this database holds a transaction open, apart from the one that asks."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'"
        )
        (count,) = cursor.fetchone()
    connection.close()
    return bool(count)
