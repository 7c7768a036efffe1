"""`catalogues`: the message catalogues of locale/, from every string that is marked for translation; no gettext needed.

Reads Python files, templates and the names and sentences of the policy files, keeps the translations there are, drops
what nobody uses any more, and writes django.po and django.mo. The same sources give the same bytes on every machine.
"""

import ast
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from devstack.environment import ROOT

LOCALES = ROOT / "locale"
LANGUAGES = ("es",)
"""Those with a catalogue. English needs none: its sentences are the keys."""

PACKAGES = ("accounts", "returns", "rma_portal")
UNREAD = {"migrations", "management", "demo"}  # parts of packages that no customer reads
TEMPLATES = (".html", ".txt")

# What a policy file names and says; the rest are figures, ids and addresses.
POLICY_WORDS = {"title", "text", "question", "answer", "heading", "tagline", "care_name", "packing", "notices"}
NAMES = {"kinds", "flags"}  # tables of names; elsewhere lists of what such a table names

KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
WIDTH = 110
Key = str | tuple[str, str]
"""The words of a message (its singular), behind its context if it has one."""

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?[a-z]+[^>]*>")


class Found(NamedTuple):
    """A string to translate: where it stands, its words (singular and plural), and its context."""

    file: str
    line: int
    words: str | tuple[str, ...]
    context: str | None = None


class HouseCatalog(Catalog):
    """A catalogue whose head says what reading it takes, and neither when nor by whom it was written."""

    mime_headers = property(
        lambda self: [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]
    )


def catalogues(arguments: list[str]) -> int:
    """Write every catalogue anew; with --check only say which ones aren't up to date, and fail if any."""
    stale = [name for name, content in fresh_files().items() if content != current(ROOT / name)]
    if "--check" in arguments:
        print("\n".join(f"{name} is out of date: run `make messages`." for name in stale), end="\n" if stale else "")
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_bytes(fresh_files()[name])
    for language in LANGUAGES:
        missing = sum(not is_translated(message) for message in entries(catalogue(language)))
        print(f"{language}: {missing} to translate in {po_file(language).relative_to(ROOT)}")
    return 0


def current(file: Path) -> bytes:
    """What the file holds now; nothing where there is none."""
    return file.read_bytes() if file.exists() else b""


def fresh_files() -> Mapping[str, bytes]:
    """Every file of locale/ as it should be, by its path in the project."""
    files = {}
    for language in LANGUAGES:
        made = renewed(language)
        files[str(po_file(language).relative_to(ROOT))] = as_po(made)
        files[str(po_file(language).with_suffix(".mo").relative_to(ROOT))] = as_mo(made)
    return files


def po_file(language: str) -> Path:
    """Where translators work."""
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> Catalog:
    """The catalogue as it stands."""
    return read_po(io.BytesIO(current(po_file(language))), locale=language)


def entries(held: Catalog) -> list[Message]:
    """Its messages without the head."""
    return [message for message in held if message.id]


def is_translated(message: Message) -> bool:
    """Whether all its forms have words that somebody vouches for."""
    return all(forms(message.string)) and not message.fuzzy


def forms(words: object) -> Sequence[str]:
    """A message's words, or its translation, as the list of its forms."""
    return [str(form or "") for form in words] if isinstance(words, tuple | list) else [str(words or "")]


def renewed(language: str, translations: Mapping[Key, str | tuple[str, ...]] | None = None) -> Catalog:
    """The strings of today with the translations of the catalogue, or with newer ones.

    `translations` has all forms of a message that has a plural.
    """
    known = {key_of(message): message for message in entries(catalogue(language))}
    made = HouseCatalog(locale=language, fuzzy=False)
    for found in strings():
        made.add(found.words, locations=[(found.file, found.line)], context=found.context)
    for message in entries(made):
        if not any("%(" in words for words in forms(message.id)):
            message.flags.discard("python-format")  # "20% of" only looks like one
        key = key_of(message)
        before = known.get(key)
        if translations and key in translations:
            message.string = translations[key]
        elif before is not None and isinstance(before.string, str) == isinstance(message.id, str):
            message.string = before.string
            message.flags |= before.flags & {"fuzzy"}
    return made


