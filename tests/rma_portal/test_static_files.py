"""The addresses of static files, as production names them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from rma_portal.static_files import Storage


def test_each_address_is_computed_once_and_names_the_hashed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = {"BACKEND": "rma_portal.static_files.Storage"}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES={**settings.STORAGES, "staticfiles": hashed}):
        call_command("collectstatic", interactive=False, verbosity=0)
        storage = Storage()
        address = storage.url("css/house.css")
        monkeypatch.setattr(storage, "stored_name", None)  # what would be asked for a second time
        assert storage.url("css/house.css") == address
    [file] = (tmp_path / "css").glob("house.????????????.css")
    assert address == f"{settings.STATIC_URL}css/{file.name}"
