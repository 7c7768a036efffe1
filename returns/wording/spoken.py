"""The verdict and the sum as sentences to read aloud on the phone, the same words as on the page (ux, 07b)."""

from collections.abc import Sequence

from returns.domain.policy import PolicyTerms
from returns.domain.settlement import Quote
from returns.wording.ledgers import Stage, quote_ledger, total_name
from returns.wording.phrases import money
from returns.wording.verdicts import UNKNOWN_SELLER, Seller, words_for


def say_this(
    quote: Quote, titles: Sequence[str], terms: PolicyTerms, *, seller: Seller = UNKNOWN_SELLER
) -> tuple[str, ...]:
    """One sentence for each line, then the sum, then what isn't in it."""
    lines = [f"{titles[line.line]}: {words_for(line, terms, seller=seller).spoken()}" for line in quote.lines]
    if not any(line.is_granted for line in quote.lines):
        return tuple(lines)
    ledger = quote_ledger(quote, titles, terms)
    total = f"{total_name(quote, terms, Stage.QUOTE)} {money(quote.total, quote.currency)}."
    return (*lines, total, *(f"{row.label}: {row.value}." for row in ledger.after))
