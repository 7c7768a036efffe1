"""The mails that left the portal by SMTP and arrived in its sink, read from the sink's files."""

import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

PATIENCE = 20.0  # seconds; a worker that lost its doorbell hears of a mail by the next sweep


@dataclass(frozen=True)
class Letter:
    """A mail as it arrived."""

    recipient: str
    subject: str
    text: str
    html: str

    @property
    def words(self) -> str:
        """The text on one line, so that a sentence is found wherever its lines break."""
        return " ".join(self.text.split())

    @property
    def box_mark(self) -> str:
        """What the mail wants on the outside of the box: it stands alone below these words."""
        found = re.search(r"ON THE OUTSIDE OF THE BOX[^\n]*\n\s+(?P<mark>\S[^\r\n]*)", self.text)
        assert found, self.text
        return found["mark"].strip()

    def link(self, beginning: str) -> str:
        """The first address in it that begins so."""
        found = re.search(re.escape(beginning) + r"\S*", self.text)
        assert found, f"No address {beginning}… in:\n{self.text}"
        return found[0]


@dataclass(frozen=True)
class Mailbox:
    """Everybody's mails."""

    folder: Path

    def wait_for(self, recipient: str, about: str, *, mentions: str = "") -> Letter:
        """The mail to this address with this in its subject and, where asked, that in its text; waits for it."""
        end = time.monotonic() + PATIENCE
        while True:
            letters = self.letters()
            for letter in letters:
                if letter.recipient == recipient and about in letter.subject and mentions in letter.text:
                    return letter
            arrived = "".join(f"\n  {letter.recipient}: {letter.subject}" for letter in letters)
            assert time.monotonic() < end, f"No mail to {recipient} about “{about}” after {PATIENCE} s; only{arrived}"
            time.sleep(0.1)

    def letters(self) -> list[Letter]:
        """All that arrived so far, the oldest first."""
        return [_read(file) for file in sorted(self.folder.glob("*.eml"))]


def _read(file: Path) -> Letter:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Letter(str(message["To"]), str(message["Subject"]), _part(message, "plain"), _part(message, "html"))


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if isinstance(body, EmailMessage) else ""
