"""A license as the customer shows it, and customer care's refusal."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from returns.forms.photos import PhotosField
from returns.forms.portal import PortalForm
from returns.licensing import types_above
from returns.models import CustomerAccount
from returns.wording.accounts import type_word
from returns.wording.phrases import capital


class LicenseForm(PortalForm):
    """What the account is to become, asked only where there is a choice, and photos of the license."""

    wanted_type = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        account: CustomerAccount,
        **field: Any,
    ) -> None:
        """`field`: what PhotosField takes, such as `gate`."""
        super().__init__(data, files)
        self.types = types_above(account)
        wanted: Any = self.fields["wanted_type"]
        wanted.label = _("What kind of account should it become?")
        wanted.choices = [(each, capital(type_word(each))) for each in self.types]
        wanted.error_messages["required"] = _("Choose one.")
        wanted.error_messages["invalid_choice"] = _("Choose one of these.")
        if len(self.types) == 1:
            del self.fields["wanted_type"]
        self.fields["photos"] = PhotosField(label=_("Photos of the license"), **field)

    @property
    def wanted(self) -> str:
        """The type of a valid form."""
        return str(self.cleaned_data.get("wanted_type") or self.types[0])


class LicenseRefusalForm(PortalForm):
    """Why the account stays as it is."""

    text = forms.CharField(
        label="What the customer reads",
        max_length=500,
        help_text="What is missing, and what would help.",
        error_messages={"required": "Write why, and what would help."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
