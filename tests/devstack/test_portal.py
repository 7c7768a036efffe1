"""Where `make run` listens, and who may use its data."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack import portal
from devstack.servers import free_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "var"
    monkeypatch.setattr(portal, "VAR", folder)
    monkeypatch.setattr(portal, "RUNNING", folder / "running.env")
    return folder


def test_port_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    free = free_port()
    monkeypatch.setenv("PORT", str(free))
    assert portal.chosen_port() == free


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(monkeypatch: pytest.MonkeyPatch, taken_port: int) -> None:
    monkeypatch.setenv("PORT", str(taken_port))
    with pytest.raises(portal.PortalError, match=f"Port {taken_port} is taken"):
        portal.chosen_port()


@pytest.mark.parametrize("nonsense", ["eight", "0", "65536", "-1", "８０"])
def test_port_must_be_a_port(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    monkeypatch.setenv("PORT", nonsense)
    with pytest.raises(portal.PortalError, match="number from 1 to 65535"):
        portal.chosen_port()


def test_without_port_a_free_one_stands_in_for_the_usual_one(
    monkeypatch: pytest.MonkeyPatch, taken_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(portal, "USUAL_PORT", taken_port)
    assert portal.is_free(portal.chosen_port())
    assert f"Port {taken_port} is taken" in capsys.readouterr().out


@pytest.mark.usefixtures("var")
def test_who_comes_first_has_the_data_and_a_second_command_is_told_where_the_portal_runs() -> None:
    with portal.portal_data() as first:
        assert first is None
        portal.RUNNING.write_text("SITE_URL=http://127.0.0.1:8000\nSECRET_KEY=a=b\n")
        with portal.portal_data() as second:
            assert second == {"SITE_URL": "http://127.0.0.1:8000", "SECRET_KEY": "a=b"}


def test_what_a_killed_portal_left_is_not_believed(var: Path) -> None:
    var.mkdir()
    portal.RUNNING.write_text("SITE_URL=http://127.0.0.1:8000\n")
    with portal.portal_data() as running:
        assert running is None
    assert not portal.RUNNING.exists()


def test_keys_are_long_kept_and_private(var: Path) -> None:
    var.mkdir()
    key = portal.kept_secret("secret_key")
    assert len(key) >= 50
    assert portal.kept_secret("secret_key") == key
    assert portal.kept_secret("link_key") != key
    assert (var / "secret_key").stat().st_mode & 0o077 == 0


def test_a_start_prepares_again_when_code_or_database_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "ROOT", tmp_path)
    code = tmp_path / "returns" / "models.py"
    code.parent.mkdir()
    code.write_text("first")
    before = portal.fingerprint("postgres://me:secret@127.0.0.1:5001/rma")

    assert portal.fingerprint("postgres://me:secret@127.0.0.1:5002/rma") == before
    assert portal.fingerprint("postgres://me:another@127.0.0.1:5001/rma") != before
    code.write_text("second")
    assert portal.fingerprint("postgres://me:secret@127.0.0.1:5001/rma") != before
