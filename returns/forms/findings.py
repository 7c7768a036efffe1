"""What staff find at the inspection: how each line is, how much of it is used, and where its goods go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict

from returns.domain.dispositions import Because, State, Suggestion, suggested
from returns.domain.facts import Condition, Disposition, Reason
from returns.domain.policy import PolicyTerms
from returns.domain.usage import Measure, Measurement, counted_percent, from_data
from returns.forms.fields import ExpirationField
from returns.forms.overrides import OverrideFields, resolution_choices
from returns.forms.per_line import PerLine
from returns.models import ReturnLine, ReturnRequest
from returns.services.errors import CountsChanged
from returns.services.inspection import Finding
from returns.wording.desk import DISPOSITION_WORDS
from returns.wording.phrases import figure, percent

COMPLETE, INCOMPLETE = "complete", "incomplete"
CONDITIONS = [(Condition.UNOPENED.value, "Unopened"), (Condition.OPENED.value, "Opened")]
COMPLETENESS = [(COMPLETE, "Complete"), (INCOMPLETE, "Not complete")]
DISPOSITIONS = [(where.value, words) for where, words in DISPOSITION_WORDS.items()]
BECAUSE_WORDS: Mapping[Because, str] = {
    Because.AS_NEW: "",
    Because.CLAIM: "Suggested: kept as proof of the claim.",
    Because.NOT_AS_TOLD: "Suggested: kept until the customer has answered.",
    Because.OPENED: "Suggested, because it's opened.",
    Because.INCOMPLETE: "Suggested, because it isn't complete.",
}
LOOK_AGAIN = "Suggested for what you found now. Keep it or choose another, then save again."
LOOK_AT_ALL = "Look at all of them, then save again."
WEIGHT, VOLUME = ("weight", "Weight", "g"), ("volume", "Volume", "ml")
PARTS = ("full", "empty", "now")


class FindingForm(OverrideFields):
    """One line: what it turned out to be, what becomes of it, and where needed a decision against the policy."""

    counted = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    accepted = forms.IntegerField(label="Units accepted", min_value=0)
    condition = forms.ChoiceField(label="Found", choices=CONDITIONS, widget=forms.RadioSelect)
    complete = forms.ChoiceField(label="Packaging and content", choices=COMPLETENESS, widget=forms.RadioSelect)
    expires_on = ExpirationField(
        label="Expiration date on the product",
        required=False,
        help_text="As printed, for example 08/2028 or 08/31/2028.",
    )
    disposition = forms.ChoiceField(label="Goods go to", choices=DISPOSITIONS, widget=forms.RadioSelect)
    suggested = forms.ChoiceField(choices=DISPOSITIONS, required=False, widget=forms.HiddenInput)
    otherwise = forms.BooleanField(label="Decide otherwise than the policy", required=False)

    def __init__(self, data: QueryDict | None = None, *, line: ReturnLine, terms: PolicyTerms) -> None:
        self.line, self.has_moved = line, False
        self.most = min(line.received_quantity or 0, line.authorized_quantity or 0)
        super().__init__(data, prefix=f"line-{line.position}", initial=starting_from(line, self.most))
        if data is not None:
            self.data = self._with_start(data)
            self.data = self._following(self.data)
        self.fields["accepted"].widget.attrs.update(max=self.most, inputmode="numeric")
        self.fields["resolution"].choices = resolution_choices(terms, nothing=True)  # type: ignore[attr-defined]
        self.measures = [WEIGHT, VOLUME] if terms.opened.share_percent is not None else []
        for what, label, unit in self.measures:
            for part in PARTS:
                self.fields[f"{what}_{part}"] = _measure_field(f"{label} {part}, {unit}")
        if not any(tier.min_shelf_months for tier in terms.tiers):
            del self.fields["expires_on"]

    @property
    def worksheet(self) -> Iterator[tuple[str, str, list[forms.BoundField]]]:
        """The rows of the worksheet: what is measured, its unit, and the fields for full, empty and now."""
        for what, label, unit in self.measures:
            yield label, unit, [self[f"{what}_{part}"] for part in PARTS]

    def _with_start(self, data: QueryDict) -> QueryDict:
        """What was sent; a line that wasn't on the page, because nothing of it was here yet, starts as declared."""
        fields = [name for name in data if name.startswith("line-")]
        if not fields or any(name.startswith(self.add_prefix("")) for name in fields):
            return data
        started = data.copy()
        for name, value in {**self.initial, "counted": 0}.items():
            started[self.add_prefix(name)] = str(value)
        return started

    def show_count(self) -> None:
        """Say that more is here than the page showed, and how much; saved again, it is of all of it."""
        self.add_error("accepted", f"Another package came, with it here: {self.line.received_quantity}. {LOOK_AT_ALL}")
        counted = cast("QueryDict", self.data).copy()
        counted[self.add_prefix("counted")] = str(self.line.received_quantity)
        self.data = counted

    def _following(self, data: QueryDict) -> QueryDict:
        """What was sent; a disposition nobody chose, that was suggested for another finding, follows the one of now."""
        offered, chosen = (data.get(self.add_prefix(name), "") for name in ("suggested", "disposition"))
        now = self.suggestion.disposition.value
        if not offered or offered == now:
            return data
        following = data.copy()
        following[self.add_prefix("suggested")] = now
        if chosen == offered:
            self.has_moved = True
            following[self.add_prefix("disposition")] = now
        return following

    @property
    def suggestion(self) -> Suggestion:
        """Where goods like these usually go, by what is entered so far."""
        line, is_complete = self.line, self["complete"].value() == COMPLETE
        found = as_state(self["condition"].value(), is_complete=is_complete)
        return suggested(Reason(line.reason), as_state(line.condition, is_complete=line.resalable), found)

    @property
    def suggestion_words(self) -> str:
        """Why the goods go where they go, while that is what was suggested."""
        is_suggested = self["disposition"].value() == self.suggestion.disposition.value
        return BECAUSE_WORDS[self.suggestion.because] if is_suggested else ""

    def ask_to_look(self) -> bool:
        """Whether the goods would go elsewhere than the page showed when it was sent; then it says so."""
        if self.has_moved:
            self.add_error("disposition", LOOK_AGAIN)
        return self.has_moved

    @property
    def restocks_opened(self) -> bool:
        """Whether opened goods would go back to the shelf. Staff may; they are told before they save it."""
        found, goes_to = self["condition"].value(), self["disposition"].value()
        return (found, goes_to) == (Condition.OPENED.value, Disposition.RESTOCK.value)

    @property
    def impossible(self) -> list[str]:
        """What can't be about the measurements typed so far; nothing before anything is typed."""
        fields = (f"{what}_{part}" for what, _, _ in self.measures for part in PARTS)
        return [str(error) for name in fields for error in self.errors.get(name, [])]

    def clean(self) -> dict[str, Any]:
        """The used percentage is computed here, and an override asked for is complete."""
        data = super().clean() or {}
        if data.get("accepted") is not None and data["accepted"] > self.most:
            self.add_error("accepted", f"At most {self.most} can be accepted.")
        rows = {Measure(what): self._measurement(data, what) for what, _, _ in self.measures}
        data["measured"] = {what: row for what, row in rows.items() if row is not None}
        data["used_percent"] = counted_percent(data["measured"].values())
        self._refuse_used_unopened(data)
        if data.get("otherwise"):
            data["override"] = self.clean_override(data)
        return data

    def _refuse_used_unopened(self, data: Mapping[str, Any]) -> None:
        """What is measured as used can't be unopened too: the one would be paid in full, the other by half or not."""
        if data.get("condition") != Condition.UNOPENED.value:
            return
        for what, row in data["measured"].items():
            if row.used_percent > 0:
                used = percent(row.used_percent)
                self.add_error(f"{what}_now", f"{used} used, and found unopened. Choose Opened, or leave “Now” empty.")

    def _measurement(self, data: Mapping[str, Any], what: str) -> Measurement | None:
        full, empty, now = (data.get(f"{what}_{part}") for part in PARTS)
        if now is None:
            return None
        if full is None or empty is None:
            self.add_error(f"{what}_now", "Enter what it is when full and when empty too.")
            return None
        measured = Measurement(full, empty, now)
        if not measured.is_possible:
            self.add_error(*_impossible(Measure(what), measured))
            return None
        return measured

    @property
    def finding(self) -> Finding:
        """The finding as the service takes it, once the form is valid."""
        data = self.cleaned_data
        return Finding(
            position=self.line.position,
            accepted_quantity=data["accepted"],
            condition=Condition(data["condition"]),
            resalable=data["complete"] == COMPLETE,
            disposition=Disposition(data["disposition"]),
            used_percent=data["used_percent"],
            expires_on=data.get("expires_on"),
            override=data.get("override"),
            measured=data["measured"],
            counted=data["counted"],
        )


