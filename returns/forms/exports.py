"""What managers ask for as a file, and whose week they want by mail."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from returns.components import ChoiceText
from returns.forms.reports import RangeForm
from returns.models import Export, Storefront

FORMATS = [
    (Export.CSV, ChoiceText("CSV", hint="Text, for every program")),
    (Export.XLSX, ChoiceText("XLSX", hint="A workbook: dates are dates, amounts are numbers")),
]


class ExportForm(RangeForm):
    """The days of a report, and the format of the file."""

    format = forms.ChoiceField(
        label="As", choices=FORMATS, widget=forms.RadioSelect, error_messages={"required": "Choose a format."}
    )


class WeeklyForm(forms.Form):
    """The storefronts whose figures somebody wants every Monday."""

    storefronts = forms.MultipleChoiceField(
        label="Send me the week’s figures of", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, shops: Sequence[Storefront], chosen: Iterable[str] = ()
    ) -> None:
        super().__init__(data, initial={"storefronts": list(chosen)})
        self.shops = shops
        field = self.fields["storefronts"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  declared a few lines above
        field.choices = [(shop.slug, shop.name) for shop in shops]

    @property
    def wanted(self) -> list[Storefront]:
        """Those that were chosen."""
        return [shop for shop in self.shops if shop.slug in self.cleaned_data["storefronts"]]
