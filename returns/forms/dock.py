"""What staff count at the dock and find at the inspection."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from returns.domain.facts import Condition, Disposition, Reason
from returns.domain.policy import PolicyTerms
from returns.domain.usage import Measure, Measurement, counted_percent, from_data
from returns.forms.fields import ExpirationField
from returns.forms.lines import LineField
from returns.forms.overrides import OverrideFields, resolution_choices
from returns.forms.per_line import PerLine
from returns.models import HeldPackage, Package, ReturnLine, ReturnRequest
from returns.services.inspection import Finding
from returns.services.receiving import MOST_UNITS, OVER_FIELD, Noted, over_sentence, still_expected
from returns.wording.desk import DISPOSITION_WORDS

COMPLETE, INCOMPLETE = "complete", "incomplete"
CONDITIONS = [(Condition.UNOPENED.value, "Unopened"), (Condition.OPENED.value, "Opened")]
COMPLETENESS = [(COMPLETE, "Complete"), (INCOMPLETE, "Not complete")]
DISPOSITIONS = [(where.value, words) for where, words in DISPOSITION_WORDS.items()]
WEIGHT, VOLUME = ("weight", "Weight", "g"), ("volume", "Volume", "ml")
PARTS = ("full", "empty", "now")


class ReceiveForm(forms.Form):
    """One package: how many units of each line are in it, which of them are damaged, and what else is in it.

    `another` is a further package of the same return. `nonce` names it, so that the same form sent twice counts once.
    """

    use_required_attribute = False

    carrier = LineField(label="Shipping service", max_length=60, required=False)
    tracking_number = LineField(label="Tracking number", max_length=80, required=False)
    other_items = LineField(
        label="What else is in it",
        max_length=500,
        required=False,
        help_text="Products nobody asked to return, or a wrong one in place of the right one.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    refused = forms.ChoiceField(
        label="How it came",
        choices=[
            ("", "The customer sent it"),
            (Package.REFUSED, "Refused at the door"),
            (Package.REFUSED_DAMAGED, "Refused, damaged"),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
    over_is_right = forms.BooleanField(label="More came than was authorized, and I counted again", required=False)
    held = forms.UUIDField(required=False, widget=forms.HiddenInput)
    nonce = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        request: ReturnRequest,
        lines: Sequence[ReturnLine],
        another: bool = False,
        held: HeldPackage | None = None,
    ) -> None:
        super().__init__(data, initial=_label_of(request, held, another=another))
        self.lines, self.another = lines, another
        self.fields["nonce"].required = another
        if request.policy_version.parsed().refused_packages is None:
            del self.fields["refused"]  # no charge hangs on it (RES-46)
        for line in lines:
            self.fields[count_name(line)] = forms.IntegerField(
                label=line.order_line.title,
                min_value=0,
                max_value=MOST_UNITS,
                initial=still_expected(line),
                help_text=_expected_words(line),
                error_messages={"required": "Count it; enter 0 if it isn't in the package."},
            )
            self.fields[damaged_name(line)] = forms.IntegerField(
                label=f"Damaged on the way: {line.order_line.title}",
                min_value=0,
                max_value=MOST_UNITS,
                required=False,
                widget=forms.NumberInput(attrs={"class": "w-tiny", "inputmode": "numeric"}),
            )
        if lines and not self.is_bound:
            # After the scan one Enter receives what was expected. A second scan lands in this field and is no count.
            self.fields[count_name(lines[0])].widget.attrs["autofocus"] = True

    @property
    def counted(self) -> Iterator[forms.BoundField]:
        """The counts of the lines."""
        return (self[count_name(line)] for line in self.lines)

    @property
    def damage(self) -> Iterator[forms.BoundField]:
        """Which of the counted units are damaged."""
        return (self[damaged_name(line)] for line in self.lines)

    @property
    def is_over(self) -> bool:
        """Whether more was counted than is expected: then it is asked whether that is right."""
        if not self.is_bound:
            return False
        counts = ((line, self.cleaned_data.get(count_name(line)) or 0) for line in self.lines)
        return OVER_FIELD in self.errors or any(self._is_over(line, count) for line, count in counts)

    def _is_over(self, line: ReturnLine, count: int) -> bool:
        # Sent again after it was received, the first form isn't about what is missing since.
        return count > still_expected(line) and (self.another or line.received_quantity is None)

    def clean(self) -> dict[str, Any]:
        """No more is damaged than is here, and more than was authorized is confirmed."""
        data = super().clean() or {}
        for line in self.lines:
            here, damaged = data.get(count_name(line)), data.get(damaged_name(line)) or 0
            if here is not None and damaged > here:
                self.add_error(damaged_name(line), f"At most {here} can be damaged: that many are in the package.")
            if here is not None and self._is_over(line, here) and not data.get("over_is_right"):
                self.add_error(OVER_FIELD, over_sentence(line, here))
        return data

    @property
    def counts(self) -> Mapping[int, int]:
        """Line position → units, once the form is valid."""
        return {line.position: self.cleaned_data[count_name(line)] for line in self.lines}

    @property
    def noted(self) -> Noted:
        """What the service takes beside the counts, once the form is valid."""
        data = self.cleaned_data
        return {
            "carrier": data["carrier"],
            "tracking_number": data["tracking_number"],
            "damaged": {line.position: data[damaged_name(line)] or 0 for line in self.lines},
            "other_items": data["other_items"],
            "over_is_right": data["over_is_right"],
            "held_id": data["held"],
            "refused": data.get("refused", ""),
        }


def _label_of(request: ReturnRequest, held: HeldPackage | None, *, another: bool) -> dict[str, Any]:
    """What the label says as far as it is known: a further package has another number than the first one."""
    known: dict[str, Any] = {"nonce": uuid.uuid4() if another else None}
    if held is not None:
        return known | {"held": held.public_id, "carrier": held.carrier, "tracking_number": held.tracking_number}
    if another:
        return known
    return known | {"carrier": request.carrier, "tracking_number": request.tracking_number}


def _expected_words(line: ReturnLine) -> str:
    """`2 authorized`, and for a further package `1 of 2 came before`."""
    if line.received_quantity is None:
        return f"{line.authorized_quantity} authorized"
    return f"{line.received_quantity} of {line.authorized_quantity} came before"


def count_name(line: ReturnLine) -> str:
    """The name of a line's count; the services use the same one to say what is wrong."""
    return f"line-{line.position}"


