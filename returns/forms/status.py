"""What customers enter after they have sent a request: an answer, a message, the tracking number, why they withdraw."""

import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.components import ChoiceText
from returns.differences import Answer
from returns.forms.lines import LineField
from returns.forms.photos import PhotosField
from returns.forms.portal import LONGEST_MESSAGE, PortalForm
from returns.services.photos import MOST_PHOTOS
from returns.wording.differences import Offer

Files = MultiValueDict[str, Any]


def _too_long() -> str:
    return _("At most %(count)s characters; shorten it a little.") % {"count": f"{LONGEST_MESSAGE:,}"}


def _text(label: str, *, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_MESSAGE,
        required=False,
        error_messages={"max_length": _too_long()},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class WritingForm(PortalForm):
    """Some text, some photos, or both; the photos only while the request takes any."""

    missing = ""

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Files | None = None,
        *,
        photos_left: int = MOST_PHOTOS,
        takes_photos: bool = True,
        initial: dict[str, Any] | None = None,
        **field: Any,
    ) -> None:
        """`field`: what PhotosField takes, such as `gate`."""
        super().__init__(data, files, initial=initial)
        if takes_photos and (photos_left or files):
            self.fields["photos"] = PhotosField(required=False, most=photos_left, **field)

    def clean(self) -> dict[str, Any]:
        """There is something to send. ValidationError beside the text where there is nothing."""
        data = super().clean() or {}
        if not data.get("body") and not data.get("photos") and not self.errors:
            self.add_error("body", _(self.missing))
        return data


class AnswerForm(WritingForm):
    """The customer's answer to what staff asked (PRO-29)."""

    missing = N_("Write your answer.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["body"] = _text(_("Your answer"), rows=4)
        self.order_fields(["body", "photos"])


class MessageForm(WritingForm):
    """A message to the people who work on the return. One nonce, one message."""

    missing = N_("Write something first.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"nonce": uuid.uuid4()}, **options})
        self.fields["body"] = _text(_("Write to us"), rows=3)
        self.fields["nonce"] = forms.UUIDField(widget=forms.HiddenInput)
        self.order_fields(["body", "photos", "nonce"])


class DifferenceForm(PortalForm):
    """One of the answers to what was found; a reason where the customer sees it otherwise."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        offers: Sequence[tuple[Answer, Offer]],
        seen: Mapping[Answer, Decimal] | None = None,
    ) -> None:
        sums = {f"seen_{answer.value}": total for answer, total in (seen or {}).items()}
        super().__init__(data, initial=sums)
        for name in SEEN.values():
            self.fields[name] = forms.DecimalField(required=False, widget=forms.HiddenInput)
        self.fields["answer"] = forms.ChoiceField(
            label=_("What shall we do?"),
            choices=[(answer.value, ChoiceText(offer.label, hint=offer.consequence)) for answer, offer in offers],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose one of the answers."), "invalid_choice": _("Choose one of these.")},
        )
        self.fields["text"] = _text(_("What do you see otherwise?"), rows=3)
        self.fields["text"].help_text = _("Needed only if you don't agree.")

    def clean(self) -> dict[str, Any]:
        """Who doesn't agree says why. ValidationError beside the text otherwise."""
        data = super().clean() or {}
        if data.get("answer") == Answer.DISAGREE and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("Tell us what you see otherwise."))
        return data

    @property
    def seen(self) -> dict[Answer, Decimal] | None:
        """What each answer came to on the page that was sent; None where it doesn't say."""
        return sums_seen(self.cleaned_data)


SEEN = {answer: f"seen_{answer.value}" for answer in (Answer.ACCEPT, Answer.SEND_BACK)}
"""The hidden fields with what each answer came to on the page."""


def sums_seen(data: Mapping[str, Any]) -> dict[Answer, Decimal] | None:
    """What each answer came to on the page that was sent; None where it doesn't say."""
    told = {answer: data[name] for answer, name in SEEN.items() if data.get(name) is not None}
    return told or None


class WithdrawForm(PortalForm):
    """Why the return is withdrawn, if the customer wants to say so (RES-39)."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["reason"] = _text(_("Do you want to tell us why?"), rows=3)


class ShippedForm(PortalForm):
    """The package is on its way; nothing here is needed (LPS-20)."""

    def __init__(
        self, data: QueryDict | None = None, *, carriers: Sequence[str], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        said = (initial or {}).get("carrier", "")
        named = [(name, name) for name in dict.fromkeys([*carriers, *([said] if said not in {"", "Other"} else [])])]
        self.fields["carrier"] = forms.ChoiceField(
            label=_("Shipped with"),
            required=False,
            choices=[("", _("Choose…")), *named, ("Other", _("Another one"))],
        )
        self.fields["tracking_number"] = LineField(
            label=_("Tracking number"),
            max_length=80,
            required=False,
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
            ),
        )

    def clean_tracking_number(self) -> str:
        """Without spaces and dashes, in capitals. ValidationError where it has other signs than letters and digits."""
        number = re.sub(r"[\s-]", "", str(self.cleaned_data["tracking_number"])).upper()
        if number and not re.fullmatch(r"[A-Z0-9]+", number):
            raise forms.ValidationError(_("A tracking number has letters and digits only."), code="invalid")
        return number
