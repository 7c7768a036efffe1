"""JSON-safe data as TOML text: what `tomllib` reads back as the same data, in the order in which it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from returns.domain.records import Json

Table = Mapping[str, Json]


def toml_text(table: Table) -> str:
    """A whole document. Keys are names of letters, digits, dashes and underscores; nothing in it is None."""
    return "\n".join(_lines(table, "")).strip() + "\n"


def _lines(table: Table, path: str) -> Iterator[str]:
    """The plain values first: behind the heading of a table within it they would belong to that one."""
    parts = {name: value for name, value in table.items() if _has_heading(value)}
    yield from (f"{name} = {_value(value)}" for name, value in table.items() if name not in parts)
    for name, value in parts.items():
        where = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from ("", f"[{where}]", *_lines(value, where))
            continue
        for row in cast("list[dict[str, Json]]", value):
            yield from ("", f"[[{where}]]", *_lines(row, where))


def _has_heading(value: Json) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict)


def _value(value: Json) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    # What JSON escapes, TOML escapes the same way; DEL is the one character that JSON leaves alone and TOML doesn't.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
