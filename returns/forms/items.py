"""Choosing what to return: one form for each line of the order, or two where a line is split by condition.

Facts about the order never come from here: a form holds what only the customer knows. A field that the rules don't
need isn't there, and what is posted for it is not read.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar
from zlib import crc32

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.domain.facts import Condition, Outcome, Reason, Wish
from returns.domain.settlement import LineQuote
from returns.domain.verdict import Code
from returns.enquiries import Enquiry
from returns.forms.exchanges import ProductQuestion
from returns.forms.fields import (
    ExpirationField,
    UnitsField,
    UsedField,
    read_expiration,
    read_or_none,
    read_percent,
    read_units,
)
from returns.forms.lines import LineField
from returns.models import OrderLine
from returns.quoting import Asked
from returns.wording.choices import (
    condition_choices,
    out_of_stock,
    product_choices,
    reason_choices,
    wish_choices,
    wish_text,
)
from returns.wording.phrases import money

Choice = TypeVar("Choice", bound=StrEnum)
LONGEST_SEARCH = 60
FIND = '{% load i18n %}<p><button class="btn" type="submit" name="update" value="1">{% translate "Find" %}</button></p>'
"""The button of the search, which script presses by itself."""


class ItemForm(forms.Form):
    """One line, or one part of it. ``tentative`` is what is asked as far as it can be read, for the live verdict."""

    use_required_attribute = False

    chosen = forms.BooleanField(required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=reason_choices)
    condition = forms.ChoiceField(
        label=gettext_lazy("Is it still sealed?"), choices=condition_choices, widget=forms.RadioSelect
    )
    incomplete = forms.BooleanField(
        label=gettext_lazy("Something is missing, or the packaging is gone"),
        required=False,
        help_text=gettext_lazy("Leave it unticked if everything is there."),
    )
    used_percent = UsedField(
        label=gettext_lazy("About how much is used?"),
        required=False,
        help_text=gettext_lazy("In percent, for example 30. Leave it empty if you don't know."),
    )
    expires_on = ExpirationField(
        label=gettext_lazy("Expiration date on the carton"),
        required=False,
        help_text=gettext_lazy("Month and year, for example 08 2028. Look for the hourglass or EXP."),
    )
    wants = forms.ChoiceField(label=gettext_lazy("What would you like?"), widget=forms.RadioSelect)
    find = LineField(
        label=gettext_lazy("Find the right product"),
        required=False,
        max_length=LONGEST_SEARCH,
        help_text=gettext_lazy("By its name or number, for example serum."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    exchange = forms.ChoiceField(
        label=gettext_lazy("Which product instead?"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of these products.")},
    )
    ask_anyway = forms.BooleanField(
        label=gettext_lazy("Ask us anyway"),
        required=False,
        help_text=gettext_lazy("A person reads it. You can add a note before you send."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, line: OrderLine, enquiry: Enquiry, part: int = 0, most: int = 1
    ) -> None:
        self.line, self.enquiry, self.part, self.most = line, enquiry, part, most
        prefix = f"{line.public_id}-{part}"
        self.posted = frozenset(data or ())
        self.has_new_wishes = False
        defaults = {"condition": Condition.UNOPENED.value, "quantity": str(most), "wants": enquiry.first_wish.value}
        if data is not None:
            # A field that wasn't on the page when it was sent gets its usual value, not an error.
            data = {**{f"{prefix}-{name}": value for name, value in defaults.items()}, **data}
        super().__init__(data, prefix=prefix, initial=defaults, label_suffix="")
        if most > 1:
            self.fields["quantity"] = UnitsField(label=_("How many"), most=most)
        self.fields["reason"].error_messages["required"] = _("Choose why you're returning %(product)s.") % {
            "product": line.title
        }
        self._keep_what_is_needed()
        self.helper = _helper(self)

    # ------------------------------------------------------------------------------------------ what is asked so far

    @cached_property
    def tentative(self) -> Asked:
        """What is asked, with the usual in place of what is missing or can't be read."""
        usual = self.enquiry.usual(self.line)
        reason, condition = self._one_of(Reason, "reason"), self._one_of(Condition, "condition")
        asked = replace(
            usual,
            quantity=read_or_none(lambda text: read_units(text, self.most), self._raw("quantity")) or self.most,
            reason=reason or usual.reason,
            condition=usual.condition if reason is Reason.NOT_RECEIVED else condition or usual.condition,
            wants=self._one_of(Wish, "wants") or usual.wants,
            ask_anyway=bool(self._raw("ask_anyway")),
        )
        if reason is not None and (reason.is_merchant_fault or reason is Reason.NOT_RECEIVED):
            return asked
        is_opened = asked.condition is Condition.OPENED
        return replace(
            asked,
            resalable=not self._raw("incomplete"),
            used_percent=read_or_none(read_percent, self._raw("used_percent")) if is_opened else None,
            expires_on=read_or_none(read_expiration, self._raw("expires_on")),
        )

    def _raw(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")).strip() if self.is_bound else ""

    def _one_of(self, kind: type[Choice], name: str) -> Choice | None:
        raw = self._raw(name)
        return kind(raw) if raw in {member.value for member in kind} else None

    @cached_property
    def wishes(self) -> tuple[Wish, ...]:
        """What there is to choose from."""
        return self.enquiry.wishes(self.tentative)

    @cached_property
    def judged(self) -> LineQuote:
        """The verdict on what is asked so far."""
        return self.enquiry.judge(self.asked)

    @cached_property
    def asked(self) -> Asked:
        """What is asked, the wish among those there are, with the product wished in exchange."""
        asked = self.tentative
        if self.wishes and asked.wants not in self.wishes:
            asked = replace(asked, wants=self.wishes[0])
        if asked.wants is not Wish.EXCHANGE or self.products.product is None:
            return asked
        return replace(asked, exchange_product_id=self.products.product.pk)

    @cached_property
    def products(self) -> ProductQuestion:
        """Which product is the right one, as far as it is answered."""
        return ProductQuestion(self.enquiry.catalogue, self.line, self._raw("find"), self._raw("exchange"))

    @property
    def is_exchange(self) -> bool:
        """Whether the customer wishes an exchange, and one is possible."""
        return self.asked.wants is Wish.EXCHANGE and Wish.EXCHANGE in self.wishes

    @cached_property
    def out_of_stock(self) -> str:
        """Why the product that is wished can't be promised, with what money would give instead (CON-15)."""
        product = self.products.product if self.is_exchange else None
        if product is None or product.in_stock:
            return ""
        instead = self.enquiry.judge(replace(self.asked, wants=self.enquiry.first_wish))
        gives = money(instead.amount, self.enquiry.order.currency) if instead.is_granted and instead.amount else ""
        return out_of_stock(product, self.enquiry.terms, gives)

    @property
    def money_instead(self) -> str:
        """`Money back instead`: the button beside a product that is out of stock."""
        is_credit = self.enquiry.first_wish is Wish.STORE_CREDIT
        return _("Store credit instead") if is_credit else _("Money back instead")

    @property
    def reports_to(self) -> str:
        """The line to report in a lane of its own, for damage and wrong items or for what never came; else empty."""
        has_lane = self.asked.reason.is_merchant_fault or self.is_missing
        return str(self.line.public_id) if self.is_chosen and has_lane else ""

    @property
    def is_missing(self) -> bool:
        """Whether the product never came (CON-12)."""
        return self.asked.reason is Reason.NOT_RECEIVED

    @property
    def one_way(self) -> str:
        """What the customer gets where there is nothing to choose, as a sentence (ux, principle 5)."""
        if "wants" in self.fields or not self.judged.is_granted:
            return ""
        text = wish_text(Wish(str(self.judged.resolution)), self.enquiry.terms)
        return f"{text}: {text.hint[:1].lower()}{text.hint[1:]}."

    @property
    def no_exchange(self) -> str:
        """That opened products aren't exchanged, where the same product unopened would be (RES-07)."""
        is_opened = self.asked.condition is Condition.OPENED and not self._is_surely_refused
        if not is_opened or self.asked.reason.is_merchant_fault or not self.enquiry.exchanges(self.asked.reason):
            return ""
        return _("Opened products aren't exchanged.")

    # ------------------------------------------------------------------------------------------------ which fields

    def _keep_what_is_needed(self) -> None:
        reason = self.tentative.reason
        needed = {"chosen", "reason", "quantity"}
        if reason is not Reason.NOT_RECEIVED:
            needed.add("condition")
            if not reason.is_merchant_fault and not self._is_surely_refused:
                needed.add("incomplete")
        needed |= self._questions()
        if len(self.wishes) > 1:
            needed.add("wants")
            self._offer_wishes()
        if self.is_exchange:
            needed |= self.products.fields
            self._offer_products()
        if self.judged.verdict.outcome in (Outcome.NOT_ELIGIBLE, Outcome.REDIRECT):
            needed.add("ask_anyway")
        for name in set(self.fields) - needed:
            del self.fields[name]

    def _offer_wishes(self) -> None:
        """The wishes there are now. One that was there before another answer took it away is asked anew."""
        self.fields["wants"].choices = wish_choices(self.wishes, self.enquiry.terms)  # type: ignore[attr-defined]
        wished = self._one_of(Wish, "wants")
        if wished is not None and wished not in self.wishes:
            self.data = {**self.data, self.add_prefix("wants"): self.wishes[0].value}
            self.has_new_wishes = True

    def _offer_products(self) -> None:
        """What there is to exchange for. It has to be answered once it was on the page."""
        offered, exchange = product_choices(self.products.offered), self.fields["exchange"]
        exchange.widget = forms.RadioSelect()
        exchange.choices = offered  # type: ignore[attr-defined]
        if self.products.only is not None and not self._raw("exchange"):
            self.data = {**self.data, self.add_prefix("exchange"): self.products.only.sku}
        exchange.required = "exchange" in self._raw("shown").split()
        said = {"product": self.line.title}
        exchange.error_messages["required"] = _("Choose what you'd like instead of %(product)s.") % said
        if self.products.finds_nothing:
            self.fields["find"].help_text = _("No product has all these words. Try fewer, or one of them.")

    @property
    def _is_surely_refused(self) -> bool:
        """Opened goods at a shop that takes none: whether the box is complete changes nothing."""
        return self.tentative.condition is Condition.OPENED and self.enquiry.terms.opened.share_percent is None

    def _questions(self) -> set[str]:
        """The fields whose answer the rules would look at: the engine is asked what it misses."""
        silent = replace(self.asked, used_percent=None, expires_on=None)
        codes = {finding.code for finding in self.enquiry.judge(silent).verdict.reasons}
        fields = {"used_percent": Code.USAGE_UNKNOWN, "expires_on": Code.EXPIRY_UNKNOWN}
        return {name for name, code in fields.items() if code in codes}

    @property
    def has_new_questions(self) -> bool:
        """Whether the page asks something now that it didn't when it was sent, and that changes the answer."""
        asked = {self.add_prefix(name) for name in ("used_percent", "expires_on") if name in self.fields}
        return self.has_new_wishes or self._asks_for_product_anew or not asked <= self.posted

    @property
    def _asks_for_product_anew(self) -> bool:
        named = {name for name in ("find", "exchange") if name in self.fields}
        return bool(named) and not self._raw("exchange") and named.isdisjoint(self._raw("shown").split())

    @property
    def shown(self) -> str:
        """The fields, wishes and errors on the page, which sends them along: a live answer swaps only what changed."""
        wishes = self.wishes if "wants" in self.fields else ()
        found = [] if self.products.is_list else [product.sku for product in self.products.offered]
        wrong = [f"!{name}-{crc32(problems.as_text().encode()):x}" for name, problems in self.errors.items()]
        return " ".join([*self.fields, *wishes, *(found if "exchange" in self.fields else []), *wrong])

    def _is_said(self, name: str) -> bool:
        """Whether the page as it was sent says that something is wrong with this field."""
        return any(one.startswith(f"!{name}-") for one in self._raw("shown").split())

    @property
    def has_other_fields(self) -> bool:
        """Whether the page as it was sent shows other fields, or other wishes, than are needed now."""
        return self.shown != self._raw("shown")

    # ------------------------------------------------------------------------------------------------------ checking

    @property
    def is_chosen(self) -> bool:
        """Whether this line is to go back."""
        return bool(self._raw("chosen"))

    @property
    def is_answered(self) -> bool:
        """Whether it is chosen and complete enough to count in the quote."""
        return self.is_chosen and bool(self._one_of(Reason, "reason")) and not self.errors

    @property
    def missing(self) -> str:
        """Why a chosen line isn't in the sum: what to choose, or which answer to mend."""
        if not self.is_chosen or self.is_answered:
            return ""
        if not self._one_of(Reason, "reason"):
            return _("Choose why for %(product)s.") % {"product": self.line.title}
        first = next(iter(self.errors.values()))[0]
        return str(first) if self.line.title in str(first) else f"{self.line.title}: {first}"

    def full_clean(self) -> None:
        """Check a chosen line; what stands in one that isn't chosen doesn't matter."""
        if self.is_bound and not self.is_chosen:
            self._errors = ErrorDict()
            self.cleaned_data = {"chosen": False}
            return
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """A "no" has to be asked anyway."""
        data = super().clean() or {}
        if "ask_anyway" in self.fields and not data.get("ask_anyway") and data.get("reason"):
            problem = _("%(product)s: take it off your list, or choose “Ask us anyway”.")
            self.add_error("ask_anyway", forms.ValidationError(problem % {"product": self.line.title}, "required"))
        if "find" in self.fields and "exchange" not in self.fields and "find" in self._raw("shown").split():
            problem = _("Find the product you'd like instead of %(product)s.") % {"product": self.line.title}
            self.add_error("find", forms.ValidationError(problem, "required"))
        return data

    def clean_exchange(self) -> str:
        """The SKU. ValidationError for a product that nobody can be promised (CON-15)."""
        if self.out_of_stock:
            raise forms.ValidationError(self.out_of_stock, code="out_of_stock")
        return str(self.cleaned_data["exchange"])

    def forgive(self) -> None:
        """Take back what says only that something is missing: the page was sent to see the quote, not to go on.

        What the page says already stays for as long as it is so.
        """
        for name, problems in list(self.errors.items()):
            kept = [error for error in problems.as_data() if error.code != "required" or self._is_said(name)]
            self.errors[name] = ErrorList(kept)
            if not kept:
                del self.errors[name]


def _helper(form: ItemForm) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        Div(*(Field(name, wrapper_class="w-short") for name in _there(form, "quantity")), "reason", css_class="fields"),
        *(InlineRadios(name) for name in _there(form, "condition")),
        *(Field(name, css_class="w-short") for name in _there(form, "used_percent")),
        *_there(form, "incomplete"),
        *(Field(name, css_class="w-short") for name in _there(form, "expires_on")),
        *_there(form, "wants"),
        *((Field("find", wrapper_class="w-medium"), HTML(FIND)) if "find" in form.fields else ()),
        *_there(form, "exchange"),
        *_there(form, "ask_anyway"),
    )
    return helper


def _there(form: ItemForm, *names: str) -> list[str]:
    return [name for name in names if name in form.fields]
