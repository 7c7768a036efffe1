"""Browser tests have a Chromium, or fail with a sentence."""

from pathlib import Path

import pytest

from devstack import browser


def make_program(path: Path, status: int) -> str:
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(0o755)
    return str(path)


def test_the_named_chromium_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = make_program(tmp_path / "mine", 0)
    monkeypatch.setenv("CHROMIUM", named)
    assert browser.ensure_chromium() == named


def test_a_named_chromium_that_does_not_start_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", make_program(tmp_path / "mine", 1))
    with pytest.raises(browser.NoBrowserError, match="does not start"):
        browser.ensure_chromium()


def test_the_first_on_path_that_starts_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    make_program(tmp_path / "chromium", 1)
    working = make_program(tmp_path / "google-chrome", 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.ensure_chromium() == working


def test_without_any_the_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(browser.NoBrowserError, match="apt-get install chromium"):
        browser.ensure_chromium()
