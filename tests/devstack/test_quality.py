"""`make lint` finds what must not be in the repository."""

import pytest

from devstack.quality import FORBIDDEN, machine_traces


@pytest.mark.parametrize(
    "trace",
    [
        "https://files." + "python" + "hosted.org/x",
        "registry." + "npmjs.org",
        "https:" + "//pypi" + ".org/simple",
        "see /ro" + "ot/notes",
        "/ho" + "me/ann/x",
    ],
)
def test_registries_and_folders_of_a_machine_are_found(trace: str) -> None:
    assert FORBIDDEN.search(trace)


@pytest.mark.parametrize("harmless", ["/accounts/home/", "the root of the tree", "static/vendor/root/x"])
def test_ordinary_words_are_not(harmless: str) -> None:
    assert not FORBIDDEN.search(harmless)


def test_there_is_none_in_the_repository(capsys: pytest.CaptureFixture[str]) -> None:
    assert not machine_traces(), capsys.readouterr().out
