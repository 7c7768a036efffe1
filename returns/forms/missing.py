"""Saying that a package never came: where it was looked for, and which products are missing (CON-12, RES-29)."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from returns.domain.facts import Reason
from returns.domain.settlement import Quote
from returns.enquiries import Enquiry
from returns.forms.order_lines import OrderLinesForm
from returns.quoting import Asked
from returns.wording.missing import check_choices


class MissingForm(OrderLinesForm):
    """The whole order is missing unless the customer takes a line off. ``anyway``: the policy sends them elsewhere."""

    all_at_first = True

    checks = forms.MultipleChoiceField(
        label=gettext_lazy("Where have you looked?"),
        help_text=gettext_lazy("Most packages turn up in one of these places. Tick the ones you looked at."),
        choices=check_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Look in at least one of these places first, and tick it.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, enquiry: Enquiry, anyway: bool = False) -> None:
        self.enquiry, self.anyway = enquiry, anyway
        super().__init__(data, lines=enquiry.lines)

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
