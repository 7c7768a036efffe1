"""Which products of an order a report is about, and how many of each: a tick and a number for each line."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorList
from django.utils.translation import gettext as _

from returns.forms.fields import UnitsField, read_or_none, read_units
from returns.forms.portal import PortalForm
from returns.models import OrderLine

CHOSEN, QUANTITY = "chosen-", "quantity-"


def ticked(chosen: Iterable[tuple[OrderLine, int]]) -> dict[str, str]:
    """What such a form sends for these lines and units; units of the same line are added up."""
    units = Counter[OrderLine]()
    for line, quantity in chosen:
        units[line] += quantity
    return {f"{CHOSEN}{line.public_id}": "on" for line in units} | {
        f"{QUANTITY}{line.public_id}": str(quantity) for line, quantity in units.items()
    }


def forgive(form: forms.BaseForm, *, said: Collection[str] = ()) -> None:
    """Take back what says only that something is missing: the page was sent to see the answer, not to go on.

    ``said`` are fields at which the page says so already: there it stays for as long as it is so.
    """
    for name, problems in list(form.errors.items()):
        kept = [error for error in problems.as_data() if error.code != "required" or name in said]
        form.errors[name] = ErrorList(kept)
        if not kept:
            del form.errors[name]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the order on the page. ``quantity`` is None where only one is left to ask about.

    ``reason`` is there only where each line has its own.
    """

    line: OrderLine
    chosen: BoundField
    quantity: BoundField | None
    reason: BoundField | None = None


class OrderLinesForm(PortalForm):
    """A form about lines of an order. Facts about the order never come from here."""

    all_at_first = False
    """Whether all lines are ticked, with all their units, on the page as it first comes."""

    def __init__(
        self, data: Mapping[str, Any] | None, *args: Any, lines: Sequence[OrderLine], ticked: str = "", **options: Any
    ) -> None:
        """``ticked`` is the public id of the line that a link names."""
        self.lines = [line for line in lines if line.available > 0]
        self.gone = [line for line in lines if line.available < 1]
        only = len(self.lines) == 1
        initial = {
            f"{CHOSEN}{line.public_id}": only or self.all_at_first or str(line.public_id) == ticked
            for line in self.lines
        }
        units = {f"{QUANTITY}{line.public_id}": str(line.available if self.all_at_first else 1) for line in self.lines}
        if data is not None:
            # A line that came to the page after it was made has its usual number, not an error.
            data = {**units, **data}
        super().__init__(data, *args, initial=initial | units, **options)
        for line in self.lines:
            self._add(line)

    def _add(self, line: OrderLine) -> None:
        self.fields[f"{CHOSEN}{line.public_id}"] = forms.BooleanField(label=line.title, required=False)
        if line.available > 1:
            self.fields[f"{QUANTITY}{line.public_id}"] = UnitsField(label=_("How many"), most=line.available)

    @property
    def rows(self) -> list[LineRow]:
        """The lines to choose from, as the page shows them."""
        return [
            LineRow(
                line,
                self[f"{CHOSEN}{line.public_id}"],
                self[f"{QUANTITY}{line.public_id}"] if line.available > 1 else None,
            )
            for line in self.lines
        ]

    def chosen(self) -> list[tuple[OrderLine, int]]:
        """The ticked lines with their units as far as they can be read, for the answer on the page."""
        return [(line, self._units(line)) for line in self.lines if self._is_ticked(line)]

    def _is_ticked(self, line: OrderLine) -> bool:
        name = f"{CHOSEN}{line.public_id}"
        return bool(self.data.get(name)) if self.is_bound else bool(self.initial[name])

    def _units(self, line: OrderLine) -> int:
        name = f"{QUANTITY}{line.public_id}"
        raw = str((self.data if self.is_bound else self.initial).get(name, "")).strip()
        return read_or_none(lambda text: read_units(text, line.available), raw) or 1

    def clean(self) -> dict[str, Any]:
        """At least one line, of this order, with something left."""
        data = super().clean() or {}
        for line in self.lines:
            if not self._is_ticked(line):
                self.errors.pop(f"{QUANTITY}{line.public_id}", None)
        for problem in self._problems():
            self.add_error(None, problem)
        if not self.chosen() and not self.errors.get("__all__"):
            first = f"{CHOSEN}{self.lines[0].public_id}" if self.lines else None
            self.add_error(first, forms.ValidationError(_("Choose at least one product."), code="required"))
        return data

    def _problems(self) -> Iterator[str]:
        ticked = {name.removeprefix(CHOSEN) for name in self.data if name.startswith(CHOSEN)}
        for line in self.gone:
            if str(line.public_id) in ticked:
                yield _("%(product)s: nothing is left to ask about.") % {"product": line.title}
        if ticked - {str(line.public_id) for line in [*self.lines, *self.gone]}:
            yield _("One of the products isn't part of this order. Nothing was changed.")
