"""What the customer told us beside what we found, for the lines where that changed something."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from returns.differences import ACCEPTED, AUTHORIZED, by_line, earlier_findings, is_goods
from returns.domain.facts import NO_MONEY, Resolution
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote, Quote
from returns.models import ReturnLine
from returns.wording.differences import gave_words, given_words
from returns.wording.phrases import small
from returns.wording.states import earlier_words, found_words, told_words
from returns.wording.strips import clause_of
from returns.wording.verdicts import looked_at


@dataclass(frozen=True, slots=True)
class Difference:
    """One product: told and found in words, with what each gives; `earlier`: what was found before it was again."""

    title: str
    told: str
    told_amount: str
    found: str
    found_amount: str
    why: str = ""
    earlier: Sequence[tuple[str, str]] = ()


def differences(lines: Sequence[ReturnLine], before: Quote, settled: Quote, terms: PolicyTerms) -> list[Difference]:
    """The lines that give something else than in the earlier quote; that quote has a line for each with units."""
    is_here = any(line.accepted_quantity is not None for line in lines)
    told, found = by_line(before, lines, AUTHORIZED), by_line(settled, lines, ACCEPTED if is_here else AUTHORIZED)
    currency, why, first = settled.currency, _reasons(lines, settled, terms), earlier_findings(lines)
    return [
        Difference(
            title=line.order_line.title,
            told=told_words(line, units=line.authorized_quantity),
            told_amount=given_words(told[line.pk], currency),
            found=_found(line),
            found_amount=_("goes back to you")
            if line.goes_back
            else given_words(found.get(line.pk), currency, was=told[line.pk]),
            why=why.get(line.pk, ""),
            earlier=[
                (earlier_words(line, one), gave_words(one, currency, named=False)) for one in first.get(line.pk, ())
            ],
        )
        for line in lines
        if line.pk in told and (line.pk in first or _gives(told[line.pk]) != _gives(found.get(line.pk)))
    ]


def _gives(judged: LineQuote | None) -> tuple[Decimal, Resolution | None, int]:
    """What a line gives, to be compared: an amount, or so many units of goods for goods."""
    if judged is None or not judged.is_granted:
        return NO_MONEY, None, 0
    return (NO_MONEY, judged.resolution, judged.quantity) if is_goods(judged) else (judged.amount, None, 0)


def _reasons(lines: Sequence[ReturnLine], settled: Quote, terms: PolicyTerms) -> dict[int, str]:
    """The rule behind what each line gives now, with its numbers and the clause, by the line's key."""
    accepted = [line for line in lines if ACCEPTED(line)]
    if len(accepted) != len(settled.lines):
        return {}
    answers = zip(accepted, settled.lines, strict=True)
    return {line.pk: _reason(judged, terms) for line, judged in answers if not line.goes_back}


def _reason(judged: LineQuote, terms: PolicyTerms) -> str:
    clause = clause_of(terms, judged.verdict.clause_id)
    rule = _("Policy: %(title)s.") % {"title": clause.title} if clause else ""
    return f"{looked_at(judged, terms)} {rule}".strip()


def _found(line: ReturnLine) -> str:
    """What was found; where there were several and one was left, that one is counted too."""
    words = found_words(line)
    is_one_of_several = line.accepted_quantity == 1 < (line.authorized_quantity or 0)
    return f"1 {small(words)}" if is_one_of_several else words
