"""The state of a returned product in words: as it was told, and as it was found."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from returns.differences import expires_sooner, told_expiration
from returns.domain.facts import Condition, Reason
from returns.models import EarlierFinding, OrderLine, Product, ReturnLine, ReturnRequest
from returns.wording.choices import REASONS
from returns.wording.orders import units_of
from returns.wording.phrases import capital, percent, plain_date


def named(line: ReturnLine, quantity: int, lines: Sequence[ReturnLine]) -> str:
    """`2 × Vital C serum`; where the same product is there twice, `1 × Vital C serum (opened)` tells which."""
    title = line.order_line.title
    if sum(other.order_line_id == line.order_line_id for other in lines) < 2:
        return units_of(quantity, title)
    return f"{quantity} × {title} ({_(CONDITIONS[Condition(line.condition)])})"


CONDITIONS = {Condition.UNOPENED: N_("unopened"), Condition.OPENED: N_("opened")}
"""A product's state in the middle of a sentence."""


def asked_words(line: ReturnLine) -> str:
    """`Unopened. I changed my mind.`: what the customer said. Of a claim nobody asks whether it is opened."""
    is_said = line.reason != Reason.NOT_RECEIVED and not _is_as_it_came(line)
    state = f"{told_words(line)}. " if is_said else ""
    wished = f" {wish}." if (wish := exchange_words(line)) else ""
    return f"{state}{_(REASONS[Reason(line.reason)])}.{wished}"


def exchange_words(line: ReturnLine) -> str:
    """`An exchange for Clay mask, 2 oz`: the product that was chosen; empty where none was."""
    product = line.exchange_product
    return "" if product is None else _("An exchange for %(product)s") % {"product": sized(product)}


def sized(product: Product) -> str:
    """`Clay mask, 2 oz`."""
    return ", ".join(part for part in (product.name, product.size) if part)


def exchanges_of(request: ReturnRequest, lines: Sequence[ReturnLine]) -> dict[int, str]:
    """The products wished in exchange, by the order line's index in a quote; none where two parts wish different ones.

    ``lines`` are all lines of the request.
    """
    wished: dict[int, set[str]] = {}
    for line, judged in zip(lines, request.submitted_quote.lines, strict=True):
        product = line.exchange_product
        wished.setdefault(judged.line, set()).add(sized(product) if product is not None else "")
    return {index: names.pop() for index, names in wished.items() if len(names) == 1}


def free_units(bought: Sequence[OrderLine]) -> dict[int, int]:
    """How many of each line are left to come back, by its index in the order."""
    return {index: line.available for index, line in enumerate(bought)}


def told_words(line: ReturnLine, *, units: int | None = None) -> str:
    """What was declared, for as many units as were asked for, or ``units`` of them."""
    quantity = line.requested_quantity if units is None else units
    if _is_as_it_came(line):
        state = _("as it came")
        return f"{quantity} {state}" if quantity > 1 else capital(state)
    expires_on = told_expiration(line) if expires_sooner(line) else None
    return _state(quantity, line.condition, line.used_percent, resalable=line.resalable, expires_on=expires_on)


def found_words(line: ReturnLine) -> str:
    """What was found at the dock and by the inspection."""
    if not line.accepted_quantity:
        return _("Not accepted") if line.received_quantity else _("Not in the package")
    expires_on = line.found_expires_on if expires_sooner(line) else None
    return _state(
        line.accepted_quantity,
        line.found_condition,
        line.found_used_percent,
        resalable=bool(line.found_resalable),
        expires_on=expires_on,
    )


def earlier_words(line: ReturnLine, earlier: EarlierFinding) -> str:
    """What was found of a line before a second inspection."""
    if not earlier.accepted_quantity:
        return _("Not accepted") if line.received_quantity else _("Not in the package")
    told, found = told_expiration(line), earlier.expires_on
    return _state(
        earlier.accepted_quantity,
        earlier.condition,
        earlier.used_percent,
        resalable=earlier.resalable,
        expires_on=found if told is not None and found is not None and found < told else None,
    )


def _is_as_it_came(line: ReturnLine) -> bool:
    """A claim about goods that came damaged or wrong: their condition isn't the customer's doing, so it isn't asked."""
    return Reason(line.reason).is_merchant_fault and line.condition == Condition.UNOPENED and line.resalable


def _state(
    quantity: int, condition: str, used_percent: Decimal | None, *, resalable: bool, expires_on: date | None
) -> str:
    state = _(CONDITIONS[Condition.UNOPENED])
    if Condition(condition) is Condition.OPENED:
        state = ngettext("opened", "opened", quantity)  # one word in English, two in Spanish
    words = [f"{quantity} {state}" if quantity > 1 else capital(state)]
    if used_percent is not None:
        words.append(_("%(percent)s used") % {"percent": percent(used_percent)})
    if not resalable:
        words.append(ngettext("not complete or not as new", "not complete or not as new", quantity))
    if expires_on is not None:
        words.append(_("expires %(day)s") % {"day": plain_date(expires_on)})
    return ", ".join(words)
