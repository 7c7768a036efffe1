"""What every page of the portal has to be: quiet, usable by everybody, and no wider than the screen.

The pages keep their Content-Security-Policy while they are watched: axe comes in through the debugger, which no policy
governs, and what the page itself said until then has been collected before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

Scheme = Literal["light", "dark"]

PHONE, DESK = (390, 844), (1280, 800)
NARROWEST = 320
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# The size of what a finger has to hit is off in axe unless asked for.
EVERYTHING = {"runOnly": LEVELS, "rules": {"target-size": {"enabled": True}}}
# What another screen can change, and what another color scheme can.
SIZES = {"runOnly": LEVELS, "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}}
COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# What is right needn't be described, and no rule of these levels reads the style sheets.
BRIEFLY = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
# A live update that a press of a button overtook, as the browser and as htmx report it.
UNFINISHED = "net::ERR_ABORTED"
OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest")


class Bad(AssertionError):
    """A page is not as every page has to be."""


class Noises:
    """What a page complains about: errors and warnings on its console, the policy's refusals, failed requests."""

    def __init__(self, page: Page) -> None:
        self._heard: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._heard.append(f"uncaught: {error}"))
        page.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(OVERTAKEN):
            self._heard.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _failed(self, request: Request) -> None:
        if request.failure != UNFINISHED:
            self._heard.append(f"failed: {request.url} {request.failure}")

    def take(self, response: Response | None = None) -> list[str]:
        """All since the last time, without the browser's own remark on a refusal that the test asked for."""
        heard, self._heard = self._heard, []
        if response is None or response.ok:
            return heard
        remark = re.compile(rf".*responded with a status of {response.status} .*\({re.escape(response.url)}(#.*)?\)")
        return [noise for noise in heard if not remark.fullmatch(noise)]

    def forgive(self, status: int) -> None:
        """Forget the browser's remarks on refusals with this status that script asked for."""
        remark = f"responded with a status of {status} "
        self._heard = [noise for noise in self._heard if remark not in noise]


def violations(page: Page, options: Mapping[str, Any] = EVERYTHING) -> list[str]:
    """What axe finds on the page, one line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        """(options) => Promise.race([
          axe.run(document, options).then((all) => all.violations),
          new Promise((_, refuse) => setTimeout(() => refuse(new Error("axe doesn't come to an end")), 30000)),
        ])""",
        {**options, **BRIEFLY},
    )
    return [
        f"{rule['id']} ({rule['help']}): {node['html'][:160]}\n    {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def kinds_of(page: Page) -> set[str]:
    """What the page is made of: its kinds of elements and what they stand in, however often and with whatever words."""
    kinds: list[str] = page.evaluate(
        """() => {
          const kind = (one) => one.localName + [...one.classList].sort().map((name) => "." + name).join("") +
            "[" + one.getAttributeNames().filter((name) => name !== "class").sort() + "]" + (one.type ?? "");
          const kinds = new Set();
          for (const one of document.body.querySelectorAll("*"))
            kinds.add(one.closest("svg") ? "svg" : kind(one.parentElement) + ">" + kind(one));
          return [...kinds];
        }"""
    )
    return set(kinds)


def too_wide(page: Page, width: int = NARROWEST, height: int = PHONE[1]) -> list[str]:
    """What makes the page scroll sideways on a screen so narrow; nothing if it doesn't. The screen stays."""
    resize(page, width, height)
    culprits: list[str] = page.evaluate(
        """() => {
          const room = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= room) return [];
          const wide = [...document.body.querySelectorAll("*")].filter(
            (one) => one.getBoundingClientRect().right > room + 0.5 && !one.closest(".scroll, .visually-hidden"));
          return [`${document.documentElement.scrollWidth} px on ${room} px`,
                  ...wide.slice(-5).map((one) => one.outerHTML.slice(0, 160))];
        }"""
    )
    return culprits


def resize(page: Page, width: int, height: int) -> None:
    """Another screen; it costs the same where it is as large as before, so that is left out."""
    screen: ViewportSize = {"width": width, "height": height}
    if page.viewport_size != screen:
        page.set_viewport_size(screen)


@dataclass
class Gallery:
    """Which different pages have been looked at closely, and where their pictures go, if anywhere.

    ``names`` are the addresses by their names in the site map, ``states`` what returns said to customers of themselves,
    ``kinds`` what all pages so far are made of.
    """

    folder: Path | None = None
    seen: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    def is_new(self, key: str) -> bool:
        """Whether a page like this comes up for the first time."""
        is_new = key not in self.seen
        self.seen.add(key)
        return is_new

    def has_more(self, kinds: set[str]) -> bool:
        """Whether one of these came up on no page before."""
        has_more = not kinds <= self.kinds
        self.kinds |= kinds
        return has_more

    def photograph(self, page: Page, name: str, screen: tuple[int, int], scheme: Scheme = "light") -> None:
        """A picture of the whole page."""
        if self.folder is None:
            return
        resize(page, *screen)
        page.evaluate("scrollTo(0, 0)")  # where people see it first; sticky parts follow
        suffix = "" if scheme == "light" else f"-{scheme}"
        file = self.folder / f"{len(self.seen):03}-{name}-{screen[0]}{suffix}.png"
        page.screenshot(path=file, full_page=True, animations="disabled")
