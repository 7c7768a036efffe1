"""What staff decide about a request before the goods are here: line by line, or for the whole of it."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from returns.differences import Answer
from returns.domain.facts import Outcome, Resolution
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote
from returns.forms.lines import LineField
from returns.models import ReturnLine, ReturnRequest
from returns.services.authorization import REJECTION_REASONS, Decision, needs_override
from returns.services.errors import Refused
from returns.services.overrides import OverrideAsked
from returns.wording.desk import RESOLUTION_WORDS
from returns.wording.rejections import rejection_sentence
from returns.wording.verdicts import words_for

AUTHORIZE, REJECT, OVERRIDE = "authorize", "reject", "override"
CHOICES = [(AUTHORIZE, "Authorize"), (REJECT, "Reject"), (OVERRIDE, "Override")]
REASONS = [("", "Choose a reason"), *REJECTION_REASONS.items()]
LONGEST_REASON = 500


WITHOUT_A_FACT = frozenset({"discretion"})
"""Reasons whose own sentence tells the customer nothing: staff write what it was."""


def customers_words(reason: str, written: str, verdict_sentence: str = "") -> str:
    """What the customer reads; empty where staff have to write it."""
    return written.strip() if reason in WITHOUT_A_FACT else rejection_sentence(reason, written, verdict_sentence)


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


class LineDecisionForm(OverrideFields):
    """One line: authorize some or all of it, reject it, or override the policy."""

    choice = forms.ChoiceField(
        label="Decision",
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose Authorize, Reject or Override."},
    )
    quantity = forms.IntegerField(label="Units", required=False, min_value=0)
    reason = forms.ChoiceField(label="Why not, or not all of them", choices=REASONS, required=False)
    text = forms.CharField(
        label="What the customer reads",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Empty: a sentence that fits the reason.",
    )

    field_order = ("choice", "quantity", "resolution", "percent", "why", "reason", "text")

    def __init__(
        self, data: QueryDict | None = None, *, line: ReturnLine, judged: LineQuote, terms: PolicyTerms
    ) -> None:
        self.line, self.judged = line, judged
        self.verdict_sentence = words_for(judged, terms).sentence
        super().__init__(data, prefix=f"line-{line.position}", initial=initial_decision(line, judged))
        self.most = line.requested_quantity
        choices = resolution_choices(terms)
        self.fields["resolution"].choices = choices  # type: ignore[attr-defined]
        if needs_override(judged):
            self._offer_no_authorize()
        self.fields["resolution"].initial = (judged.resolution or Resolution(choices[0][0])).value
        self.fields["quantity"].widget.attrs.update(max=self.most, inputmode="numeric")

    def _offer_no_authorize(self) -> None:
        """The policy doesn't give it: only a person's own decision does."""
        choice = self.fields["choice"]
        choice.choices = [pair for pair in CHOICES if pair[0] != AUTHORIZE]  # type: ignore[attr-defined]
        words = "The policy doesn't give this. To authorize it, choose Override and say why; else reject it."
        choice.error_messages |= {"required": "Choose Override or Reject.", "invalid_choice": words}

    def clean(self) -> dict[str, Any]:
        """What belongs to the choice has to be there; what doesn't is let go."""
        data = super().clean() or {}
        choice = data.get("choice")
        if choice == OVERRIDE:
            data["override"] = self.clean_override(data)
        if choice in {AUTHORIZE, OVERRIDE}:
            self._clean_quantity(data)
        if choice == REJECT:
            data["quantity"] = 0
        if choice and data.get("quantity") is not None and data["quantity"] < self.most:
            self._clean_reason(data)
        return data

    def _clean_quantity(self, data: dict[str, Any]) -> None:
        if "quantity" in self.errors:
            return
        if data.get("quantity") is None or not 1 <= data["quantity"] <= self.most:
            self.add_error("quantity", f"Enter a number from 1 to {self.most}." if self.most > 1 else "Enter 1.")

    def _clean_reason(self, data: dict[str, Any]) -> None:
        reason = data.get("reason", "")
        if not reason and "reason" not in self.errors:
            self.add_error("reason", "Choose why the rest isn't authorized.")
        data["text"] = customers_words(reason, data.get("text", ""), self.verdict_sentence)
        if reason and not data["text"]:
            self.add_error("text", "Write the reason the customer reads.")

    @property
    def decision(self) -> Decision:
        """The decision as the service takes it, once the form is valid."""
        data = self.cleaned_data
        refused = data["quantity"] < self.most
        return Decision(
            position=self.line.position,
            quantity=data["quantity"],
            rejection_reason=data["reason"] if refused else "",
            rejection_text=data["text"] if refused else "",
            override=data.get("override"),
        )


