"""A mail server, a private broker and processes to kill, for one test each."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.kill.workers import Broker, Stack, private_broker
from tests.mail_server import MailServer, running


@pytest.fixture
def now() -> datetime:
    """The workers are processes of their own and live in real time."""
    return timezone.now().astimezone(UTC) - timedelta(seconds=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running(MailServer()) as listening:
        yield listening


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with private_broker(tmp_path) as started:
        yield started


@pytest.fixture
def stack(broker: Broker, server: MailServer, tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(broker, server.port, tmp_path / "celery.log")
    yield stack
    stack.kill_all()
    sys.stdout.write(stack.log.read_text())  # shown where the test failed
