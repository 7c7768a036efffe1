"""Staff are reminded of every due day once for each step, in service hours only, whatever the clocks and beats do."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import StaffMembership, User
from accounts.roles import Role
from returns.domain.deadlines import is_open, next_opening
from returns.domain.reminding import whom_to_remind
from returns.models import Heartbeat, Notification, ReturnRequest, Storefront
from returns.services import delivery, difference, inspection, reminders, settlement
from returns.services.colleagues import staff_of
from returns.services.shares import shares_to_settle
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA
from tests.ladder import steps_owed
from tests.outbox import mail_goes_to

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")


def local(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment by the clock in New York."""
    return datetime(year, month, day, hour, minute, tzinfo=NEW_YORK)


def arrived(shop: Storefront, cast: Cast, at: datetime) -> ReturnRequest:
    """A return whose package is here since `at`, taken by Renee."""
    order = factories.order(shop, now=at, customer=cast.accounts[shop.slug])
    request = factories.authorized(factories.submitted(order, now=at), by=cast.renee, now=at)
    request = factories.received(request, by=cast.renee, now=at)
    Notification.objects.all().delete()
    return request


def unowned(request: ReturnRequest) -> ReturnRequest:
    """The same return, with nobody who took it."""
    ReturnRequest.objects.filter(pk=request.pk).update(owner=None)
    request.refresh_from_db()
    return request


