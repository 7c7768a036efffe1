"""pytest with servers of its own: `pytest` for a part of the tests, `test` for all of them."""

import os
import sys
from pathlib import Path

from devstack.browser import ensure_chromium, find_chromium
from devstack.scratch import scratch_home
from devstack.servers import start_servers
from devstack.supervisor import Supervisor, run_in_foreground

# What the settings need to know in a test run; the servers' URLs come on top.
TEST_ENVIRONMENT = {
    "TESTING": "1",
    "INSECURE_HTTP": "1",
    "SECRET_KEY": "a key for tests only, of no worth anywhere else at all",
    "LINK_KEY": "another key for tests only, of no worth anywhere else",
    "SITE_URL": "http://127.0.0.1:8000",
    "EMAIL_URL": "smtp://127.0.0.1:2525",
}
PYTEST = [sys.executable, "-m", "pytest"]
MOST_PROCESSES = 4  # each has a database of its own; more of them cost more than they save


def run_pytest(arguments: list[str]) -> int:
    """Run pytest once; its exit status."""
    chromium = os.environ.get("CHROMIUM") or find_chromium() or ""
    with scratch_home() as home, Supervisor() as supervisor:
        environment = test_environment(home) | start_servers(supervisor, home, durable=False)
        return run_in_foreground([*PYTEST, *arguments], environment | {"CHROMIUM": chromium})


def run_all(arguments: list[str]) -> int:
    """All tests, the browser's last and in one process; 0 only if both parts ran and passed."""
    chromium = ensure_chromium()
    with scratch_home() as home, Supervisor() as supervisor:
        environment = test_environment(home) | start_servers(supervisor, home, durable=False) | {"CHROMIUM": chromium}
        spread = ["-m", "not browser", "-n", str(processes()), "--dist", "worksteal"]
        statuses = [
            run_in_foreground([*PYTEST, *part, *arguments], environment) for part in (spread, ["-m", "browser"])
        ]
    return max(statuses)


def test_environment(home: Path) -> dict[str, str]:
    """What the settings need to know, photos in the run's own folder included."""
    return TEST_ENVIRONMENT | {"MEDIA_ROOT": str(home / "media")}


def processes() -> int:
    """How many tests run side by side on this machine: 2 to 4."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(max(available, 2), MOST_PROCESSES)
