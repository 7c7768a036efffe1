"""What was quoted beside what is settled: the sum that changed, and the sentence of every line that changed it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from returns.domain.facts import Outcome
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import Extras, LineQuote, Quote
from returns.models import ReturnLine, ReturnRequest, SettlementPlan
from returns.services.shares import Share
from returns.wording import desk as words
from returns.wording.ledgers import is_uncounted
from returns.wording.phrases import money
from returns.wording.states import found_words
from returns.wording.verdicts import looked_at


@dataclass(frozen=True, slots=True)
class Changes:
    """`Quoted $160.00, found $126.00: less because`, then a sentence for each line that gives another sum."""

    headline: str
    reasons: Sequence[str]


def changes(rma: ReturnRequest, lines: Sequence[ReturnLine], shares: Sequence[Share], answer: Quote) -> Changes | None:
    """Why the sum isn't the one the customer was quoted; None where it is."""
    quoted = rma.submitted_quote
    if quoted.total == answer.total:
        return None
    reasons = [*_of_lines(lines, quoted, shares, rma.policy_version.parsed()), *_of_the_whole(quoted, answer)]
    return Changes(_headline(quoted, answer), reasons)


def _headline(quoted: Quote, answer: Quote) -> str:
    """Both sums; what was quoted as no sum at all was neither more nor less."""
    given = money(answer.total, answer.currency)
    if is_uncounted(quoted):
        return f"No sum was quoted, a person had to look first. It gives {given} because"
    compared = "less" if answer.total < quoted.total else "more"
    return f"Quoted {money(quoted.total, quoted.currency)}, found {given}: {compared} because"


def _of_lines(lines: Sequence[ReturnLine], quoted: Quote, shares: Sequence[Share], terms: PolicyTerms) -> Iterator[str]:
    settled = {share.line.pk: share.judged for share in shares}
    for line, before in zip(lines, quoted.lines, strict=True):
        now = settled.get(line.pk)
        if before.amount != (now.amount if now else Decimal(0)):
            title, currency = line.order_line.title, quoted.currency
            after = money(now.amount if now else Decimal(0), currency)
            quote = "not counted" if _waited(before) else money(before.amount, currency)
            yield f"{title}, {quote} → {after}: {_why(line, now, terms)}"


def _waited(judged: LineQuote) -> bool:
    """Whether a person had to decide about the line, so that its quote named no sum."""
    return judged.verdict.outcome is Outcome.NEEDS_REVIEW and not judged.amount


def _why(line: ReturnLine, now: LineQuote | None, terms: PolicyTerms) -> str:
    """The verdict's sentence, after the count where fewer units were accepted than asked for."""
    if not line.authorized_quantity:
        return f"Not authorized. {line.rejection_text}".strip()
    if now is None:
        return f"{found_words(line)}."
    if line.goes_back:
        return f"{found_words(line)}. The customer wants it back."
    fewer = f"{now.quantity} of {line.requested_quantity} counted. " if now.quantity < line.requested_quantity else ""
    return f"{fewer}{words.about_customer(looked_at(now, terms))}"


def _of_the_whole(quoted: Quote, answer: Quote) -> Iterator[str]:
    """What changed beside the lines: original shipping, and the balance owed."""
    for what, before, now in (
        ("Original shipping", quoted.shipping_refund, answer.shipping_refund),
        ("Open balance taken off", quoted.balance_applied, answer.balance_applied),
    ):
        if before != now:
            yield f"{what}: {money(before, quoted.currency)} → {money(now, answer.currency)}."
    extras = answer.extras or Extras()
    for what, amount in (("Goodwill", extras.goodwill), ("The customer's postage", extras.postage)):
        if amount:
            yield f"{what}: {money(amount, answer.currency)} on top."


def added(plan: SettlementPlan, answer: Quote) -> list[str]:
    """Why something is given beyond the policy, and by whom: whoever settles it, or agrees to it, reads it first."""
    by = f", {plan.changed_by.get_short_name()}" if plan.changed_by else ""
    extras = answer.extras or Extras()
    reasons = (
        ("Goodwill", extras.goodwill, plan.goodwill_reason),
        ("Service charge waived", extras.waived_charge, plan.waiver_reason),
    )
    return [f"{what}{by}: “{why}”" for what, amount, why in reasons if amount]
