"""What staff decide about a request line by line, before the goods are here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from returns.domain.facts import Outcome, Resolution
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote
from returns.forms.decisions import LONGEST_REASON, REASONS, customers_words
from returns.forms.overrides import OverrideFields, resolution_choices
from returns.forms.per_line import PerLine
from returns.models import ReturnLine, ReturnRequest
from returns.services.authorization import Decision, needs_override
from returns.wording.verdicts import words_for

AUTHORIZE, REJECT, OVERRIDE = "authorize", "reject", "override"
CHOICES = [(AUTHORIZE, "Authorize"), (REJECT, "Reject"), (OVERRIDE, "Override")]


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
class DecisionForms(PerLine[LineDecisionForm]):
    """The forms of all lines of a request, in their order, and the one about all its goods."""

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

    @property
    def decisions(self) -> list[Decision]:
        """The decisions, once all forms are valid."""
        return [form.decision for form in self.forms]

    @property
    def asks_goods_back(self) -> bool:
        """Whether replaced goods shall come back; what isn't answered, or isn't an answer, asks for nothing."""
        return self.goods.is_valid() and self.goods.cleaned_data["goods"] == COME_BACK
