"""What staff enter while a customer is on the phone: the customer's own form as rows, and the moment of asking.

The questions, their checks and their words are those of the customer's pages; only the controls are a keyboard's.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout
from django import forms
from django.utils.translation import gettext as _

from returns.domain.deadlines import local_date
from returns.domain.facts import Condition, Outcome, Reason
from returns.domain.verdict import Code
from returns.enquiries import Enquiry
from returns.forms.damage import ClockField, DayField
from returns.forms.fields import LONGEST_LIST, read_units
from returns.forms.item_list import MOST_PARTS, LineItems, ReturnFormSet
from returns.forms.items import FIND, ItemForm
from returns.forms.portal import ContactForm
from returns.models import Order
from returns.quoting import Asked
from returns.wording.claims import too_early
from returns.wording.desk import REASON_WORDS

BACK = "back"
"""One control in place of two: how many come back, none by default."""

CONDITION_WORDS = ((Condition.UNOPENED, "Unopened"), (Condition.OPENED, "Opened"))

ASKED_IN_BRIEF: Mapping[str, tuple[str, str]] = {
    "wants": ("Wants", ""),
    "used_percent": ("Used, %", ""),
    "expires_on": ("Expires", "Such as 08/2028."),
    "find": ("Find the right product", ""),
    "exchange": ("In exchange for", ""),
    "incomplete": ("Not complete", ""),
}
ASKED_OF_THEM: Mapping[str, tuple[str, str]] = {
    "account_number": ("Account number", "If they have one."),
    "email": ("Email", "We write to them here."),
    "phone": ("Phone", "Such as 704-555-0100."),
    "note": ("Internal note", ""),
}
"""Label and hint of a question as staff read it; the customer's page asks the same at more length."""

Option = tuple[str, str, bool]


def answers_of(posted: Mapping[str, str], enquiry: Enquiry) -> dict[str, Any]:
    """The answers as the customer's page sends them: so many back means chosen, with that quantity."""
    answers: dict[str, Any] = dict(posted)
    for line in enquiry.lines:
        for part in range(MOST_PARTS):
            prefix = f"{line.public_id}-{part}"
            if (back := answers.pop(f"{prefix}-{BACK}", None)) is None:
                continue
            if back.strip() in {"", "0"}:
                answers.pop(f"{prefix}-chosen", None)
            else:
                answers |= {f"{prefix}-chosen": "on", f"{prefix}-quantity": back.strip()}
    return answers


class PhoneItemForm(ItemForm):
    """One line, or one part of it, as a row. A "no" needs no tick: the button says whether to ask anyway."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chosen", "ask_anyway"):
            self.fields.pop(name, None)
        _reword(self, ASKED_IN_BRIEF)
        for name in ("wants", "exchange"):
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared so
                choices, field.widget = field.choices, forms.Select()
                field.choices = choices
        self.helper = _helper(self)

    def clean(self) -> dict[str, Any]:
        """Also of a line of which only one can come back."""
        data = super().clean()
        if self.most == 1 and self.is_chosen:
            try:
                read_units(self._raw("quantity"), 1)
            except forms.ValidationError as problem:
                self.add_error(None, problem)
        return data

    @property
    def shown(self) -> str:
        """As on the customer's page; a line that stays shows no questions."""
        return super().shown if self.is_chosen else ""

    @property
    def units(self) -> str:
        """What stands in the first control."""
        return (self._raw("quantity") or str(self.most)) if self.is_chosen else "0"

    @property
    def unit_options(self) -> list[Option]:
        """Nothing, one, two … as a list in which a figure chooses; empty where a box is quicker."""
        if self.most > LONGEST_LIST:
            return []
        return [(str(number), str(number), str(number) == self.units) for number in range(self.most + 1)]

    @property
    def reason_options(self) -> list[Option]:
        """Why, in the desk's words: a first letter chooses."""
        chosen = self._raw("reason")
        return [("", "Choose…", not chosen), *((one.value, REASON_WORDS[one], one == chosen) for one in Reason)]

    @property
    def condition_options(self) -> list[Option]:
        """Unopened or opened."""
        chosen = self._raw("condition") or Condition.UNOPENED.value
        return [(one.value, words, one == chosen) for one, words in CONDITION_WORDS]

    @property
    def final(self) -> Asked:
        """What is asked as it is filed: a "no" is asked all the same, because a person has it on the phone."""
        is_no = self.judged.verdict.outcome in {Outcome.NOT_ELIGIBLE, Outcome.REDIRECT}
        return replace(self.asked, ask_anyway=is_no)

    @property
    def lacks_arrival(self) -> bool:
        """Whether it hangs on when the package came, which nobody knows (RES-24)."""
        return self.asked.reason.is_merchant_fault and self.judged.verdict.code is Code.DELIVERY_UNKNOWN


