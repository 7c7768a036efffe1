"""The documents say what the code does."""

import re
from pathlib import Path

import pytest

from returns.domain.verdict import Code
from returns.domain.workflow import Action, Status
from returns.management.commands import mail_catalogue
from returns.management.commands.workflow_table import diagram, table

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_workflow_page_is_the_table() -> None:
    page = (ROOT / "docs/workflow.md").read_text(encoding="utf-8")
    assert table() in page
    assert diagram() in page


def test_the_page_of_mails_is_the_catalogue() -> None:
    assert mail_catalogue.table() in (ROOT / "docs/mails.md").read_text(encoding="utf-8")


def test_the_glossary_has_every_status_action_and_code() -> None:
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    missing = [word for words in (Status, Action, Code) for word in words if f"`{word.value}`" not in page]
    assert missing == []


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_every_path_named_is_there(document: Path) -> None:
    named = re.findall(
        r"`((?:accounts|returns|rma_portal|devstack|docs|tests|templates|static|bench)/[\w./-]*)`",
        document.read_text(encoding="utf-8"),
    )
    assert [path for path in named if not (ROOT / path).exists()] == []
