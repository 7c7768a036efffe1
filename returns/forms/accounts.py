"""What customers and care enter about a customer account: name, phone, address, main contact."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns import licensing
from returns.forms.lines import LineField
from returns.forms.portal import NO_NAME, PortalForm
from returns.models import CustomerAccount
from returns.services.customer_accounts import FOR_CARE

MOST_LINES = 6
FEWEST_DIGITS, MOST_DIGITS = 7, 20  # with an extension
_DIALED = re.compile(r"\+?[0-9().\-/ ]+(?: ?(?:extension|ext|x|#)\.? ?[0-9]{1,6})?", re.IGNORECASE)

LABELS = {
    "name": N_("Name"),
    "phone": N_("Phone"),
    "address": N_("Address"),
    "main_contact_name": N_("Main contact"),
    "main_contact_email": N_("Main contact’s email"),
}
HINTS = {
    "phone": N_("For questions, for example 704-555-0100."),
    "address": N_("As on an envelope, one line each."),
    "main_contact_name": N_("Who looks after this account, if that is somebody else."),
    "main_contact_email": N_("When a return is processed, we write here. Empty: to the email of the account."),
}


class AccountForm(PortalForm):
    """An account's data as its owner or customer care changes it (RES-38). Spaces and invisible signs are tidied."""

    name = LineField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = LineField(
        max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"})
    )
    address = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
    )
    main_contact_name = LineField(max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    main_contact_email = forms.EmailField(
        max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, data: QueryDict | None = None, *, account: CustomerAccount, for_care: bool = False) -> None:
        super().__init__(data, initial={name: getattr(account, name) for name in FOR_CARE})
        for name, field in self.fields.items():
            field.label = _(LABELS[name])
            field.help_text = _(HINTS[name]) if name in HINTS else ""
        if for_care:
            self.fields["email"] = _care_email()
            if higher := licensing.types_above(account):
                self.fields["type"] = _care_type([account.type, *higher])
            self.order_fields(["name", "email", "type"])
        self.fields["name"].error_messages["required"] = _("Enter your name.")
        self.fields["main_contact_email"].error_messages["invalid"] = _no_address()
        for name in ("name", "main_contact_name"):
            self.fields[name].validators.append(
                RegexValidator(
                    NO_NAME, _("Enter a name, without web addresses or invisible signs."), inverse_match=True
                )
            )

    def clean_phone(self) -> str:
        """A number that can be dialed, however it was written; empty stays empty."""
        return read_phone(str(self.cleaned_data["phone"]))

    def clean_address(self) -> str:
        """The lines that say something, without spaces around them."""
        lines = [" ".join(line.split()) for line in str(self.cleaned_data["address"]).splitlines()]
        said = [line for line in lines if line]
        if len(said) > MOST_LINES:
            raise forms.ValidationError(_("Enter the address in at most %(most)s lines.") % {"most": MOST_LINES})
        return "\n".join(said)

    def clean(self) -> dict[str, Any]:
        """A main contact without an address would hear nothing: then the name alone is said to be too little."""
        data = super().clean() or self.cleaned_data
        if data.get("main_contact_name") and data.get("main_contact_email") == "":
            self.add_error("main_contact_email", _("Enter the main contact’s email too, or leave out the name."))
        return data


def _care_email() -> forms.EmailField:
    """The account's own address, for staff."""
    return forms.EmailField(
        label="Email",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Both addresses are told. Orders and returns follow, and guest links to the old one end.",
        error_messages={"required": "Enter the account's email.", "invalid": _no_address()},
    )


def _care_type(types: Sequence[str]) -> forms.ChoiceField:
    """The account's type and those above it, for staff; a page without it leaves the type as it is."""
    return forms.TypedChoiceField(
        label="Type",
        required=False,
        empty_value=types[0],
        choices=[(each, each.capitalize()) for each in types],
        help_text="Raise it for a license that came by mail. It changes no return.",
        error_messages={"invalid_choice": "Choose one of these types."},
    )


def read_phone(text: str) -> str:
    """`+1 (704) 555-0100 ext. 5` with plain spaces and dashes. Raises ValidationError that shows one."""
    plain = "".join(
        "-" if unicodedata.category(sign) == "Pd" or sign == "\u2212" else sign
        for sign in unicodedata.normalize("NFKC", text)
        if unicodedata.category(sign) != "Cf"
    )
    phone = " ".join(plain.split())
    digits = sum(sign.isdecimal() for sign in phone)
    if phone and not (_DIALED.fullmatch(phone) and FEWEST_DIGITS <= digits <= MOST_DIGITS):
        raise forms.ValidationError(_("Enter a phone number, for example 704-555-0100."), code="invalid")
    return phone


def _no_address() -> str:
    return _("Enter an email address such as name@example.com.")
