"""A small reader of HTML for tests: elements with their attributes, and what is wrong with the page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    text: str = ""

    def get(self, name: str) -> str:
        return self.attrs.get(name, "")


@dataclass
class Markup(HTMLParser):
    """A parsed fragment or page."""

    elements: list[Element] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    open_tags: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def of(cls, html: str) -> "Markup":
        markup = cls()
        markup.feed(html)
        markup.close()
        markup.mistakes += [f"<{element.tag}> is never closed" for element in markup.open_tags]
        return markup

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.mistakes += [f"<{tag}> has {name} twice" for name in set(names) if names.count(name) > 1]
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self.open_tags.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self.open_tags or self.open_tags[-1].tag != tag:
            self.mistakes.append(f"</{tag}> closes nothing")
        else:
            self.open_tags.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open_tags:
            element.text += data

    def all(self, tag: str, **attrs: str) -> list[Element]:
        """The elements of a tag with these attributes; `class_` and `data_key` stand for class and data-key."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and all(element.get(name) == value for name, value in wanted.items())
        ]

    @property
    def ids(self) -> list[str]:
        return [element.get("id") for element in self.elements if element.get("id")]

    def faults(self) -> list[str]:
        """What a validator and a screen reader would stumble over."""
        return [*self.mistakes, *self._ids_twice(), *self._leading_nowhere(), *self._nameless()]

    def _ids_twice(self) -> Iterator[str]:
        yield from (f"#{name} exists twice" for name in set(self.ids) if self.ids.count(name) > 1)

    def _leading_nowhere(self) -> Iterator[str]:
        known = set(self.ids)
        for element in self.elements:
            for attribute in ("for", "aria-describedby", "aria-labelledby"):
                for target in element.get(attribute).split():
                    if target not in known:
                        yield f"{attribute}={target} leads nowhere"
            href = element.get("href")
            if element.tag == "a" and href.startswith("#") and href[1:] not in known:
                yield f"{href} leads nowhere"

    def _nameless(self) -> Iterator[str]:
        named = {label.get("for") for label in self.all("label")}
        for element in self.elements:
            if element.tag not in {"input", "select", "textarea"} or element.get("type") in {"hidden", "submit"}:
                continue
            if element.get("id") not in named and not element.get("aria-label"):
                yield f"{element.tag} {element.get('name')} has no label"
