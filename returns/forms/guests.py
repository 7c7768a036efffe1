"""What a guest enters to get a link to an order."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.forms.lines import LineField

LANES = ("damage",)
"""Parts of an order's pages that a link can lead to, apart from the order itself."""


def lane_of(named: object) -> str:
    """The lane that an address or a form names; empty for the order itself, and for whatever isn't one."""
    return next((lane for lane in LANES if lane == named), "")


class GuestLookupForm(forms.Form):
    """Order number and email, however they are written. Whether they belong together is never a form's error."""

    order_number = LineField(
        label=gettext_lazy("Order number"),
        max_length=40,
        help_text=gettext_lazy("On your invoice or in the order confirmation, for example 1042."),
        error_messages={"required": gettext_lazy("Enter your order number, for example 1042.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    email = LineField(
        label=gettext_lazy("Email you ordered with"),
        max_length=254,
        error_messages={"required": gettext_lazy("Enter the email address of your order.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    lane = forms.CharField(required=False, widget=forms.HiddenInput)
    # People never see it, so whoever fills it in is a program (B51). The page hides it.
    company_site = LineField(
        required=False,
        label=gettext_lazy("Leave this empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("order_number", "email", "lane")

    def clean_email(self) -> str:
        """The address without the spaces that phones add; ValidationError where it can't be one."""
        email = "".join(self.cleaned_data["email"].split())
        try:
            validate_email(email)
        except forms.ValidationError as error:
            raise forms.ValidationError(
                _("Enter an email address such as name@example.com."), code="invalid"
            ) from error
        return email

    def clean_lane(self) -> str:
        """Where the link is to lead; the order itself for whatever isn't a lane."""
        return lane_of(self.cleaned_data["lane"])

    @property
    def is_from_a_program(self) -> bool:
        """True where the field was filled in that people don't see."""
        return bool(self.cleaned_data["company_site"])