def initial_decision(line: ReturnLine, judged: LineQuote) -> dict[str, Any]:
    """What the policy suggests. A line that needs a person starts without a choice."""
    outcome = judged.verdict.outcome
    initial: dict[str, Any] = {"quantity": line.requested_quantity}
    if outcome is Outcome.ELIGIBLE:
        return {**initial, "choice": AUTHORIZE}
    if outcome is Outcome.NEEDS_REVIEW:
        return initial
    return {**initial, "choice": REJECT, "reason": "policy"}


STAY, COME_BACK = "stay", "come_back"


class GoodsForm(forms.Form):
    """Whether what came damaged or wrong has to come back once all of it is replaced."""

    goods = forms.ChoiceField(
        label="What is replaced",
        choices=[(STAY, "Nothing comes back"), (COME_BACK, "The customer sends it back")],
        widget=forms.RadioSelect,
        required=False,
        initial=STAY,
    )


@dataclass(frozen=True, slots=True)
class DecisionForms:
    """The forms of all lines of a request, in their order, and the one about all its goods."""

    forms: tuple[LineDecisionForm, ...]
    goods: GoodsForm

    @classmethod
    def of(cls, request: ReturnRequest, lines: Sequence[ReturnLine], data: QueryDict | None = None) -> "DecisionForms":
        """One form for each line, with the verdict it had at submission."""
        terms = request.policy_version.parsed()
        judged = request.submitted_quote.lines
        return cls(
            tuple(
                LineDecisionForm(data, line=line, judged=quoted, terms=terms)
                for line, quoted in zip(lines, judged, strict=True)
            ),
            GoodsForm(data if data and "goods" in data else None),
        )

    def __iter__(self) -> Iterator[LineDecisionForm]:
        return iter(self.forms)

    def is_valid(self) -> bool:
        """Whether every line is decided."""
        return all(form.is_valid() for form in self.forms)

    @property
    def decisions(self) -> list[Decision]:
        """The decisions, once all forms are valid."""
        return [form.decision for form in self.forms]

    @property
    def asks_goods_back(self) -> bool:
        """Whether replaced goods shall come back; what isn't answered, or isn't an answer, asks for nothing."""
        return self.goods.is_valid() and self.goods.cleaned_data["goods"] == COME_BACK

    def blame(self, refused: Refused) -> bool:
        """Put a service's no beside the line it is about; False where it is about the whole request."""
        for form in self.forms:
            if form.prefix == refused.field:
                form.add_error(None, refused.message)
                return True
        return False


class RejectForm(forms.Form):
    """Refuse the whole request."""

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
        help_text="The customer sees it on the status page, with your name.",
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
    (Answer.ACCEPT.value, "Takes what we found"),
    (Answer.SEND_BACK.value, "Wants what wasn't as told back"),
    (Answer.DISAGREE.value, "Doesn't agree"),
]


class DifferenceAnswerForm(forms.Form):
    """What the customer answered to the difference by phone or mail, entered by staff."""

    answer = forms.ChoiceField(
        label="The customer",
        choices=ANSWERS,
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

    def clean(self) -> dict[str, Any]:
        """Who doesn't agree has a reason."""
        data = super().clean() or {}
        if data.get("answer") == Answer.DISAGREE and not data.get("text"):
            self.add_error("text", "Write what they see otherwise.")
        return data


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


class SettleForm(forms.Form):
    """Confirm the sum on the page; another one by now is shown first."""

    expected_total = forms.DecimalField(max_digits=12, decimal_places=2, widget=forms.HiddenInput)
    message = forms.CharField(
        label="Message to the customer",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="On their status page, before the return is completed. The completion email shows the sums.",
    )
