"""The catalogue tool: what it finds, that it writes the same bytes again, and what it calls a fault."""

import gettext
import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from devstack import catalogues

PYTHON = """
from django.utils.translation import gettext as _, gettext_noop as N_, ngettext, pgettext
TABLE = {"a": N_("Marked in a table")}
def words(number: int) -> str:
    _(f"not {number} this")
    pgettext("short month", "May")
    inside = f"{_('Inside an f-string')} {number}"
    return _("Day %(day)s") + inside + ngettext("%(count)s day", "%(count)s days", number)
"""
TEMPLATE = """
{% load i18n %}
    {% translate "A heading" %} it's "plain" text {{ value|default:_("Nothing") }}
{# a comment #}
  {% blocktranslate trimmed with number=order.number %}
      Order <b>{{ number }}</b>,
      in two lines
  {% endblocktranslate %}
{% blocktranslate count n=list|length %}{{ n }} more{% plural %}{{ n }} more of them{% endblocktranslate %}
{% translate "Return" context "a product" %}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with a string of each sort."""
    for name, content in {
        "returns/words.py": PYTHON,
        "returns/migrations/0001.py": '_("Nobody reads this")',
        "templates/page.html": TEMPLATE,
        "returns/policies/shop.toml": """
[storefront]
slug = "no words"
tagline = "Creams and more"
[kinds]
peel = "Peels"
[[exclusions]]
kinds = ["peel"]
[package]
notices = ["Use a box."]
[[clauses]]
id = "X-1"
title = "Thirty days"
""",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "LOCALES", tmp_path / "locale")
    return tmp_path


def found() -> set[object]:
    return {(each.context, each.words) if each.context else each.words for each in catalogues.strings()}


def test_strings_of_python_templates_and_policies_are_found(project: Path) -> None:
    assert found() == {
        "Marked in a table",
        "Day %(day)s",
        "Inside an f-string",
        ("%(count)s day", "%(count)s days"),
        ("short month", "May"),
        "A heading",
        "Nothing",
        "Order <b>%(number)s</b>, in two lines",
        ("%(n)s more", "%(n)s more of them"),
        ("a product", "Return"),
        "Creams and more",
        "Peels",
        "Use a box.",
        "Thirty days",
    }


def test_the_files_hold_neither_dates_nor_places_and_are_the_same_again(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert catalogues.catalogues(["--check"]) == 1
    assert "run `make messages`" in capsys.readouterr().out
    assert catalogues.catalogues([]) == 0
    file = catalogues.po_file("es")
    first = file.read_text(encoding="utf-8")
    assert "Date" not in first
    assert str(project) not in first
    assert "#: templates/page.html\n" in first, "without line numbers, which change with every edit"
    assert catalogues.catalogues(["--check"]) == 0
    assert file.read_text(encoding="utf-8") == first


def test_translations_stay_and_what_nobody_uses_goes(project: Path) -> None:
    catalogues.catalogues([])
    made = catalogues.renewed("es", {"Day %(day)s": "Día %(day)s", ("short month", "May"): "may"})
    catalogues.po_file("es").write_bytes(catalogues.as_po(made))
    (project / "templates/page.html").write_text("", encoding="utf-8")
    catalogues.catalogues([])
    text = catalogues.po_file("es").read_text(encoding="utf-8")
    assert 'msgstr "Día %(day)s"' in text
    assert "A heading" not in text
    compiled = gettext.GNUTranslations(io.BytesIO(catalogues.po_file("es").with_suffix(".mo").read_bytes()))
    assert compiled.gettext("Day %(day)s") == "Día %(day)s"
    assert compiled.pgettext("short month", "May") == "may"
    assert compiled.gettext("Creams and more") == "Creams and more", "what isn't translated stays English"


@pytest.mark.parametrize(
    ("words", "translation", "fault"),
    [
        ("Day %(day)s", "", "not translated: Day %(day)s"),
        ("Day %(day)s", "Día %(dia)s", "placeholders or tags differ: Día %(dia)s"),
        ("<b>No</b>", "<i>No</i>", "placeholders or tags differ: <i>No</i>"),
        ("{name} is gone", "se fue", "placeholders or tags differ: se fue"),
        (("%(n)s day", "%(n)s days"), ("%(n)s día", "días"), "placeholders or tags differ: días"),
        (("one", "many"), ("uno", ""), "not translated: one"),
    ],
)
def test_what_is_wrong_with_a_translation_is_said(
    words: str | tuple[str, str], translation: str | tuple[str, str], fault: str
) -> None:
    catalogue = Catalog(locale="es")
    message = catalogue.add(words, translation)
    assert list(catalogues.faults_of(message)) == [fault]


def test_a_good_translation_has_no_fault() -> None:
    message = Catalog(locale="es").add("Day %(day)s of <b>20%</b>", "<b>20 %</b>: día %(day)s")
    assert list(catalogues.faults_of(message)) == []
