"""Whatever is sent into a field of one line stays on one line: on paper, in mails, on the pages."""

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterator

import pytest
from django import forms

import returns.forms
from returns.forms.lines import LineField


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\t", "\x0b", "\x1b", "\x85", "\u2028", "\u2029"])
def test_what_would_end_the_line_becomes_a_blank(sign: str) -> None:
    cleaned = LineField().clean(f" Maya{sign}Bcc: eve@example.com{sign}")
    assert cleaned.startswith("Maya ")
    assert not any(unicodedata.category(one) in {"Cc", "Zl", "Zp"} for one in cleaned)


def test_nothing_but_breaks_is_nothing() -> None:
    assert LineField(required=False).clean("\r\n\u2028") == ""
    with pytest.raises(forms.ValidationError):
        LineField().clean("\r\n")


def test_a_nul_is_refused() -> None:
    with pytest.raises(forms.ValidationError):
        LineField().clean("May\0a")


def declared() -> Iterator[tuple[str, forms.Field]]:
    for module in pkgutil.iter_modules(returns.forms.__path__, "returns.forms."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, forms.Form):
                yield from ((f"{thing.__name__}.{name}", field) for name, field in thing.base_fields.items())


def test_every_field_of_text_has_one_line_or_a_large_box() -> None:
    loose = [
        name
        for name, field in declared()
        if type(field) is forms.CharField and not isinstance(field.widget, forms.Textarea | forms.HiddenInput)
    ]
    assert loose == []
