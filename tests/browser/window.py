"""One person's browser window: whatever comes up in it is watched before the test goes on."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, Response
from playwright.sync_api import TimeoutError as Missing

from returns.demo.people import PASSWORD
from tests.browser.site_map import name_of
from tests.browser.watch import COLORS, DESK, PHONE, SIZES, Bad, Gallery, Noises, kinds_of, resize, too_wide, violations
from tests.browser.whole_portal import WholePortal

Sessions = dict[str, str]  # of people who signed in before, by their email address

PATIENCE = 10_000  # milliseconds
HOST, SIGN_IN = "127.0.0.1", "/accounts/login/"
MOST_TABS, LOOKS = 60, 20
IS_IN_SIGHT = """(one) => {
  const { left, right, top, bottom } = one.getBoundingClientRect();
  const seen = (x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (one.contains(hit) || hit.contains(one) || hit.closest("label")?.control === one);
  };
  return [0.1, 0.5, 0.9].some((part) => seen((left + right) / 2, top + (bottom - top) * part));
}"""
# References, RMA numbers, ids: what tells one return from another, and not one page from another.
VARIES_IN_PATHS = re.compile(r"/[^/]*[0-9A-Z][^/]*")
VARIES_IN_TITLES = re.compile(r"\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b|[0-9]+")


class Window:
    """What a person does in a browser: opens, follows, presses, reads.

    A customer holds a phone, staff sit at a desk; every page is also looked at on the other's screen, in the dark, and
    on a screen of 320 px.
    """

    def __init__(
        self, page: Page, gallery: Gallery, sessions: Sessions, screen: tuple[int, int], *, script: bool
    ) -> None:
        self.page, self.gallery, self.sessions, self.screen, self.script = page, gallery, sessions, screen, script
        self.noises = Noises(page)

    # ------------------------------------------------------------------------------------------------------ going on

    def open(self, path: str, *, status: int = 200) -> None:
        """Type an address, of this portal or a whole one from a mail."""
        self._arrive(lambda: self.page.goto(path), status)

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Click the link with exactly this name."""
        self._click((within or self.page).get_by_role("link", name=name, exact=True), 200)

    def press(self, name: str, *, within: Locator | None = None, status: int = 200) -> None:
        """Press the button with this name, and arrive where it leads."""
        self._click((within or self.page).get_by_role("button", name=name), status)

    def back(self) -> None:
        """Go back to the page before."""
        self._arrive(self.page.go_back, 200)

    def reload(self) -> None:
        """Look whether anything has changed."""
        self._arrive(self.page.reload, 200)

    def _click(self, what: Locator, status: int) -> None:
        try:
            what.first.wait_for()
        except Missing as missing:
            raise Bad(f"{what} is not on {self.page.url}:\n{self.text}") from missing
        self._arrive(what.first.click, status)

    def _arrive(self, act: Callable[[], object], status: int) -> None:
        with self.page.expect_navigation(wait_until="load") as arrival:
            act()
        response = arrival.value
        if response.status != status:
            raise Bad(f"{response.request.method} {response.url} gave {response.status}, not {status}:\n{self.text}")
        self.look(response)

    def sign_in(self, email: str, *, at: str) -> None:
        """Sign in as one of the demo's people, on the way to a page that needs it.

        With the form the first time, and afterwards with the session of that time, as long as it lasts.
        """
        if email in self.sessions:
            name, value = settings.SESSION_COOKIE_NAME, self.sessions[email]
            self.page.context.add_cookies([{"name": name, "value": value, "domain": HOST, "path": "/"}])
        self.open(at)
        if self.path == SIGN_IN:
            self.field("Email").fill(email)
            self.field("Password").fill(PASSWORD)
            self.press("Sign in")
            cookies = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}
            self.sessions[email] = cookies[settings.SESSION_COOKIE_NAME]

    # ------------------------------------------------------------------------------------------------------- reading

    def links(self, beginning: str) -> list[str]:
        """The different addresses below this one that the page links to, in its order."""
        found: list[str] = self.main.get_by_role("link").evaluate_all("all => all.map((one) => one.pathname)")
        return list(dict.fromkeys(path for path in found if path.startswith(beginning) and path != beginning))

    @property
    def main(self) -> Locator:
        """The page without its head and foot."""
        return self.page.locator("main")

    @property
    def text(self) -> str:
        """What a person reads on the page, on one line."""
        return " ".join(self.page.locator("body").inner_text().split())

    @property
    def path(self) -> str:
        """Where this is."""
        return urlsplit(self.page.url).path

    def part(self, name: str) -> Locator:
        """The part of the page that has this name, a product's for example."""
        return self.main.get_by_role("region", name=name)

    def sheet(self, heading: str) -> Locator:
        """The sheet with this heading."""
        return self.main.locator("section").filter(has=self.page.get_by_role("heading", name=heading, exact=True))

    def field(self, label: str, *, within: Locator | None = None) -> Locator:
        """A control by its label."""
        return (within or self.main).get_by_label(label, exact=False).first

    def reads(self, *sentences: str) -> None:
        """The page says all of this."""
        text = self.text
        for sentence in sentences:
            assert sentence in text, f"“{sentence}” is not on {self.page.url}:\n{text}"

    def reads_soon(self, sentence: str, *, within: Locator | None = None) -> None:
        """The page says this once its live update is in."""
        (within or self.main).get_by_text(sentence).first.wait_for(timeout=PATIENCE)

    def by_keys_to(self, control: Locator) -> None:
        """Press Tab until this has the focus; it can be seen there, whatever sticks to the edges of the screen."""
        for _ in range(MOST_TABS):
            if control.evaluate("(one) => document.activeElement === one"):
                self._is_seen(control)
                return
            self.page.keyboard.press("Tab")
        raise Bad(f"{MOST_TABS} times Tab don't lead to {control} on {self.page.url}")

    def _is_seen(self, control: Locator) -> None:
        """What has the focus is in sight, once the page has scrolled to it."""
        for _ in range(LOOKS):
            if control.evaluate(IS_IN_SIGHT):
                return
            self.page.wait_for_timeout(100)
        raise Bad(f"{control} has the focus on {self.page.url}, and something covers it")

    def press_enter(self, *, status: int = 200) -> None:
        """Press what has the focus, and arrive where it leads."""
        self._arrive(lambda: self.page.keyboard.press("Enter"), status)

    # ------------------------------------------------------------------------------------------------------ watching

    def look(self, response: Response | None = None) -> None:
        """The page as it is now is quiet and usable; one like no other before is looked at from all sides."""
        problems = [f"console: {noise}" for noise in self.noises.take(response)]
        if response is None or response.request.method == "GET":
            self._note_where()
        problems += [f"sideways: {one}" for one in too_wide(self.page)]
        resize(self.page, *self.screen)
        if self.script:  # axe is one; without, the pages are the same ones
            problems += self._from_all_sides(response)
        problems += [f"console: {noise}" for noise in self.noises.take()]
        if problems:
            raise Bad(f"{self.page.url} ({self.page.title()}):\n" + "\n".join(problems))

    def _note_where(self) -> None:
        name = name_of(self.path)
        self.gallery.names.add(name)
        if name == "portal:return":
            self.gallery.states.add(self.main.locator(".pill").first.inner_text())

    def _from_all_sides(self, response: Response | None) -> Iterator[str]:
        name, key = self._name(response)
        is_another, has_more = self.gallery.is_new(key), self.gallery.has_more(kinds_of(self.page))
        if not (is_another or has_more):
            return
        yield from violations(self.page)
        for screen in (PHONE, DESK):
            yield from (f"sideways at {screen[0]} px: {one}" for one in too_wide(self.page, *screen))
            if has_more and screen != self.screen:
                yield from (f"at {screen[0]} px: {one}" for one in violations(self.page, SIZES))
            self.gallery.photograph(self.page, name, screen)
        with self._dark():
            if has_more:
                yield from (f"in the dark: {one}" for one in violations(self.page, COLORS))
            self.gallery.photograph(self.page, name, self.screen, "dark")
        resize(self.page, *self.screen)

    @contextmanager
    def _dark(self) -> Iterator[None]:
        self.page.emulate_media(color_scheme="dark")
        yield
        self.page.emulate_media(color_scheme="light")

    def _name(self, response: Response | None) -> tuple[str, str]:
        """A short name of the page for its pictures, and what makes it another page than those before."""
        place = VARIES_IN_PATHS.sub("/N", self.path)
        title = VARIES_IN_TITLES.sub("N", self.page.title().partition(" – ")[0])
        status: str = self.page.evaluate(
            "document.querySelector('main h1 ~ .pill, main h1 + p .pill')?.innerText ?? ''"
        )
        name = re.sub(r"[^A-Za-z0-9]+", "-", f"{place} {title} {status}").strip("-").lower()
        return name[:100], f"{place} {title} {status} {response.status if response else 'changed'}"


