"""What staff decide, ask, note and write about a whole request."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from returns.differences import Answer
from returns.forms.lines import LineField
from returns.forms.status import SEEN, sums_seen
from returns.forms.sums import SumsSeenForm
from returns.services.authorization import REJECTION_REASONS
from returns.wording.phrases import money
from returns.wording.rejections import rejection_sentence

REASONS = [("", "Choose a reason"), *REJECTION_REASONS.items()]
LONGEST_REASON = 500


WITHOUT_A_FACT = frozenset({"discretion"})
"""Reasons whose own sentence tells the customer nothing: staff write what it was."""


def customers_words(reason: str, written: str, verdict_sentence: str = "") -> str:
    """What the customer reads; empty where staff have to write it."""
    return written.strip() if reason in WITHOUT_A_FACT else rejection_sentence(reason, written, verdict_sentence)


class RejectForm(forms.Form):
    """Reject the whole request."""

    reason = forms.ChoiceField(
        label="Reason", choices=REASONS, error_messages={"required": "Choose a reason; the report counts them."}
    )
    text = forms.CharField(
        label="What the customer reads",
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Empty: a sentence that fits the reason.",
    )

    def clean(self) -> dict[str, Any]:
        """There is always a sentence for the customer."""
        data = super().clean() or {}
        if data.get("reason"):
            data["text"] = customers_words(data["reason"], data.get("text", ""))
            if not data["text"]:
                self.add_error("text", "Write the reason the customer reads.")
        return data


class RedirectForm(forms.Form):
    """Send the customer to the seller."""

    text = forms.CharField(
        label="Anything to add",
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The email names the seller where the order does.",
    )


class AskForm(forms.Form):
    """Ask the customer for something."""

    question = forms.CharField(
        label="What do you need to know?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="They answer on the status page, with photos if you ask for some.",
        error_messages={"required": "Write what you need to know."},
    )


class AnswerForm(forms.Form):
    """What the customer answered by phone or mail, entered by staff."""

    body = forms.CharField(
        label="What the customer said",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The customer sees it on the status page, as a message of ours.",
        error_messages={"required": "Write what the customer said."},
    )


class ShippedForm(forms.Form):
    """The package is on its way."""

    carrier = LineField(label="Shipping service", max_length=60, required=False)
    tracking_number = LineField(label="Tracking number", max_length=80, required=False)


class DifferenceNoteForm(forms.Form):
    """What staff add to the mail about the difference."""

    note = forms.CharField(
        label="Anything to add",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In the email and on the status page. What was found, the sums and the answers are there anyway.",
    )


ANSWERS = [
    (Answer.ACCEPT, "Takes what we found"),
    (Answer.SEND_BACK, "Wants what wasn't as told back"),
    (Answer.DISAGREE, "Doesn't agree"),
]


class DifferenceAnswerForm(forms.Form):
    """What the customer answered to the difference by phone or mail, entered by staff.

    `sums` is what each answer comes to now: it is shown, and goes with the answer as what was seen.
    """

    answer = forms.ChoiceField(
        label="The customer",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the customer said."},
    )
    text = forms.CharField(
        label="In their words",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed where they don't agree. They see it on the status page.",
    )
    seen_accept = forms.DecimalField(required=False, widget=forms.HiddenInput)
    seen_send_back = forms.DecimalField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, sums: Mapping[Answer, Decimal], currency: str) -> None:
        super().__init__(data, initial={SEEN[answer]: total for answer, total in sums.items()})
        # What can't be sent back has no sum, and isn't an answer.
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (answer.value, f"{label}: {money(sums[answer], currency)}" if answer in sums else label)
            for answer, label in ANSWERS
            if answer in sums or answer is Answer.DISAGREE
        ]

    def clean(self) -> dict[str, Any]:
        """Who doesn't agree has a reason."""
        data = super().clean() or {}
        if data.get("answer") == Answer.DISAGREE and not data.get("text"):
            self.add_error("text", "Write what they see otherwise.")
        return data

    @property
    def seen(self) -> dict[Answer, Decimal] | None:
        """What each answer came to on the page that was sent; None where it doesn't say."""
        return sums_seen(self.cleaned_data)


NOTE, MESSAGE = "note", "message"


class MessageForm(forms.Form):
    """An internal note, or a message to the customer. Internal is the default: what is meant for us stays with us."""

    kind = forms.ChoiceField(
        label="Who reads it",
        choices=[(NOTE, "Internal note"), (MESSAGE, "Message to customer")],
        widget=forms.RadioSelect,
        initial=NOTE,
    )
    body = forms.CharField(
        label="Text",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write something first."},
    )
    nonce = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def new(cls) -> "MessageForm":
        """An empty one; its nonce makes one message of it, however often it is sent."""
        return cls(initial={"kind": NOTE, "nonce": uuid.uuid4()})


class SettleForm(SumsSeenForm):
    """Confirm the sum on the page, with a message if wanted."""

    message = forms.CharField(
        label="Message to the customer",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="On their status page, before the return is completed. The completion email shows the sums.",
    )
