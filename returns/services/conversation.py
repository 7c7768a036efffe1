"""What customer and staff write to each other about a return, and the answers to what staff asked."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from returns.domain.workflow import Action
from returns.models import Message, ReturnRequest
from returns.pictures import Picture
from returns.services import photos, transition
from returns.services.clock import decision_day_after_waiting
from returns.services.errors import Refused
from returns.services.photo_files import Files, files_of
from returns.services.requests import add_message
from returns.services.transition import By

MOST_MESSAGES_AN_HOUR = 20
LONGEST_MESSAGE = 4000
OPEN_AFTER_CLOSING = timedelta(days=30)
"""How long after the end of a return the customer can still write about it."""


def write_message(
    *,
    request_id: int,
    nonce: uuid.UUID,
    body: str,
    by: By,
    now: datetime,
    internal: bool = False,
    tells: bool = True,
    pictures: Sequence[Picture] = (),
) -> ReturnRequest:
    """Write a message: staff at any stage, the customer until some days after the end.

    The same nonce sent twice writes one message. `tells`: what staff write to the customer is mailed too; it is False
    where the step that follows tells them. Raises Refused where it is empty, too long, too late, or one of too many.
    """
    if not body.strip() and not pictures:
        raise Refused(_("Write something first."), field="body")
    with files_of(pictures) as files, transition.locked(request_id) as request:
        if request.messages.filter(nonce=nonce).exists():
            return request
        if not by.is_staff:
            refuse_message(request, body, now)
        message = add_message(request, body=body, by=by, now=now, internal=internal, nonce=nonce, tells=tells)
        _add_photos(request, message, files, by, now)
        return request


def _add_photos(request: ReturnRequest, message: Message, files: Files, by: By, now: datetime) -> None:
    """Add what came with a message. Raises Refused where it says nothing and shows nothing new."""
    if files.kept:
        photos.add_kept(owner=request, files=files, by=by, now=now, message=message)
        request.refresh_from_db(fields=["event_seq"])  # the photos are events too
        if not message.body and not files.taken:
            raise Refused(_("This photo is here already. Add another one, or write something."), field="photos")


def is_open_to_messages(request: ReturnRequest, now: datetime) -> bool:
    """Whether the customer can still write about this return."""
    return request.closed_at is None or now <= request.closed_at + OPEN_AFTER_CLOSING


def refuse_message(request: ReturnRequest, body: str, now: datetime) -> None:
    """Raise Refused where the customer can't write this now: too long, too late, or one of too many."""
    if len(body) > LONGEST_MESSAGE:
        raise Refused(
            _("At most %(count)s characters; shorten it a little.") % {"count": f"{LONGEST_MESSAGE:,}"}, field="body"
        )
    if not is_open_to_messages(request, now):
        raise Refused(_("This return was closed a while ago. Call us, or write us an email."))
    lately = request.messages.filter(from_staff=False, at__gt=now - timedelta(hours=1))
    if lately.count() >= MOST_MESSAGES_AN_HOUR:
        raise Refused(_("Many messages came within the hour. Wait a while, or call us."))


def answer(*, request_id: int, body: str, by: By, now: datetime, pictures: Sequence[Picture] = ()) -> ReturnRequest:
    """The customer's answer to what staff asked, text or photos or both; the request goes back into review."""
    if not body.strip() and not pictures:
        raise Refused(_("Write your answer."), field="body")
    with files_of(pictures) as files, transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.ANSWER, by)
        message = add_message(request, body=body, by=by, now=now)
        _add_photos(request, message, files, by, now)
        due = decision_day_after_waiting(request, now)
        return transition.apply(request, Action.ANSWER, by=by, now=now, decision_due_on=due)
