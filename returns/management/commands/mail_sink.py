"""`manage.py mail_sink`: takes every mail of `make run` and keeps it as a file, to be read under /mail/."""

import logging
import re
import signal
import time
from argparse import ArgumentParser
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

LARGEST = 10 * 1024 * 1024  # bytes


class Command(BaseCommand):
    help = "Receive every mail by SMTP and write each one as an .eml file. For development; delivers nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        url = urlsplit(settings.EMAIL_URL)
        parser.add_argument("--host", default=url.hostname or "127.0.0.1")
        parser.add_argument("--port", type=int, default=url.port or 2525)
        parser.add_argument("--dir", type=Path, default=settings.MAIL_SINK_DIR or None, help="where the files go")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["dir"] is None:
            raise CommandError("Name the folder: --dir, or MAIL_SINK_DIR.")
        try:
            from aiosmtpd.controller import Controller
        except ImportError as error:
            raise CommandError("mail_sink needs aiosmtpd, which production doesn't have: make setup.") from error
        folder = Path(options["dir"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # it logs every command of every conversation
        # Blocked before the first thread starts, so that they wait for whoever asks for them.
        asked_to_stop = {signal.SIGINT, signal.SIGTERM}
        signal.pthread_sigmask(signal.SIG_BLOCK, asked_to_stop)
        controller = Controller(
            Keep(folder), hostname=options["host"], port=options["port"], data_size_limit=LARGEST, ident="mail sink"
        )
        controller.start()
        self.stdout.write(f"Mails to {options['host']}:{options['port']} are kept in {folder}.")
        try:
            signal.sigwait(asked_to_stop)
        finally:
            controller.stop()


class Envelope(Protocol):
    """What aiosmtpd hands over."""

    content: bytes


class Keep:
    """What aiosmtpd asks for each mail: writes it down, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Keep the mail; its file name sorts by arrival."""
        kept = self.folder / f"{time.time_ns()}-{_name(envelope.content)}.eml"
        unfinished = kept.with_suffix(".part")
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(envelope.content)
        unfinished.rename(kept)
        return "250 Kept"


def _name(content: bytes) -> str:
    """Something of the Message-ID, so that a second copy can be seen in the file names."""
    message_id = str(message_from_bytes(content, policy=policy.default).get("Message-ID", ""))
    return re.sub(r"[^a-z0-9]", "", message_id.partition("@")[0].lower())[:32] or "mail"
