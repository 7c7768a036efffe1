"""pytest with servers of its own: `pytest` for a part of the tests, `test` for all of them."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

from devstack.browser import ensure_chromium, find_chromium
from devstack.scratch import scratch_home
from devstack.servers import start_servers
from devstack.supervisor import GLANCE, Child, Supervisor, run_in_foreground

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
BROWSER_TESTS = "tests/browser"
# One browser test follows the other, so that chain is what takes longest: the rest fills the processors' gaps.
GIVING_WAY = ["nice", "-n", "5"]
INTERRUPTED = 2  # pytest's exit status after Ctrl-C


def run_pytest(arguments: list[str]) -> int:
    """Run pytest once; its exit status."""
    chromium = os.environ.get("CHROMIUM") or find_chromium() or ""
    with scratch_home() as home, Supervisor() as supervisor:
        environment = test_environment(home) | start_servers(supervisor, home, durable=False)
        return run_in_foreground([*PYTEST, *arguments], environment | {"CHROMIUM": chromium})


def run_all(arguments: list[str]) -> int:
    """All tests, the browser's beside the rest; 0 only if both parts ran and passed.

    What the browser tests have to say is kept back until the rest is done.
    """
    chromium = ensure_chromium()
    with scratch_home() as home, Supervisor() as supervisor:
        environment = test_environment(home) | start_servers(supervisor, home, durable=False) | {"CHROMIUM": chromium}
        log = home / "browser.log"
        beside = supervisor.start(
            "pytest with the browser",
            [*PYTEST, BROWSER_TESTS, *arguments],
            environment=environment,
            log=log,
            stop_signal=signal.SIGINT,
            is_lasting=False,
        )
        rest = [*PYTEST, f"--ignore={BROWSER_TESTS}", "-n", str(processes()), "--dist", "worksteal", *arguments]
        try:
            return end_of_both(run_in_foreground([*GIVING_WAY, *rest], environment), beside, log)
        except KeyboardInterrupt:
            return INTERRUPTED


def end_of_both(rest: int, beside: Child, log: Path) -> int:
    """The exit status of the whole run: nobody waits for the tests beside once the rest was interrupted."""
    if rest == INTERRUPTED:
        return rest
    return show_to_its_end(beside, log) or rest


def show_to_its_end(child: Child, log: Path) -> int:
    """Print what it has written to its log so far and whatever follows; its exit status."""
    with log.open(errors="replace") as output:
        while True:
            has_ended = child.process.poll() is not None  # asked first, so that its last lines aren't missed
            shutil.copyfileobj(output, sys.stdout)
            sys.stdout.flush()
            if has_ended:
                return int(child.process.returncode)
            time.sleep(GLANCE)


def test_environment(home: Path) -> dict[str, str]:
    """What the settings need to know, photos in the run's own folder included."""
    return TEST_ENVIRONMENT | {"MEDIA_ROOT": str(home / "media")}


def processes() -> int:
    """How many tests run side by side on this machine: 2 to 4."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(max(available, 2), MOST_PROCESSES)