def key_of(message: Message) -> Key:
    """What makes a message one of its kind."""
    words = forms(message.id)[0]
    return (message.context, words) if message.context else words


def as_po(held: Catalog) -> bytes:
    """The file for translators: in the order of the sources, without line numbers, which change with every edit."""
    held.header_comment = ""
    file = io.BytesIO()
    write_po(file, held, width=WIDTH, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    return file.getvalue().lstrip(b"#\n")


def as_mo(held: Catalog) -> bytes:
    """The file that Django reads; what isn't translated isn't in it."""
    file = io.BytesIO()
    write_mo(file, held)
    return file.getvalue()


# -------------------------------------------------------------------------------------------------------- the sources


def strings() -> Iterator[Found]:
    """Every marked string of the project, file by file."""
    return chain(python_strings(), template_strings(), policy_strings())


def python_strings() -> Iterator[Found]:
    """Those of the packages' Python files."""
    for file in chain.from_iterable(sorted((ROOT / package).rglob("*.py")) for package in PACKAGES):
        if not UNREAD & set(file.relative_to(ROOT).parts):
            calls = [node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.Call)]
            for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
                yield from in_call(file.relative_to(ROOT).as_posix(), call)


def in_call(name: str, call: ast.Call) -> Iterator[Found]:
    """The string that a call marks, also one inside an f-string, where reading token by token sees none."""
    function = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    literals = [node.value for node in call.args if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if function not in KEYWORDS or not literals:
        return
    has_context = function.startswith(("p", "np"))
    context = literals.pop(0) if has_context else None
    has_plural = function.startswith(("ng", "np"))
    yield Found(name, call.lineno, tuple(literals[:2]) if has_plural else literals[0], context)


def template_strings() -> Iterator[Found]:
    """Those of the templates, which Django turns into something that reads like Python."""
    for file in sorted((ROOT / "templates").rglob("*")):
        if file.suffix in TEMPLATES:
            python = templatize(file.read_text(encoding="utf-8"), origin=str(file.relative_to(ROOT)))
            # The indentation of a page isn't that of a program.
            source = "\n".join(line.strip() for line in python.split("\n")).encode()
            name, options = file.relative_to(ROOT).as_posix(), {"encoding": "utf-8"}
            for line, words, _notes, context in extract("python", io.BytesIO(source), KEYWORDS, (), options):
                if words:
                    yield Found(name, line, words, context)


def policy_strings() -> Iterator[Found]:
    """What the policies of the three storefronts call things; a shop's own words show as they are."""
    for file in sorted((ROOT / "returns" / "policies").glob("*.toml")):
        name = file.relative_to(ROOT).as_posix()
        for words in sorted(set(policy_words(tomllib.loads(file.read_text(encoding="utf-8"))))):
            yield Found(name, 1, words)


def policy_words(value: object, *, is_shown: bool = False) -> Iterator[str]:
    """The names and sentences in a policy's data: those under a key of POLICY_WORDS."""
    if isinstance(value, str):
        yield from [value] if is_shown and value else []
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from policy_words(part, is_shown=is_shown or is_words(key, part))
    elif isinstance(value, Iterable):
        for part in value:
            yield from policy_words(part, is_shown=is_shown)


def is_words(key: str, value: object) -> bool:
    """Whether people read what stands under this key."""
    return key in POLICY_WORDS or (key in NAMES and isinstance(value, Mapping))


# ------------------------------------------------------------------------------------------------------ what is wrong


def faults(language: str) -> list[str]:
    """What keeps a catalogue from being complete: no words, or other placeholders and tags than the English ones."""
    return [fault for message in entries(catalogue(language)) for fault in faults_of(message)]


def faults_of(message: Message) -> Iterator[str]:
    """What is wrong with one message."""
    if not is_translated(message):
        yield f"not translated: {forms(message.id)[0]}"
        return
    allowed = [sorted(PLACEHOLDER.findall(words)) for words in forms(message.id)]
    yield from (
        f"placeholders or tags differ: {words}"
        for words in forms(message.string)
        if sorted(PLACEHOLDER.findall(words)) not in allowed
    )
