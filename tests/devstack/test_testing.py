"""`make test` runs two parts side by side and forgets neither."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.supervisor import Child, Supervisor
from devstack.testing import INTERRUPTED, end_of_both

SLOWLY = "import sys, time; print('first', flush=True); time.sleep(0.5); print('last'); sys.exit({status})"


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    with Supervisor(stop_limit=1) as started:
        yield started


def beside(supervisor: Supervisor, log: Path, program: str) -> Child:
    return supervisor.start("beside", [sys.executable, "-c", program], log=log, is_lasting=False)


@pytest.mark.parametrize(("rest", "status", "whole"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 4, 4), (-9, 0, -9)])
def test_the_run_fails_where_one_part_does_and_shows_what_the_other_wrote(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str], rest: int, status: int, whole: int
) -> None:
    log = tmp_path / "log"
    child = beside(supervisor, log, SLOWLY.format(status=status))
    assert end_of_both(rest, child, log) == whole
    assert capsys.readouterr().out == "first\nlast\n"


def test_after_ctrl_c_nobody_waits_for_the_other_part(supervisor: Supervisor, tmp_path: Path) -> None:
    child = beside(supervisor, tmp_path / "log", "import time; time.sleep(60)")
    assert end_of_both(INTERRUPTED, child, tmp_path / "log") == INTERRUPTED
    assert child.process.poll() is None
