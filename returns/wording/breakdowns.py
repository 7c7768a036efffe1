"""In words: in what a settlement differs from the one somebody saw."""

from collections.abc import Mapping
from decimal import Decimal

from returns.domain.breakdown import Breakdown
from returns.wording.phrases import money

PARTS: Mapping[str, str] = {
    "refund": "refund",
    "store_credit": "store credit",
    "exchanged": "units exchanged",
    "replaced": "units replaced",
    "shipping_refund": "original shipping",
    "goodwill": "goodwill",
    "postage": "postage",
    "balance_applied": "balance taken off",
    "service_charge": "service charge",
}
PRODUCTS = "what each product gives"


def what_changed(before: Breakdown, now: Breakdown, currency: str) -> str:
    """`refund $122.40 → $0.00, store credit $0.00 → $122.40`; the products where all sums are the same."""
    then, by_now = before.parts(), now.parts()
    named = [name for name in before.changed(now) if name in PARTS]
    words = [f"{PARTS[name]} {_shown(then[name], currency)} → {_shown(by_now[name], currency)}" for name in named]
    return ", ".join(words) or PRODUCTS


def _shown(value: Decimal | int | str, currency: str) -> str:
    return money(value, currency) if isinstance(value, Decimal) else str(value)
