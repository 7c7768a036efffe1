"""What an administrator enters about somebody who works here."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.forms import LONGEST_ADDRESS, NO_ADDRESS
from accounts.roles import Role
from returns.components import ChoiceText
from returns.forms.lines import LineField
from returns.forms.portal import NO_NAME
from returns.models import Storefront

ROLE_TEXTS = (
    (Role.SUPPORT, "Support", "Decides, receives, inspects and settles at the storefronts ticked below."),
    (Role.MANAGER, "Manager", "The same, and reads reports, keeps their settings, agrees to large settlements."),
    (Role.ADMINISTRATOR, "Administrator", "This page alone: no return, no money, no storefront."),
)


class PersonForm(forms.Form):
    """Name, role and storefronts."""

    name = LineField(
        label="Name",
        max_length=150,
        help_text="As colleagues see it, for example Renee Okafor.",
        widget=forms.TextInput(attrs={"class": "w-medium", "autocomplete": "off"}),
        error_messages={"required": "Enter their name."},
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, ChoiceText(word, hint=hint)) for role, word, hint in ROLE_TEXTS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose one of these roles."},
    )
    storefronts = forms.MultipleChoiceField(
        label="Storefronts",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="For support and managers.",
        error_messages={"invalid_choice": "Choose among these storefronts."},
    )

    def __init__(self, *args: Any, shops: Sequence[Storefront], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shops, self.label_suffix = shops, ""
        self.fields["storefronts"].choices = [(shop.slug, shop.name) for shop in shops]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """On one line, with single spaces, and nothing that a mail program would turn into a link."""
        name = " ".join(self.cleaned_data["name"].split())
        if NO_NAME.search(name):
            raise forms.ValidationError("Enter a name, without web addresses or invisible signs.")
        return name

    @property
    def wanted_role(self) -> Role:
        """The role that was chosen."""
        return Role(self.cleaned_data["role"])

    @property
    def wanted_shops(self) -> list[Storefront]:
        """The storefronts that were ticked."""
        return [shop for shop in self.shops if shop.slug in self.cleaned_data["storefronts"]]


class InvitationForm(PersonForm):
    """The same for somebody new, with the address they will sign in with."""

    email = forms.EmailField(
        label="Email",
        max_length=LONGEST_ADDRESS,
        help_text="They sign in with it. The invitation goes there.",
        widget=forms.EmailInput(attrs={"class": "w-medium", "autocomplete": "off"}),
        error_messages={"required": "Enter their email address.", "invalid": NO_ADDRESS},
    )
    field_order = ("name", "email", "role", "storefronts")

    def clean_email(self) -> str:
        """In small letters, as everybody's is kept."""
        return str(self.cleaned_data["email"]).lower()
