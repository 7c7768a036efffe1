"""A number, date or time that is none stays on the page as it was typed, in a control that may hold it."""

import pytest
from django import forms
from django.template import Context, Template


class Entered(forms.Form):
    """One field of each kind that a browser checks by itself."""

    number = forms.DecimalField(min_value=0, max_value=9, widget=forms.NumberInput(attrs={"step": "0.1"}))
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def control(name: str, value: str) -> str:
    return Template(f"{{{{ form.{name} }}}}").render(Context({"form": Entered({name: value})}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("number", "2"), ("number", "-0.5"), ("number", "1e3"), ("number", "99"), ("day", "2026-11-18"), ("at", "08:30")],
)
def test_what_is_of_the_type_stays_in_its_control(name: str, value: str) -> None:
    html = control(name, value)
    assert 'type="text"' not in html
    assert f'value="{value}"' in html


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "two"),
        ("number", "１２"),
        ("number", "NaN"),
        ("number", "1,5"),
        ("number", "+1"),
        ("day", "soon"),
        ("day", "2026-02-30"),
        ("day", "0000-01-01"),
        ("day", "11/18/2026"),
        ("at", "25:00"),
        ("at", "8:30 am"),
    ],
)
def test_what_is_not_is_kept_as_a_line_of_text(name: str, value: str) -> None:
    html = control(name, value)
    assert 'type="text"' in html
    assert f'value="{value}"' in html
    assert not any(attribute in html for attribute in (" min=", " max=", " step="))


def test_an_empty_control_keeps_its_type() -> None:
    assert 'type="number"' in control("number", "")
    assert 'type="date"' in control("day", "")