def ticks(start: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    """What beat does: real time goes on evenly, whatever the wall clock shows."""
    moment = start.astimezone(ZoneInfo("UTC"))
    while moment <= end:
        yield moment
        moment += every


def run_beat(start: datetime, end: datetime, every: timedelta = timedelta(hours=2)) -> None:
    """Let beat ring from `start` to `end`."""
    for moment in ticks(start, end, every):
        reminders.owe_due_reminders(now=moment)


def owed_reminders() -> list[tuple[str, datetime, str]]:
    """Step, moment and recipient of each reminder, in order."""
    rows = Notification.objects.filter(kind="staff_reminder").order_by("created_at", "recipient")
    return [(row.context["step"], row.created_at.astimezone(NEW_YORK), row.recipient) for row in rows]


def steps_of(recipient: str) -> list[tuple[str, date]]:
    """What this person was reminded of, and on which days."""
    return [(step, at.date()) for step, at, person in owed_reminders() if person == recipient]


# --------------------------------------------------------------------------------------------------------- the ladder


def test_five_and_two_days_before_on_the_day_and_every_service_day_after(
    shops: dict[str, Storefront], cast: Cast
) -> None:
    """Received on a Wednesday, due in ten calendar days, a Saturday: that step moves to Friday."""
    request = arrived(shops[IMAGE], cast, local(2026, 11, 18))
    assert request.due_on == date(2026, 11, 28)
    run_beat(local(2026, 11, 18), local(2026, 12, 2, 23))
    assert steps_of("renee@example.com") == [
        ("before 5", date(2026, 11, 23)),
        ("before 2", date(2026, 11, 26)),
        ("today", date(2026, 11, 27)),
        ("overdue 2026-11-30", date(2026, 11, 30)),
        ("overdue 2026-12-01", date(2026, 12, 1)),
        ("overdue 2026-12-02", date(2026, 12, 2)),
    ]


def test_holidays_and_closing_days_are_no_days_to_be_reminded(shops: dict[str, Storefront], cast: Cast) -> None:
    """le petit spa is closed on Thanksgiving, and on a day of its own."""
    shop = shops[SPA]
    shop.closing_days = [date(2026, 12, 4)]
    shop.save()
    request = arrived(shop, cast, local(2026, 11, 18))
    assert request.due_on == date(2026, 12, 3)
    run_beat(local(2026, 11, 18), local(2026, 12, 7, 23))
    assert steps_of("renee@example.com") == [
        ("before 5", date(2026, 11, 27)),
        ("before 2", date(2026, 12, 1)),
        ("today", date(2026, 12, 3)),
        ("overdue 2026-12-07", date(2026, 12, 7)),
    ]


@pytest.mark.parametrize(
    "received",
    [
        local(2026, 10, 26),  # summer time ends on November 1
        local(2027, 3, 8, 16, 59),  # it begins on March 14
        local(2028, 2, 18),  # February has 29 days
        local(2026, 12, 23),  # the year ends
    ],
    ids=lambda at: f"{at:%Y-%m-%d}",
)
def test_over_clock_changes_leap_days_and_new_years_each_step_comes_once_after_opening(
    shops: dict[str, Storefront], cast: Cast, received: datetime
) -> None:
    requests = [arrived(shops[slug], cast, received) for slug in (SPA, IMAGE, PRO)]
    end = received + timedelta(days=19)
    run_beat(received, end, every=timedelta(hours=4))
    for request in requests:
        hours = request.storefront.service_hours
        assert request.due_on is not None
        ladder = [step for step in steps_owed(hours, request.due_on, end.date()) if step.on > received.date()]
        assert len(ladder) >= 4
        rows = list(request.notifications.filter(recipient="renee@example.com").order_by("created_at"))
        assert [row.context["step"] for row in rows] == [step.name for step in ladder]
        for step, row in zip(ladder, rows, strict=True):
            opening = next_opening(hours, datetime.combine(step.on, time(), NEW_YORK))
            assert opening is not None
            assert timedelta() <= row.created_at - opening < timedelta(hours=4)


def test_nobody_is_reminded_outside_service_hours(shops: dict[str, Storefront], cast: Cast) -> None:
    arrived(shops[IMAGE], cast, local(2026, 11, 18))
    assert reminders.owe_due_reminders(now=local(2026, 11, 23, 8, 29)) == 0
    assert reminders.owe_due_reminders(now=local(2026, 11, 23, 18, 0)) == 0
    assert reminders.owe_due_reminders(now=local(2026, 11, 22, 12)) == 0
    assert reminders.owe_due_reminders(now=local(2026, 11, 23, 8, 30)) == 1


# -------------------------------------------------------------------------------------------------- beats and outages


def test_after_an_outage_only_the_latest_step_is_owed(shops: dict[str, Storefront], cast: Cast) -> None:
    """Beat stood still for days, over two steps; it catches up with one reminder and not with three."""
    arrived(shops[IMAGE], cast, local(2026, 11, 18))
    assert reminders.owe_due_reminders(now=local(2026, 11, 27)) == 1
    assert steps_of("renee@example.com") == [("today", date(2026, 11, 27))]


def test_a_step_that_was_missed_is_made_up_the_next_day(shops: dict[str, Storefront], cast: Cast) -> None:
    arrived(shops[IMAGE], cast, local(2026, 11, 18))
    run_beat(local(2026, 11, 24, 7), local(2026, 11, 25, 23))
    assert steps_of("renee@example.com") == [("before 5", date(2026, 11, 24))]


def test_a_clock_that_steps_back_reminds_nobody_twice(shops: dict[str, Storefront], cast: Cast) -> None:
    arrived(shops[IMAGE], cast, local(2026, 11, 18))
    run_beat(local(2026, 11, 23, 9), local(2026, 11, 23, 12))
    run_beat(local(2026, 11, 23, 8), local(2026, 11, 23, 13))
    assert len(owed_reminders()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_remind_once(shops: dict[str, Storefront], cast: Cast) -> None:
    for _ in range(5):
        unowned(arrived(shops[IMAGE], cast, local(2026, 11, 18)))

    def ring(_number: int) -> int:
        try:
            return reminders.owe_due_reminders(now=local(2026, 11, 23))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        owed = sum(pool.map(ring, range(4)))
    assert owed == Notification.objects.filter(kind="staff_reminder").count() == 5 * len(["renee", "sam"])


def test_the_sweep_shows_that_it_lives(shops: dict[str, Storefront]) -> None:
    assert shops
    reminders.owe_due_reminders(now=local(2026, 11, 23))
    assert Heartbeat.objects.get(name="reminders").at == local(2026, 11, 23)


def test_the_number_of_queries_does_not_grow_with_what_was_owed_already(
    shops: dict[str, Storefront], cast: Cast, django_assert_max_num_queries: object
) -> None:
    for _ in range(6):
        arrived(shops[IMAGE], cast, local(2026, 11, 18))
    reminders.owe_due_reminders(now=local(2026, 11, 23))
    with django_assert_max_num_queries(57):  # type: ignore[operator]  # pytest-django types it as a fixture
        reminders.owe_due_reminders(now=local(2026, 11, 23, 13))


# -------------------------------------------------------------------------------------------------------------- to whom


def whom(request: ReturnRequest, *, overdue: bool = False) -> set[str]:
    """First names of those a reminder of this return goes to."""
    told = whom_to_remind(request.owner_id, staff_of(request.storefront), overdue=overdue)
    return {User.objects.get(pk=person.pk).name.split()[0] for person in told}


def test_the_owner_is_reminded_and_nobody_else(shops: dict[str, Storefront], cast: Cast) -> None:
    assert whom(arrived(shops[SPA], cast, local(2026, 11, 18))) == {"Renee"}


def test_without_an_owner_all_support_of_the_storefront_is(shops: dict[str, Storefront], cast: Cast) -> None:
    assert whom(unowned(arrived(shops[SPA], cast, local(2026, 11, 18)))) == {"Renee", "Sam", "Lena"}
    assert whom(unowned(arrived(shops[IMAGE], cast, local(2026, 11, 18)))) == {"Renee", "Sam"}


def test_once_overdue_the_managers_hear_of_it_too(shops: dict[str, Storefront], cast: Cast) -> None:
    assert whom(arrived(shops[SPA], cast, local(2026, 11, 18)), overdue=True) == {"Renee", "Mona"}


def test_an_owner_who_left_or_was_disabled_is_replaced_by_the_others(shops: dict[str, Storefront], cast: Cast) -> None:
    request = arrived(shops[IMAGE], cast, local(2026, 11, 18))
    StaffMembership.objects.filter(user=cast.renee).delete()
    assert whom(request) == {"Sam"}
    cast.sam.is_active = False
    cast.sam.save()
    assert whom(request) == {"Mona"}, "where there is no support staff, the managers are told from the start"


def test_customers_are_never_reminded_of_our_work(shops: dict[str, Storefront], cast: Cast) -> None:
    request = arrived(shops[IMAGE], cast, local(2026, 11, 18))
    StaffMembership.objects.create(user=cast.maya, storefront=shops[IMAGE])
    ReturnRequest.objects.filter(pk=request.pk).update(owner=cast.maya)
    request.refresh_from_db()
    assert cast.maya.role == Role.CUSTOMER
    assert whom(request, overdue=True) == {"Renee", "Sam", "Mona"}


def test_a_new_owner_is_not_reminded_of_a_step_that_somebody_else_was_reminded_of(
    shops: dict[str, Storefront], cast: Cast
) -> None:
    request = arrived(shops[IMAGE], cast, local(2026, 11, 18))
    reminders.owe_due_reminders(now=local(2026, 11, 23))
    ReturnRequest.objects.filter(pk=request.pk).update(owner=cast.sam)
    assert reminders.owe_due_reminders(now=local(2026, 11, 23, 15)) == 0


# ----------------------------------------------------------------------------------------------------- when it leaves


def settled(request: ReturnRequest, cast: Cast, at: datetime) -> None:
    """The return, done."""
    request = factories.inspected(request, by=cast.renee, now=at)
    _, answer = shares_to_settle(request, list(request.lines.all()))
    settlement.settle(request_id=request.pk, expected_total=answer.total, by=By.staff(cast.renee), now=at)
    assert answer.total > Decimal(0)


def test_a_return_that_was_settled_meanwhile_is_not_reminded_of(
    shops: dict[str, Storefront], cast: Cast, settings: Settings
) -> None:
    request = arrived(shops[IMAGE], cast, local(2026, 11, 18))
    reminders.owe_due_reminders(now=local(2026, 11, 23))
    settled(request, cast, local(2026, 11, 23))
    Notification.objects.exclude(kind="staff_reminder").delete()
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: local(2026, 11, 23, 13))
    [row] = Notification.objects.all()
    assert (row.state, row.last_error) == ("dropped", "The return is completed by now.")
    assert server.taken == []


def test_a_reminder_does_not_leave_while_the_customer_is_asked_and_the_clock_stands_still(
    shops: dict[str, Storefront], cast: Cast, settings: Settings
) -> None:
    request = arrived(shops[IMAGE], cast, local(2026, 11, 18))
    reminders.owe_due_reminders(now=local(2026, 11, 23))
    renee, at = By.staff(cast.renee), local(2026, 11, 23, 13)
    inspection.inspect(request_id=request.pk, findings=[factories.finding(1, 1)], by=renee, now=at)
    difference.send_difference(request_id=request.pk, by=renee, now=at)
    Notification.objects.exclude(kind="staff_reminder").delete()
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: local(2026, 11, 23, 14))
    [row] = Notification.objects.all()
    assert (row.state, row.last_error) == (
        "dropped",
        "The return waits for the customer's answer, and its clock stands still.",
    )
    assert server.taken == []


