"""The text of all templates: nothing that the content security policy would block, no icon that isn't drawn."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from returns.components.kinds import KIND_ICONS, OUTCOME_LOOKS, STATUS_LOOKS
from returns.components.progress import TURN_WORDS
from returns.domain.storefront import SHIPPED, load_storefronts
from returns.domain.workflow import Status
from returns.wording.policies import points
from tests.look.css_tokens import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if not path.is_relative_to(ROOT / "templates/emails")]
SPRITE = {
    symbol.get("id")
    for symbol in ET.parse(ROOT / "static/icons.svg").iter("{http://www.w3.org/2000/svg}symbol")  # noqa: S314  our own
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_has_no_style_of_its_own(path: Path) -> None:
    assert not re.search(r"\sstyle\s*=|<style\b", path.read_text(), re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_has_no_inline_script(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text, re.IGNORECASE)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']|\b(data-)?hx-on\b|javascript:", text, re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_nothing_comes_from_another_host(path: Path) -> None:
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_icon_is_drawn(path: Path) -> None:
    text = path.read_text()
    used = set(re.findall(r"{%\s*icon\s+\"([^\"]+)\"", text))
    used |= set(re.findall(r"{%\s*(?:notice|pill)\s+\"\w+\"\s+\"[^\"]*\"\s+\"([^\"]+)\"", text))
    used |= set(re.findall(r"{%\s*empty\s+\"[^\"]*\"\s+\"([^\"]+)\"", text))
    assert used <= SPRITE


def test_every_icon_that_python_names_is_drawn() -> None:
    named = {look.icon for look in STATUS_LOOKS.values()} | set(KIND_ICONS.values())
    named |= {icon for _, icon in OUTCOME_LOOKS.values()} | {icon for icon, _ in TURN_WORDS.values()}
    for _, terms in load_storefronts(SHIPPED).values():
        named |= {point.icon for point in points(terms)}
    assert named <= SPRITE


def test_every_status_has_a_look() -> None:
    assert set(STATUS_LOOKS) == set(Status)


def test_no_two_statuses_of_one_kind_share_a_word_for_staff() -> None:
    words = [look.staff for look in STATUS_LOOKS.values()]
    assert len(set(words)) == len(words)
