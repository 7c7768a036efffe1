"""A product of the catalogue as a form, and a file of them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from returns.catalogue import NOT_ADDRESSABLE, is_addressable
from returns.domain.policy import PolicyTerms
from returns.forms.lines import LineField
from returns.forms.reports import FIRST_YEAR, LAST_YEAR, DayInput
from returns.services.imports.columns import lines_of

MOST_GRAMS = Decimal("9999999.99")
NUL = "\x00"
LARGEST_FILE = 900_000
"""Bytes; larger ones are for `manage.py import_products`."""
MOST_ROWS = 20_000
"""Lines of a file, for the same reason: so many take a second, and whoever sent them waits for the page."""


def _grams(label: str, hint: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=False,
        min_value=Decimal(0),
        max_value=MOST_GRAMS,
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places", "max_digits"), "Write grams, for example 120.5."
        ),
    )


class ProductForm(forms.Form):
    """What the policy and the dock need to know of a product."""

    use_required_attribute = False

    sku = LineField(
        label="SKU",
        max_length=64,
        help_text="As the shop’s orders write it. It never changes.",
        widget=forms.TextInput(attrs={"class": "w-medium code", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write the SKU."},
    )
    name = LineField(label="Name", max_length=200, error_messages={"required": "Write the product’s name."})
    size = LineField(label="Size", max_length=60, required=False)
    kind = forms.ChoiceField(
        label="Kind", help_text="It decides what the policy says.", error_messages={"required": "Choose the kind."}
    )
    flags = forms.MultipleChoiceField(label="Flags", required=False, widget=forms.CheckboxSelectMultiple)
    expires_on = forms.DateField(
        label="Expiration date",
        required=False,
        widget=DayInput(),
        help_text="Of what is sold now, where the order doesn’t say it.",
        error_messages={"invalid": "Choose a day of the calendar."},
    )
    in_stock = forms.BooleanField(label="In stock: it can be sent in exchange", required=False)
    full_weight = _grams("Full weight, grams", "As sold, for the worksheet of used goods.")
    empty_weight = _grams("Empty weight, grams", "The container alone.")

    def __init__(self, *args: Any, terms: PolicyTerms, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, flags = self.fields["kind"], self.fields["flags"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  both are declared so
        assert isinstance(flags, forms.MultipleChoiceField)  # noqa: S101
        kind.choices = [("", "Choose…"), *terms.kinds.items()]
        flags.choices = list(terms.flags.items())
        if not is_new:
            del self.fields["sku"]

    def clean_sku(self) -> str:
        """The SKU is a part of its page's address."""
        sku = str(self.cleaned_data["sku"])
        if not is_addressable(sku):
            raise forms.ValidationError(NOT_ADDRESSABLE)
        return sku

    def clean(self) -> dict[str, Any]:
        """A full one weighs more than an empty one, and the date is one that a product can have."""
        data = super().clean() or {}
        full, empty, day = data.get("full_weight"), data.get("empty_weight"), data.get("expires_on")
        if full is not None and empty is not None and full <= empty:
            self.add_error("empty_weight", "The empty weight is less than the full one.")
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.add_error("expires_on", f"Choose a day between {FIRST_YEAR} and {LAST_YEAR}.")
        return data


class ProductFileForm(forms.Form):
    """A CSV file, or its text as the page before showed it."""

    file = forms.FileField(label="CSV file", required=False, error_messages={"empty": "The file is empty."})
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The text of the file: UTF-8, and not too long."""
        data = super().clean() or {}
        file = data.get("file")
        if file is None and not data.get("text") and "file" not in self.errors:
            self.add_error("file", "Choose a CSV file.")
        elif file is not None:
            data["text"] = self._read(file)
        if sum(1 for _line in lines_of(str(data.get("text") or ""))) > MOST_ROWS + 1:  # the heading
            self.add_error("file", f"The file has more than {MOST_ROWS:,} rows. Split it, or import it with manage.py.")
        return data

    def _read(self, file: "UploadedFile[bytes]") -> str:
        if (file.size or 0) > LARGEST_FILE:
            self.add_error("file", "The file is larger than 900 kB. Split it, or import it with manage.py.")
            return ""
        try:
            text = str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            text = NUL
        if NUL in text:  # UTF-16 without its mark, for example; and no form could send it again
            self.add_error("file", "The file isn’t UTF-8 text. Save it as “CSV UTF-8”.")
            return ""
        return text
