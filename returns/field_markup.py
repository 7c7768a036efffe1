"""Form fields as HTML: label above, hint under the label, error between hint and control (ux, forms).

The pack's templates and the tag `{% field %}` both draw with these functions. The page of a request has dozens of
fields, and drawing one by templates takes three times as long (docs/decisions/0012-rows-are-joined-strings.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import optgroups
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, MultiWidget, RadioSelect, Select, Widget
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from returns.markup import icon, unbroken
from rma_portal.form_renderer import attributes


@dataclass(frozen=True, slots=True)
class How:
    """How a field is drawn. The names are crispy's, as its layouts put them in a template's context.

    `label="hidden"` and `form_show_labels=False` keep the label for screen readers only; `rows="inline"` sets choices
    side by side; `optional=False` leaves the word out where the whole form is optional.
    """

    tag: str = "div"
    wrapper_class: str = ""
    form_show_errors: bool = True
    form_show_labels: bool = True
    label: str = ""
    label_class: str = ""
    rows: str = ""
    inline_class: str = ""
    flat_attrs: str = ""
    optional: bool = True

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> "How":
        """From the names of a template's context; empty ones stay as they are by themselves."""
        given = {name: named[name] for name in cls.__slots__ if named.get(name) not in (None, "")}
        return cls(**given)

    @property
    def hides_label(self) -> bool:
        """Whether the label is for screen readers only."""
        return not self.form_show_labels or self.label == "hidden"


def field(bound: BoundField, how: How) -> SafeString:
    """A whole field."""
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308  a widget escapes
    wrong = "has-error" if how.form_show_errors and bound.errors else ""
    classes = " ".join(part for part in ("field", wrong, how.wrapper_class, bound.css_classes()) if part)
    start = f'<{how.tag} id="div_{_text(bound.auto_id)}" class="{_text(classes)}">'
    return mark_safe(f"{start}\n{_content(bound, how)}\n</{how.tag}>")  # noqa: S308  every value is escaped


def _content(bound: BoundField, how: How) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return group(bound, how)
    if isinstance(widget, CheckboxInput):
        return errors(bound, how) + _box(bound, how)
    if bound.use_fieldset:
        parts = f'<div class="parts">{_control(bound, "form-control")}</div>'
        return f"{_fieldset(bound)}{_legend(bound, how)}{hint_and_errors(bound, how)}{parts}</fieldset>"
    css_class = "form-select" if isinstance(widget, Select) else "form-control"
    return f"{label(bound, how)}{hint_and_errors(bound, how)}\n{_control(bound, css_class)}"


def group(bound: BoundField, how: How) -> SafeString:
    """Radio buttons or boxes to tick, described as a whole."""
    inline = " choices-inline" if how.inline_class or how.rows == "inline" else ""
    flat = f" {_text(how.flat_attrs)}" if how.flat_attrs else ""
    drawn = "".join(_choices(name, options, bound) for name, options, _index in optgroups(bound))
    choices = f'<div class="choices{inline}"{flat}>{drawn}\n</div>'
    legend = _legend(bound, how) if bound.label else ""
    whole = f"{_fieldset(bound)}{legend}{hint_and_errors(bound, how)}\n{choices}\n</fieldset>"
    return mark_safe(whole)  # noqa: S308  every value is escaped


def segmented(bound: BoundField, how: How) -> SafeString:
    """Two to four exclusive decisions on one line."""
    options = [option for _name, options, _index in optgroups(bound) for option in options]
    drawn = "".join(
        f'<label for="{_text(option["attrs"].get("id", ""))}">{_choice_input(option, bound, "radio", "")}'
        f"<span>{_text(option['label'])}</span></label>"
        for option in options
    )
    wrong = " has-error" if bound.errors else ""
    extra = f" {_text(how.wrapper_class)}" if how.wrapper_class else ""
    whole = (
        f'<div id="div_{_text(bound.auto_id)}" class="field{wrong}{extra}">\n{_fieldset(bound)}{_legend(bound, how)}'
        f'{hint_and_errors(bound, how)}\n<div class="segmented">{drawn}</div>\n</fieldset>\n</div>'
    )
    return mark_safe(whole)  # noqa: S308  every value is escaped


