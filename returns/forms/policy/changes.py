"""What a draft changes: every answer that differs between two versions of terms, in the words of the forms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from returns.domain.policy import PolicyTerms
from returns.forms.policy import parts
from returns.forms.policy.fields import Part
from returns.forms.policy.whole import LISTS, NAMES, SINGLE

Names = Mapping[str, str]
"""What customers read for kinds and flags."""

NOTHING = "–"
TITLES = {"tiers": "Tier", "exclusions": "Exclusion", "clauses": "Clause", "kinds": "Kind", "flags": "Flag"}


@dataclass(frozen=True, slots=True)
class TermChange:
    """One answer: what it is about, the clause it stands in, what it was and what it becomes."""

    term: str
    clause: str
    before: str
    after: str


def changes(old: PolicyTerms, new: PolicyTerms) -> list[TermChange]:
    """What differs, in the order of the page."""
    return [change for change in _answers(old, new) if change.before != change.after]


def count_of_terms(old: PolicyTerms, new: PolicyTerms) -> int:
    """How many answers the two have, the same ones and those that differ."""
    return sum(1 for _ in _answers(old, new))


def _answers(old: PolicyTerms, new: PolicyTerms) -> Iterator[TermChange]:
    before, after = old.as_data(), new.as_data()
    yield from _table(parts.BasisForm, "", before, after, {})
    names = {name: label for terms in (before, after) for part in NAMES for name, label in terms.get(part, {}).items()}
    for name in ("tiers", "exclusions"):
        yield from _rows(name, before.get(name, []), after.get(name, []), names)
    for name, form in SINGLE.items():
        yield from _table(form, "", before.get(name), after.get(name), names)
    for name in NAMES:
        yield from _named(TITLES[name], before.get(name, {}), after.get(name, {}))
    yield from _clauses(before["clauses"], after["clauses"])


def _rows(name: str, before: list[dict[str, Any]], after: list[dict[str, Any]], names: Names) -> Iterator[TermChange]:
    for number in range(max(len(before), len(after))):
        old, new = (rows[number] if number < len(rows) else None for rows in (before, after))
        yield from _table(LISTS[name], f"{TITLES[name]} {number + 1}: ", old, new, names)


def _table(
    form: type[Part], prefix: str, before: dict[str, Any] | None, after: dict[str, Any] | None, names: Names
) -> Iterator[TermChange]:
    old, new = form.initial_of(before), form.initial_of(after)
    clause = str((after or before or {}).get("clause", ""))
    for name, field in form.base_fields.items():
        label = str(field.label)
        yield TermChange(
            f"{prefix}{label[0].lower() if prefix else label[0]}{label[1:]}",
            clause,
            _said(field, old.get(name), names),
            _said(field, new.get(name), names),
        )


def _named(title: str, before: dict[str, str], after: dict[str, str]) -> Iterator[TermChange]:
    for name in dict.fromkeys([*before, *after]):
        yield TermChange(f"{title} {name}", "", before.get(name, NOTHING), after.get(name, NOTHING))


def _clauses(before: list[dict[str, str]], after: list[dict[str, str]]) -> Iterator[TermChange]:
    old, new = ({one["id"]: one for one in rows} for rows in (before, after))
    for each in dict.fromkeys([*old, *new]):
        for key, word in (("title", "title"), ("text", "words")):
            was, becomes = (rows.get(each, {}).get(key, NOTHING) for rows in (old, new))
            yield TermChange(f"Clause {each}: {word}", each, was, becomes)


def _said(field: forms.Field, value: object, names: Names) -> str:
    """An answer in words: `15%`, `yes`, the label of a choice."""
    if isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if value in (None, "", [], ()):
        return NOTHING
    if isinstance(field, forms.ChoiceField):
        labels = {**names} | {str(key): str(label) for key, label in cast("list[tuple[str, str]]", field.choices)}
        chosen = value if isinstance(value, list | tuple) else [value]
        # In one order, whatever order they were chosen in: that says nothing.
        return ", ".join(sorted(labels.get(str(one), str(one)) for one in chosen))
    if isinstance(value, list | tuple):
        return " ".join(str(one) for one in value)
    return f"{value}%" if str(field.label).endswith(", %") else str(value)
