"""A verdict as people read it: a word, a sentence with the numbers, and what would change it (ux, "Sentences by code").

Every word comes from the verdict and from the terms it was judged by. A shop that gives store credit alone is never
made to say otherwise, because the form of money is asked of its terms.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from returns.domain.facts import Outcome
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote
from returns.domain.verdict import Code
from returns.wording import granted, open_questions, refused
from returns.wording.findings import UNKNOWN_SELLER, Case, Seller, Words
from returns.wording.phrases import part_of_price, percent

__all__ = ["UNKNOWN_SELLER", "Seller", "Words", "asked_anyway", "further_reasons", "looked_at", "words_for"]


def words_for(
    line: LineQuote, terms: PolicyTerms, *, seller: Seller = UNKNOWN_SELLER, possible: Decimal | None = None
) -> Words:
    """The deciding reason of a line in words."""
    return finding_words(Case(line.verdict.reasons[0], line, terms, seller, possible))


def asked_anyway(words: Words) -> Words:
    """A "no" that the customer sent all the same: the policy's reason stays, the answer is a person's."""
    return Words(
        _("You asked us anyway; a person decides"), _("By the policy: %(sentence)s") % {"sentence": words.sentence}
    )


def looked_at(line: LineQuote, terms: PolicyTerms) -> str:
    """The deciding reason once the goods were looked at: nothing is estimated any more, nothing is still to weigh."""
    numbers = line.verdict.numbers
    if line.verdict.code is Code.PARTIAL_USED_CREDIT and None not in (numbers.used_percent, numbers.limit_percent):
        used, limit = (percent(figure or Decimal(0)) for figure in (numbers.used_percent, numbers.limit_percent))
        share = part_of_price(numbers.share_percent or Decimal(0))
        figures = {"used": used, "limit": limit, "share": share}
        return _("%(used)s used, the limit is %(limit)s: %(share)s comes back.") % figures
    return words_for(line, terms).sentence


def further_reasons(line: LineQuote, terms: PolicyTerms, *, seller: Seller = UNKNOWN_SELLER) -> list[str]:
    """The sentences of the reasons behind the deciding one. A decision of staff needs none.

    Where the answer is a "no" already, an open question isn't asked: its answer would change nothing.
    """
    if line.verdict.code is Code.STAFF_OVERRIDE:
        return []
    reasons = line.verdict.reasons[1:]
    if line.verdict.outcome is Outcome.NOT_ELIGIBLE:
        reasons = tuple(reason for reason in reasons if reason.outcome is Outcome.NOT_ELIGIBLE)
    return [finding_words(Case(reason, line, terms, seller)).sentence for reason in reasons]


def finding_words(case: Case) -> Words:
    """One finding in words. Every code has its writer; a test asks for all of them, at every storefront."""
    return _WRITERS[case.finding.code](case)


_WRITERS: Mapping[Code, Callable[[Case], Words]] = {
    Code.FULL_REFUND: granted.full,
    Code.RESTOCKING_FEE: granted.less_fee,
    Code.PARTIAL_USED_CREDIT: granted.partly_used,
    Code.EXCHANGE: granted.exchange,
    Code.DAMAGED: granted.claim,
    Code.SHIPPING_ERROR: granted.claim,
    Code.REFUSED_PACKAGE: granted.refused_package,
    Code.STAFF_OVERRIDE: granted.override,
    Code.WINDOW_EXPIRED: refused.window_over,
    Code.CLAIM_WINDOW_EXPIRED: refused.late_claim,
    Code.EXCHANGE_WINDOW_EXPIRED: refused.late_exchange,
    Code.EXPIRY_TOO_SOON: refused.expires_too_soon,
    Code.OPENED: refused.opened,
    Code.OVER_HALF_USED: refused.used_too_much,
    Code.REPEAT_RETURN: refused.repeated,
    Code.EXCLUDED_KIND: refused.excluded_kind,
    Code.EXCLUDED_FLAG: refused.excluded_flag,
    Code.FINAL_SALE: refused.final_sale,
    Code.OPENING_ORDER: refused.opening_order,
    Code.TEN_PERCENT_BACK: refused.ten_percent_back,
    Code.NOT_RESALABLE: refused.incomplete,
    Code.PARTNER_PURCHASE: open_questions.bought_elsewhere,
    Code.NOT_RECEIVED: open_questions.not_received,
    Code.EXPIRY_UNKNOWN: open_questions.expiration_unknown,
    Code.USAGE_UNKNOWN: open_questions.usage_unknown,
    Code.DELIVERY_UNKNOWN: open_questions.delivery_unknown,
    Code.LATE_MERCHANT_FAULT: open_questions.late_fault,
    Code.EXCHANGE_BY_STAFF: open_questions.exchange_by_staff,
    Code.KIND_UNKNOWN: open_questions.kind_unknown,
}
