"""A message as bytes, the very ones that Django writes, in a fraction of its time; a thousand reminders are no rarity.

Only what nearly all our messages are is written here: a text with an HTML alternative to one plain address. Everything
that needs care (folded or encoded headers, very long lines, attachments) is left to Django, header by header or whole.
"""

import random
import re
import sys
from email.policy import compat32
from email.utils import formatdate
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.message import (
    RFC5322_EMAIL_LINE_LENGTH_LIMIT,
    SafeMIMEText,
    forbid_multi_line_headers,
    sanitize_address,
)

_CRLF = compat32.clone(linesep="\r\n")
_PLAIN_ADDRESS = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*", re.IGNORECASE | re.ASCII)
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_LONGEST_PLAIN = 76
"""Characters of a header with its name that is surely not folded."""


def address(given: str) -> str:
    """An address as the envelope takes it. Raises ValueError for what isn't one."""
    return given if _PLAIN_ADDRESS.fullmatch(given) else _sanitized(given)


@lru_cache(maxsize=64)  # the portal's own, once for each storefront's name
def _sanitized(given: str) -> str:
    return str(sanitize_address(given, settings.DEFAULT_CHARSET))


def written(message: EmailMessage) -> bytes:
    """The message as it is handed to the mail server."""
    if not isinstance(message, EmailMultiAlternatives) or not _is_usual(message):
        return cast("SafeMIMEText", message.message()).as_bytes(linesep="\r\n")
    text, html = str(message.body), str(message.alternatives[0][0])
    boundary = _boundary(text + html)
    lines = [
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\nMIME-Version: 1.0\r\n',
        *(_header(name, value) for name, value in _headers(message)),
        f"\r\n--{boundary}\r\n",
        _part("plain", text),
        f"\r\n--{boundary}\r\n",
        _part("html", html),
        f"\r\n--{boundary}--\r\n",
    ]
    return "".join(lines).encode()


def _is_usual(message: EmailMultiAlternatives) -> bool:
    """Whether it is a text of short lines with one HTML alternative, in our charset, and nothing else."""
    if not message.body or message.attachments or message.cc or message.encoding or len(message.alternatives) != 1:
        return False
    html, kind = message.alternatives[0]
    names = {name.lower() for name in message.extra_headers}
    is_ours = kind == "text/html" and "message-id" in names and not names & {"from", "to", "cc", "reply-to", "date"}
    return is_ours and not _has_long_lines(str(message.body)) and not _has_long_lines(str(html))


def _has_long_lines(text: str) -> bool:
    # Most texts needn't be encoded to be sure: no sign takes more than four bytes.
    lines = text.splitlines()
    sure = RFC5322_EMAIL_LINE_LENGTH_LIMIT // 4
    return any(len(line) > sure and len(line.encode()) > RFC5322_EMAIL_LINE_LENGTH_LIMIT for line in lines)


def _boundary(text: str) -> str:
    while (made := f"==============={random.randrange(sys.maxsize):019d}==") in text:  # noqa: S311  separates, no secret
        pass
    return made


def _headers(message: EmailMessage) -> list[tuple[str, str]]:
    """Names and values in Django's order."""
    answers = [("Reply-To", ", ".join(message.reply_to))] if message.reply_to else []
    return [
        ("Subject", str(message.subject)),
        ("From", message.from_email),
        ("To", ", ".join(message.to)),
        *answers,
        ("Date", formatdate(localtime=settings.EMAIL_USE_LOCALTIME)),
        *message.extra_headers.items(),
    ]


def _header(name: str, value: str) -> str:
    is_plain = value.isascii() and value.isprintable() and "  " not in value and value == value.strip()
    if is_plain and value and len(name) + len(value) < _LONGEST_PLAIN:
        return f"{name}: {value}\r\n"
    return _folded(name, value)


@lru_cache(maxsize=256)  # names of storefronts, subjects that many mails share
def _folded(name: str, value: str) -> str:
    return str(_CRLF.fold(*forbid_multi_line_headers(name, value, settings.DEFAULT_CHARSET)))


def _part(kind: str, text: str) -> str:
    bits = "7bit" if text.isascii() else "8bit"
    return (
        f'Content-Type: text/{kind}; charset="utf-8"\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: {bits}\r\n\r\n'
        + _LINE_ENDS.sub("\r\n", text)
    )
