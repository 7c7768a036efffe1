"""What the tests of the project package share."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from structlog.stdlib import ProcessorFormatter

Logged = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def visitor() -> Client:
    """A browser that gets the page an error leads to, where Django's test client would raise the error."""
    return Client(raise_request_exception=False)


@pytest.fixture
def logged() -> Iterator[Logged]:
    """The log lines written so far, as production writes them and read back as JSON: `logged()`."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    [portal] = [own for own in logging.getLogger().handlers if isinstance(own.formatter, ProcessorFormatter)]
    handler.setFormatter(portal.formatter)
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
