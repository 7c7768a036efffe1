"""What staff note about the package that leaves for the customer."""

from django import forms

from returns.forms.lines import LineField
from returns.forms.reports import DayInput


class OutgoingForm(forms.Form):
    """With whom, under which number, and when it left."""

    carrier = LineField(
        label="Shipping service",
        max_length=60,
        help_text="Such as USPS, UPS or FedEx: the email links to its tracking page.",
        error_messages={"required": "Enter the shipping service."},
    )
    tracking_number = LineField(label="Tracking number", max_length=80, required=False)
    shipped_on = forms.DateField(
        label="Left on", widget=DayInput(), error_messages={"required": "Choose the day it left."}
    )