def _impossible(what: Measure, measured: Measurement) -> tuple[str, str]:
    """The field to correct, and why nothing can be told by these figures."""
    name = what.value.capitalize()
    full, empty, now = (f"{figure(each)} {what.unit}" for each in (measured.full, measured.empty, measured.now))
    if measured.full <= measured.empty:
        return f"{what}_full", f"{name}: {full} when full must be more than {empty} when empty."
    if measured.now > measured.full:
        return f"{what}_now", f"{name}: {now} now is more than {full} when full."
    return f"{what}_now", f"{name}: {now} now is less than {empty} when empty."


def _measure_field(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=8,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )


def starting_from(line: ReturnLine, most: int) -> dict[str, Any]:
    """The line as the customer declared it, or for a second inspection as it was found first."""
    return as_found(line) if line.found_condition else as_declared(line, most)


def as_found(line: ReturnLine) -> dict[str, Any]:
    """What was found first, with the measurements: whoever looks again changes what they see otherwise."""
    measured = {
        f"{what.value}_{part}": figure(getattr(one, part))
        for what, one in from_data(line.found_measures).items()
        for part in PARTS
    }
    return {
        **as_declared(line, line.accepted_quantity or 0),
        "condition": line.found_condition,
        "complete": COMPLETE if line.found_resalable else INCOMPLETE,
        "expires_on": line.found_expires_on,
        "disposition": line.disposition,
        "suggested": suggested_for(line, as_state(line.found_condition, is_complete=bool(line.found_resalable))),
        **measured,
    }


