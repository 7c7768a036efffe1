"""What the letters of a batch are about is read together: in as many queries for fifty letters as for five."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from returns import mail, tokens
from returns.letters import NoLongerTrue
from returns.models import GuestLink, Notification, Storefront
from returns.services import claims, delivery, preferences
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO
from tests.mails import asked_back, bought, one_of_each, settled
from tests.outbox import mail_goes_to

pytestmark = pytest.mark.django_db

OF_A_RETURN = ("received", "authorized", "package_received", "completed", "staff_reminder")


def letters_of(shop: Storefront, cast: Cast, now: datetime) -> None:
    """All letters of a return's life, and a reminder of it to staff."""
    request = factories.authorized(asked_back(bought(shop, cast, now), now), by=cast.renee, now=now)
    request = factories.received(request, by=cast.renee, now=now)
    request = settled(factories.inspected(request, by=cast.renee, now=now), cast, now)
    Notification.objects.create(
        kind="staff_reminder",
        storefront=shop,
        request=request,
        recipient=cast.renee.email,
        context={"step": "today", "person": str(cast.renee.public_id)},
        dedupe_key=f"reminder:{request.pk}",
        next_attempt_at=now,
        created_at=now,
    )


def queries_of_a_batch(now: datetime) -> tuple[int, int]:
    """Read and render all letters there are; how many those were, and how many queries they took."""
    keys = list(Notification.objects.filter(kind__in=OF_A_RETURN).values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        for row in claims.loaded(keys):
            if row.kind != "staff_reminder":  # the return is settled: no reminder of it leaves
                mail.render(row, now=now)
    return len(keys), len(queries)


def test_a_batch_takes_as_many_queries_however_many_letters_it_has(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    letters_of(shops[IMAGE], cast, now)
    few, queries = queries_of_a_batch(now)
    for _ in range(2):
        letters_of(shops[IMAGE], cast, now)
        letters_of(shops[PRO], cast, now)
    assert few == len(OF_A_RETURN)
    assert queries_of_a_batch(now) == (5 * few, queries)


def test_read_together_or_alone_a_letter_says_the_same(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    one_of_each(shops, cast, now)
    together = {row.pk: row for row in claims.loaded(Notification.objects.values_list("pk", flat=True))}
    for row in Notification.objects.order_by("created_at"):
        assert said(together[row.pk], now) == said(row, now), row.kind


def said(row: Notification, now: datetime) -> tuple[object, ...]:
    """Subject, text and HTML; or why it doesn't leave."""
    try:
        message = mail.render(row, now=now + timedelta(days=12))
    except NoLongerTrue as news:
        return (str(news),)
    return message.subject, message.body, message.alternatives[0][0]


def reminder_to_a_guest(shop: Storefront, cast: Cast, now: datetime, email: str) -> Notification:
    """As they are owed by the thousand: the link in it is made when it leaves."""
    request = factories.authorized(asked_back(bought(shop, cast, now), now), by=cast.renee, now=now)
    return Notification.objects.create(
        kind="ship_reminder",
        storefront=shop,
        request=request,
        recipient=email,
        context={"fresh_link": True},
        dedupe_key=f"reminder:{request.pk}",
        next_attempt_at=now,
        created_at=now,
    )


def test_a_link_that_is_made_when_a_mail_leaves_is_made_once(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    """And stays the same, whatever becomes of the first attempt."""
    reminder = reminder_to_a_guest(shops[IMAGE], cast, now, "guest@example.com")
    bodies = []
    for _attempt in range(2):
        [row] = claims.loaded([reminder.pk])
        bodies.append(mail.render(row, now=now).body)
    link = GuestLink.objects.get(email="guest@example.com")
    assert tokens.token_for(link) in bodies[0]
    assert bodies[0] == bodies[1]


def test_the_links_of_a_batch_are_made_together_and_none_for_nothing(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    guests = [f"guest{number}@example.com" for number in range(3)]
    reminders = [reminder_to_a_guest(shops[IMAGE], cast, now, guest) for guest in guests]
    preferences.change(storefront=shops[IMAGE], email=guests[0], wants_optional=False, now=now)
    rows = claims.loaded([row.pk for row in reminders])
    with CaptureQueriesContext(connection) as queries:
        mail.give_links(rows, now=now)
    inserted = [query["sql"] for query in queries if query["sql"].startswith("INSERT")]
    assert len(inserted) == 1
    assert set(GuestLink.objects.values_list("email", flat=True)) >= set(guests[1:])
    assert not GuestLink.objects.filter(email=guests[0]).exists()
    for row in rows:
        if row.recipient != guests[0]:
            [link] = GuestLink.objects.filter(email=row.recipient)
            assert tokens.token_for(link) in mail.render(row, now=now).body


def test_a_link_that_cannot_be_made_does_not_hold_up_the_others(
    shops: dict[str, Storefront], cast: Cast, now: datetime, settings: Settings
) -> None:
    for number in range(3):
        reminder_to_a_guest(shops[IMAGE], cast, now, f"guest{number}@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE returns_guestlink ADD CONSTRAINT refused CHECK (email <> 'guest1@example.com')")
    with mail_goes_to(settings):
        delivery.deliver_due(clock=lambda: now)
    reminders = Notification.objects.filter(kind="ship_reminder").order_by("recipient")
    assert list(reminders.values_list("state", flat=True)) == ["sent", "failed", "sent"]


@pytest.mark.parametrize(
    ("about", "is_same"),
    [({}, True), ({"kind": "decision_reminder"}, False), ({"recipient": "other@example.com"}, False)],
)
def test_a_later_reminder_of_the_same_takes_the_place_of_an_earlier_one(
    shops: dict[str, Storefront], cast: Cast, now: datetime, about: dict[str, str], is_same: bool
) -> None:
    letters_of(shops[IMAGE], cast, now)
    reminder = Notification.objects.get(kind="staff_reminder")
    later = {"kind": reminder.kind, "recipient": reminder.recipient, "context": reminder.context, **about}
    Notification.objects.create(
        storefront=reminder.storefront,
        request=reminder.request,
        dedupe_key="later",
        next_attempt_at=now,
        created_at=reminder.created_at + timedelta(hours=1),
        **later,
    )
    [read] = claims.loaded([reminder.pk])
    assert read.matter is not None
    assert (read.matter.is_overtaken, read.matter.works_there) == (is_same, True)
