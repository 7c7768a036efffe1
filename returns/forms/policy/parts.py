"""The parts of a policy as forms: each has the keys of one table of the terms, in words that people at a shop use.

Help texts say what an answer means for customers; what an answer must be like is told beside the field that is wrong.
"""

from typing import Any

from django import forms

from returns.domain.facts import Reason
from returns.domain.policy import Weekday
from returns.forms.policy.fields import (
    Names,
    Part,
    PercentField,
    PriceField,
    SentencesField,
    days,
    in_clause,
    one_of,
    some_of,
    whole,
)
from returns.wording.choices import REASONS

NAME = r"^[a-z][a-z0-9_]{0,39}$"
CLAUSE_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
EXCHANGED = [reason for reason in Reason if not reason.is_merchant_fault and reason is not Reason.NOT_RECEIVED]
REMEDIES = (("money", "Money"), ("replacement", "A replacement"))
WEEKDAYS = dict(
    zip(Weekday, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)


class BasisForm(Part):
    """Where the count begins."""

    clock = one_of(
        "Day 0 is the day of",
        ("purchase", "the order"),
        ("delivery", "the delivery", "An order whose delivery isn’t known goes to a person"),
        hint="Every day count of this policy begins there, but for claims that are counted in hours.",
    )


class NameForm(Part):
    """A kind of product, or a flag of an order line."""

    name = forms.RegexField(
        NAME,
        label="Name in files",
        help_text="As the catalogue and the shop’s orders write it.",
        widget=forms.TextInput(attrs={"class": "w-medium code", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "invalid": "Write small letters, digits and underscores, beginning with a letter: gift_card.",
            "required": "Write the name that files use, for example gift_card.",
        },
    )
    label = forms.CharField(
        label="What customers read",
        max_length=80,
        error_messages={"required": "Write what customers read, in the plural: Gift cards."},
    )


class TierForm(Part):
    """What unopened goods are worth up to a day."""

    clauses = ("clause", "shelf_clause")

    until_day = days("Last day", hint="That day is included. Empty, and only in the last row: for ever.")
    fee_percent = PercentField("Restocking fee, %", hint="Of the price paid. Empty: none.")
    fixed_fee = PriceField("Fixed fee for each unit", hint="Beside the percentage. Empty: none.")
    min_shelf_months = whole(
        "Months left to expiration", 1, 1200, hint="At least, on the day of the request. Empty: it doesn’t matter."
    )
    clause = in_clause()
    shelf_clause = in_clause("Clause of the expiration rule", hint="If it is another one.", required=False)

    @classmethod
    def initial_of(cls, table: dict[str, Any] | None) -> dict[str, Any]:
        """No fee is an empty field."""
        return {name: value for name, value in (table or {}).items() if value not in ("0", "0.00")}


class OpenedForm(Part):
    """Opened goods."""

    clauses = ("clause", "limit_clause", "repeat_clause")

    share_percent = PercentField(
        "Given back for opened goods, %", hint="Of the price paid. Empty: opened goods aren’t taken back."
    )
    used_limit_percent = PercentField("Used at most, %", hint="That figure included.")
    until_day = days("Last day for opened goods")
    paid_as = one_of(
        "Paid as",
        ("", "as other money"),
        ("refund", "a refund"),
        ("store_credit", "store credit"),
        hint="Whatever the customer wishes.",
        required=False,
    )
    clause = in_clause("Clause about opened goods")
    limit_clause = in_clause("Clause of the limit", hint="If it is another one.", required=False)
    repeat_clause = in_clause(
        "Clause that allows it once",
        hint="Bars a customer’s second return of opened goods. None: no such rule.",
        required=False,
    )


class ConditionForm(Part):
    """The state of unopened goods."""

    clauses = ("clause",)

    clause = in_clause("Clause about complete goods", hint="It bars what is incomplete or not as new.")


class ExclusionForm(Part):
    """Goods that are never taken back."""

    clauses = ("clause",)

    kinds = some_of("Kinds of product", required=False)
    flags = some_of("Flags of an order line", required=False)
    bars = some_of("Bars", ("returns", "returns for money"), ("exchanges", "exchanges"))
    clause = in_clause()

    def __init__(self, *args: Any, kind_names: Names = (), flag_names: Names = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self, "kinds", kind_names)
        _choose_from(self, "flags", flag_names)


def _choose_from(form: forms.Form, name: str, names: Names) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  declared as one
    field.choices = list(names)


class ClaimsForm(Part):
    """Damaged goods and wrong items: the shop's own fault."""

    clauses = ("clause", "late_clause", "excluded_clause", "shipping_clause")

    hours = whole("Hours after delivery", 1, 8760, hint="Real hours, day and night. Either these, or a last day.")
    until_day = days("Or: last day of the ordinary count")
    late = one_of(
        "Reported later",
        ("not_eligible", "isn’t a claim any more", "An ordinary return is still possible"),
        ("needs_review", "goes to a person"),
    )
    remedies = some_of("Made good by", *REMEDIES, hint="Where both are possible, the customer chooses.")
    excluded_goods = one_of(
        "Goods that are never taken back",
        ("no_difference", "are made good like all others"),
        ("replacement_only", "are replaced, and never paid back"),
    )
    refund_shipping = forms.BooleanField(label="The original shipping is given back, once for an order", required=False)
    clause = in_clause("Clause about claims")
    late_clause = in_clause("Clause of late claims", hint="If it is another one.", required=False)
    excluded_clause = in_clause("Clause of excluded goods", hint="If it is another one.", required=False)
    shipping_clause = in_clause("Clause of the original shipping", hint="If it is another one.", required=False)


class ExchangeForm(Part):
    """Exchanges of unopened goods."""

    clauses = ("clause",)

    decision = one_of(
        "Exchanges",
        ("granted", "are granted by the rule"),
        ("by_staff", "are decided by a person"),
        ("none", "aren’t made", "The wish becomes money"),
    )
    until_day = days("Last day for exchanges", hint="Empty: there is none.")
    reasons = some_of(
        "For which reasons",
        *((reason.value, REASONS[reason]) for reason in EXCHANGED),
        hint="For other reasons the wish becomes money.",
    )
    clause = in_clause("Clause about exchanges")


class MoneyForm(Part):
    """In what form money is given back."""

    clauses = ("clause",)

    first = one_of(
        "Money comes back as",
        ("refund", "a refund to the way they paid"),
        ("store_credit", "store credit"),
    )
    other_too = forms.BooleanField(label="The other form too, if the customer wishes it", required=False)
    clause = in_clause("Clause about money")

    @classmethod
    def initial_of(cls, table: dict[str, Any] | None) -> dict[str, Any]:
        """The first form, and whether there is another one."""
        found = table or {"forms": ["refund"]}
        return {"clause": found.get("clause"), "first": found["forms"][0], "other_too": len(found["forms"]) > 1}

    def values(self) -> dict[str, Any]:
        """The forms in their order."""
        first = self.cleaned_data["first"]
        other = "store_credit" if first == "refund" else "refund"
        return {
            "clause": self.cleaned_data["clause"],
            "forms": [first, other] if self.cleaned_data["other_too"] else [first],
        }


class ShippingForm(Part):
    """Who pays for the way back."""

    clauses = ("clause",)

    paid_by = one_of("The way back is paid by", ("customer", "the customer"), ("merchant", "us"))
    claims_paid_by = one_of("For claims, by", ("merchant", "us"), ("customer", "the customer"))
    clause = in_clause("Clause about return shipping")


class ProcessingForm(Part):
    """How long processing takes once the package is here."""

    clauses = ("clause",)

    days = whole("Days", 1, 365, hint="After the day on which the package arrives.", required=True)
    count = one_of("Counted as", ("business", "business days"), ("calendar", "calendar days"))
    weekdays = some_of("Business days are", *((day.value, WEEKDAYS[day]) for day in Weekday))
    holidays = one_of(
        "Not counted as business days",
        ("us_federal", "US federal holidays and the storefront’s closing days"),
        ("none", "the storefront’s closing days alone"),
    )
    clause = in_clause("Clause about how long it takes")


class PackageForm(Part):
    """How to send it."""

    clauses = ("clause",)

    box_mark = one_of(
        "Written on the box",
        ("rma_number", "the RMA number"),
        ("order_number", "the order number"),
    )
    packing = SentencesField(
        "What to pack and how", hint="One sentence a line; they stand on the slip as a check list."
    )
    notices = SentencesField("Advice and notices")
    carriers = SentencesField("Shipping services to choose from")
    clause = in_clause("Clause about packing")


class NotReceivedForm(Part):
    """Goods that never arrived."""

    clauses = ("clause",)

    clause = in_clause("Clause about packages that never arrived", hint="They always go to a person.")


class Extra(Part):
    """A rule that a shop may do without: it is there once its box is ticked."""

    applies = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self["applies"].value():
            # What isn't there needs no answers.
            for name in self.fields:
                self.fields[name].required = False

    @classmethod
    def initial_of(cls, table: dict[str, Any] | None) -> dict[str, Any]:
        """Ticked where the terms have the table."""
        return {"applies": table is not None, **(table or {})}

    def values(self) -> dict[str, Any]:
        """The table, empty where the rule isn't there."""
        found = super().values()
        return found if found.pop("applies") else {}


class PartnerForm(Extra):
    """Orders of partners."""

    clauses = ("clause",)

    applies = forms.BooleanField(label="Orders placed at a partner go back to the partner", required=False)
    clause = in_clause("Clause about partners")


class BalanceForm(Extra):
    """What the customer owes."""

    clauses = ("clause",)

    applies = forms.BooleanField(label="What the customer owes comes off the money, once for a request", required=False)
    clause = in_clause("Clause about balances")


class RefusedForm(Extra):
    """Packages refused at the door."""

    clauses = ("clause",)

    applies = forms.BooleanField(
        label="A package refused at the door costs a service charge, billed apart", required=False
    )
    service_charge = PriceField("Service charge", required=True)
    clause = in_clause("Clause about refused packages")


class FreeItemsForm(Extra):
    """Free items of an order."""

    clauses = ("clause",)

    applies = forms.BooleanField(label="Free items come back as soon as anything is granted", required=False)
    kinds = some_of("Free items are", hint="Kinds of product.")
    clause = in_clause("Clause about free items")

    def __init__(self, *args: Any, kind_names: Names = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self, "kinds", kind_names)


class ClauseForm(Part):
    """A sentence of the policy page; verdicts and mails lead to it."""

    id = forms.RegexField(
        CLAUSE_ID,
        label="Id",
        widget=forms.TextInput(attrs={"class": "w-short code", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "invalid": "Write letters, digits, dots and dashes: CON-24.",
            "required": "Write a short id, for example CON-24.",
        },
    )
    title = forms.CharField(label="Title", max_length=120, error_messages={"required": "Write a title."})
    text = forms.CharField(
        label="What customers read",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write what customers read."},
    )
