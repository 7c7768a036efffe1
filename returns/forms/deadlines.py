"""The clocks of a storefront, as managers enter them."""

import re
from typing import Any

from django import forms

from returns.models import Storefront

MOST_DAYS = 60
_SEPARATORS = re.compile(r"[\s,;]+")


class DaysField(forms.CharField):
    """Numbers of days in a row, `5, 2, 0`; a list of them."""

    def to_python(self, value: object) -> Any:  # noqa: ANN401  a CharField's, typed as text
        """The numbers, the largest first. Raises ValidationError."""
        parts = [part for part in _SEPARATORS.split(str(value or "")) if part]
        if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
            raise forms.ValidationError("Write days as numbers, such as 5, 2, 0.")
        days = sorted({int(part) for part in parts}, reverse=True)
        if days and days[0] > MOST_DAYS:
            raise forms.ValidationError(f"At most {MOST_DAYS} days before.")
        return days


def _days(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"class": "w-tiny", "inputmode": "numeric"}),
        error_messages={"required": "Enter a number of days."},
    )


class DeadlinesForm(forms.Form):
    """By when staff decide, when they are reminded, by when goods leave, and when what isn't shipped expires."""

    decision_days = _days("Decide within", "Service days after the request came. The clock stands still while you ask.")
    claim_decision_days = _days("Decide about claims within", "Damaged, wrong or missing: service days, sooner.")
    reminder_days = DaysField(
        label="Remind before the promised day",
        help_text="Calendar days, such as 5, 2, 0; 0 is the day itself. Once it is late, every service day.",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"class": "w-short", "autocomplete": "off"}),
    )
    goods_leave_within_days = _days(
        "Goods leave within",
        "Service days until a replacement or the right product leaves, for what is decided from now on; customers read "
        "the date.",
    )
    expires_after_days = forms.IntegerField(
        label="Expire what isn’t shipped after",
        help_text="Days after it was authorized, for what is authorized from now on. Empty: never, as the published "
        "policies have it.",
        min_value=14,
        max_value=1000,
        required=False,
        widget=forms.NumberInput(attrs={"class": "w-tiny", "inputmode": "numeric"}),
    )

    @staticmethod
    def values_of(shop: Storefront) -> dict[str, object]:
        """What the storefront has now."""
        return {
            "decision_days": shop.decision_days,
            "claim_decision_days": shop.claim_decision_days,
            "reminder_days": ", ".join(map(str, shop.reminder_days)),
            "goods_leave_within_days": shop.goods_leave_within_days,
            "expires_after_days": shop.expires_after_days,
        }
