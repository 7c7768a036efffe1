"""A real mail server for tests: takes mails, or misbehaves the way mail servers do."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

# It logs every command of every conversation.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Taken:
    """A mail as it arrived: the envelope's recipients, and the message."""

    recipients: list[str]
    message: EmailMessage
    content: bytes

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])

    def part(self, kind: str) -> str:
        """The plain or html part."""
        body = self.message.get_body(preferencelist=(kind,))
        return str(body.get_content()) if isinstance(body, EmailMessage) else ""


@dataclass
class MailServer:
    """How it answers: `replies` by command (MAIL, RCPT, DATA), `delay` in seconds before DATA is answered.

    `refuses` has answers for single recipients, `most` how many mails it takes on one connection.
    `drops` closes the connection where the answer to DATA should come. `on_sender` is called when a message begins,
    `on_taken` with each mail before it is answered.
    """

    replies: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    refuses: Mapping[str, str] = field(default_factory=dict)
    most: int = 1_000_000
    drops: bool = False
    on_sender: Callable[[], None] = lambda: None
    on_taken: Callable[[Taken], None] = lambda _mail: None
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    host: str = "127.0.0.1"
    port: int = 0

    async def handle_MAIL(self, _server: Any, session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  aiosmtpd's
        if not hasattr(session, "begun"):
            session.begun, self.connections = 0, self.connections + 1
        session.begun += 1
        if session.begun > self.most:
            return "421 4.7.0 enough for this connection"
        envelope.mail_from = address
        self.on_sender()
        return self.replies.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  aiosmtpd's
        reply = self.refuses.get(address) or self.replies.get("RCPT", "250 OK")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's
        reply = self.replies.get("DATA", "250 OK")
        if reply.startswith("2"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            mail = Taken(list(envelope.rcpt_tos), message, envelope.content)
            self.taken.append(mail)
            await asyncio.to_thread(self.on_taken, mail)
        if self.drops:
            server.transport.abort()
        await asyncio.sleep(self.delay)
        return reply

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of what arrived, in order of arrival."""
        return [mail.message_id for mail in self.taken]

    def wait_for(self, count: int, seconds: float = 10.0) -> None:
        """Until so many different mails have arrived."""
        end = time.monotonic() + seconds
        while len(set(self.message_ids)) < count:
            assert time.monotonic() < end, f"{len(set(self.message_ids))} of {count} mails after {seconds} s"
            time.sleep(0.05)


@contextmanager
def running(server: MailServer) -> Iterator[MailServer]:
    """The server, listening until the block ends."""
    controller = Controller(server, hostname=server.host, port=server.port or free_port(), decode_data=False)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop(no_assert=True)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def dripping(seconds_for_each_byte: float) -> Iterator[int]:
    """A server that greets byte by byte and never comes to an end; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                while not stop.wait(seconds_for_each_byte):
                    try:
                        connection.send(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        stop.set()


@contextmanager
def silent() -> Iterator[int]:
    """A server that takes connections and says nothing, as a frozen one does; its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        yield listener.getsockname()[1]
