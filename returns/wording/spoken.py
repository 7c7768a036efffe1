"""The answer as sentences to read aloud on the phone, made from the policy version (ux, 07b).

Desk staff read them, so what stands around the verdicts is English; the verdicts are the words of page and mail.
"""

from collections.abc import Iterator, Sequence

from returns.domain.facts import Outcome, Payer
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote, Quote
from returns.wording.ledgers import Stage, total_name
from returns.wording.phrases import listing, money
from returns.wording.policies import duration
from returns.wording.verdicts import UNKNOWN_SELLER, Seller, words_for


def say_this(
    quote: Quote, titles: Sequence[str], terms: PolicyTerms, *, seller: Seller = UNKNOWN_SELLER
) -> tuple[str, ...]:
    """The sum first, a sentence for each line with its reason, then what to send, who pays for it, and how long."""
    granted = any(line.is_granted for line in quote.lines)
    lines = (f"{titles[line.line]}: {_line(line, terms, seller)}" for line in quote.lines)
    return (*_sum(quote, terms), *lines, *(_what_follows(quote, titles, terms) if granted else ()))


def _sum(quote: Quote, terms: PolicyTerms) -> Iterator[str]:
    if not any(line.is_granted for line in quote.lines):
        is_open = any(line.verdict.outcome is Outcome.NEEDS_REVIEW for line in quote.lines)
        yield (
            "I can't promise a sum yet: somebody looks at it first."
            if is_open
            else "By our policy, we can't take it back."
        )
    elif quote.total:
        yield f"{total_name(quote, terms, Stage.QUOTE)}: {money(quote.total, quote.currency)}."
    if quote.balance_applied:
        yield f"We have taken {money(quote.balance_applied, quote.currency)} off, which is owed on your account."
    if quote.service_charge:
        yield f"We bill {money(quote.service_charge, quote.currency)} apart."


def _line(line: LineQuote, terms: PolicyTerms, seller: Seller) -> str:
    words = words_for(line, terms, seller=seller)
    return words.sentence if line.is_granted else f"{words.word}. {words.sentence}"


def _what_follows(quote: Quote, titles: Sequence[str], terms: PolicyTerms) -> Iterator[str]:
    if quote.also_return:
        yield f"Please send back too what came free: {listing([titles[index] for index in quote.also_return])}."
    payers = {line.paid_by for line in quote.lines if line.is_granted}
    if payers == {Payer.CUSTOMER}:
        yield "You pay for shipping it to us."
    elif payers == {Payer.MERCHANT}:
        yield "We pay for the shipping."
    yield f"It is processed {duration(terms)} after it reaches us. Please don't ship it before our email is there."
