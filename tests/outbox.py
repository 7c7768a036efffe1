"""Messages to send, and a mail server to send them to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import User
from returns.models import Notification
from tests import factories
from tests.mail_server import MailServer, running

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def owed(now: datetime, count: int = 1, **fields: Any) -> list[Notification]:
    """Messages that are due: short ones, each to somebody else, without a return behind them."""
    person = User.objects.filter(email="owed@example.com").first() or factories.person("owed@example.com")
    first = Notification.objects.count()
    rows = [
        Notification(
            **{
                "kind": "account_password_changed",
                "recipient": f"somebody{first + number}@example.com",
                "dedupe_key": f"test:{first + number}",
                "context": {"user": person.pk},
                "next_attempt_at": now,
                "created_at": now,
                **fields,
            }
        )
        for number in range(count)
    ]
    return Notification.objects.bulk_create(rows)


@contextmanager
def mail_goes_to(settings: Settings, server: MailServer | None = None) -> Iterator[MailServer]:
    """A running mail server that the settings name."""
    with running(server or MailServer()) as listening:
        point_to(settings, listening.port)
        yield listening


def point_to(settings: Settings, port: int) -> None:
    """Let mail leave by SMTP to this port, with little patience."""
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 1


def database_url() -> str:
    """The test's own database, for processes that are to work on it."""
    found = connection.settings_dict
    return f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
