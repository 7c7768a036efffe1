"""Handing one message to the mail server, and what its answer means for the outbox row (C26-C30)."""

import smtplib
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from rma_portal.logs import scrub

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LONGEST_CONVERSATION = 20.0
"""Seconds from the greeting on. EMAIL_TIMEOUT bounds one silence; this bounds a server that drips byte by byte."""

AWAY = "The mail server is away"
"""How the reason begins where the server, and not the message, is the trouble."""

# The server's own trouble with who we are: fixing the settings helps, so the message waits instead of failing.
NOT_ABOUT_THE_MESSAGE = frozenset({530, 534, 535, 538})
ANSWERED_FINALLY = 500


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


class Unknown(NotDelivered):
    """The server had the whole message and didn't answer: perhaps it is delivered, perhaps not."""


class _Conversation(smtplib.SMTP):
    """Notes when the server has got the message, and hangs up on a server that never comes to an end."""

    handed_over = False
    watch: threading.Timer | None = None

    def getreply(self) -> tuple[int, bytes]:
        if self.watch is None:
            self.watch = threading.Timer(LONGEST_CONVERSATION, self._hang_up)
            self.watch.daemon = True
            self.watch.start()
        return super().getreply()

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        # From here on the server may have it, whatever happens to its answer.
        self.handed_over = True
        return super().data(msg)

    def close(self) -> None:
        if self.watch is not None:
            self.watch.cancel()
        super().close()

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


class Delivery:
    """One conversation with the mail server, for one message. Use it as a context manager.

    `send` returns as soon as the server has taken the message on; the farewell comes on leaving, so that the caller
    can write down "sent" in between.
    """

    def __init__(self) -> None:
        ordinary = get_connection()
        # Anything else than SMTP is the mailbox of a test.
        self.backend: BaseEmailBackend = _Backend() if isinstance(ordinary, EmailBackend) else ordinary

    def __enter__(self) -> Self:
        """Connect and sign in. Raises ServerAway."""
        try:
            self.backend.open()
        except (OSError, ValueError, smtplib.SMTPException) as error:  # ValueError: a host that can't be a host's name
            self._leave()
            raise ServerAway(f"{AWAY}: {_named(error)}") from error
        return self

    def send(self, message: EmailMessage) -> None:
        """Hand the message over. Raises TryLater, NeverAccepted or Unknown."""
        try:
            self.backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise _judged(code, answer) from error
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            if self._handed_over:
                raise Unknown(f"No answer after the message was handed over: {_named(error)}") from error
            raise TryLater(f"The conversation broke off: {_named(error)}") from error
        except ValueError as error:
            raise NeverAccepted(f"It can't be addressed: {_named(error)}") from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    @property
    def _handed_over(self) -> bool:
        connection = getattr(self.backend, "connection", None)
        return isinstance(connection, _Conversation) and connection.handed_over

    def _leave(self) -> None:
        # Whether it says goodbye makes no difference to the message.
        with suppress(OSError, smtplib.SMTPException):
            self.backend.close()


def is_there() -> bool:
    """Whether the mail server of the settings takes a connection and knows us."""
    try:
        with Delivery():
            return True
    except ServerAway:
        return False


def _judged(code: int, answer: bytes | str) -> NotDelivered:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    reason = f"{code} {scrub(' '.join(text.split()))}"
    if code >= ANSWERED_FINALLY and code not in NOT_ABOUT_THE_MESSAGE:
        return NeverAccepted(reason)
    return TryLater(reason)


def _named(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
