"""The committed catalogues: complete, in step with the sources, and what they were compiled from."""

import re

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


PIECE = re.compile(r"^[,;.) ]|[( ]$|^(?:%\(\w+\)s)+\.?$|\)s%\(|^%\(\w+\)s instead$")
"""A string that is glued to others: it begins or ends in the middle, or is nothing but places for other pieces."""


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_whole_sentences_are_translated_never_pieces_of_them(language: str) -> None:
    named = re.findall(r'^msgid "(.+)"$', catalogues.po_file(language).read_text(), re.MULTILINE)
    assert len(named) > 1000
    assert [text for text in named if PIECE.search(text)] == []
