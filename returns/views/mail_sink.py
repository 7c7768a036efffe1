"""The mails of `make run`, to be read in the browser. Routed only where settings.MAIL_SINK_DIR names their folder.

Nobody signs in and nothing can be changed here. The HTML part is a page of its own in a sandboxed frame: it alone may
have inline styles, and it may do nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from textwrap import fill

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

SHOWN = 200
NAME = re.compile(r"\d{1,20}-[a-z0-9]{1,32}")
# Links of a mail open beside it; whoever reads the mail wants to follow them.
OPENS_LINKS = "allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True)
class Mail:
    """A kept mail: its file's name, and what its headers and parts say."""

    name: str
    message: EmailMessage

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers worth reading."""
        wanted = ("From", "To", "Reply-To", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted")
        return [(header, str(self.message[header])) for header in wanted if self.message[header]]

    @property
    def subject(self) -> str:
        """The subject."""
        return str(self.message.get("Subject", ""))

    @property
    def recipient(self) -> str:
        """Whom it was for."""
        return str(self.message.get("To", ""))

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent."""
        return parsedate_to_datetime(self.message["Date"]) if self.message["Date"] else None

    def part(self, kind: str) -> str:
        """The text or html part."""
        body = self.message.get_body(preferencelist=(kind,))
        return str(body.get_content()) if isinstance(body, EmailMessage) else ""


@login_not_required
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """The newest mails, newest first."""
    files = sorted(_folder().glob("*.eml"), key=lambda file: int(file.stem.partition("-")[0]), reverse=True)
    mails = [_read(file) for file in files[:SHOWN]]
    return render(request, "mail_sink/list.html", {"mails": mails, "total": len(files)})


@login_not_required
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # it types views that take nothing but the request
def mail_page(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: headers, text, and the HTML part in a frame."""
    mail = _find(name)
    parts = {"text": wrapped(mail.part("plain")), "html": mail.part("html")}
    return render(request, "mail_sink/mail.html", {"mail": mail, "sandbox": OPENS_LINKS, **parts})


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]  # as above
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "form-action": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": OPENS_LINKS.split(),
    }
)
def mail_html(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001  a view
    """The HTML part as it is, apart from where its links open."""
    html = _find(name).part("html")
    return HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))


def wrapped(text: str) -> str:
    """The text with long lines broken between words, as mail programs show it."""
    return "\n".join(fill(line, 90, break_long_words=False, break_on_hyphens=False) for line in text.splitlines())


def _folder() -> Path:
    return Path(settings.MAIL_SINK_DIR)


def _find(name: str) -> Mail:
    file = _folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not file.is_file():
        raise Http404
    return _read(file)


def _read(file: Path) -> Mail:
    parse: Callable[..., EmailMessage] = message_from_bytes
    return Mail(file.stem, parse(file.read_bytes(), policy=policy.default))