def label(bound: BoundField, how: How) -> SafeString:
    """The label above a control; nothing for a field that has none."""
    if not bound.label:
        return SafeString()
    start = f'<label for="{_text(bound.id_for_label)}" class="{_label_class(how)}">'
    return mark_safe(f"{start}{_text(bound.label)}{_optional(bound, how)}</label>")  # noqa: S308  as above


def hint_and_errors(bound: BoundField, how: How) -> SafeString:
    """The hint, then what is wrong."""
    hint = ""
    if bound.help_text:
        hint = f'\n<div class="form-text" id="{_text(bound.auto_id)}_helptext">{unbroken(bound.help_text)}</div>'
    return mark_safe(hint + errors(bound, how))  # noqa: S308  as above


def errors(bound: BoundField, how: How) -> SafeString:
    """What is wrong with the field, each sentence with a sign and a word: never by color alone."""
    if not (how.form_show_errors and bound.errors):
        return SafeString()
    said = "".join(
        f'<p>{icon("exclamation")}<span><span class="visually-hidden">{_("Error:")} </span>{_text(error)}</span></p>'
        for error in bound.errors
    )
    whole = f'\n<div class="field-error" id="{_text(bound.auto_id)}_error">{said}</div>'
    return mark_safe(whole)  # noqa: S308  as above


def _box(bound: BoundField, how: How) -> str:
    hidden = "" if how.form_show_labels else " visually-hidden"
    key = _text(bound.auto_id)
    hint = f'<span class="choice-hint" id="{key}_helptext">{_text(bound.help_text)}</span>' if bound.help_text else ""
    return (
        f'<label class="choice" for="{_text(bound.id_for_label)}">\n{_control(bound, "form-check-input")}\n'
        f'<span class="choice-text{hidden}">{_text(bound.label)}{hint}</span>\n</label>'
    )


def _choices(name: object, options: list[dict[str, Any]], bound: BoundField) -> str:
    heading = f'\n<p class="choices-group">{_text(name)}</p>' if name else ""
    return heading + "".join(_choice(option, bound) for option in options)


def _choice(option: dict[str, Any], bound: BoundField) -> str:
    said = getattr(option["label"], "hint", "")
    hint = f'<span class="choice-hint">{_text(said)}</span>' if said else ""
    control = _choice_input(option, bound, option["type"], ' class="form-check-input"')
    return (
        f'\n<label class="choice" for="{_text(option["attrs"].get("id", ""))}">\n{control}\n'
        f'<span class="choice-text">{_text(option["label"])}{hint}</span>\n</label>'
    )


def _choice_input(option: dict[str, Any], bound: BoundField, kind: str, css_class: str) -> str:
    value = "" if option["value"] is None else f' value="{_text(option["value"])}"'
    others = attributes({name: each for name, each in option["attrs"].items() if name != "class"})
    return f'<input type="{kind}"{css_class} name="{_text(bound.html_name)}"{value}{others}>'


def _fieldset(bound: BoundField) -> str:
    described = f' aria-describedby="{_text(bound.aria_describedby)}"' if bound.aria_describedby else ""
    return f"<fieldset{described}>\n"


def _legend(bound: BoundField, how: How) -> str:
    return f'<legend class="{_label_class(how)}">{_text(bound.label)}{_optional(bound, how)}</legend>'


def _label_class(how: How) -> str:
    extra = f" {_text(how.label_class)}" if how.label_class else ""
    return f"form-label{extra}{' visually-hidden' if how.hides_label else ''}"


def _optional(bound: BoundField, how: How) -> str:
    is_said = not bound.field.required and not bound.field.disabled and how.optional
    return f' <span class="optional">{_("Optional")}</span>' if is_said else ""


def _control(bound: BoundField, css_class: str) -> str:
    """The control with the class of its kind; each part of several has it."""
    widget = bound.field.widget
    for part in widget.widgets if isinstance(widget, MultiWidget) else [widget]:
        _add_class(part, css_class)
    return str(bound)


def _add_class(widget: Widget, css_class: str) -> None:
    there = widget.attrs.get("class", "")
    if css_class not in there.split():
        widget.attrs["class"] = f"{there} {css_class}".strip()


def _text(value: object) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))