class Windows:
    """The windows of a test run. One that a test is done with forgets who was signed in, and the next test gets it.

    Chromium builds a whole browser around each new one, which costs more than most tests do.
    """

    def __init__(self, browser: Browser, portal: WholePortal, gallery: Gallery) -> None:
        self.browser, self.portal, self.gallery = browser, portal, gallery
        self.sessions: Sessions = {}
        self.used: list[Window] = []
        self.free: list[Window] = []

    def open(self, screen: tuple[int, int] = PHONE, *, script: bool = True) -> Window:
        """A window that nobody has signed in to; `script` off is a browser that runs none."""
        fitting = [window for window in self.free if (window.screen, window.script) == (screen, script)]
        window = fitting[0] if fitting else self._new(screen, script=script)
        if fitting:
            self.free.remove(window)
        self.used.append(window)
        return window

    def _new(self, screen: tuple[int, int], *, script: bool) -> Window:
        context = self.browser.new_context(
            base_url=self.portal.url,
            viewport={"width": screen[0], "height": screen[1]},
            locale="en-US",
            timezone_id="America/New_York",
            java_script_enabled=script,
        )
        context.set_default_timeout(PATIENCE)
        return Window(context.new_page(), self.gallery, self.sessions, screen, script=script)

    def take_back(self) -> None:
        """The test is over."""
        while self.used:
            window = self.used.pop()
            window.page.goto("about:blank")
            window.page.context.clear_cookies()
            window.noises.take()
            self.free.append(window)
