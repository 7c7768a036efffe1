"""Links that mails carry: a row with a random id, and a token derived from it with LINK_KEY (D7).

Guest links open an order; the link at the foot of an optional mail only switches such mail off (CON-06); the one to a
new sign-in address asks for the password, the one of an invitation lets its reader choose one. A token is stored
nowhere, not in a table, the outbox or a session: it is made when a mail leaves. Whoever changes LINK_KEY ends every
link that was ever mailed.
"""

import base64
import hmac
import re
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from returns.models import GuestLink, Notification, Order

LIFETIME = timedelta(days=7)
TOKEN = re.compile(r"[A-Za-z0-9_-]{64}")  # 16 bytes of id and 32 bytes of HMAC, exactly
ID_BYTES = 16
GUEST_LINK = b"guest link "
MAIL_CHOICE = b"mail choice "
ADDRESS_CHANGE = b"address change "
INVITATION = b"invitation "
"""What a token is for is sealed with it, so that one never does the other's work."""


def fresh_link_for(order: Order, email: str, *, now: datetime, language: str = "") -> GuestLink:
    """A new link to this order for a mail to `email`, in the language of that mail: by default that of the page.

    Every mail to a guest carries one of its own.
    """
    return fresh_links_for([(order, email, language)], now=now)[0]


def fresh_links_for(wanted: Iterable[tuple[Order, str, str]], *, now: datetime) -> list[GuestLink]:
    """The same for many mails at once, each with its order, address and language."""
    return GuestLink.objects.bulk_create(
        GuestLink(
            order=order,
            email=email.lower(),
            language=language or get_language() or settings.LANGUAGE_CODE,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        for order, email, language in wanted
    )


def token_for(link: GuestLink) -> str:
    """The link's token: its id and an HMAC over it (256 bit), in characters that need no quoting in a URL."""
    return _token(GUEST_LINK, link.pk)


def url_for(link: GuestLink, *, lane: str = "", reference: str = "") -> str:
    """The address to mail. It begins with SITE_URL, whatever host a request named (B10).

    `lane` names the part of the order's pages that it leads to: `damage`. `reference` is the return that the mail is
    about, so that its button leads there and not to the order.
    """
    url = _absolute("portal:link_token", link.order.storefront.slug, token_for(link))
    leads = {key: value for key, value in (("lane", lane), ("return", reference)) if value}
    return f"{url}?{urlencode(leads)}" if leads else url


def link_id_of(token: str) -> uuid.UUID | None:
    """The id of the link that this token was made for; None for whatever we did not make ourselves (B7)."""
    return _id_of(GUEST_LINK, token)


def mail_choice_url(row: Notification) -> str:
    """Where the recipient of this mail switches optional mail off and on; the mail is one of a storefront's."""
    if row.storefront is None:
        raise ValueError("Mail that comes from no storefront can't be switched off.")
    return _absolute("portal:mail_choice", row.storefront.slug, _token(MAIL_CHOICE, row.pk))


def mailed_id_of(token: str) -> uuid.UUID | None:
    """The id of the mail that carried this token; None for whatever we did not make ourselves."""
    return _id_of(MAIL_CHOICE, token)


def address_change_token(change_id: uuid.UUID) -> str:
    """The token of the link that confirms a new sign-in address."""
    return _token(ADDRESS_CHANGE, change_id)


def address_change_id_of(token: str) -> uuid.UUID | None:
    """The id of the change of address that this token was made for; None for whatever we did not make ourselves."""
    return _id_of(ADDRESS_CHANGE, token)


def invitation_token(invitation_id: uuid.UUID) -> str:
    """The token of the link with which somebody who is to work here chooses a password."""
    return _token(INVITATION, invitation_id)


def invitation_id_of(token: str) -> uuid.UUID | None:
    """The id of the invitation that this token was made for; None for whatever we did not make ourselves."""
    return _id_of(INVITATION, token)


def _absolute(view: str, slug: str, token: str) -> str:
    return f"{settings.SITE_URL}{reverse(view, args=[slug, token])}"


def _token(purpose: bytes, row_id: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(row_id.bytes + _seal(purpose, row_id.bytes)).decode()


def _id_of(purpose: bytes, token: str) -> uuid.UUID | None:
    if not TOKEN.fullmatch(token):
        return None
    read = base64.urlsafe_b64decode(token)
    if not hmac.compare_digest(read[ID_BYTES:], _seal(purpose, read[:ID_BYTES])):
        return None
    return uuid.UUID(bytes=read[:ID_BYTES])


def _seal(purpose: bytes, row_id: bytes) -> bytes:
    return hmac.digest(settings.LINK_KEY.encode(), purpose + row_id, "sha256")