def _reword(form: forms.Form, words: Mapping[str, tuple[str, str]]) -> None:
    for name, (label, hint) in words.items():
        if name in form.fields:
            form.fields[name].label, form.fields[name].help_text = label, hint


class CallerForm(ContactForm):
    """Whom to write to: the customer's own fields and checks, in words about the caller."""

    def __init__(self, data: Mapping[str, Any] | None, *, order: Order) -> None:
        super().__init__(data, order=order)  # type: ignore[arg-type]  # a QueryDict, read as a mapping here
        _reword(self, ASKED_OF_THEM)
        for name, missing in (("name", "Enter their name."), ("email", "Enter their email address.")):
            if name in self.fields:
                self.fields[name].error_messages["required"] = missing


def _helper(form: ItemForm) -> FormHelper:
    """The questions that not every line has."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    there = [
        name
        for name in ("wants", "used_percent", "expires_on", "find", "exchange", "incomplete")
        if name in form.fields
    ]
    find = [HTML(FIND)] if "find" in form.fields else []
    helper.layout = Layout(*(Field(name) for name in there), *find)
    return helper


class PhoneLine(LineItems):
    """A line of the order as one row, or two."""

    item_form = PhoneItemForm


class PhoneFormSet(ReturnFormSet):
    """All lines of the order."""

    line_items = PhoneLine

    @property
    def asked(self) -> list[Asked]:
        """What counts in the quote."""
        return [form.final for form in self.answered if isinstance(form, PhoneItemForm)]

    @property
    def lacks_arrival(self) -> bool:
        """Whether the caller has to say when the package came."""
        return any(form.lacks_arrival for form in self.answered if isinstance(form, PhoneItemForm))


class CallForm(forms.Form):
    """When they asked, now or earlier; and when the package came, where a claim hangs on it and nobody knows."""

    use_required_attribute = False

    asked_on = DayField(label="Asked on", error_messages={"required": "Enter the day on which they asked."})
    asked_at = ClockField(label="At", error_messages={"required": "Enter about what time they asked."})
    arrived_on = DayField(label="When did it arrive?", required=False)
    arrived_at = ClockField(label="About what time", required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, order: Order, now: datetime) -> None:
        self.order, self.now = order, now
        local = now.astimezone(order.storefront.zone)
        super().__init__(data, initial={"asked_on": local.date(), "asked_at": local.time()}, label_suffix="")

    def clean(self) -> dict[str, Any]:
        """Both moments are over, and after the order was placed; what they asked about had arrived."""
        data = super().clean() or {}
        self._check(
            self.moment, "asked_at", "asked_on", "That is still to come: enter when they asked, now or earlier."
        )
        self._check(self.arrived, "arrived_on", "arrived_on", _("That is still to come. Enter when it arrived."))
        if self.moment and self.arrived and self.moment < self.arrived <= self.now:
            self.add_error("arrived_on", "That is after they asked: enter when it arrived, or correct when they asked.")
        return data

    def _check(self, at: datetime | None, late: str, early: str, to_come: str) -> None:
        zone = self.order.storefront.zone
        if at is not None and at > self.now:
            self.add_error(late, to_come)
        elif at is not None and local_date(at, zone) < local_date(self.order.placed_at, zone):
            self.add_error(early, too_early(local_date(self.order.placed_at, zone)))

    @property
    def moment(self) -> datetime | None:
        """When they asked, as far as it can be read."""
        return self._at("asked")

    @property
    def arrived(self) -> datetime | None:
        """When the package came, as far as it is said."""
        return self._at("arrived")

    def _at(self, what: str) -> datetime | None:
        """By the storefront's clock. Of an hour that comes twice the second one, if that is over."""
        day, clock = self.cleaned_data.get(f"{what}_on"), self.cleaned_data.get(f"{what}_at")
        if day is None or clock is None:
            return None
        first, second = (datetime.combine(day, clock, self.order.storefront.zone).replace(fold=fold) for fold in (0, 1))
        return second if second <= self.now else first

    def ask_arrival(self) -> None:
        """Say that the arrival has to be entered."""
        if self.arrived is None and "arrived_on" not in self.errors:
            self.add_error("arrived_on", _("Enter the day on which it arrived."))
