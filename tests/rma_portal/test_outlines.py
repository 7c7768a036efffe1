"""The outline of every page: what is called a section or an article has a heading, or a name."""

import re
from pathlib import Path

import pytest
from django.conf import settings

PAGES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
PART = re.compile(
    r"<(?P<close>/?)(?:section|article)\b(?P<named>[^>]*aria-label)?|<h[1-6]\b|{% include \"(?P<part>[^\"]+)\""
)


def has_heading(name: str) -> bool:
    return "<h" in Path(settings.BASE_DIR, "templates", name).read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(settings.BASE_DIR / "templates")))
def test_every_section_has_a_heading_or_a_name(page: Path) -> None:
    headed: list[bool] = []
    for found in PART.finditer(page.read_text()):
        if found[0].startswith(("<section", "<article")):
            headed.append(bool(found["named"]))
        elif found["close"]:
            assert headed.pop(), f"a section that ends at {found.start()} has no heading"
        elif headed and (not found["part"] or has_heading(found["part"])):
            headed[-1] = True
