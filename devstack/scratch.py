"""A private folder for one test run, in memory where there is room, gone afterwards."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - only as the parent of private folders with random names
MEMORY_NEEDED = 1024**3  # bytes; a container may offer as little as 64 MB
PREFIX = "rma-portal-"
YOUNG = 60.0  # seconds in which a folder may exist and not be locked yet


@contextmanager
def scratch_home() -> Iterator[Path]:
    """A new folder that is removed on leaving; those of runs that were killed are removed on entering."""
    parent = scratch_parent()
    sweep(parent)
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try:
        with (home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def scratch_parent() -> Path:
    """Memory if there is enough of it, else the system's temporary folder."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
        return MEMORY
    return Path(tempfile.gettempdir())


def sweep(parent: Path) -> None:
    """Remove folders whose run did not live to remove them: nobody holds their lock any more."""
    for home in parent.glob(f"{PREFIX}*"):
        try:
            if home.stat().st_uid == os.geteuid() and time.time() - home.stat().st_mtime > YOUNG:
                with (home / "lock").open("w") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(home, ignore_errors=True)
        except OSError:
            continue  # in use, or gone meanwhile
