"""A package nobody can place: what is on its label, how its sender was tried, and what becomes of it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from returns.domain.holding import HoldingState, Way
from returns.forms.lines import LineField
from returns.forms.photos import PhotosField
from returns.forms.portal import PortalForm
from returns.models import HeldPackage, Storefront
from returns.services.holding import Label

WAYS = [(Way.EMAIL.value, "Email"), (Way.PHONE.value, "Phone"), (Way.LETTER.value, "Letter")]
ENDS = [(HoldingState.SENT_BACK.value, "Sent back"), (HoldingState.SCRAPPED.value, "Scrapped")]


def _line(label: str, longest: int, help_text: str = "", **attrs: str) -> LineField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return LineField(label=label, max_length=longest, required=False, help_text=help_text, widget=widget)


class HoldForm(PortalForm):
    """The label of a package. At least one thing has to be known of it, or nobody would find it again."""

    storefront = forms.ChoiceField(
        label="At which storefront?", error_messages={"required": "Choose the storefront it came to."}
    )
    on_the_box = _line("Numbers and marks on the box", 200, "As they are written, also where they are wrong.")
    sender = _line("Sender", 200, "Name and address.")
    sender_email = forms.EmailField(
        label="Sender's email",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    carrier = _line("Shipping service", 60)
    tracking_number = _line("Tracking number", 80)
    contents = _line("What is inside", 500)
    shelf = _line("Shelf", 40, **{"class": "w-short"})
    note = _line("Note", 500)
    nonce = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, storefronts: Sequence[Storefront], typed: str = ""
    ) -> None:
        super().__init__(data, initial={"on_the_box": typed, "nonce": uuid.uuid4()})
        self.storefronts = {storefront.slug: storefront for storefront in storefronts}
        self.fields["storefront"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            *((slug, one.name) for slug, one in self.storefronts.items()),
        ]
        if len(storefronts) == 1:
            del self.fields["storefront"]

    def clean(self) -> dict[str, Any]:
        """Something is known of it."""
        data = super().clean() or {}
        known = ("on_the_box", "sender", "sender_email", "tracking_number", "contents", "note")
        if not self.errors and not any(data.get(name) for name in known):
            self.add_error("on_the_box", "Write what is on the box or in it, so that somebody finds it again.")
        return data

    @property
    def chosen(self) -> Storefront:
        """The storefront of a valid form."""
        slug = self.cleaned_data.get("storefront")
        return self.storefronts[slug] if slug else next(iter(self.storefronts.values()))

    @property
    def label(self) -> Label:
        """What is written on it, once the form is valid."""
        return Label(**{name: self.cleaned_data[name] for name in Label.__slots__})


class TryForm(PortalForm):
    """How the sender was tried. `seen` is how many tries the page showed."""

    way = forms.ChoiceField(
        label="How?", widget=forms.RadioSelect, error_messages={"required": "Choose how you tried."}
    )
    note = _line("What came of it", 500)
    seen = forms.IntegerField(min_value=0, max_value=9_999, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: HeldPackage, tries: int) -> None:
        super().__init__(data, prefix="try", initial={"seen": tries})
        ways = [way for way in WAYS if held.sender_email or way[0] != Way.EMAIL]
        self.fields["way"].choices = ways  # type: ignore[attr-defined]


class EndForm(PortalForm):
    """What becomes of a package that nobody asks for."""

    state = forms.ChoiceField(
        label="What became of it?",
        choices=ENDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what became of it."},
    )
    reason = _line("Why", 500)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="end")
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = "Say why."


class HeldPhotosForm(PortalForm):
    """Photos of the label and of what is inside."""

    photos = PhotosField()
    caption = _line("What do they show?", 120)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        **field: Any,
    ) -> None:
        """`field`: what PhotosField takes, `most` and `gate`."""
        super().__init__(data, files)
        self.fields["photos"] = PhotosField(**field)
