"""Saving a view of the queue, and renaming one."""

from collections.abc import Sequence
from typing import Any

from django import forms

from returns.forms.lines import LineField
from returns.models import Storefront

PERSONAL = "me"


class NameForm(forms.Form):
    """What a view is called."""

    name = LineField(
        label="Name",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w-medium", "autocomplete": "off"}),
        error_messages={"required": "Give it a name."},
    )

    def clean_name(self) -> str:
        """On one line, with single spaces."""
        return " ".join(self.cleaned_data["name"].split())


class SaveViewForm(NameForm):
    """A name, and who sees it: only oneself, or all who work for one storefront."""

    share = forms.ChoiceField(label="Who sees it", widget=forms.RadioSelect, initial=PERSONAL)

    def __init__(self, *args: Any, storefronts: Sequence[Storefront], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storefronts = storefronts
        shops = [(shop.slug, f"Everybody who works for {shop.short_name}") for shop in storefronts]
        field = self.fields["share"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared a few lines above
        field.choices = [(PERSONAL, "Only you"), *shops]

    @property
    def shared_at(self) -> Storefront | None:
        """The storefront it is shared at, if it is."""
        slug = self.cleaned_data["share"]
        return next((shop for shop in self.storefronts if shop.slug == slug), None)


class RenameForm(NameForm):
    """Another name; `was` is the one that was shown, so that nobody overwrites what a colleague chose meanwhile."""

    was = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