def test_while_the_customer_is_asked_nothing_is_owed(shops: dict[str, Storefront], cast: Cast) -> None:
    request = arrived(shops[IMAGE], cast, local(2026, 11, 18))
    now = local(2026, 11, 23)
    renee = By.staff(cast.renee)
    inspection.inspect(request_id=request.pk, findings=[factories.finding(1, 1)], by=renee, now=now)
    difference.send_difference(request_id=request.pk, by=renee, now=now)
    reminders.owe_due_reminders(now=now)
    assert owed_reminders() == []


def test_a_reminder_that_was_overtaken_by_a_later_one_does_not_leave(
    shops: dict[str, Storefront], cast: Cast, settings: Settings
) -> None:
    """The mail server was away for days: one reminder arrives, the latest."""
    arrived(shops[IMAGE], cast, local(2026, 11, 18))
    run_beat(local(2026, 11, 23), local(2026, 11, 27))
    assert len(owed_reminders()) == 3
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: local(2026, 11, 27, 13))
    assert [mail.message["Subject"] for mail in server.taken] == [
        f"{ReturnRequest.objects.get().rma_number} is due in 1 day"
    ]
    assert sorted(Notification.objects.values_list("state", flat=True)) == ["dropped", "dropped", "sent"]


def test_somebody_who_left_is_not_reminded(shops: dict[str, Storefront], cast: Cast, settings: Settings) -> None:
    arrived(shops[IMAGE], cast, local(2026, 11, 18))
    reminders.owe_due_reminders(now=local(2026, 11, 23))
    cast.renee.is_active = False
    cast.renee.save()
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: local(2026, 11, 23, 13))
    assert server.taken == []
    assert Notification.objects.get().state == "dropped"


