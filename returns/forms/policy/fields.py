"""The fields of a policy's forms, and how an answer becomes the data of the terms."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from returns.components import ChoiceText
from returns.forms.extras import PLAIN

Names = Sequence[tuple[str, str]]
"""Names and what people read for them."""


class Part(forms.Form):
    """One table of the terms. Its fields are the keys of the table; what is left empty is left out of the data."""

    use_required_attribute = False
    clauses: tuple[str, ...] = ()
    """The fields that name a clause."""

    def __init__(self, *args: Any, clause_names: Names = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.clauses:
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared as one
            field.choices = [("", "None" if not field.required else "Choose…"), *clause_names]

    def values(self) -> dict[str, Any]:
        """The answers as data of the terms, after a valid clean."""
        written = {name: _written(value) for name, value in self.cleaned_data.items() if name in self.fields}
        return {name: value for name, value in written.items() if value not in (None, "", [])}

    @classmethod
    def initial_of(cls, table: dict[str, Any] | None) -> dict[str, Any]:
        """What the fields show for this table of the terms."""
        return dict(table or {})


def _written(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return list(value) if isinstance(value, list | tuple) else value


def _options(choices: Iterable[tuple[Any, ...]]) -> list[tuple[str, str]]:
    return [(value, ChoiceText(label, hint=hint[0]) if hint else label) for value, label, *hint in choices]


def one_of(label: str, *choices: tuple[str, ...], hint: str = "", required: bool = True) -> forms.ChoiceField:
    """One of a few answers, each with its consequence where it needs one."""
    return forms.ChoiceField(
        label=label,
        choices=_options(choices),
        help_text=hint,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )


def some_of(label: str, *choices: tuple[str, ...], hint: str = "", required: bool = True) -> forms.MultipleChoiceField:
    """Any of a few answers."""
    return forms.MultipleChoiceField(
        label=label,
        choices=_options(choices),
        help_text=hint,
        required=required,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )


def in_clause(label: str = "Clause", *, hint: str = "", required: bool = True) -> forms.ChoiceField:
    """A clause of this policy; which there are is known only with the whole policy."""
    return forms.ChoiceField(
        label=label, help_text=hint, required=required, error_messages={"required": "Choose the clause it stands in."}
    )


def whole(label: str, low: int, high: int, *, hint: str = "", required: bool = False) -> forms.IntegerField:
    """A whole number: days, hours, months."""
    wrong = f"Write a whole number from {low} to {high:,}."
    return forms.IntegerField(
        label=label,
        min_value=low,
        max_value=high,
        help_text=hint,
        required=required,
        widget=forms.TextInput(attrs={"class": "w-tiny", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


def days(label: str, *, hint: str = "", required: bool = False) -> forms.IntegerField:
    """A last day, counted from day 0 and included."""
    return whole(label, 0, 36_500, hint=hint, required=required)


class PercentField(forms.RegexField):
    """A percentage as people write it, `12.5`; the sign may stand behind it."""

    def __init__(self, label: str, *, hint: str = "") -> None:
        super().__init__(
            r"^[0-9]{1,3}(\.[0-9]{1,4})?$",
            label=label,
            help_text=hint,
            required=False,
            max_length=9,
            widget=forms.TextInput(attrs={"class": "w-tiny", "inputmode": "decimal", "autocomplete": "off"}),
            error_messages={"invalid": "Write a number from 0 to 100, for example 15 or 12.5."},
        )

    def to_python(self, value: object) -> str:
        """The figure without its sign."""
        return (super().to_python(value) or "").strip().removesuffix("%").strip()

    def clean(self, value: object) -> str:
        """The figure, 100 at most."""
        text: str = super().clean(value)
        if text and Decimal(text) > 100:
            raise forms.ValidationError("Write a number from 0 to 100, for example 15 or 12.5.")
        return text


class PriceField(forms.RegexField):
    """An amount as people write it, `20` or `20.00`, in the storefront's currency."""

    def __init__(self, label: str, *, hint: str = "", required: bool = False) -> None:
        super().__init__(
            PLAIN,
            label=label,
            help_text=hint,
            required=required,
            max_length=10,
            widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "invalid": "Write an amount such as 20.00.",
                "required": "Write an amount such as 20.00.",
            },
        )

    def to_python(self, value: object) -> str:
        """The figure without a dollar sign."""
        return (super().to_python(value) or "").strip().removeprefix("$")

    def clean(self, value: object) -> str:
        """The amount with two decimals, empty where nothing is typed."""
        text: str = super().clean(value)
        return format(Decimal(text).quantize(Decimal("0.01")), "f") if text else ""


class SentencesField(forms.CharField):
    """Some sentences, one a line."""

    def __init__(self, label: str, *, hint: str = "One a line.") -> None:
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(label=label, help_text=hint, required=False, max_length=4000, widget=widget)

    def prepare_value(self, value: object) -> object:
        """One a line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: object) -> list[str]:
        """The lines that aren't empty."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]
