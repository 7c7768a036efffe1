"""Mails, rendered."""

from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMultiAlternatives

from returns import mail
from returns.letters import LETTERS
from returns.models import Notification, Storefront
from tests.conftest import Cast
from tests.mails import Last, one_of_each


@pytest.fixture
def last(now: datetime) -> Last:
    """`last("authorized")`: the newest message of a kind, rendered."""

    def render(kind: str) -> EmailMultiAlternatives:
        return mail.render(Notification.objects.filter(kind=kind).latest("created_at"), now=now)

    return render


@pytest.fixture
def every(shops: dict[str, Storefront], cast: Cast, now: datetime) -> dict[str, EmailMultiAlternatives]:
    """The first mail of every kind, rendered."""
    one_of_each(shops, cast, now)
    kinds: dict[str, Notification] = {}
    for row in Notification.objects.order_by("created_at", "request_id", "dedupe_key"):
        kinds.setdefault(row.kind, row)
    assert set(kinds) == set(LETTERS), "a kind of mail that no test has seen"
    return {kind: mail.render(row, now=now + timedelta(days=12)) for kind, row in kinds.items()}