def test_a_reminder_whose_turn_comes_at_night_leaves_in_the_morning(
    shops: dict[str, Storefront], cast: Cast, settings: Settings
) -> None:
    arrived(shops[IMAGE], cast, local(2026, 11, 18))
    reminders.owe_due_reminders(now=local(2026, 11, 23, 17, 59))
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: local(2026, 11, 23, 18, 1))
        [row] = Notification.objects.all()
        assert (row.state, row.attempts) == ("queued", 0)
        assert row.next_attempt_at == local(2026, 11, 24, 8, 30)
        assert server.taken == []
        assert is_open(shops[IMAGE].service_hours, row.next_attempt_at)
        delivery.deliver_due(clock=lambda: local(2026, 11, 24, 8, 31))
    assert len(server.taken) == 1


def test_the_reminder_says_what_is_due_when_and_where(
    shops: dict[str, Storefront], cast: Cast, settings: Settings
) -> None:
    request = arrived(shops[IMAGE], cast, local(2026, 11, 18))
    reminders.owe_due_reminders(now=local(2026, 11, 30))
    with mail_goes_to(settings) as server:
        delivery.deliver_due(clock=lambda: local(2026, 11, 30))
    mail = next(mail for mail in server.taken if mail.recipients == ["renee@example.com"])
    assert mail.message["Subject"] == f"{request.rma_number} is 2 days overdue"
    for part in ("plain", "html"):
        text = mail.part(part)
        assert "Saturday, November 28, 2026" in text
        assert f"http://127.0.0.1:8000/desk/requests/{request.reference}/" in text
