"""Error pages: they say what happened in plain words, give nothing away, and need no database (C16, C17, B48)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.rma_portal.conftest import Logged
from tests.rma_portal.production import LOCAL, run_python
from tests.rma_portal.rehearsal import SECRET

# No `django_db` in this file except where said: a page that asked the database would fail here.
pytestmark = [pytest.mark.urls("tests.rma_portal.rehearsal")]

PAGES = {
    "/nowhere.txt": (404, "There is no such page"),
    "/rehearsal/forbid/": (403, "You can't do this here"),
    "/?q=%00": (400, "We can't read this address"),
    "/rehearsal/refuse/": (409, "That isn't possible now"),
    "/rehearsal/decide/": (405, "This address takes a form"),
    "/rehearsal/crash/": (500, "Something broke on our side"),
    "/rehearsal/database/": (503, "We'll be back in a moment"),
    "/rehearsal/connection/": (503, "We'll be back in a moment"),
    "/rehearsal/lock/": (409, "Somebody else is working on the same return"),
}


@pytest.mark.parametrize("path", PAGES)
def test_an_error_has_its_page_without_asking_the_database(visitor: Client, path: str) -> None:
    status, words = PAGES[path]
    response = visitor.get(path)
    assert response.status_code == status
    assert words in response.content.decode().replace("&#x27;", "'")
    assert SECRET not in response.content.decode()


def test_an_unknown_host_has_its_page(visitor: Client) -> None:
    response = visitor.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_a_form_without_its_token_is_refused_without_saying_what_was_wrong_with_it() -> None:
    response = Client(enforce_csrf_checks=True).post(
        "/rehearsal/decide/", headers={"referer": "http://testserver/rehearsal/public/"}
    )
    assert response.status_code == 403
    assert "This form was open too long" in response.content.decode()
    assert 'href="/rehearsal/public/"' in response.content.decode()
    assert "CSRF" not in response.content.decode()


def test_a_refusal_says_why_and_leads_back_to_the_page_with_the_form(visitor: Client) -> None:
    response = visitor.get("/rehearsal/refuse/", headers={"referer": "http://testserver/rehearsal/public/?page=2"})
    assert "Renee decided this at 10:31." in response.content.decode()
    assert 'href="/rehearsal/public/"' in response.content.decode()


@pytest.mark.parametrize("referer", ["https://evil.example//evil.example/", "javascript:alert(1)", "", "//evil", "%"])
def test_the_way_back_never_leads_to_another_host(visitor: Client, referer: str) -> None:
    response = visitor.get("/rehearsal/refuse/", headers={"referer": referer})
    assert set(re.findall(r'href="(/*)', response.content.decode())) == {"/"}


def test_a_crash_is_answered_with_the_id_under_which_it_is_logged(visitor: Client, logged: Logged) -> None:
    body = visitor.get("/rehearsal/crash/").content.decode()
    [request_id] = re.findall(r"<code>([0-9a-f-]{36})</code>", body)
    assert request_id == logged()[0]["request_id"]
    assert "RuntimeError" not in body
    assert "Traceback" not in body


def test_browsers_are_told_when_to_come_back(visitor: Client) -> None:
    assert int(visitor.get("/rehearsal/database/")["Retry-After"]) > 0


def test_an_error_page_that_fails_itself_is_plain_words(visitor: Client, settings: Settings) -> None:
    settings.TEMPLATES = []
    response = visitor.get("/nowhere.txt")
    assert (response.status_code, response.content) == (404, b"Error 404")
    assert response["Content-Security-Policy"]


@pytest.mark.django_db
def test_an_error_page_asks_nothing_beyond_who_is_signed_in(visitor: Client) -> None:
    visitor.force_login(User.objects.create_user(email="ada@example.com"))
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get("/rehearsal/crash/").status_code == 500
    assert [re.findall(r'FROM "(\w+)"', query["sql"]) for query in queries] == [["django_session"], ["accounts_user"]]


VISIT_WITHOUT_A_DATABASE = """
import time
from django.test import Client
from rma_portal.wsgi import application
client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
client.cookies["sessionid"] = "a" * 32
for path in ("/desk/", "/", "/healthz", "/readyz", "/nowhere.txt"):
    started = time.monotonic()
    response = client.get(path)
    assert time.monotonic() - started < 5
    words = "be back in a moment" in response.content.decode()
    print(path, response.status_code, response.headers.get("Retry-After", "-"), words)
"""


def test_without_its_database_the_portal_says_so_at_once_and_is_still_alive() -> None:
    result = run_python("-c", VISIT_WITHOUT_A_DATABASE, **LOCAL, TESTING="1")
    assert result.stdout.splitlines() == [
        "/desk/ 503 10 True",
        "/ 503 10 True",
        "/healthz 200 - False",
        "/readyz 503 - False",
        "/nowhere.txt 404 - False",
    ], result.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["http://[bad", "http://a/\\evil.example", "//evil.example", "http://[::1", "\x7f"])
def test_a_referer_nobody_sends_gets_the_ordinary_page_with_a_link_home(client: Client, referer: str) -> None:
    answer = client.get("/nope/x/", headers={"referer": referer})
    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()
    assert "evil.example" not in answer.content.decode()
