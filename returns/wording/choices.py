"""What customers choose from when they return something: reasons, conditions, wishes."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.components import ChoiceText
from returns.domain.facts import Condition, Reason, Wish
from returns.domain.policy import MoneyForm, PolicyTerms
from returns.models import Product

REASONS: Mapping[Reason, str] = {
    Reason.CHANGED_MIND: N_("I changed my mind"),
    Reason.DISSATISFIED: N_("I'm not satisfied with it"),
    Reason.ORDERED_WRONG_ITEM: N_("I ordered the wrong product"),
    Reason.DAMAGED: N_("It arrived damaged"),
    Reason.SHIPPING_ERROR: N_("It isn't what I ordered"),
    Reason.NOT_RECEIVED: N_("It never arrived"),
    Reason.REFUSED_PACKAGE: N_("I refused the package"),
}

CONDITIONS: Mapping[Condition, tuple[str, str]] = {
    Condition.UNOPENED: (N_("Unopened"), N_("Seal and carton intact")),
    Condition.OPENED: (N_("Opened"), N_("Even once")),
}


def reason_choices() -> list[tuple[str, str]]:
    """Every reason, after an empty first line."""
    return [("", _("Choose…")), *((reason.value, _(words)) for reason, words in REASONS.items())]


def condition_choices() -> list[tuple[str, str]]:
    """Unopened and opened, each with what it means."""
    return [(value.value, ChoiceText(_(label), hint=_(hint))) for value, (label, hint) in CONDITIONS.items()]


def wish_choices(wishes: Sequence[Wish], terms: PolicyTerms) -> list[tuple[str, str]]:
    """The wishes of a line, each with its consequence."""
    return [(wish.value, wish_text(wish, terms)) for wish in wishes]


def wish_text(wish: Wish, terms: PolicyTerms) -> ChoiceText:
    """A wish in the words of the shop."""
    label, hint = _WISHES[wish]
    if wish is Wish.STORE_CREDIT and MoneyForm.REFUND in terms.money.forms:
        hint = N_("For your next order, instead of the way you paid")
    return ChoiceText(_(label), hint=_(hint))


_WISHES: Mapping[Wish, tuple[str, str]] = {
    Wish.REFUND: (N_("Money back"), N_("To the way you paid")),
    Wish.STORE_CREDIT: (N_("Store credit"), N_("On your account, for your next order")),
    Wish.EXCHANGE: (
        N_("An exchange"),
        N_("We send the right product when yours is here. No money moves, whatever it costs"),
    ),
    Wish.REPLACEMENT: (N_("A replacement"), N_("We send a new one")),
}

PRODUCT_ELSEWHERE = "other"
"""The choice of whoever doesn't find the right product; a person asks which one it is."""


def product_choices(products: Sequence[Product]) -> list[tuple[str, str]]:
    """The products to exchange for, by SKU, and the way out."""
    named = [(product.sku, product_name(product)) for product in products]
    return [*named, (PRODUCT_ELSEWHERE, _("I don't see it here. Ask me which one"))]


def product_name(product: Product) -> str:
    """`Vital C serum, 1.7 fl oz`, and whether nobody can be promised one."""
    named = ", ".join(part for part in (product.name, product.size) if part)
    return named if product.in_stock else _("%(product)s: out of stock") % {"product": named}


def out_of_stock(product: Product, terms: PolicyTerms, gives: str = "") -> str:
    """Why this product can't be promised, and what to take instead: there are no back orders (CON-15)."""
    said = {"product": product.name, "gives": gives}
    if gives and terms.money.is_credit_only:
        instead = _("Choose another product, or take store credit instead: %(gives)s.") % said
    elif gives:
        instead = _("Choose another product, or take your money back instead: %(gives)s.") % said
    else:
        instead = _("Choose another product.")
    return _("%(product)s is out of stock, and we take no back orders.") % said + f" {instead}"
