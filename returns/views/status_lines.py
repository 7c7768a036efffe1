"""The lines on the page of a return: what was asked of each, the verdict, what was decided and found."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from returns.components import Clause, Difference, VerdictStrip
from returns.domain.facts import Outcome
from returns.domain.workflow import AWAITING_DECISION, Status
from returns.models import ReturnLine
from returns.views.lines import policy_url
from returns.views.status_case import Case
from returns.views.status_difference import differences_of, rules_of
from returns.wording.differences import MeasuredWords, measured_words
from returns.wording.rejections import rejection_sentence
from returns.wording.states import asked_words, named
from returns.wording.strips import clause_of, verdict_strip
from returns.wording.verdicts import looked_at, words_for


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One line of a return: what was asked, the verdict before the decision, or what was decided and found."""

    title: str
    told: str
    strip: VerdictStrip | None = None
    refused: str = ""
    difference: Difference | None = None
    rule: str = ""
    clause: Clause | None = None
    is_left_out: bool = False
    measured: Sequence[MeasuredWords] = field(default_factory=tuple)


def lines_of(case: Case) -> list[StatusLine]:
    """The lines in the order in which they were asked, each with what there is to say about it by now."""
    rma, terms, lines = case.rma, case.terms, case.lines
    url = policy_url(rma.storefront, rma.policy_version)
    differences, rules = differences_of(case), rules_of(case)
    has_some = any(line.authorized_quantity for line in lines)
    shown = []
    for line, verdict in zip(lines, rma.submitted_quote.lines, strict=True):
        strip = verdict_strip(verdict, terms, policy_url=url, seller=case.seller, anyway=line.ask_anyway)
        is_no = verdict.verdict.outcome in (Outcome.NOT_ELIGIBLE, Outcome.REDIRECT)
        sentence = words_for(verdict, terms, seller=case.seller).sentence if is_no else ""
        refused = "" if case.status is Status.REDIRECTED else _refused(line, sentence)
        rule = rules.get(line.pk)
        shown.append(
            StatusLine(
                title=named(line, line.requested_quantity, lines),
                told=asked_words(line),
                strip=strip if case.status in AWAITING_DECISION else None,
                refused=refused,
                difference=differences.get(line.pk),
                rule=looked_at(rule, terms) if rule else "",
                clause=clause_of(terms, rule.verdict.clause_id, url) if rule else None,
                is_left_out=has_some and line.authorized_quantity == 0,
                measured=measured_words(line) if line.pk in differences else (),
            )
        )
    return shown


def _refused(line: ReturnLine, verdict_sentence: str) -> str:
    """Why units of this line weren't authorized, and how many where it isn't all of them."""
    if line.authorized_quantity is None or line.authorized_quantity == line.requested_quantity:
        return ""
    sentence = rejection_sentence(line.rejection_reason, line.rejection_text, verdict_sentence)
    if not line.authorized_quantity:
        return sentence
    missing = line.requested_quantity - line.authorized_quantity
    words = _("%(missing)s of %(count)s: %(reason)s")
    return words % {"missing": missing, "count": line.requested_quantity, "reason": sentence}
