"""What was found otherwise than told, on the page of a return: both sides, the rule, and the answers to it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.components import Difference, Found
from returns.differences import ACCEPTED, AUTHORIZED, Answer, by_line, differing, giving_less, outcomes, returnable
from returns.domain.facts import Resolution
from returns.domain.settlement import LineQuote, Quote
from returns.domain.workflow import Action
from returns.models import ReturnLine
from returns.views.status_case import Case
from returns.wording.differences import (
    Offer,
    Sums,
    accept_offer,
    disagree_offer,
    gave_words,
    given_words,
    send_back_offer,
    unpaid_of,
)
from returns.wording.states import earlier_words, found_words, told_words


def differences_of(case: Case) -> dict[int, Difference]:
    """Told beside found, each with what it gives, for the lines (by key) that weren't as told."""
    rma = case.rma
    if rma.decision_quote is None or rma.found_quote is None:
        return {}
    before = by_line(Quote.from_data(rma.decision_quote), case.lines, AUTHORIZED)
    after = by_line(Quote.from_data(rma.found_quote), case.lines, ACCEPTED)
    currency, otherwise = rma.order.currency, differing(rma, case.lines)
    return {
        line.pk: Difference(
            Found(told_words(line, units=line.authorized_quantity), _given(before.get(line.pk), currency)),
            Found(
                found_words(line),
                _("goes back to you")
                if line.goes_back
                else _given(after.get(line.pk), currency, was=before.get(line.pk)),
            ),
            changed=line.pk in otherwise,
            earlier=[
                Found(earlier_words(line, earlier), gave_words(earlier, currency))
                for earlier in case.found_before.get(line.pk, ())
            ],
            found_heading=N_("Found again") if line.pk in case.found_before else N_("We found"),
        )
        for line in case.lines
        if line.pk in otherwise or is_told_again(case, line)
    }


def is_told_again(case: Case, line: ReturnLine) -> bool:
    """Whether a line was found otherwise than told at first, though no longer."""
    return any(
        earlier_words(line, earlier) != told_words(line, units=line.authorized_quantity)
        for earlier in case.found_before.get(line.pk, ())
    )


def rules_of(case: Case) -> dict[int, LineQuote]:
    """The verdicts on what was found, by the line's key, where they give less than was decided before."""
    rma = case.rma
    if rma.found_quote is None:
        return {}
    after = by_line(Quote.from_data(rma.found_quote), case.lines, ACCEPTED)
    less = giving_less(rma, case.lines)
    return {line.pk: after[line.pk] for line in case.lines if line.pk in less & after.keys() and not line.goes_back}


def _given(judged: LineQuote | None, currency: str, *, was: LineQuote | None = None) -> str:
    """`$46.00 credit`, `$92.00`, `exchanged`: what a line gives."""
    words = given_words(judged, currency, was=was)
    is_credit = judged is not None and judged.resolution is Resolution.STORE_CREDIT
    return _("%(amount)s credit") % {"amount": words} if is_credit else words


def sums_told(case: Case) -> Sums:
    """What the answers to the difference come to, as they were mailed."""
    sent = case.last(Action.SEND_DIFFERENCE)
    return Sums.of(sent.data if sent else {}, case.rma.current_quote)


def sums_now(case: Case) -> Sums:
    """What they come to now: a balance may have arisen since the mail."""
    now = outcomes(case.rma, case.lines)
    return Sums(now.found.total, now.sent_back.total if now.sent_back else None, now.found.currency)


def offers_of(case: Case, sums: Sums) -> list[tuple[Answer, Offer]]:
    """The answers to the difference, each with what it comes to."""
    titles = [line.order_line.title for line in returnable(case.rma, case.lines)]
    offers = (
        (Answer.ACCEPT, accept_offer(sums, case.terms, unpaid_of(case.rma, case.lines))),
        (Answer.SEND_BACK, send_back_offer(sums, case.terms, titles)),
        (Answer.DISAGREE, disagree_offer()),
    )
    return [(answer, offer) for answer, offer in offers if offer is not None]
