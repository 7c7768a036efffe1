"""Every response carries the full set of headers, whoever answers (B43, B44, E11)."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User

pytestmark = [pytest.mark.urls("tests.rma_portal.rehearsal")]

TWO_YEARS = 63_072_000

# How to get each kind of response, and its status.
RESPONSES: dict[str, tuple[int, dict[str, Any]]] = {
    "front page": (200, {"path": "/"}),
    "form": (200, {"path": "/accounts/login/"}),
    "redirect": (302, {"path": "/rehearsal/move-on/"}),
    "sign in first": (302, {"path": "/rehearsal/personal/"}),
    "missing slash": (301, {"path": "/rehearsal/public"}),
    "static file": (200, {"path": "/static/css/tokens.css"}),
    "static file, unchanged": (304, {"path": "/static/css/tokens.css", "HTTP_IF_MODIFIED_SINCE": "unchanged"}),
    "no such static file": (404, {"path": "/static/nowhere.css"}),
    "not found": (404, {"path": "/nowhere.txt"}),
    "bad host": (400, {"path": "/", "HTTP_HOST": "evil.example"}),
    "malformed": (400, {"path": "/?q=%00"}),
    "forbidden": (403, {"path": "/rehearsal/forbid/"}),
    "form without token": (403, {"path": "/rehearsal/decide/", "method": "post"}),
    "wrong method": (405, {"path": "/rehearsal/decide/"}),
    "refused": (409, {"path": "/rehearsal/refuse/"}),
    "locked": (409, {"path": "/rehearsal/lock/"}),
    "crash": (500, {"path": "/rehearsal/crash/"}),
    "database away": (503, {"path": "/rehearsal/database/"}),
    "alive": (200, {"path": "/healthz"}),
    "options": (200, {"path": "/rehearsal/public/", "method": "options"}),
    "head": (200, {"path": "/", "method": "head"}),
}


@pytest.fixture(params=RESPONSES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def respond(kind: str, **extra: Any) -> Any:
    status, arguments = RESPONSES[kind]
    arguments = arguments | extra
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if arguments.get("HTTP_IF_MODIFIED_SINCE"):
        arguments["HTTP_IF_MODIFIED_SINCE"] = client.get(arguments["path"])["Last-Modified"]
    response = getattr(client, arguments.pop("method", "get"))(**arguments)
    assert response.status_code == status
    return response


@pytest.mark.django_db
def test_every_kind_of_response_has_the_whole_set(kind: str) -> None:
    headers = respond(kind).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.django_db
def test_every_kind_of_response_allows_only_our_own_content(kind: str) -> None:
    policy = dict(part.split(" ", 1) for part in respond(kind).headers["Content-Security-Policy"].split("; "))
    nothing = {"default-src", "base-uri", "object-src", "frame-ancestors"}
    assert {name for name, sources in policy.items() if sources == "'none'"} == nothing
    assert {sources for name, sources in policy.items() if name not in nothing} == {"'self'"}
    assert {"script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"} <= set(policy)


@pytest.mark.django_db
def test_every_response_over_https_keeps_the_browser_on_https(kind: str, settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = TWO_YEARS
    header = respond(kind, secure=True).headers["Strict-Transport-Security"]
    assert header == f"max-age={TWO_YEARS}; includeSubDomains; preload"


@pytest.mark.django_db
def test_no_page_has_inline_script_or_style(kind: str) -> None:
    response = respond(kind)
    body = b"".join(response) if response.streaming else response.content
    assert not re.search(rb"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", body)


def test_plain_http_leads_to_https_with_the_whole_set(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/accounts/login/?next=/x/")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/accounts/login/?next=/x/")
    assert response["Content-Security-Policy"]
    assert response["Permissions-Policy"]
    assert "Strict-Transport-Security" not in response.headers, "over http the header means nothing"


@pytest.mark.django_db
def test_a_guests_page_is_kept_out_of_every_cache_even_if_its_view_says_otherwise() -> None:
    client = Client()
    for response in (client.get("/rehearsal/remember/"), client.get("/rehearsal/public/")):
        assert response["Cache-Control"] == "no-store"
        assert "Cookie" in response["Vary"]


@pytest.mark.django_db
def test_a_signed_in_persons_pages_are_kept_out_of_every_cache() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user(email="ada@example.com"))
    for path in (
        "/rehearsal/personal/",
        "/rehearsal/public/",
        "/nowhere.txt",
        "/rehearsal/crash/",
        "/rehearsal/refuse/",
    ):
        response = client.get(path)
        assert response["Cache-Control"] == "no-store", path
        assert "Cookie" in response["Vary"], path


def test_a_public_page_may_be_cached_but_not_for_somebody_with_a_cookie() -> None:
    response = Client().get("/rehearsal/public/")
    assert "Cache-Control" not in response.headers
    assert response["Vary"] == "Cookie, Accept-Language"


@pytest.mark.django_db
def test_static_files_stay_cacheable_for_signed_in_people() -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    response = client.get("/static/css/tokens.css")
    assert "no-store" not in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
