"""Messages are written as Django writes them, byte for byte; but for boundary and date, which always differ."""

import re
from itertools import product
from typing import cast

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.message import BadHeaderError, SafeMIMEText, sanitize_address

from returns import mime

SUBJECTS = (
    "Your return is authorized",
    "Pedido de devolución",
    "many words " * 12 + "end",
    "x" * 200,
    "two  blanks",
    " blanks around ",
    "=?utf-8?q?looks_encoded?=",
    "",
)
SENDERS = (
    "IMAGE <returns@example.com>",
    '"A, B" <a@example.com>',
    "Señora <s@example.com>",
    f"{'N' * 70} <n@example.com>",
)
TEXTS = (
    "line\nline\n",
    "ends\rof\r\nall\nkinds",
    "a" * 998,
    "a" * 999,
    "é" * 499,
    "é" * 500,
    ".\n..\nFrom me\n",
    "naïve",
    "",
)
HTML = ("<p>plain</p>\n", "<p>ünlaut</p>")


def composed(subject: str, sender: str, text: str, html: str) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=sender,
        to=["maya@example.com"],
        reply_to=["care@example.com"] if len(text) % 2 else None,
        headers={"Message-ID": "<0@example.com>", "References": f"<{'r' * len(subject)}@example.com>"},
    )
    message.attach_alternative(html, "text/html")
    return message


def comparable(raw: bytes) -> bytes:
    found = re.search(rb'boundary="([^"]+)"', raw)
    same = raw.replace(found[1], b"boundary") if found else raw
    return re.sub(rb"\r\nDate: [^\r]+", b"\r\nDate: now", same)


def by_django(message: EmailMessage) -> bytes:
    return comparable(cast("SafeMIMEText", message.message()).as_bytes(linesep="\r\n"))


def test_whatever_is_in_a_message_it_is_written_as_django_does() -> None:
    for parts in product(SUBJECTS, SENDERS, TEXTS, HTML):
        message = composed(*parts)
        assert comparable(mime.written(message)) == by_django(message), parts


@pytest.mark.django_db
def test_every_kind_of_mail_is_written_as_django_does(every: dict[str, EmailMultiAlternatives]) -> None:
    for kind, message in every.items():
        assert comparable(mime.written(message)) == by_django(message), kind


def test_what_is_more_than_a_text_with_html_is_left_to_django() -> None:
    message = composed("Photos", SENDERS[0], "See below", HTML[0])
    message.attach("a.txt", "text", "text/plain")
    assert b"a.txt" in mime.written(message)
    assert comparable(mime.written(EmailMessage("s", "text", "a@example.com", ["b@example.com"]))).endswith(b"text")


@pytest.mark.parametrize("name", ["Subject", "X-Other"])
def test_no_header_has_a_second_line(name: str) -> None:
    message = composed("s", SENDERS[0], "text", HTML[0])
    hostile = "Hello\r\nBcc: eve@example.com"
    message.subject, message.extra_headers["X-Other"] = (hostile, "x") if name == "Subject" else ("s", hostile)
    with pytest.raises(BadHeaderError):
        mime.written(message)


@pytest.mark.parametrize(
    "given",
    [
        "maya@example.com",
        "A.b+c_d@x-y.example.com",
        "Maya <m@example.com>",
        "ü@example.com",
        "a@münchen.example",
        "a..b@c.de",
    ],
)
def test_addresses_are_those_of_django(given: str) -> None:
    assert mime.address(given) == sanitize_address(given, "utf-8")


@pytest.mark.parametrize("given", ["a@b@c.de", "a@c.de\r\nBcc: b@c.de", ""])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="ddress"):
        mime.address(given)
