"""All lines of an order on the items page: each in one part, or in two where some units are opened and some aren't."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from django.forms.formsets import BaseFormSet
from django.forms.renderers import get_default_renderer
from django.forms.utils import ErrorList
from django.utils.translation import gettext as _

from returns.domain.policy import PolicyTerms
from returns.enquiries import Enquiry
from returns.forms.items import ItemForm
from returns.models import OrderLine

MOST_PARTS = 2


def is_free_item(line: OrderLine, terms: PolicyTerms) -> bool:
    """Whether a line came free with its order and comes back with whatever is returned (LPS-17, RES-13)."""
    rule = terms.free_items_back
    return rule is not None and line.kind in rule.kinds and not line.paid_total


class LineItems:
    """A line of the order on the page: one part, or two where it is split."""

    item_form: type[ItemForm] = ItemForm

    def __init__(self, data: Mapping[str, Any] | None, line: OrderLine, enquiry: Enquiry) -> None:
        self.line, self.enquiry = line, enquiry
        self.is_split = line.available > 1 and data is not None and data.get(f"{line.public_id}-parts") == "2"
        parts = MOST_PARTS if self.is_split else 1
        self.parts = [
            self.item_form(data, line=line, enquiry=enquiry, part=part, most=max(line.available, 1))
            for part in range(parts)
        ]

    @property
    def can_be_split(self) -> bool:
        """Whether some units could be unopened and others opened."""
        return self.line.available > 1 and not self.is_split

    @property
    def is_free_item(self) -> bool:
        """Whether it came free with the order and comes back with whatever is returned (LPS-17, RES-13)."""
        return is_free_item(self.line, self.enquiry.terms)

    @property
    def is_gone(self) -> bool:
        """Whether nothing is left to return."""
        return self.line.available < 1

    @property
    def is_asked_in_vain(self) -> bool:
        """Whether it was chosen on a page that is older than the last request."""
        return self.is_gone and any(part.is_chosen for part in self.parts)

    def check_sum(self) -> None:
        """Two parts together are no more than what is left."""
        chosen = [part for part in self.parts if part.is_chosen and not part.errors]
        units = sum(part.asked.quantity for part in chosen)
        if units > self.line.available:
            left = self.line.available
            said = {"product": self.line.title, "left": left, "units": units}
            problem = _("%(product)s: only %(left)s can go back, and these are %(units)s.") % said
            chosen[-1].add_error("quantity" if "quantity" in chosen[-1].fields else None, problem)


class ReturnFormSet(BaseFormSet):  # type: ignore[type-arg]  # takes no parameter at run time
    """All lines of an order. ``is_final``: the customer wants to go on, so everything has to be there."""

    renderer = get_default_renderer()
    line_items: type[LineItems] = LineItems

    def __init__(self, data: Mapping[str, Any] | None, *, enquiry: Enquiry, is_final: bool = False) -> None:
        super().__init__(data=None, form_kwargs={})
        self.raw, self.enquiry, self.is_final = data, enquiry, is_final
        self.is_bound = data is not None
        self.items = [self.line_items(data, line, enquiry) for line in enquiry.lines]

    @cached_property
    def forms(self) -> list[ItemForm]:
        """The parts of all lines there is something to ask about, in the order of the page."""
        return [part for item in self.items if not item.is_gone and not item.is_free_item for part in item.parts]

    def full_clean(self) -> None:
        """Check every chosen line, and the request as a whole."""
        self._errors = []
        self._non_form_errors = ErrorList()
        if not self.is_bound:
            return
        for item in self.items:
            item.check_sum()
        if not self.is_final:
            for form in self.forms:
                form.forgive()
        self._errors = [form.errors for form in self.forms]
        self._non_form_errors.extend(self._whole())

    def is_valid(self) -> bool:
        """Whether everything chosen can be asked as it stands."""
        return self.is_bound and not any(self.errors) and not self.non_form_errors()

    def _whole(self) -> Iterator[str]:
        nothing_left = _("%(product)s: nothing is left to return.")
        yield from (nothing_left % {"product": item.line.title} for item in self.items if item.is_asked_in_vain)
        if any(self._is_foreign(name) for name in self.raw or ()):
            yield _("One of the products isn't part of this order. Nothing was changed.")
        elif self.is_final and not any(form.is_chosen for form in self.forms):
            yield _("Choose at least one product to return.")

    def _is_foreign(self, name: str) -> bool:
        ours = {str(line.public_id) for line in self.enquiry.lines}
        return name.endswith("-chosen") and name.rsplit("-", 2)[0] not in ours

    @property
    def answered(self) -> list[ItemForm]:
        """The parts that count in the quote."""
        return [form for form in self.forms if form.is_answered]

    @property
    def has_new_questions(self) -> bool:
        """Whether the page asks something now that it didn't when it was sent."""
        return any(form.has_new_questions for form in self.forms if form.is_chosen)
