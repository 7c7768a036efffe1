"""Handing messages to the mail server, and what its answers mean for the outbox rows (C26-C30)."""

import re
import smtplib
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from returns import mime
from rma_portal.logs import scrub

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LONGEST_CONVERSATION = 18.0
"""Seconds for one message, the greeting of a new connection included.

EMAIL_TIMEOUT bounds one silence; this bounds a server that drips byte by byte.
"""

SOON = 2.0
"""Seconds within which a server says that it takes no more on this connection; whoever is slower isn't asked again."""

AWAY = "The mail server is away"
"""How the reason begins where the server, and not the message, is the trouble."""

NOT_NOW = "Not for this address now"
"""How it begins where a recipient alone is refused for now (4xx to RCPT): a full mailbox, or a greylist."""

# The server's own trouble with who we are: fixing the settings helps, so the message waits instead of failing.
NOT_ABOUT_THE_MESSAGE = frozenset({530, 534, 535, 538})
FOR_NOW, LEAVES = 400, 421
ANSWERED_FINALLY = 500

# What servers call an address that isn't one: by RFC 3463, or, where they don't, in words beside these codes.
_NO_SUCH_ADDRESS = re.compile(r"\b5\.1\.(?:0|1|2|3|6|10)\b")
_OTHER_REASON = re.compile(r"\b5\.[0-9]{1,3}\.[0-9]{1,3}\b")
_SAID_IN_WORDS = re.compile(
    r"user unknown|unknown (?:user|recipient|mailbox)|no such|does ?n[o']t exist|not found", re.IGNORECASE
)
_UNKNOWN_CODES = frozenset({550, 551, 553})


class NotDelivered(Exception):
    """The message isn't delivered, as far as we know. `reason` is for the outbox row, without addresses."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(NotDelivered):
    """It wasn't accepted now; it may be another time."""


class ServerAway(TryLater):
    """Nobody to talk to: other messages needn't be tried either."""


class NeverAccepted(NotDelivered):
    """The server said no for good (5xx), or the message can't be sent at all."""


class NoSuchAddress(NeverAccepted):
    """The server knows that nobody has this address: nothing should be sent there any more."""


class Unknown(NotDelivered):
    """The server had the whole message and didn't answer: perhaps it is delivered, perhaps not."""


