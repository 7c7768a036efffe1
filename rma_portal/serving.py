"""How gunicorn serves the portal: `gunicorn --config python:rma_portal.serving rma_portal.wsgi`."""

import gc
import os
from pathlib import Path

# A page waits for PostgreSQL more than it computes: a few threads for each of a few processes.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True
timeout = 30  # seconds; twice what a statement may take
graceful_timeout = 5  # seconds for open pages when stopping
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  gunicorn makes its own file there
control_socket_disable = True
# The portal writes its own line for each request, without what is personal.
accesslog = None


def when_ready(_server: object) -> None:
    """Before the first worker: what is loaded by now stays for good, so the collector needn't look through it again.

    A page makes tens of thousands of short-lived objects. At Python's own threshold the collector runs many times while
    one is drawn, and finds next to nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
