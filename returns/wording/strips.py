"""The verdict strip and the day ruler of a line, ready to be drawn."""

from decimal import Decimal

from django.utils.translation import gettext as _

from returns.components import Clause, Ruler, Stretch, VerdictStrip, Window
from returns.domain.facts import Outcome
from returns.domain.policy import Clock, PolicyTerms
from returns.domain.settlement import LineQuote
from returns.domain.verdict import Code, Numbers
from returns.wording.findings import day_count, fee_words
from returns.wording.phrases import capital, long_date, policy_text
from returns.wording.verdicts import UNKNOWN_SELLER, Seller, asked_anyway, further_reasons, words_for

BY_DAYS = frozenset(
    {
        Code.FULL_REFUND,
        Code.RESTOCKING_FEE,
        Code.PARTIAL_USED_CREDIT,
        Code.REFUSED_PACKAGE,
        Code.WINDOW_EXPIRED,
    }
)
"""The verdicts that a day count decides; only they show a ruler (ux, "Day ruler")."""


def verdict_strip(
    line: LineQuote,
    terms: PolicyTerms,
    *,
    policy_url: str = "",
    seller: Seller = UNKNOWN_SELLER,
    possible: Decimal | None = None,
    anyway: bool = False,
) -> VerdictStrip:
    """The answer to one line. ``policy_url`` is the page of the version these terms are, to link the clause.

    ``anyway``: the customer has sent it all the same, so that a "no" is a person's to confirm or to change.
    """
    words = words_for(line, terms, seller=seller, possible=possible)
    outcome = line.verdict.outcome
    if anyway and outcome in (Outcome.NOT_ELIGIBLE, Outcome.REDIRECT):
        words, outcome = asked_anyway(words), Outcome.NEEDS_REVIEW
    return VerdictStrip.of(
        outcome,
        words.word,
        words.sentence,
        change=words.change,
        clause=clause_of(terms, line.verdict.clause_id, policy_url),
        more=further_reasons(line, terms, seller=seller),
    )


def clause_of(terms: PolicyTerms, clause_id: str, policy_url: str = "") -> Clause | None:
    """The clause with this id, linked to its place on the policy page; None for an id these terms don't have."""
    try:
        clause = terms.clause(clause_id)
    except KeyError:
        return None
    return Clause(clause.id, policy_text(clause.title), f"{policy_url}#{clause.id}" if policy_url else "")


def policy_ruler(terms: PolicyTerms) -> Ruler:
    """The days of the policy without anybody's case on it."""
    return Ruler.of_days(_stretches(terms), sentence=_ruler_sentence(terms))


def line_ruler(line: LineQuote, terms: PolicyTerms, *, marker: str = "") -> Ruler | None:
    """The days with the day of the request on them; None where another fact than the day decides.

    The marker says `today, day 12`, unless ``marker`` has other words with a place for the ``%(day)s``.
    """
    numbers: Numbers = line.verdict.numbers
    if line.verdict.code not in BY_DAYS or numbers.age_days is None:
        return None
    sentence = f"{_today(numbers)} {_ruler_sentence(terms)}"
    words = (marker or _("today, day %(day)s")) % {"day": numbers.age_days}
    return Ruler.of_days(_stretches(terms), sentence=sentence, day=numbers.age_days, marker=words)


def _today(numbers: Numbers) -> str:
    if numbers.requested_on is None:
        return f"{day_count(numbers)}."
    return _("%(day)s, %(date)s.") % {"day": day_count(numbers), "date": long_date(numbers.requested_on)}


def _stretches(terms: PolicyTerms) -> list[Stretch]:
    stretches = []
    for tier in terms.tiers:
        fee = fee_words(tier.fee_percent or None, tier.fixed_fee or None, terms.currency)
        window, label = (
            (Window.FEE, _("less %(fee)s") % {"fee": fee}) if tier.has_fee else (Window.IN_FULL, _in_full(terms))
        )
        stretches.append(Stretch(window, tier.until_day, label))
    if terms.last_day is not None:
        stretches.append(Stretch(Window.CLOSED, None, _("closed")))
    return stretches


def _in_full(terms: PolicyTerms) -> str:
    same_days = terms.opened.until_day == terms.tiers[0].until_day
    if terms.opened.share_percent == 50 and same_days:
        return _("in full, or half if opened")
    return _("in full")


def _ruler_sentence(terms: PolicyTerms) -> str:
    parts, after = [], None
    for stretch in _stretches(terms):
        figures = {"first": (after or 0) + 1, "last": stretch.until_day, "what": stretch.label}
        parts.append(_span(is_first=after is None, has_end=stretch.until_day is not None) % figures)
        after = stretch.until_day
    day_0 = (
        _("Day 0 is the day of your order.")
        if terms.clock is Clock.PURCHASE
        else _("Day 0 is the day of your delivery.")
    )
    return f"{capital('; '.join(parts))}. {day_0}"


def _span(*, is_first: bool, has_end: bool) -> str:
    if is_first:
        return _("from the start to day %(last)s %(what)s") if has_end else _("from the start on %(what)s")
    return _("from day %(first)s to day %(last)s %(what)s") if has_end else _("from day %(first)s on %(what)s")
