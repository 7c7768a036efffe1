"""Saying that a package never came: where it was looked for, and which products are missing (CON-12, RES-29)."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from returns.domain.facts import Reason
from returns.domain.settlement import Quote
from returns.enquiries import Enquiry
from returns.forms.fields import read_or_none, read_units
from returns.forms.order_lines import CHOSEN, QUANTITY, OrderLinesForm
from returns.quoting import Asked
from returns.wording.missing import check_choices


class MissingForm(OrderLinesForm):
    """The whole order is missing unless the customer takes a line off. ``anyway``: the policy sends them elsewhere.

    ``named`` are the lines and units that a link says are missing.
    """

    all_at_first = True

    checks = forms.MultipleChoiceField(
        label=gettext_lazy("Where have you looked?"),
        help_text=gettext_lazy("Most packages turn up in one of these places. Tick the ones you looked at."),
        choices=check_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Look in at least one of these places first, and tick it.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        enquiry: Enquiry,
        anyway: bool = False,
        named: Mapping[str, str] | None = None,
    ) -> None:
        self.enquiry, self.anyway = enquiry, anyway
        super().__init__(data, lines=enquiry.lines)
        self._tick(named or {})

    def _tick(self, named: Mapping[str, str]) -> None:
        lines = [line for line in self.lines if f"{CHOSEN}{line.public_id}" in named]
        for line in self.lines if lines else ():
            units = read_or_none(partial(read_units, most=line.available), named.get(f"{QUANTITY}{line.public_id}", ""))
            self.initial[f"{CHOSEN}{line.public_id}"] = line in lines
            self.initial[f"{QUANTITY}{line.public_id}"] = str(units or line.available)

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The missing products: a person's case, whatever they are."""
        return tuple(
            replace(self.enquiry.usual(line), quantity=units, reason=Reason.NOT_RECEIVED, ask_anyway=self.anyway)
            for line, units in self.chosen()
        )

    @cached_property
    def quote(self) -> Quote:
        """The answer: nothing to send back, and no promise."""
        return self.enquiry.quote(self.asked)
