"""What was chosen, once more in words, for the page on which it is checked before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.components import OUTCOME_LOOKS, AfterRow, Kind
from returns.domain.facts import Condition, Outcome, Reason, Wish
from returns.domain.settlement import LineQuote, Quote
from returns.enquiries import Enquiry
from returns.models import Draft
from returns.quoting import Asked
from returns.wording.choices import REASONS, product_name, wish_text
from returns.wording.orders import units_of
from returns.wording.phrases import long_date, money, percent, plain_date
from returns.wording.verdicts import words_for


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One line to check: what was told, and the verdict in a word."""

    title: str
    told: str
    kind: Kind
    icon: str
    verdict: str
    sentence: str


def asked_rows(enquiry: Enquiry, asked: Sequence[Asked], quote: Quote) -> list[AskedRow]:
    """The lines of a draft beside their verdicts, in the same order."""
    return [_row(enquiry, one, judged) for one, judged in zip(asked, quote.lines, strict=True)]


def _row(enquiry: Enquiry, asked: Asked, judged: LineQuote) -> AskedRow:
    kind, icon = OUTCOME_LOOKS[judged.verdict.outcome]
    words = words_for(judged, enquiry.terms, seller=enquiry.seller)
    most = enquiry.possible(asked, judged)
    verdict = words.word
    if most:
        verdict = _("%(word)s, up to %(most)s") % {"word": words.word, "most": money(most, quote_currency(enquiry))}
    title = units_of(asked.quantity, enquiry.titles[judged.line])
    return AskedRow(title, told(asked, enquiry, judged), kind, icon, verdict, words.sentence)


def asked_anyway_rows(asked: Sequence[Asked], quote: Quote, titles: Sequence[str]) -> list[AfterRow]:
    """What the policy refuses and the customer asks all the same: beside the sum, as not counted in it."""
    return [
        AfterRow(
            _("%(product)s, you ask us anyway") % {"product": units_of(one.quantity, titles[judged.line])},
            _("not counted"),
        )
        for one, judged in zip(asked, quote.lines, strict=True)
        if one.ask_anyway and judged.verdict.outcome in (Outcome.NOT_ELIGIBLE, Outcome.REDIRECT)
    ]


COMING_BACK = timedelta(minutes=30)
"""A draft this old was left and come back to; a younger one is still being filled in."""


def begun_words(draft: Draft, enquiry: Enquiry) -> str:
    """`You began this on Friday, November 20, 2026; it's still here.`, where somebody comes back; else nothing."""
    if enquiry.at - draft.updated_at < COMING_BACK:
        return ""
    day = draft.created_at.astimezone(enquiry.order.storefront.zone).date()
    return _("You began this on %(day)s; it's still here.") % {"day": long_date(day)}


def why_changed(before: Quote, now: Quote) -> str:
    """`Since you began, day 30 has passed.`: why a quote isn't the one that was shown before."""
    ages = {line.verdict.numbers.age_days for line in now.lines}
    age = ages.pop() if len(ages) == 1 else None
    if before.requested_on == now.requested_on:
        return _("Since you began, something about your order has changed.")
    if age is None:
        return _("Since you began, another day has begun.")
    return _("Since you began, day %(day)s has passed.") % {"day": age - 1}


def quote_currency(enquiry: Enquiry) -> str:
    """The currency of the order."""
    return enquiry.order.currency


def told(asked: Asked, enquiry: Enquiry, judged: LineQuote) -> str:
    """`Unopened. I changed my mind. Money back.`, with what else was said about the product."""
    parts = [_(REASONS[asked.reason])]
    if asked.reason is not Reason.NOT_RECEIVED:
        parts.insert(0, _("Unopened") if asked.condition is Condition.UNOPENED else _("Opened"))
    if asked.used_percent is not None:
        parts.append(_("About %(share)s used") % {"share": percent(asked.used_percent)})
    if not asked.resalable:
        parts.append(_("Something is missing, or the packaging is gone"))
    if asked.expires_on is not None:
        parts.append(_("Expires %(day)s") % {"day": plain_date(asked.expires_on)})
    if judged.is_granted or asked.reason.is_merchant_fault or asked.exchange_product_id is not None:
        parts.append(_wished(asked, enquiry))
    if asked.ask_anyway:
        parts.append(_("You ask us anyway"))
    return ". ".join(parts) + "."


def _wished(asked: Asked, enquiry: Enquiry) -> str:
    product = enquiry.catalogue.known(asked.exchange_product_id) if asked.exchange_product_id is not None else None
    if asked.wants is Wish.EXCHANGE and product is not None:
        return _("An exchange for %(product)s") % {"product": product_name(product)}
    return str(wish_text(asked.wants, enquiry.terms))


def photo_words(number: int) -> str:
    """`None`, `2 photos`: the answer of the check list."""
    return ngettext("%(number)s photo", "%(number)s photos", number) % {"number": number} if number else _("None")
