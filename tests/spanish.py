"""Reading what a person reads in Spanish: the words of a page or mail, and the English ones among them."""

import re
from html.parser import HTMLParser

from tests.look.markup import VOID

# Words that hardly any English sentence does without and that no Spanish one has.
ENGLISH = re.compile(
    r"\b(?:the|and|or|you|your|yours|we|our|us|it|its|is|are|was|were|be|been|isn't|aren't|don't|can't|of|to|for|from|"
    r"with|without|this|that|these|those|there|here|on|at|in|by|an|not|what|when|which|who|how|why|if|any|all|have|has|"
    r"can|will|would|after|before|until|day|days|hour|hours|order|orders|return|returns|returned|refund|credit|package|"
    r"product|products|photo|photos|send|sent|sign|number|shipping|answer|message|page|today|opened|unopened)\b",
    re.IGNORECASE,
)
SAID_ALOUD = ("alt", "title", "placeholder", "aria-label", "content", "data-copied", "data-not-copied")


class Said(HTMLParser):
    """All that a page says: its text, and what only screen readers and empty fields say."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_silent = tag in {"script", "style", "kbd", "pre"} or values.get("lang") == "en"
        if tag not in VOID and (self.silent or is_silent):
            self.silent += 1
        if tag != "meta":
            self.words += [values[name] or "" for name in SAID_ALOUD if name in values]

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  the parser hands it over
        if self.silent:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(" ".join(data.split()))


def said(html: str) -> list[str]:
    """Every piece of text of a page that people read or hear."""
    reader = Said()
    reader.feed(html)
    return [words for words in reader.words if words]


def english(pieces: list[str], *known: str) -> list[str]:
    """The pieces that are English, names and what people wrote (`known`) apart."""
    return [piece for piece in pieces if is_english(piece, *known)]


def is_english(words: str, *known: str) -> bool:
    """Whether there is English among the words, a placeholder nobody filled in, or a full stop behind `a. m.`."""
    for name in known:
        words = words.replace(name, " ")
    return bool(ENGLISH.search(re.sub(r"\S+@\S+|https?://\S+|“[^”]*”", " ", words))) or "%(" in words or "m.." in words
