"""The committed catalogues: complete, in step with the sources, and what they were compiled from."""

import pytest

from devstack import catalogues
from devstack.environment import ROOT


def test_the_catalogues_are_those_of_todays_sources() -> None:
    stale = [name for name, content in catalogues.fresh_files().items() if content != (ROOT / name).read_bytes()]
    assert stale == [], "run `make messages`"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_string_is_translated_with_the_same_places_and_tags(language: str) -> None:
    assert catalogues.faults(language) == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_compiled_file_is_the_readable_one(language: str) -> None:
    compiled = catalogues.po_file(language).with_suffix(".mo").read_bytes()
    assert compiled == catalogues.as_mo(catalogues.renewed(language))
