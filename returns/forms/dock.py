"""What staff count at the dock."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from returns.forms.lines import LineField
from returns.models import HeldPackage, Package, ReturnLine, ReturnRequest
from returns.services.receiving import MOST_UNITS, OVER_FIELD, Noted, over_sentence, still_expected


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
