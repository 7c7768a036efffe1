"""What is drawn without a template is what its template draws, to the letter, but for empty lines between options."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from rma_portal.form_renderer import _DRAWN, FormRenderer

HOSTILE = "\"'><script>&amp;"
CHOICES: Sequence[Any] = [
    ("", "Choose…"),
    (1, "One & only"),
    ("two", gettext_lazy("Yes")),
    (HOSTILE, mark_safe("<b>kept</b>")),
    ("Group <1>", [("a", "A"), (None, "none")]),
]
ATTRIBUTES = {"class": HOSTILE, "required": True, "disabled": False, "maxlength": 10, "aria-label": mark_safe("a&b")}
WIDGETS = [
    *(
        widget(attrs=ATTRIBUTES)
        for widget in (
            forms.TextInput,
            forms.EmailInput,
            forms.HiddenInput,
            forms.CheckboxInput,
            forms.Textarea,
            forms.Select,
            forms.SelectMultiple,
        )
    ),
    forms.TextInput(attrs={"type": "tel"}),
    forms.PasswordInput(render_value=True),
]
NUMBERS = [
    (forms.NumberInput(attrs=ATTRIBUTES), "5"),
    (forms.DateInput(attrs={"type": "date"}), "2026-12-04"),
    (forms.TimeInput(attrs={"type": "time"}), "09:30"),
]


@pytest.mark.parametrize("value", [None, "", "two", HOSTILE, 1, 1234567, True, "two\nlines", mark_safe("&lt;")])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_a_control_is_the_same_either_way(widget: forms.Widget, value: object) -> None:
    if isinstance(widget, forms.Select):
        widget.choices = CHOICES
    context = widget.get_context(f"name{HOSTILE}", value, {"id": "id_x"})
    name = str(widget.template_name)
    assert name in _DRAWN
    drawn, by_template = (made.render(name, context) for made in (FormRenderer(), TemplatesSetting()))
    assert drawn == re.sub(r"\n\s*\n", "\n", by_template)


@pytest.mark.parametrize("value", [None, "", "its own"])
@pytest.mark.parametrize(("widget", "own"), NUMBERS, ids=lambda each: type(each).__name__)
def test_a_number_date_or_time_is_the_same_either_way(widget: forms.Widget, own: str, value: str | None) -> None:
    test_a_control_is_the_same_either_way(widget, own if value else value)


@pytest.mark.parametrize("entered", ["12,5", "tomorrow", "2026-02-30", "25:00", HOSTILE])
@pytest.mark.parametrize("widget", [widget for widget, _own in NUMBERS], ids=lambda widget: type(widget).__name__)
def test_what_is_none_is_kept_as_a_line_of_text(widget: forms.Widget, entered: str) -> None:
    drawn = widget.render("x", entered, {"id": "id_x", "min": 1}, renderer=FormRenderer())
    assert 'type="text"' in drawn
    assert "min=" not in drawn
    assert f'value="{escape(entered)}"' in drawn


def test_what_is_not_listed_is_drawn_by_its_template() -> None:
    assert 'type="file"' in forms.FileField().widget.render("photo", None, renderer=FormRenderer())