def damaged_name(line: ReturnLine) -> str:
    """The name of the field for a line's damaged units; the services use it, too."""
    return f"damaged-{line.position}"


class FindingForm(OverrideFields):
    """One line: what it turned out to be, what becomes of it, and where needed a decision against the policy."""

    accepted = forms.IntegerField(label="Units accepted", min_value=0)
    condition = forms.ChoiceField(label="Found", choices=CONDITIONS, widget=forms.RadioSelect)
    complete = forms.ChoiceField(label="Packaging and content", choices=COMPLETENESS, widget=forms.RadioSelect)
    expires_on = ExpirationField(
        label="Expiration date on the product",
        required=False,
        help_text="As printed, for example 08/2028 or 08/31/2028.",
    )
    disposition = forms.ChoiceField(label="Goods go to", choices=DISPOSITIONS, widget=forms.RadioSelect)
    otherwise = forms.BooleanField(label="Decide otherwise than the policy", required=False)

    def __init__(self, data: QueryDict | None = None, *, line: ReturnLine, terms: PolicyTerms) -> None:
        self.line = line
        self.most = min(line.received_quantity or 0, line.authorized_quantity or 0)
        super().__init__(data, prefix=f"line-{line.position}", initial=starting_from(line, self.most))
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
        if data.get("otherwise"):
            data["override"] = self.clean_override(data)
        return data

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
        )


def _impossible(what: Measure, measured: Measurement) -> tuple[str, str]:
    """The field to correct, and why nothing can be told by these figures."""
    name = what.value.capitalize()
    full, empty, now = (f"{_plain(each)} {what.unit}" for each in (measured.full, measured.empty, measured.now))
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
        f"{what.value}_{part}": _plain(getattr(one, part))
        for what, one in from_data(line.found_measures).items()
        for part in PARTS
    }
    return {
        **as_declared(line, line.accepted_quantity or 0),
        "condition": line.found_condition,
        "complete": COMPLETE if line.found_resalable else INCOMPLETE,
        "expires_on": line.found_expires_on,
        "disposition": line.disposition,
        **measured,
    }


def as_declared(line: ReturnLine, most: int) -> dict[str, Any]:
    """What the form starts from: the line as the customer declared it, and the weights of the catalogue."""
    product = line.order_line.product
    return {
        "accepted": most,
        "condition": line.condition,
        "complete": COMPLETE if line.resalable else INCOMPLETE,
        "disposition": suggested_disposition(line),
        "weight_full": _plain(product.full_weight) if product else "",
        "weight_empty": _plain(product.empty_weight) if product else "",
        "volume_empty": "0",
    }


def _plain(weight: Decimal | None) -> str:
    """`214`, `190.8`: without the zeros of the database."""
    return "" if weight is None else f"{weight.normalize():f}"


def suggested_disposition(line: ReturnLine) -> str:
    """Where goods like these usually go; staff are free to send them elsewhere."""
    if Reason(line.reason).is_merchant_fault:
        return Disposition.QUARANTINE.value
    return (Disposition.SCRAP if line.condition == Condition.OPENED.value else Disposition.RESTOCK).value


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

    @property
    def findings(self) -> list[Finding]:
        """The findings, once all forms are valid."""
        return [form.finding for form in self.forms]
