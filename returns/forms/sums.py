"""What a page showed of a settlement, as it comes back with the decision."""

from django import forms

from returns.domain.breakdown import Breakdown


class SumsSeenForm(forms.Form):
    """The sum on the page and what it is made of; another one by now is shown first."""

    expected_total = forms.DecimalField(max_digits=12, decimal_places=2, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=400, widget=forms.HiddenInput)

    def clean_seen(self) -> Breakdown:
        """What the sum is made of, as the page showed it."""
        try:
            return Breakdown.from_text(self.cleaned_data["seen"])
        except ValueError as error:
            raise forms.ValidationError("What the sum is made of was missing.") from error
