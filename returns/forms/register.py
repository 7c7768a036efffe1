"""The filters of the override register."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from accounts.models import User
from returns.forms.reports import FIRST_YEAR, LAST_YEAR, DayInput, in_living_memory
from returns.models import Override, Storefront
from returns.querysets.overrides import OverrideQuerySet
from returns.reports.periods import Period

OF_LINES = "policy"
KINDS = [
    ("", "All kinds"),
    (OF_LINES, "Otherwise than the policy"),
    (Override.GOODWILL, "Goodwill"),
    (Override.CHARGE_WAIVED, "Service charge waived"),
]


class RegisterForm(forms.Form):
    """All optional; what makes no sense is said beside its field, and nothing is listed then."""

    storefront = forms.ChoiceField(label="Storefront", required=False)
    kind = forms.ChoiceField(label="Kind", choices=KINDS, required=False)
    person = forms.ChoiceField(label="By", required=False)
    first = forms.DateField(label="From", widget=DayInput(), required=False, validators=[in_living_memory])
    last = forms.DateField(label="To", widget=DayInput(), required=False, validators=[in_living_memory])

    def __init__(self, *args: Any, storefronts: Sequence[Storefront], people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "storefront": [("", "All storefronts"), *((shop.slug, shop.name) for shop in storefronts)],
            "person": [("", "Everybody"), *((str(one.public_id), one.get_short_name()) for one in people)],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
            field.choices = listed

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, rows: OverrideQuerySet, storefronts: Sequence[Storefront]) -> OverrideQuerySet:
        """The rows that fit, once the form is valid. A day is that of the storefronts' calendar (GEN-01)."""
        data = self.cleaned_data
        if data["storefront"]:
            rows = rows.at_storefront(data["storefront"])
        if data["kind"]:
            rows = rows.of_lines() if data["kind"] == OF_LINES else rows.filter(code=data["kind"])
        if data["person"]:
            rows = rows.filter(actor__public_id=data["person"])
        if not (data["first"] or data["last"]):
            return rows
        period = Period(data["first"] or date(FIRST_YEAR, 1, 1), data["last"] or date(LAST_YEAR, 12, 31))
        of_lines = period.holds("at", storefronts, prefix="line__request__")
        return rows.filter(of_lines | period.holds("at", storefronts, prefix="request__"))
