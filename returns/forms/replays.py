"""Over how many requests a draft is tried."""

from django import forms

from returns.services.policy_replays import MOST

WRONG = f"Write a whole number from 1 to {MOST:,}."


class ReplayForm(forms.Form):
    """The newest requests, so many of them."""

    wanted = forms.IntegerField(
        label="Newest requests",
        min_value=1,
        max_value=MOST,
        widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": WRONG, "invalid": WRONG, "min_value": WRONG, "max_value": WRONG},
    )
