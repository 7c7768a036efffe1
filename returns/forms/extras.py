"""What staff add to a settlement, and the limit above which they need a second person."""

from decimal import Decimal
from typing import Any

from django import forms

from returns.forms.sums import SumsSeenForm
from returns.services.extras import MOST, ExtrasAsked

PLAIN = r"^[0-9]{1,7}(\.[0-9]{1,2})?$"


class AmountField(forms.RegexField):
    """An amount as people write it, `12.50`: no sign, no exponent, no other digits than 0 to 9."""

    def __init__(self, *, label: str, help_text: str = "", most: Decimal = MOST, required: bool = False) -> None:
        super().__init__(
            PLAIN,
            label=label,
            help_text=help_text,
            required=required,
            max_length=12,
            widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "decimal", "autocomplete": "off"}),
            error_messages={"invalid": "Write an amount such as 12.50.", "required": "Write an amount such as 200.00."},
        )
        self.most = most

    def clean(self, value: object) -> Decimal:
        """The amount in cents exactly; nothing typed is nothing."""
        amount = Decimal(super().clean(value) or "0").quantize(Decimal("0.01"))
        if amount > self.most:
            raise forms.ValidationError(f"At most {self.most:,}.")
        return amount


def _reason(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the register that managers read.",
    )


class ExtrasForm(forms.Form):
    """Goodwill, the customer's postage, and a service charge that isn't billed; each only where it is possible."""

    goodwill = AmountField(label="Goodwill", help_text="On top of the sum, in the same form.")
    goodwill_reason = _reason("Why goodwill")
    postage = AmountField(label="The customer's postage", help_text="As on their receipt; we pay the way back here.")
    waives_charge = forms.BooleanField(label="Don't bill the service charge", required=False)
    waiver_reason = _reason("Why it isn't billed")

    def __init__(self, *args: Any, repays_postage: bool, has_charge: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not repays_postage:
            del self.fields["postage"]
        if not has_charge:
            del self.fields["waives_charge"], self.fields["waiver_reason"]

    def clean(self) -> dict[str, Any]:
        """What is given beyond the policy has a reason."""
        data = super().clean() or {}
        if data.get("goodwill") and not data.get("goodwill_reason"):
            self.add_error("goodwill_reason", "Write why.")
        if data.get("waives_charge") and not data.get("waiver_reason"):
            self.add_error("waiver_reason", "Write why.")
        return data

    @property
    def asked(self) -> ExtrasAsked:
        """What was asked, after a valid clean."""
        return ExtrasAsked(**self.cleaned_data)


class ProposeForm(SumsSeenForm):
    """Propose the sum on the page."""


class RefusalForm(forms.Form):
    """Why a manager doesn't agree to a proposed settlement."""

    reason = forms.CharField(
        label="Why not",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only staff read it. It stays as an internal note, too.",
        error_messages={"required": "Write why; who proposed it has to know what to change."},
    )


class LimitForm(forms.Form):
    """Above which worth a settlement takes two people."""

    amount = AmountField(
        label="A second person above",
        help_text="In the storefront's currency. What is worth more is proposed by one and agreed to by a manager.",
        most=Decimal("1000000.00"),
        required=True,
    )
