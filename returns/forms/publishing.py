"""What a manager enters about a draft as a whole: what it begins as, and when and why it is published."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime

from returns.domain.clause_numbers import stray_numbers
from returns.forms.reports import DayInput
from returns.models import PolicyVersion


class CopyForm(forms.Form):
    """Which version a draft begins with."""

    copied = forms.ChoiceField(
        label="Begin with", widget=forms.RadioSelect, error_messages={"required": "Choose what to begin with."}
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["copied"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared a few lines above
        field.choices = list(choices)


class PublishForm(forms.Form):
    """From which day, and why. The first version of a storefront has no day: it holds at once.

    Where clauses name numbers that the policy doesn't have, those are meant so, or corrected first.
    """

    begins_on = forms.DateField(
        label="In force from",
        widget=DayInput(),
        error_messages={"required": "Choose the day from which it holds.", "invalid": "Choose a day of the calendar."},
    )
    reason = forms.CharField(
        label="Why, for the record",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write why, for the record."},
    )
    keeps_words = forms.BooleanField(required=False, label="The words are meant so")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: PolicyVersion, earliest: date | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"begins_on": earliest, "seen": seen_of(version)}
        super().__init__(*args, **kwargs)
        if strays := stray_numbers(version.parsed()):
            named = "; ".join(stray.words for stray in strays)
            self.fields["keeps_words"].help_text = f"{named}. None of the policy’s figures says that."
        else:
            del self.fields["keeps_words"]
        if earliest is None:
            del self.fields["begins_on"]
        else:
            self.fields["begins_on"].widget.attrs["min"] = earliest.isoformat()


def seen_of(version: PolicyVersion) -> str:
    """A mark of the draft as it is now; a form carries it, so that nobody saves over what they haven't seen."""
    return version.edited_at.isoformat() if version.edited_at else ""


def read_seen(mark: str) -> datetime | None:
    """The moment of such a mark; None for what is none, which nobody has seen."""
    try:
        return parse_datetime(mark)
    except ValueError:  # it looks like a moment, and is none: a thirteenth month
        return None