class _Conversation(smtplib.SMTP):
    """Notes when the server has got the message, and hangs up on a server that never comes to an end."""

    handed_over = False
    closed: threading.Event | None = None
    ends_at = 0.0  # time.monotonic()

    def begin(self) -> None:
        """A message begins; it has its own time."""
        self.handed_over = False
        self.ends_at = time.monotonic() + LONGEST_CONVERSATION

    def getreply(self) -> tuple[int, bytes]:
        if self.closed is None:
            self.begin()
            self.closed = threading.Event()
            threading.Thread(target=self._watch, args=[self.closed], name="smtp watch", daemon=True).start()
        return super().getreply()

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        # From here on the server may have it, whatever happens to its answer.
        self.handed_over = True
        return super().data(msg)

    def close(self) -> None:
        if self.closed is not None:
            self.closed.set()
        super().close()

    def _watch(self, closed: threading.Event) -> None:
        while (left := self.ends_at - time.monotonic()) > 0:
            if closed.wait(left):
                return
        self._hang_up()

    def _hang_up(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _TlsConversation(_Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class _Backend(EmailBackend):
    """Django's way to the mail server of the settings, with a watched conversation."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TlsConversation if self.use_ssl else _Conversation

    def _send(self, email_message: EmailMessage) -> bool:
        conversation, recipients = self.connection, [mime.address(one) for one in email_message.recipients()]
        if conversation is None or not recipients:
            return False
        conversation.sendmail(mime.address(email_message.from_email), recipients, mime.written(email_message))
        return True


class Delivery:
    """One conversation with the mail server, for any number of messages. Use it as a context manager.

    `send` returns as soon as the server has taken the message on; the farewell comes on leaving, so that the caller
    can write down "sent" in between. A server that closes the door after some messages is called again.
    """

    def __init__(self) -> None:
        ordinary = get_connection()
        # Anything else than SMTP is the mailbox of a test.
        self.backend: BaseEmailBackend = _Backend() if isinstance(ordinary, EmailBackend) else ordinary
        self.taken = 0
        """Messages that this very connection took on."""

    def __enter__(self) -> Self:
        return self

    def open(self) -> bool:
        """Connect and sign in, where that isn't done already; whether it was done now. Raises ServerAway."""
        if self._connection is not None and not self._is_open:
            self._leave()  # it hung up
        try:
            return bool(self.backend.open())
        except (OSError, ValueError, smtplib.SMTPException) as error:  # ValueError: a host that can't be a host's name
            self._leave()
            raise ServerAway(f"{AWAY}: {_named(error)}") from error

    def send(self, message: EmailMessage) -> None:
        """Hand the message over. Raises ServerAway, TryLater, NeverAccepted or Unknown."""
        is_new = self.open()
        took_others, began = self.taken > 0, time.monotonic()
        try:
            self._send(message, is_new=is_new)
        except TryLater:
            if not took_others or self._is_open or time.monotonic() - began > SOON:
                raise
            # It took others before, and has had enough of this connection; it hasn't seen this message yet.
            self._leave()
            self._send(message, is_new=self.open())

    def _send(self, message: EmailMessage, *, is_new: bool) -> None:
        connection = self._connection
        if connection is not None and not is_new:  # a new one has its time since it was greeted
            connection.begin()
        try:
            self.backend.send_messages([message])
            self.taken += 1
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise _judged(code, answer, of_address=True) from error
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            handed_over = connection is not None and connection.handed_over
            self._leave()  # nobody knows what it would take the next command for
            if handed_over:
                raise Unknown(f"No answer after the message was handed over: {_named(error)}") from error
            raise TryLater(f"The conversation broke off: {_named(error)}") from error
        except ValueError as error:
            raise NeverAccepted(f"It can't be addressed: {_named(error)}") from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    @property
    def _connection(self) -> _Conversation | None:
        connection = getattr(self.backend, "connection", None)
        return connection if isinstance(connection, _Conversation) else None

    @property
    def _is_open(self) -> bool:
        return self._connection is not None and self._connection.sock is not None

    def _leave(self) -> None:
        self.taken = 0
        # Whether it says goodbye makes no difference to the message.
        with suppress(OSError, smtplib.SMTPException):
            self.backend.close()


def is_there() -> bool:
    """Whether the mail server of the settings takes a connection and knows us."""
    try:
        with Delivery() as delivery:
            delivery.open()
            return True
    except ServerAway:
        return False


def _judged(code: int, answer: bytes | str, *, of_address: bool = False) -> NotDelivered:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    reason = f"{code} {scrub(' '.join(text.split()))}"
    if code < ANSWERED_FINALLY or code in NOT_ABOUT_THE_MESSAGE:
        return TryLater(f"{NOT_NOW}: {reason}" if of_address and _is_about_the_recipient(code) else reason)
    return NoSuchAddress(reason) if of_address and is_unknown_address(code, text) else NeverAccepted(reason)


def _is_about_the_recipient(code: int) -> bool:
    """Whether a 4xx to a recipient is the recipient's; with 421 the server itself leaves."""
    return FOR_NOW <= code < ANSWERED_FINALLY and code != LEAVES


def is_unknown_address(code: int, text: str) -> bool:
    """Whether a server's final no to a recipient means that there is no such address; not that it dislikes us."""
    if _NO_SUCH_ADDRESS.search(text):
        return True
    return code in _UNKNOWN_CODES and not _OTHER_REASON.search(text) and bool(_SAID_IN_WORDS.search(text))


def _named(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
