"""An outbox row becomes a message: subject, text and HTML from its templates, and headers that stay the same.

Rendered at delivery and never stored, so that no table holds a link that opens something (D7). The first line of the
text template is the subject.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import formataddr, parseaddr

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from returns.letters import NoLongerTrue, letter_of, matter_of
from returns.models import GuestLink, Notification, ReturnRequest
from returns.preferences import is_optional
from returns.tokens import fresh_links_for, mail_choice_url

# Media queries stay in the head for the mail programs that know them; everything else goes into the elements.
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
_TOO_MANY_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING_SPACE = re.compile(r"[ \t]+\n")


def render(row: Notification, *, now: datetime) -> EmailMultiAlternatives:
    """The message of an outbox row in its language, from its template and the rows it tells about, as they are now.

    Raises letters.NoLongerTrue where it shouldn't leave at all and letters.NotYet where it should leave later.
    """
    validate_email(row.recipient)  # one address and nothing else, however it got here (B27)
    _refuse_unwanted(row)
    give_links([row], now=now)
    with translation.override(row.language):
        return _written(row, now)


def give_links(rows: Sequence[Notification], *, now: datetime) -> None:
    """Make the links that were left to be made, once for all attempts: reminders are owed by the thousand."""
    asked = [(row, row.request.order) for row in rows if row.context.get("fresh_link") and row.request is not None]
    waiting = [(row, order) for row, order in asked if not _is_unwanted(row)]
    if not waiting:
        return
    with transaction.atomic():
        links = fresh_links_for(((order, row.recipient, row.language) for row, order in waiting), now=now)
        noted = [_with_link(row, link) for (row, _order), link in zip(waiting, links, strict=True)]
        Notification.objects.bulk_update(noted, ["context"])
    # The rows in hand learn of it once it is certain.
    for (row, _order), link, kept in zip(waiting, links, noted, strict=True):
        row.context = kept.context
        row.matter = replace(row.matter, link=link) if row.matter is not None else None


def _with_link(row: Notification, link: GuestLink) -> Notification:
    """The same message, to be saved with the link that was left to be made."""
    others = {name: value for name, value in row.context.items() if name != "fresh_link"}
    return Notification(pk=row.pk, context={**others, "link": str(link.pk)})


def _written(row: Notification, now: datetime) -> EmailMultiAlternatives:
    context = {**letter_of(row, now=now), "mail_choice_url": mail_choice_url(row) if is_optional(row) else ""}
    subject, text = _subject_and_text(render_to_string(f"emails/{row.kind}.txt", context))
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=sender(row),
        to=[row.recipient],
        reply_to=[row.storefront.email] if row.storefront and row.storefront.email else None,
        headers=headers(row),
    )
    message.attach_alternative(_html(row.kind, {**context, "subject": subject}), "text/html")
    return message


def _refuse_unwanted(row: Notification) -> None:
    """Asked at delivery: who switched optional mail off meanwhile gets none (CON-06)."""
    if _is_unwanted(row):
        raise NoLongerTrue("The recipient switched optional mail off.")


def _is_unwanted(row: Notification) -> bool:
    return is_optional(row) and matter_of(row).is_unwanted


def _subject_and_text(rendered: str) -> tuple[str, str]:
    tidy = _TOO_MANY_BLANK_LINES.sub("\n\n", _TRAILING_SPACE.sub("\n", rendered.strip() + "\n"))
    subject, _, text = tidy.partition("\n")
    return subject.strip(), text.lstrip("\n")


def _html(kind: str, context: dict[str, object]) -> str:
    return _INLINER.inline(render_to_string(f"emails/{kind}.html", context))


def sender(row: Notification) -> str:
    """The portal's own address under the name of the shop."""
    name = (row.storefront.sender_name or row.storefront.name) if row.storefront else _("Returns")
    return formataddr((one_line(name), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def headers(row: Notification) -> dict[str, str]:
    """The same for every attempt: a second copy can be recognized by its Message-ID (D6)."""
    found = {
        "Message-ID": message_id(row),
        # No answering machine has to reply to these (RFC 3834); the second is for those that read only their own.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if row.request is not None:
        # All mails about a return stand in one thread, below a message that nobody ever sent.
        found["In-Reply-To"] = found["References"] = thread_id(row.request)
    if is_optional(row):
        # Mail programs show these as a button of their own (RFC 8058): one POST there is enough.
        found["List-Unsubscribe"] = f"<{mail_choice_url(row)}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found


def message_id(row: Notification) -> str:
    """`<c0ffee…@returns.example.com>`, from the row's id alone."""
    return f"<{row.pk.hex}@{settings.SITE_HOST}>"


def thread_id(request: ReturnRequest) -> str:
    """What the mails about this return refer to."""
    return f"<return.{request.reference}@{settings.SITE_HOST}>"


def one_line(text: str) -> str:
    """The text without line breaks and other control characters, as headers need it."""
    return " ".join("".join(symbol if symbol.isprintable() else " " for symbol in text).split())
