"""Draws the plainest form controls without a template: the same markup as Django's, for a fraction of its time.

The page of a request has two hundred of them. Whatever isn't listed here is drawn by its template, as ever. Of
numbers, dates and times the difference is that what was entered is kept where it is none (`rma_portal.entered`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from rma_portal.entered import keeping_entered

Widget = Mapping[str, Any]


class FormRenderer(TemplatesSetting):
    """Django's renderer of forms with a short way for inputs, selects and text areas."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        """The markup of a form's part, white space around it taken off."""
        draw = _DRAWN.get(template_name)
        if draw is None:
            return mark_safe(super().render(template_name, context, request))  # noqa: S308  a template escapes
        return mark_safe(draw(context["widget"]))  # noqa: S308  every value in it is escaped below


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{attributes(widget["attrs"])}>'


def _entered(widget: Widget) -> str:
    return _input(keeping_entered(widget))


def _textarea(widget: Widget) -> str:
    value = _text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{attributes(widget["attrs"])}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{_text(widget["name"])}"{attributes(widget["attrs"])}>{groups}\n</select>'


def _group(name: object, options: list[Widget]) -> str:
    drawn = "".join(f"\n  {_option(option)}" for option in options)
    return f'\n  <optgroup label="{_text(name)}">{drawn}\n  </optgroup>' if name else drawn


def _option(option: Widget) -> str:
    return f'<option value="{_text(option["value"])}"{attributes(option["attrs"])}>{_text(option["label"])}</option>'


def attributes(attrs: Mapping[str, Any]) -> str:
    """As Django has it: False leaves an attribute out, True writes its name alone."""
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _text(value: object) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


_INPUTS = ("checkbox", "email", "hidden", "input", "password", "tel", "text")
_FOLDER = "django/forms/widgets/"
_DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    **{f"{_FOLDER}{name}.html": _entered for name in ("number", "date", "time")},
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}textarea.html": _textarea,
}
