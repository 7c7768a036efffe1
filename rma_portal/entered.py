"""What was entered into a number, date or time, kept as it was typed also where it is none.

A browser empties such a control when its value isn't of its type, and a page that says so isn't valid HTML. So it is
shown as a line of text then, with the message beside it, until it is put right.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,3})?)?")
_OF_THE_TYPE = frozenset({"min", "max", "step"})
"""Attributes that a line of text doesn't have."""


def keeping_entered(widget: Mapping[str, Any]) -> Mapping[str, Any]:
    """The widget as it is, or as a line of text where its value isn't of its type."""
    value, is_one = widget["value"], _READERS.get(widget["type"])
    if not value or is_one is None or is_one(str(value)):
        return widget
    attrs = {name: each for name, each in widget["attrs"].items() if name not in _OF_THE_TYPE}
    return {**widget, "type": "text", "attrs": attrs}


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_day(text: str) -> bool:
    return _DAY.fullmatch(text) is not None and _reads(date.fromisoformat, text)


def _is_time(text: str) -> bool:
    return _TIME.fullmatch(text) is not None and _reads(time.fromisoformat, text)


def _reads(reader: Callable[[str], object], text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True


_READERS: Mapping[str, Callable[[str], bool]] = {"number": _is_number, "date": _is_day, "time": _is_time}
