"""What staff decide otherwise than the policy: what is given, how much of it, and why."""

from decimal import Decimal
from typing import Any

from django import forms

from returns.domain.facts import Resolution
from returns.domain.policy import PolicyTerms
from returns.forms.decisions import LONGEST_REASON
from returns.services.overrides import OverrideAsked
from returns.wording.desk import RESOLUTION_WORDS


def resolution_choices(terms: PolicyTerms, *, nothing: bool = False) -> list[tuple[str, str]]:
    """What an override may give: the shop's own forms of money, goods for goods, and where asked nothing."""
    given = [*(form.resolution for form in terms.money.forms), Resolution.EXCHANGE, Resolution.REPLACEMENT]
    return [(item.value, RESOLUTION_WORDS[item]) for item in (*given, *([Resolution.NONE] if nothing else []))]


class OverrideFields(forms.Form):
    """The three fields of an override: what is given, how much of the price, and why."""

    resolution = forms.ChoiceField(label="What the customer gets", required=False)
    percent = forms.DecimalField(
        label="Share of the price",
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        initial=Decimal(100),
        help_text="In per cent; 100 is all of it.",
    )
    why = forms.CharField(
        label="Why",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Goes to the override register with your name.",
    )

    def clean_override(self, data: dict[str, Any]) -> OverrideAsked | None:
        """The override these fields ask for; what is missing is said beside its field."""
        resolution = Resolution(data["resolution"]) if data.get("resolution") else None
        if resolution is None:
            self.add_error("resolution", "Choose what the customer gets.")
        if not data.get("why") and "why" not in self.errors:
            self.add_error("why", "Write why you decide otherwise than the policy.")
        percent = data.get("percent")
        if resolution is not None and resolution.is_money and percent is None and "percent" not in self.errors:
            self.add_error("percent", "Enter a share between 0 and 100.")
        if self.errors or resolution is None:
            return None
        return OverrideAsked(resolution, percent if percent is not None else Decimal(100), data["why"])
