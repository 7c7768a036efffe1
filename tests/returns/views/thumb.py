"""Somebody with a phone: sees a page, taps what is there, and counts the taps. No script is needed for any of it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client


@dataclass
class Control:
    """A control of a form, with its words where it is a button or a link."""

    tag: str
    attributes: dict[str, str]
    form: int
    words: str = ""
    options: list[str] = field(default_factory=list)
    picked: str = ""


class Controls(HTMLParser):
    """The links and controls of a page, and the forms they belong to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.found: list[Control] = []
        self._in_form = -1
        self._open: Control | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(attributes)
            self._in_form = len(self.forms) - 1
        elif tag == "option" and self._open is not None:
            self._open.options.append(attributes.get("value", ""))
            if "selected" in attributes or len(self._open.options) == 1:
                self._open.picked = attributes.get("value", "")
        elif tag in {"a", "button", "input", "select", "textarea"}:
            self.found.append(Control(tag, attributes, self._in_form))
            self._open = self.found[-1] if tag != "input" else self._open

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._open.tag in {"a", "button"}:
            self._open.words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = -1
        if self._open is not None and tag == self._open.tag:
            self._open = None


class Thumb:
    """A browser that is used with one thumb."""

    def __init__(self) -> None:
        self.client, self.taps, self.typed = Client(), 0, list[str]()
        self.page = Controls("")
        self.body = ""
        self.url = ""
        self.answers: dict[str, str] = {}

    def open(self, url: str, *, taps: int = 0) -> None:
        """Go there; from a mail that is open, it is one tap."""
        self.taps += taps
        self._show(self.client.get(url, follow=True), url)

    def follow(self, words: str) -> None:
        """Tap a link."""
        self.taps += 1
        (link,) = [one for one in self.page.found if one.tag == "a" and words in one.words][:1]
        self.open(link.attributes["href"])

    def type(self, name: str, text: str) -> None:
        """Tap a field and type."""
        assert any(one.attributes.get("name") == name for one in self.page.found), name
        self.taps += 1
        self.typed.append(name)
        self.answers[name] = text

    def tick(self, name: str) -> None:
        """Tick a box, unless it is ticked already."""
        (box,) = [one for one in self.page.found if one.attributes.get("name") == name]
        if "checked" not in box.attributes:
            self.taps += 1
            self.answers[name] = "on"

    def pick(self, name: str, value: str) -> None:
        """Open a list and take one of its lines."""
        (select,) = [one for one in self.page.found if one.attributes.get("name") == name]
        assert value in select.options, select.options
        self.taps += 2
        self.answers[name] = value

    def choose(self, name: str, value: str) -> None:
        """Take one of several choices that stand side by side; then script brings the questions that follow."""
        (radio,) = [
            one
            for one in self.page.found
            if one.attributes.get("name") == name and one.attributes.get("value") == value
        ]
        if "checked" not in radio.attributes:
            self.taps += 1
            self.answers[name] = value
        self.update()

    def update(self) -> None:
        """What script does by itself, without a tap: the page as it is after the answers."""
        taps = self.taps
        self.press("Update the quote")
        self.taps = taps

    def press(self, words: str) -> None:
        """Press a button; the form it belongs to is sent as it is filled in."""
        self.taps += 1
        button = next(one for one in self.page.found if one.tag == "button" and words in one.words)
        form = self.page.forms[button.form]
        data = {name: value for one in self.page.found if one.form == button.form for name, value in sent(one)}
        pressed = {button.attributes["name"]: button.attributes["value"]} if "name" in button.attributes else {}
        action = form.get("action") or self.url
        self._show(self.client.post(action, {**data, **self.answers, **pressed}, follow=True), action)

    def _show(self, response: Any, url: str) -> None:
        assert response.status_code == 200, response.status_code
        self.url = response.redirect_chain[-1][0] if response.redirect_chain else url
        self.body = response.content.decode()
        self.page, self.answers = Controls(self.body), {}


def sent(control: Control) -> list[tuple[str, str]]:
    """What a browser sends for a control that nobody touched."""
    name, kind = control.attributes.get("name", ""), control.attributes.get("type", "")
    if not name or control.tag in {"a", "button"}:
        return []
    if control.tag == "select":
        return [(name, control.picked)]
    if kind in {"checkbox", "radio"}:
        return [(name, control.attributes.get("value", "on"))] if "checked" in control.attributes else []
    return [(name, control.attributes.get("value", ""))]