def as_declared(line: ReturnLine, most: int) -> dict[str, Any]:
    """What the form starts from: the line as the customer declared it, and the weights of the catalogue."""
    product = line.order_line.product
    usual = suggested_for(line, as_state(line.condition, is_complete=line.resalable))
    return {
        "counted": line.received_quantity,
        "accepted": most,
        "condition": line.condition,
        "complete": COMPLETE if line.resalable else INCOMPLETE,
        "disposition": usual,
        "suggested": usual,
        "weight_full": figure(product.full_weight) if product else "",
        "weight_empty": figure(product.empty_weight) if product else "",
        "volume_empty": "0",
    }


def as_state(condition: object, *, is_complete: bool) -> State:
    """How goods are; what isn't known to be opened is unopened."""
    found = Condition.OPENED if condition == Condition.OPENED.value else Condition.UNOPENED
    return State(found, is_complete=is_complete)


def suggested_for(line: ReturnLine, found: State) -> str:
    """Where the goods of a line go that are found like this, beside what was told of them."""
    told = as_state(line.condition, is_complete=line.resalable)
    return suggested(Reason(line.reason), told, found).disposition.value


@dataclass(frozen=True, slots=True)
class FindingForms(PerLine[FindingForm]):
    """The forms of all received lines, in their order."""

    @classmethod
    def of(cls, request: ReturnRequest, lines: Sequence[ReturnLine], data: QueryDict | None = None) -> "FindingForms":
        """One form for each line that was received."""
        terms = request.policy_version.parsed()
        return cls(
            tuple(FindingForm(data, line=line, terms=terms) for line in lines if line.received_quantity is not None)
        )

    def ask_to_look(self) -> bool:
        """Whether goods of a line would go elsewhere than the page showed; every such line says so."""
        return sum(form.ask_to_look() for form in self.forms) > 0

    def show_counts(self, changed: CountsChanged) -> None:
        """Say beside each line concerned that more is here than the page showed."""
        for form in self.forms:
            if form.line.position in changed.lines and form.is_bound:
                form.show_count()

    @property
    def findings(self) -> list[Finding]:
        """The findings, once all forms are valid."""
        return [form.finding for form in self.forms]
