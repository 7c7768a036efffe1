"""The mails of `make run`: kept whole by a real mail server, shown to whoever runs it, and able to do nothing."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from returns import mail
from returns.models import Notification, Storefront
from rma_portal import urls
from tests.conftest import Cast
from tests.mail_server import free_port
from tests.mails import asked_back, bought

site = ModuleType("site_with_mails")
site.urlpatterns = [path("mail/", include("returns.mail_sink_urls")), *urls.urlpatterns]  # type: ignore[attr-defined]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(site)]


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MAIL_SINK_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def kept(folder: Path, shops: dict[str, Storefront], cast: Cast, now: datetime) -> str:
    """The name of a kept mail."""
    asked_back(bought(shops["image-consumer"], cast, now), now)
    message = mail.render(Notification.objects.get(), now=now)
    (folder / "1795017600000000000-abc.eml").write_bytes(message.message().as_bytes())
    return "1795017600000000000-abc"


def test_the_list_shows_the_newest_first_to_anybody(folder: Path, kept: str, client: Client) -> None:
    (folder / "1795017700000000000-def.eml").write_bytes(b"Subject: the second\r\nTo: b@example.com\r\n\r\nText\r\n")
    page = client.get("/mail/").content.decode()
    assert page.index("the second") < page.index("We have your return request")
    assert f"/mail/{kept}/" in page


def test_an_empty_folder_says_so(folder: Path, client: Client) -> None:
    assert folder.is_dir()
    assert "No mail yet" in client.get("/mail/").content.decode()


def test_a_mail_is_shown_with_headers_text_and_a_sandboxed_frame(kept: str, client: Client) -> None:
    response = client.get(f"/mail/{kept}/")
    page = response.content.decode()
    assert "maya@example.com" in page
    assert "Hello Maya" in page
    assert f'<iframe src="/mail/{kept}/html/"' in page
    assert "allow-scripts" not in page
    assert "allow-same-origin" not in page
    assert "frame-src 'self'" in response.headers["Content-Security-Policy"]


def test_the_html_part_alone_may_have_inline_styles_and_may_do_nothing(kept: str, client: Client) -> None:
    response = client.get(f"/mail/{kept}/html/")
    policy = dict(part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == "'unsafe-inline'"
    assert "allow-scripts" not in policy["sandbox"]
    assert policy["frame-ancestors"] == "'self'"
    assert "script-src" not in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe-inline" not in client.get(f"/mail/{kept}/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "nothing", "1-x.eml", "1795017600000000000-ABC", "%00"])
def test_only_kept_mails_can_be_named(folder: Path, kept: str, client: Client, name: str) -> None:
    assert (folder / f"{kept}.eml").exists()
    assert client.get(f"/mail/{name}/").status_code in {400, 404}
    assert client.get(f"/mail/{name}/html/").status_code in {400, 404}


@pytest.mark.parametrize("address", ["/mail/", "/mail/{kept}/", "/mail/{kept}/html/"])
def test_nothing_can_be_changed(kept: str, client: Client, address: str) -> None:
    assert client.post(address.format(kept=kept)).status_code == 405


@pytest.mark.urls(urls)
def test_without_a_folder_there_is_no_such_page(client: Client) -> None:
    assert client.get("/mail/").status_code == 404


def test_the_sink_needs_a_folder(settings: Settings) -> None:
    settings.MAIL_SINK_DIR = ""
    with pytest.raises(CommandError, match="--dir"):
        call_command("mail_sink")


@pytest.fixture
def sink(folder: Path) -> Iterator[int]:
    """A running `manage.py mail_sink`; its port."""
    port = free_port()
    environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{port}", "MAIL_SINK_DIR": str(folder)}
    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "manage.py", "mail_sink"], env=environment, cwd=root)
    try:
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_the_sink_keeps_every_mail_and_stops_when_asked(sink: int, folder: Path, client: Client) -> None:
    content = EmailMessage()
    content["From"], content["To"], content["Message-ID"] = "a@example.com", "b@example.com", "<abc@x>"
    content.set_content("Hello, ✓")
    with patient(sink) as connection:
        for _ in range(2):
            connection.send_message(content)
    files = sorted(folder.glob("*.eml"))
    assert len(files) == 2
    assert all(file.name.endswith("-abc.eml") for file in files)
    assert not list(folder.glob("*.part"))
    assert "Hello, ✓" in client.get(f"/mail/{files[0].stem}/").content.decode()


def patient(port: int) -> smtplib.SMTP:
    """A connection, as soon as somebody listens."""
    end = time.monotonic() + 20
    while True:
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=5)
        except ConnectionRefusedError:
            assert time.monotonic() < end
            time.sleep(0.1)
