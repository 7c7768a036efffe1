"""What the return slip says: half of it goes into the box, half on the outside (LPS-14…18, CON-30, CON-31, PRO-19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.coming_back import comes_back
from returns.domain.policy import BoxMark, PolicyTerms
from returns.domain.settlement import Quote
from returns.models import ReturnLine, ReturnRequest, Storefront
from returns.quoting import order_lines
from returns.wording.help import how_to_reach
from returns.wording.hours import weekly_hours
from returns.wording.instructions import free_items, packing, postage, value_to_send
from returns.wording.phrases import capital, money, month
from returns.wording.policies import duration
from returns.wording.states import told_words


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One product of the package: how many, and in what state the customer said it was."""

    title: str
    quantity: int
    told: str


@dataclass(frozen=True, slots=True)
class Slip:
    """Finished words. ``mark`` is exactly what goes on the outside; ``url`` is the status page, without any token."""

    shop: str
    number: str
    order_number: str
    sender: str
    lines: Sequence[SlipLine]
    checks: Sequence[str]
    small: str
    address: Sequence[str]
    mark: str
    mark_label: str
    url: str


def slip_of(request: ReturnRequest) -> Slip:
    """The slip of an authorized return, from the terms it was judged by and the quote of the decision."""
    terms, quote = request.policy_version.parsed(), Quote.from_data(request.decision_quote or request.quote)
    by_order = terms.package.box_mark is BoxMark.ORDER_NUMBER
    bought, lines = order_lines(request.order), _authorized(request)
    packed = [line for line in lines if comes_back(line)]
    free = [SlipLine(title, units, _("Free item, comes back too")) for title, units in free_items(quote, bought)]
    return Slip(
        shop=request.storefront.name,
        number=request.number,
        order_number=request.order.number,
        sender=", ".join(part for part in (request.contact_name, request.contact_phone) if part),
        lines=[*(SlipLine(line.order_line.title, line.held_quantity, _told(line)) for line in packed), *free],
        checks=[*packing(terms, packed), *_last_checks(value_to_send(quote, lines), quote.currency, by_order=by_order)],
        small=_small(request.storefront, terms, quote, [line.title for line in bought]),
        address=[line for line in request.storefront.return_address.splitlines() if line.strip()],
        mark=request.order.number if by_order else request.number,
        mark_label=_("Order number") if by_order else _("RMA number"),
        url=settings.SITE_URL + reverse("portal:return", args=[request.storefront.slug, request.reference]),
    )


def _authorized(request: ReturnRequest) -> Sequence[ReturnLine]:
    return list(request.lines.filter(authorized_quantity__gt=0).select_related("order_line").order_by("position"))


def _told(line: ReturnLine) -> str:
    told = told_words(line, units=line.authorized_quantity)
    if line.expires_on is None:
        return told
    return _("%(state)s, expires %(month)s") % {"state": told, "month": month(line.expires_on)}


def _last_checks(value: Decimal, currency: str, *, by_order: bool) -> Sequence[str]:
    """What is left to do before the box is closed, whatever the policy wants in it."""
    mark = _("The order number is on the outside.") if by_order else _("The RMA number is on the outside.")
    noted = _("The tracking number is noted.")
    if value:
        noted = _("The tracking number is noted, the package insured for %(value)s.") % {
            "value": money(value, currency)
        }
    return (_("This half of the slip is inside."), mark, noted)


def _small(storefront: Storefront, terms: PolicyTerms, quote: Quote, titles: Sequence[str]) -> str:
    hours = weekly_hours(storefront.service_hours)
    processed = _("Processed %(duration)s after it reaches us.") % {"duration": duration(terms)}
    questions = _("Questions? %(reach)s") % {"reach": how_to_reach(storefront)}
    sentences = (postage(quote, titles), processed, questions, f"{capital(hours)}." if hours else "")
    return " ".join(sentence for sentence in sentences if sentence)
