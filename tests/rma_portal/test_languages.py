"""Pages speak their reader's language: the chosen one, else the browser's; the desk and the reports always English."""

from collections.abc import Mapping

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from returns.models import Storefront
from rma_portal.languages import safe_path
from tests.conftest import Cast
from tests.factories import SPA
from tests.look.markup import Markup

pytestmark = pytest.mark.django_db
SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


def language_of(client: Client, path: str, headers: Mapping[str, str] | None = None) -> str:
    """What the page says it speaks, in its head and in its markup."""
    response = client.get(path, headers=headers)
    said = Markup.of(response.content.decode()).all("html")[0].get("lang")
    assert response["Content-Language"] == said
    return said


def test_a_page_speaks_what_the_browser_asks_for(shops: dict[str, Storefront]) -> None:
    assert language_of(Client(), f"/{SPA}/") == "en"
    assert language_of(Client(), f"/{SPA}/", SPANISH) == "es"
    assert language_of(Client(), f"/{SPA}/", {"Accept-Language": "fr, de;q=0.5"}) == "en"
    assert language_of(Client(), "/nowhere/", SPANISH) == "es", "error pages too"


def test_a_choice_outlasts_the_browsers_wish_and_comes_back_to_the_page(shops: dict[str, Storefront]) -> None:
    client = Client()
    answer = client.post("/accounts/language/", {"language": "es", "next": f"/{SPA}/?q=1"})
    assert (answer.status_code, answer["Location"]) == (302, f"/{SPA}/?q=1")
    assert language_of(client, f"/{SPA}/", {"Accept-Language": "en"}) == "es"
    client.post("/accounts/language/", {"language": "en", "next": "/"})
    assert language_of(client, f"/{SPA}/", SPANISH) == "en"


def test_the_choice_is_kept_as_our_other_cookies_are() -> None:
    cookie = Client().post("/accounts/language/", {"language": "es"}).cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"], cookie["domain"]) == ("/", "Lax", True, "")


def test_a_language_we_do_not_speak_is_not_kept() -> None:
    for language in ("fr", "", "es\r\nSet-Cookie: a=b", "x" * 9000):
        answer = Client().post("/accounts/language/", {"language": language, "next": "/"})
        assert (answer.status_code, dict(answer.cookies)) == (400, {})


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https:evil",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "evil",
        "",
        "http://x/",
    ],
)
def test_the_way_back_leads_nowhere_else(address: str) -> None:
    assert safe_path(address) == "/"


def test_the_desk_speaks_english_whatever_the_browser_wants(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.mona)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    assert language_of(client, "/desk/", SPANISH) == "en"
    assert language_of(client, "/reports/", SPANISH) == "en"


def test_caches_learn_that_pages_differ_by_language(shops: dict[str, Storefront]) -> None:
    assert "Accept-Language" in Client().get(f"/{SPA}/")["Vary"]


def test_no_language_is_left_behind_for_the_next_request(shops: dict[str, Storefront]) -> None:
    Client().get(f"/{SPA}/", headers=SPANISH)
    assert translation.get_language() == settings.LANGUAGE_CODE


def test_every_customers_page_offers_the_other_languages_by_their_own_names(shops: dict[str, Storefront]) -> None:
    page = Markup.of(Client().get(f"/{SPA}/?q=1").content.decode())
    button = page.all("button", name="language")[0]
    assert (button.get("value"), button.get("lang"), button.text) == ("es", "es", "Español")
    spanish = Markup.of(Client().get(f"/{SPA}/", headers=SPANISH).content.decode())
    assert spanish.all("button", name="language")[0].text == "English"
    assert page.all("input", name="next")[0].get("value") == f"/{SPA}/?q=1"


@pytest.mark.parametrize("header", ["es;q=", "\xff", ";" * 5000, "es-" * 400, "*", "zh-hant, *;q=0"])
def test_no_wish_of_a_browser_breaks_a_page(header: str) -> None:
    assert Client().get("/", headers={"Accept-Language": header}).status_code == 200
    assert Client().get("/", headers={"Cookie": f"{settings.LANGUAGE_COOKIE_NAME}={header[:900]}"}).status_code == 200
