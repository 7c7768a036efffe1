"""What customers enter beside their products: who they are, an answer, the tracking number."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.forms.lines import LineField
from returns.models import CustomerAccount, Order
from returns.services.requests import Contact

LONGEST_MESSAGE = 4000
_PHONE = re.compile(r"\+?[0-9(][0-9(). -]{5,30}(?: ?(?:ext|x)\.? ?[0-9]{1,6})?", re.IGNORECASE)


class PortalForm(forms.Form):
    """A form inside a page that draws its own tag and buttons."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


# A name stands at the head of mails: what mail programs would turn into a link, or what turns text around, isn't one.
NO_NAME = re.compile("://|www\\.|[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", re.IGNORECASE)


class ContactForm(PortalForm):
    """Whom to write to (LPS-11). What order and account know is asked only where the customer wants to change it."""

    name = LineField(
        label=gettext_lazy("Name"),
        max_length=150,
        validators=[
            RegexValidator(
                NO_NAME, gettext_lazy("Enter a name, without web addresses or invisible signs."), inverse_match=True
            )
        ],
        error_messages={"required": gettext_lazy("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    account_number = LineField(
        label=gettext_lazy("Account number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("If you have one. It is on your invoice."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        help_text=gettext_lazy("We write to you here."),
        error_messages={
            "required": gettext_lazy("Enter your email address."),
            "invalid": gettext_lazy("Enter an email address such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = LineField(
        label=gettext_lazy("Phone"),
        max_length=40,
        help_text=gettext_lazy("For questions, for example 704-555-0100."),
        error_messages={"required": gettext_lazy("Enter a phone number, for example 704-555-0100.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Anything we should know?"),
        max_length=LONGEST_MESSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        order: Order,
        shown: Sequence[str] = (),
        kept: Mapping[str, str] | None = None,
    ) -> None:
        """``shown`` are fields the customer wants to change, beside those that nobody knows.

        ``kept`` is what was typed before and waits in the draft.
        """
        self.known = known_contact(order)
        super().__init__(data, initial={**self.known, **(kept or {})})
        if order.account is not None:
            shown = [name for name in shown if name != "account_number"]
        for name, value in self.known.items():
            if value and name not in shown:
                del self.fields[name]

    def clean_phone(self) -> str:
        """A number with enough digits to dial. ValidationError that shows one."""
        phone = " ".join(str(self.cleaned_data["phone"]).split())
        if not _PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Enter a phone number, for example 704-555-0100."), code="invalid")
        return phone

    @property
    def contact(self) -> Contact:
        """The contact of a valid form: what was entered, else what is known."""
        found = {name: self.cleaned_data.get(name) or value for name, value in self.known.items()}
        return Contact(**found)


def _address_of(account: CustomerAccount | None) -> str:
    if account is None:
        return ""
    return account.user.email if account.user is not None else account.email


def known_contact(order: Order) -> dict[str, str]:
    """What account and order say about the person; the account first, for it is kept up to date.

    Whoever signs in is written to where they sign in, whatever address customer care still has.
    """
    account = order.account
    return {
        "name": (account.name if account else "") or order.name,
        "account_number": account.number if account else "",
        "email": _address_of(account) or order.email,
        "phone": (account.phone if account else "") or order.phone,
    }
