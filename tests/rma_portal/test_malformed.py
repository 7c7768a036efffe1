"""What no browser sends is a 400, never a 500 (B41, B42)."""

import io
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rma_portal.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rma_portal.rehearsal")]

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("path", ["/a%00b/", "/?q=%00", "/?q=a%00b&page=1", "/static/a%00b.css", "/?q=" + 9000 * "a"])
def test_an_address_no_browser_sends_is_refused(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 400


@pytest.mark.parametrize(
    "query",
    ["q=%2500", "q=%ff%fe", "q=%ED%A0%80", "page=-1&page=999999", "&&&==", "q=" + 4000 * "a", "%", "a[]=%C3%28"],
)
def test_an_odd_but_harmless_query_is_let_through(visitor: Client, query: str) -> None:
    assert visitor.get(f"/?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/%ff%fe/", "/%ED%A0%80/", "/a/../../etc/passwd", "/static/../manage.py", "/.git/HEAD"]
)
def test_an_odd_path_leads_nowhere(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_session_key_with_nul_never_reaches_the_database(visitor: Client) -> None:
    cookie = f'{settings.SESSION_COOKIE_NAME}="\\000aaaaaaaaaaaa"'
    assert visitor.get("/rehearsal/personal/", headers={"cookie": cookie}).status_code == 400


@pytest.mark.parametrize(
    "cookie", ["", ";;;", "a", "sessionid=%00", "sessionid=\xff\xfe", "sessionid=" + 5000 * "a", "=;="]
)
def test_an_odd_cookie_is_only_nobodys(visitor: Client, cookie: str) -> None:
    assert visitor.get("/rehearsal/personal/", headers={"cookie": cookie}).status_code == 302


def test_a_form_field_with_nul_is_refused_before_any_view_reads_it(visitor: Client) -> None:
    assert visitor.post("/rehearsal/decide/", {"reference": "4T7H\x00"}).status_code == 400
    assert visitor.post("/rehearsal/decide/", "reference=%00", content_type=FORM).status_code == 400
    assert visitor.post("/rehearsal/decide/", {"reference": "4T7H"}).status_code == 200


def test_a_name_of_a_field_with_nul_is_refused_too(visitor: Client) -> None:
    # What is put aside by phone is kept under the names it was sent with.
    assert visitor.post("/rehearsal/decide/", "refer%00ence=4T7H", content_type=FORM).status_code == 400
    assert visitor.post("/rehearsal/decide/", {"refer\x00ence": "4T7H"}).status_code == 400


def served(**environ: Any) -> HttpResponseBase:
    """The answer as gunicorn gets it: some requests break before Django's test client has even built them."""
    body = environ.pop("body", b"")
    environ = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "HTTP_HOST": "testserver"} | environ
    setup_testing_defaults(environ)
    return application.get_response(application.request_class(environ))


@pytest.mark.parametrize("charset", ["hex", "rot13", "utf-7", "idna", "no-such", "base64", "latin-1", "utf8", "\x7f"])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=b", "text/plain", "application/json"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_charset_we_never_asked_for_is_refused(method: str, kind: str, charset: str) -> None:
    content_type = f"{kind}; charset={charset}"
    response = served(REQUEST_METHOD=method, CONTENT_TYPE=content_type, QUERY_STRING="q=%ff", body=b"--b\r\n")
    assert response.status_code == 400
    assert response["Content-Security-Policy"]


def test_a_form_may_say_that_it_is_utf8() -> None:
    response = served(
        REQUEST_METHOD="POST",
        PATH_INFO="/rehearsal/hook/",
        CONTENT_TYPE=f"{FORM};charset=UTF-8",
        body="name=Zoë".encode(),
    )
    assert b"".join(response) == "Zoë".encode()


def test_too_many_parameters_are_refused_also_where_a_charset_makes_django_read_them_early() -> None:
    response = served(CONTENT_TYPE=f"{FORM}; charset=utf-8", QUERY_STRING="a&" * 1500)
    assert response.status_code == 400
    assert response["X-Frame-Options"]


@pytest.mark.parametrize("body", [b"--b", b"--b\r\nContent-Disposition: form-data\r\n\r\n", b"\x00" * 100])
@pytest.mark.parametrize("kind", ["", "; boundary=\xff", "; boundary=", "; boundary=" + 300 * "a", "; boundary*=x'y'z"])
def test_a_broken_upload_is_refused(kind: str, body: bytes) -> None:
    response = served(
        REQUEST_METHOD="POST", PATH_INFO="/rehearsal/hook/", CONTENT_TYPE=f"multipart/form-data{kind}", body=body
    )
    assert response.status_code == 400


HEADERS = [
    "accept-language",
    "cookie",
    "range",
    "if-modified-since",
    "if-none-match",
    "referer",
    "content-type",
    "host",
]


TEXT = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=30)


@hypothesis_settings(max_examples=200, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "BREW"]),
    path=st.sampled_from(["/", "/static/x.css", "/rehearsal/hook/", "/rehearsal/personal/", "/healthz"]) | TEXT,
    query=TEXT,
    header=st.sampled_from(HEADERS),
    value=TEXT
    | st.sampled_from(["sessionid=" + 40 * "é", "multipart/form-data; boundary=x; charset=punycode", "bytes=5-1"]),
    body=st.binary(max_size=60),
)
def test_no_request_is_answered_with_a_crash(
    method: str, path: str, query: str, header: str, value: str, body: bytes
) -> None:
    response = served(REQUEST_METHOD=method, PATH_INFO=path, QUERY_STRING=query, body=body, **{header: value})
    assert response.status_code < 500
    assert response["Content-Security-Policy"]
