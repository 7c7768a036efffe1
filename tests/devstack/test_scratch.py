"""Test runs leave no folder behind, however they end."""

import os
import time
from pathlib import Path

import pytest

from devstack import scratch


@pytest.fixture(autouse=True)
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scratch, "scratch_parent", lambda: tmp_path)
    return tmp_path


def make_older(folder: Path) -> None:
    past = time.time() - 2 * scratch.YOUNG
    os.utime(folder, (past, past))


def test_the_folder_is_private_and_goes_when_the_run_ends(parent: Path) -> None:
    with scratch.scratch_home() as home:
        assert home.stat().st_mode & 0o077 == 0
    assert list(parent.iterdir()) == []


def test_what_a_killed_run_left_goes_with_the_next_one(parent: Path) -> None:
    left = parent / f"{scratch.PREFIX}left"
    left.mkdir()
    (left / "data").touch()
    make_older(left)
    with scratch.scratch_home():
        assert not left.exists()


def test_a_run_that_lives_keeps_its_folder() -> None:
    with scratch.scratch_home() as living:
        make_older(living)
        with scratch.scratch_home():
            assert living.exists()
