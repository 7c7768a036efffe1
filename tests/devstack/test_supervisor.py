"""Whatever ends a supervised command, nothing of it stays behind."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from devstack.supervisor import ChildFailedError, Supervisor

PATIENCE = 15.0  # seconds, for machines that are busy with other tests
ROOT = Path(__file__).resolve().parents[2]


class Supervised:
    """A supervisor in a process of its own, and what its children wrote."""

    def __init__(self, folder: Path, *kinds: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.devstack.supervised", str(folder), *kinds],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        eventually(lambda: all((folder / str(number)).exists() for number in range(len(kinds))))

    def end_by(self, number: signal.Signals) -> int:
        """Send it a signal; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def pids(self) -> list[int]:
        """Every process below the supervisor."""
        return [int(file.read_text()) for file in self.folder.iterdir() if file.name != "stopped"]

    def stopped_in_order(self) -> str:
        """The numbers of the children that were asked and stopped, in that order."""
        return (self.folder / "stopped").read_text()


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it did not become so in time"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that is dead and not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_the_newest_first_and_succeeds(tmp_path: Path, number: signal.Signals) -> None:
    supervised = Supervised(tmp_path, "steady", "steady", "steady")
    pids = supervised.pids()

    assert supervised.end_by(number) == 0
    assert supervised.stopped_in_order() == "210"
    assert not any(map(is_alive, pids))


def test_a_child_that_ends_takes_the_rest_along_and_that_is_a_failure(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, "steady", "brief")
    pids = supervised.pids()
    output, _ = supervised.process.communicate(timeout=PATIENCE)

    assert supervised.process.returncode == 1
    assert "brief child ended with status 0." in output
    assert supervised.stopped_in_order() == "0"
    assert not any(map(is_alive, pids))


def test_a_child_that_does_not_stop_is_killed_with_all_it_started(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, "steady", "stubborn")
    pids = supervised.pids()

    assert len(pids) == 3
    assert supervised.end_by(signal.SIGINT) == 0
    assert not any(map(is_alive, pids))


def test_killing_the_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, "steady", "steady")
    pids = supervised.pids()
    assert all(map(is_alive, pids))

    supervised.end_by(signal.SIGKILL)

    eventually(lambda: not any(map(is_alive, pids)))


def test_a_child_that_is_meant_to_end_may_and_its_failure_is_told() -> None:
    with Supervisor() as supervisor:
        quick, slow = (supervisor.start(f"{pause} s", ["sleep", str(pause)], is_lasting=False) for pause in (0, 0.5))
        supervisor.finish(slow)
        supervisor.finish(quick)

        failing = supervisor.start("a failing step", ["false"], is_lasting=False)
        with pytest.raises(ChildFailedError, match=r"a failing step ended with status 1\."):
            supervisor.finish(failing)
