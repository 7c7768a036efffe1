"""What is too large, too many or finds no room is answered in words, and leaves no file behind (B16, C23)."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files import temp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver

from rma_portal.middleware import BodyMiddleware
from tests.rma_portal.conftest import Logged

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rma_portal.rehearsal")]


PHOTOS = "/nowhere/returns/4T7H-K2MP/photos/"


@pytest.fixture
def somebody(visitor: Client) -> Client:
    """A browser with a session that holds something."""
    session = visitor.session
    session["came"] = "by a link"
    session.save()
    return visitor


def large_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", bytes(3 * 1024**2))


class Unread(io.RawIOBase):
    """A body that nobody may look at."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("it was read")


@pytest.mark.parametrize("size", [settings.LARGEST_BODY + 1, 1024**3, 10**30])
def test_a_body_that_is_too_large_is_refused_unread(size: int) -> None:
    request = RequestFactory().post("/", content_type="multipart/form-data; boundary=x")
    request.META["CONTENT_LENGTH"] = str(size)
    request._stream = Unread()  # type: ignore[assignment]
    response = BodyMiddleware(lambda _request: HttpResponse("in"))(request)
    assert response.status_code == 413
    assert b"10 MB each" in response.getvalue()


def test_eight_photos_of_ten_megabytes_fit() -> None:
    assert 8 * settings.LARGEST_PHOTO + 100_000 < settings.LARGEST_BODY


def refused_unread(path: str, size: int, person: Client) -> HttpResponse:
    """The answer to a body of which not a byte may be read."""
    request = RequestFactory().post(path, content_type="multipart/form-data; boundary=x")
    request.META |= {"CONTENT_LENGTH": str(size), "HTTP_COOKIE": person.cookies.output(header="", sep=";").strip()}
    request._stream = Unread()  # type: ignore[assignment]
    return person.handler.get_response(request)  # type: ignore[return-value]


def test_where_no_photos_are_taken_a_megabyte_is_the_most(visitor: Client) -> None:
    visitor.get("/")
    for path in ("/le-petit-spa/start/", "/accounts/login/", "/rehearsal/hook/"):
        response = refused_unread(path, settings.LARGEST_FORM + 1, visitor)
        assert response.status_code == 413
        assert b"That is too much at once" in response.content


def test_photos_of_nobody_are_refused_unread(visitor: Client) -> None:
    visitor.get("/")
    response = refused_unread(PHOTOS, settings.LARGEST_FORM + 1, visitor)
    assert response.status_code == 403


def test_photos_of_somebody_are_read(somebody: Client) -> None:
    assert somebody.post(PHOTOS, {"photos": large_file()}).status_code == 302, "read, and led to the sign-in"


@pytest.mark.parametrize("name", sorted(settings.PHOTO_ROUTES))
def test_every_route_that_takes_photos_is_one(name: str) -> None:
    space, _, last = name.partition(":")
    _spaces, inner = get_resolver("rma_portal.urls").namespace_dict[space]
    assert last in inner.reverse_dict


def test_a_thousand_files_are_refused_in_words(somebody: Client, logged: Logged) -> None:
    files = [SimpleUploadedFile(f"{number}.jpg", b"x") for number in range(1000)]
    response = somebody.post(PHOTOS, {"photos": files})
    assert response.status_code == 413
    assert "eight of them fit in one go" in response.content.decode()
    assert not [line for line in logged() if line["level"] in {"warning", "error"} and "files" in line["event"]]


def test_a_thousand_fields_are_refused_in_words(visitor: Client, logged: Logged) -> None:
    response = visitor.post("/rehearsal/hook/", {f"a{number}": "x" for number in range(2000)})
    assert response.status_code == 400
    assert "as our pages send it" in response.content.decode()
    assert not [line for line in logged() if line["level"] == "error"]


def test_what_is_refused_is_kept_by_no_cache(visitor: Client) -> None:
    for response in (
        visitor.get("/?q=%00"),
        visitor.get("/", headers={"host": "evil.example"}),
        refused_unread("/", settings.LARGEST_BODY + 1, visitor),
        refused_unread("/", settings.LARGEST_FORM + 1, visitor),
    ):
        assert response.status_code in {400, 413}
        assert response.headers["Cache-Control"] == "no-store"


def test_files_that_waited_on_the_disk_are_gone_with_the_request(
    somebody: Client, tmp_path: Path, settings: object
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)  # type: ignore[attr-defined]
    somebody.post(PHOTOS, {"photos": large_file()})
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said(somebody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(temp, "NamedTemporaryFile", full)
    response = somebody.post(PHOTOS, {"photos": large_file()})
    assert response.status_code == 507
    assert "what you typed is still there" in response.content.decode()
