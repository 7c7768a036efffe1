"""What staff note about a refund that is paid out in the shop."""

from django import forms

from returns.forms.lines import LineField


class SentForm(forms.Form):
    """It was paid out, under the payment provider's reference."""

    reference = LineField(
        label="Reference",
        max_length=80,
        help_text="What the shop or the payment provider calls this payment. Each refund has its own.",
        error_messages={"required": "Enter the reference of the payment."},
    )


class FailedForm(forms.Form):
    """The money came back."""

    reason = LineField(
        label="Why it failed",
        max_length=200,
        help_text="For staff, such as “Card closed”. The customer reads that we look into it.",
        error_messages={"required": "Write why it failed."},
    )
