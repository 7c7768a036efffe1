"""Somebody with a browser: keeps cookies, fills in forms, and presses a button again where nothing came of it."""

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.returns.views.thumb import Controls, sent

PATIENCE = 120.0
"""Seconds for which somebody presses a button again and again before they give up."""

LONGEST = 40.0
"""Seconds that a browser waits for an answer."""

NOTHING = 0
"""In place of a status: the connection broke before there was an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and when by time.monotonic(): `status` is NOTHING where the connection broke."""

    method: str
    path: str
    status: int
    asked_at: float
    took: float
    location: str = ""
    body: str = ""
    is_polite: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the portal answered for itself; whether that is what should come is for the errand to say."""
        return NOTHING < self.status < http.client.INTERNAL_SERVER_ERROR

    def form(self, field: str) -> dict[str, str]:
        """What a browser would send of the page's first form with this field, as nobody has touched it yet."""
        page = Controls(self.body)
        number = next(one.form for one in page.found if one.attributes.get("name") == field)
        return {name: value for one in page.found if one.form == number for name, value in sent(one)}


class GivenUp(Exception):
    """What somebody wanted was not to be had, however often they tried."""


class Visitor:
    """One browser. `turn` is waited for before each request, `seen` is told of each answer."""

    def __init__(self, url: str, *, turn: Callable[[], None], seen: Callable[[Answer], None]) -> None:
        self.host, self.turn, self.seen = urlsplit(url).netloc, turn, seen
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """A page, sooner or later."""
        return self._insist("GET", path, "")

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """What comes of a form; it is sent again as it is until there is an answer."""
        return self._insist("POST", path, urlencode(form))

    def _insist(self, method: str, path: str, body: str) -> Answer:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.turn()
            answer = self._ask(method, path, body)
            self.seen(answer)
            if answer.is_good:
                return answer
            time.sleep(1)
        raise GivenUp(f"{method} {path}: {answer.status}")

    def _ask(self, method: str, path: str, body: str) -> Answer:
        asked_at = time.monotonic()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(self.host, timeout=LONGEST)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return Answer(method, path, NOTHING, asked_at, time.monotonic() - asked_at)
        finally:
            connection.close()
        self._keep_cookies(answer)
        return Answer(
            method,
            path,
            answer.status,
            asked_at,
            time.monotonic() - asked_at,
            location=answer.headers.get("Location", ""),
            body=text,
            is_polite="Retry-After" in answer.headers and "be back in a moment" in text,
        )

    def _keep_cookies(self, answer: http.client.HTTPResponse) -> None:
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
