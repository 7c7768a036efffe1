"""The files that pages load: small, ours or licensed, with nothing in them that the policy or the manifest refuses."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

from tests.look.css_tokens import ROOT

STATIC = ROOT / "static"
SHEETS = sorted(STATIC.rglob("*.css"))
OURS = [path for path in SHEETS if "vendor" not in path.parts]
TEXTS = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg"}]
MOST_BYTES = 150_000  # of style and script on one page, compressed


def name(path: Path) -> str:
    return str(path.relative_to(STATIC))


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_no_file_asks_for_a_source_map(path: Path) -> None:
    assert "sourceMappingURL" not in path.read_text()


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_no_style_sheet_carries_an_image_in_itself(path: Path) -> None:
    assert not re.search(r"url\(\s*[\"']?data:", path.read_text())


@pytest.mark.parametrize("path", [path for path in OURS if path.name not in {"tokens.css", "print.css"}], ids=name)
def test_colors_come_from_the_tokens(path: Path) -> None:
    assert not re.findall(r":[^;{}]*(#[0-9a-f]{3,8}\b)", path.read_text(), re.IGNORECASE)


@pytest.mark.parametrize("path", OURS, ids=name)
def test_every_token_that_is_used_exists(path: Path) -> None:
    everything = "".join(sheet.read_text() for sheet in SHEETS)
    known = set(re.findall(r"(--[\w-]+)\s*:", everything))
    assert set(re.findall(r"var\((--[\w-]+)", path.read_text())) <= known


def test_what_others_made_has_its_licence_beside_it() -> None:
    folders = [folder for folder in (STATIC / "vendor").iterdir() if folder.is_dir()]
    assert folders
    assert not [folder.name for folder in folders if not (folder / "LICENSE").is_file()]


def test_the_heaviest_page_stays_light() -> None:
    htmx = finders.find("django_htmx/htmx-2.min.js")
    assert htmx
    served = [*SHEETS, *STATIC.rglob("*.js"), Path(htmx)]
    assert sum(len(gzip.compress(path.read_bytes())) for path in served) <= MOST_BYTES


def test_the_manifest_finds_every_file_that_another_names(tmp_path: Path) -> None:
    manifest = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES={**settings.STORAGES, "staticfiles": manifest}):
        call_command("collectstatic", interactive=False, verbosity=0)
    [hashed] = (path for path in (tmp_path / "css").glob("house.*.css"))
    assert "img/caret-light." in hashed.read_text()
    assert "img/caret-light.svg" not in hashed.read_text()
