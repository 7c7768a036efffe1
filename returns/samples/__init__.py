"""Every message with sample data, as a storefront would send it now.

A sample is no picture of a message: a made-up return is lived by the services, its message rendered by the letters that
render all others, and the whole life undone. So what managers see is what customers would get, word for word.
"""

from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from returns import mail
from returns.domain.deadlines import is_open, next_opening
from returns.models import Storefront
from returns.samples.kinds import SAMPLES, NeverSent
from returns.samples.life import Life

__all__ = ["NeverSent", "sample_of"]


def sample_of(kind: str, storefront: Storefront, *, now: datetime, language: str = "en") -> EmailMultiAlternatives:
    """The message of this kind. Nothing is kept.

    Raises NeverSent where this storefront never sends it, KeyError for a kind that the catalogue doesn't have.
    """
    make = SAMPLES[kind]
    with transaction.atomic():
        life = Life.at(storefront, _working_moment(storefront, now), language)
        row = make(life, kind)
        row.language = language if row.request_id or kind.startswith(("account", "guest", "license")) else "en"
        message = mail.render(row, now=life.now)
        transaction.set_rollback(True)
    return message


def _working_moment(storefront: Storefront, now: datetime) -> datetime:
    """Now, or the next opening: messages to staff are written in service hours only."""
    hours = storefront.service_hours
    opening = None if is_open(hours, now) else next_opening(hours, now)
    return opening + timedelta(minutes=1) if opening else now
