"""Redis as the worker can bear it: what is no message in its queue is thrown away (C10, B46).

Left to itself, kombu lets one such item end the worker.
"""

import logging
from queue import Empty
from typing import Any

from kombu.transport import redis

logger = logging.getLogger(__name__)


class Channel(redis.Channel):
    """Reads the queue, and goes on after something that can't be read."""

    def _brpop_read(self, **options: Any) -> bool:
        try:
            read: bool = super()._brpop_read(**options)  # type: ignore[misc]  # the stubs leave it out
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            logger.warning("Something in the broker's queue is no message (%s); it is gone.", type(error).__name__)
            raise Empty from error
        return read


class Transport(redis.Transport):
    """kombu's own, with our way to read."""

    Channel = Channel
