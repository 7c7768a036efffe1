"""`manage.py outbox`: what waits, what failed, and a second chance."""

import uuid
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from returns.models import Notification, OutboxGate
from returns.services import claims, gate
from tests.outbox import owed

pytestmark = pytest.mark.django_db


def outbox(*arguments: str) -> str:
    out = StringIO()
    call_command("outbox", *arguments, stdout=out)
    return out.getvalue()


def test_it_counts_the_states_and_names_what_failed_without_addresses(now: datetime) -> None:
    owed(now, 2)
    [failed] = owed(now, state="failed", last_error="550 unknown")
    shown = outbox()
    assert "queued     2\n" in shown
    assert "sent       0\n" in shown
    assert f"{failed.pk} account_password_changed 2026-11-18 17:00 550 unknown" in shown
    assert "@" not in shown


def test_failed_messages_are_queued_again(now: datetime) -> None:
    rows = owed(now, 3, state="failed", attempts=16)
    assert f"{rows[0].pk} is queued again." in outbox("resend", str(rows[0].pk))
    assert Notification.objects.filter(state="queued", attempts=0).count() == 1
    outbox("resend", "all")
    assert Notification.objects.filter(state="queued", attempts=0).count() == 3


@pytest.mark.parametrize("wanted", ["nonsense", str(uuid.UUID(int=1))])
def test_what_has_not_failed_is_not_sent_again(now: datetime, wanted: str) -> None:
    owed(now)
    with pytest.raises(CommandError):
        outbox("resend", wanted)


def test_nothing_leaves_while_the_outbox_is_held(now: datetime) -> None:
    owed(now, 2)
    assert "Held since" in outbox("hold", "--because", "The mail server moves.")
    assert claims.claim(now) == []
    assert "The mail server moves." in outbox()
    assert "Held" not in outbox("release")
    assert len(claims.claim(now)) == 2


def test_a_restored_database_holds_its_outbox_until_somebody_looks(now: datetime) -> None:
    """The row that names the outbox's home came with the backup; the table it came to is another one."""
    owed(now, 2)
    assert len(claims.claim(now)) == 2
    Notification.objects.update(state="queued")
    OutboxGate.objects.update(home="7312/16384/16999")
    assert claims.claim(now) == []
    assert gate.RESTORED in outbox()
    outbox("release")
    assert len(claims.claim(now)) == 2
