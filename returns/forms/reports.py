"""What managers enter: the days of a report and what they mean, and where a storefront's packages go."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from returns.models import Storefront
from returns.reports.periods import By, Period
from returns.wording.reports import BY_WORDS

LONGEST_DAYS = 7_320
ALL = "all"


FIRST_YEAR, LAST_YEAR = 2000, 2199


def in_living_memory(day: date) -> None:
    """Raise ValidationError for a day that no return can have."""
    # Beyond, a day at one storefront may have no moment that a database can hold.
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(f"Choose a day between {FIRST_YEAR} and {LAST_YEAR}.")


class DayInput(forms.DateInput):
    """A date field of the browser's own."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RangeForm(forms.Form):
    """First and last day, both included, which date they mean, and one storefront or all of the manager's."""

    first = forms.DateField(label="From", widget=DayInput(), validators=[in_living_memory])
    last = forms.DateField(label="To", widget=DayInput(), validators=[in_living_memory])
    by = forms.ChoiceField(
        label="Counted by",
        choices=[(by, words.capitalize()) for by, words in BY_WORDS.items()],
        required=False,
        initial=By.REQUESTED.value,
    )
    storefront = forms.ChoiceField(label="Storefront")

    def __init__(self, *args: Any, storefronts: Sequence[Storefront], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storefronts = storefronts
        choices = [(ALL, "All storefronts"), *((storefront.slug, storefront.name) for storefront in storefronts)]
        field = self.fields["storefront"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared a few lines above
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """The last day isn't before the first, and the range has an end."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day is before the first. Choose a later one.")
        elif first and last and last - first > timedelta(days=LONGEST_DAYS):
            self.add_error("first", "Choose at most twenty years.")
        return data

    @property
    def chosen(self) -> list[Storefront]:
        """The storefronts to report on."""
        slug = self.cleaned_data["storefront"]
        return [storefront for storefront in self.storefronts if slug in {ALL, storefront.slug}]

    @property
    def counted_by(self) -> By:
        """The date that puts a return into the period; that of the request where none is named."""
        return By(self.cleaned_data["by"] or By.REQUESTED)

    @property
    def period(self) -> Period:
        """The days to report on."""
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


def last_days(today: date, count: int = 30) -> dict[str, Any]:
    """The range a report starts with: the last `count` days, today included."""
    return {"first": today - timedelta(days=count - 1), "last": today, "storefront": ALL}


class ReturnAddressForm(forms.Form):
    """Where packages go, one line of the address in each line."""

    address = forms.CharField(
        label="Return address",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text="As it should stand on the package, one line each. Customers see it once their return is authorized.",
        error_messages={"required": "Enter the address that packages go to."},
    )

    def clean_address(self) -> str:
        """At least a street and a town."""
        address: str = self.cleaned_data["address"]
        if len([line for line in address.splitlines() if line.strip()]) < 2:
            raise forms.ValidationError(
                "An address has at least two lines: the street, and the town with its ZIP code."
            )
        return address
