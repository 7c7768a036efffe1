"""Whose turn it is with a return, in words: the status, the headline and what happens next (ux, section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.components import STATUS_LOOKS, Turn, Whose
from returns.domain.workflow import Status
from returns.wording.endings import Ending
from returns.wording.phrases import long_date
from returns.wording.promises import Expected, answer_words, leaving_words


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A status on the customer's page: the word of the pill, whose turn it is with the headline, and a sentence."""

    word: str
    turn: Turn
    text: str = ""


def _row(status: Status, whose: Whose, headline: str, text: str = "") -> tuple[Status, StatusWords]:
    return status, StatusWords(STATUS_LOOKS[status].customer, Turn(whose, headline), text)


STATUS: Mapping[Status, StatusWords] = dict(
    (
        _row(
            Status.SUBMITTED,
            Whose.OURS,
            N_("Nothing to do for now"),
            N_("A person reads it."),
        ),
        _row(
            Status.IN_REVIEW,
            Whose.OURS,
            N_("Nothing to do for now"),
            N_("A person reads it now."),
        ),
        _row(
            Status.INFORMATION_REQUESTED,
            Whose.YOURS,
            N_("We need one thing from you"),
            N_("Your answer goes straight to the person who asked."),
        ),
        _row(Status.AUTHORIZED, Whose.YOURS, N_("Send your package")),
        _row(Status.SHIPPED, Whose.OURS, N_("Nothing to do for now"), N_("We email you when your package is here.")),
        _row(
            Status.RECEIVED,
            Whose.OURS,
            N_("It's here"),
            N_("We compare it with what you told us. Nothing to do for now."),
        ),
        _row(Status.INSPECTED, Whose.OURS, N_("All as you told us"), N_("We finish it now. Nothing to do for you.")),
        _row(
            Status.DIFFERENCE_SENT,
            Whose.YOURS,
            N_("Not everything was as you told us"),
            N_("Tell us what you would like us to do."),
        ),
        _row(Status.COMPLETED, Whose.DONE, N_("Your return is done")),
        _row(
            Status.REJECTED,
            Whose.DONE,
            N_("We can't take this back"),
            N_("The reasons are below. If you see it otherwise, write to us below or call us: a second person looks."),
        ),
        _row(Status.REDIRECTED, Whose.DONE, N_("Please return it where you bought it")),
        _row(
            Status.WITHDRAWN,
            Whose.DONE,
            N_("You withdrew this return"),
            N_("You can ask again for the same products."),
        ),
        _row(Status.EXPIRED, Whose.DONE, N_("This return wasn't sent in time"), N_("You can ask again.")),
    )
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What decides about the words after the inspection: whether anything differs, and what the customer answered.

    `is_second`: a second person has looked at it, after an objection.
    """

    is_different: bool = False
    answer: str = ""
    answer_by: date | None = None
    is_second: bool = False


def status_words(
    status: Status,
    ending: Ending | None = None,
    *,
    findings: Findings = Findings(),
    is_lost: bool = False,
    goods_come_back: bool = True,
    gives_goods: bool = True,
    is_missing: bool = False,
    answers_by: Expected | None = None,
    leaves_by: Expected | None = None,
) -> StatusWords:
    """The words of a status in the reader's language; before the decision with the day by which we answer.

    Where nothing comes back, an authorized return is ours to finish: `gives_goods` by sending some. `is_missing`: it
    reports a package that never came.
    A completed return is named by how it ended, an inspected one by what was found and answered, an expired one that
    was closed because its package never came (LPS-22) by that.
    """
    words = STATUS[status]
    if status is Status.COMPLETED and ending is not None:
        return StatusWords(ending.word, Turn(Whose.DONE, ending.headline), ending.text)
    if status is Status.AUTHORIZED and not goods_come_back:
        turn = Turn(Whose.OURS, _("Nothing to send back"))
        given = f"{_('We send your replacement.')} {leaving_words(leaves_by)}"
        text = given if gives_goods else _("We finish it now. You get an email when it's done.")
        return StatusWords(_(words.word), turn, text)
    if is_missing and status in _MISSING:
        title, text = _MISSING[status]
        text = _answered_by(status, _(text), answers_by)
        return StatusWords(_(words.word), Turn(words.turn.whose, _(title)), text)
    headline, text = _(words.turn.headline), _answered_by(status, _(words.text) if words.text else "", answers_by)
    if status in _CHECKED:
        headline, text = _checked(status, findings) or (headline, text)
    elif status is Status.EXPIRED and is_lost:
        headline = _("Your package never reached us")
        text = _("We closed this return without a credit. If the package arrives after all, we go on with it.")
    word = _("Never arrived") if is_lost else _(words.word)
    return StatusWords(word, Turn(words.turn.whose, headline), text)


def _answered_by(status: Status, text: str, expected: Expected | None) -> str:
    """The sentence, and while we decide the day by which the customer hears from us."""
    return f"{text} {answer_words(expected)}" if status in (Status.SUBMITTED, Status.IN_REVIEW) else text


_CHECKED = frozenset({Status.INSPECTED, Status.DIFFERENCE_SENT})


def _checked(status: Status, findings: Findings) -> tuple[str, str] | None:
    """Headline and sentence once it was looked at; None where all is as told, or no answer is awaited."""
    if status is Status.DIFFERENCE_SENT:
        return _asked(findings)
    if findings.answer in _ANSWERED:
        headline, text = _ANSWERED[findings.answer]
        return _(headline), _(text)
    if findings.is_second:
        return _("A second person has looked"), _(
            "What they found is below, beside what you told us and what we found first. You hear from us by email."
        )
    if findings.is_different:
        text = _("Not everything was as you told us. The sum on this page is that of what we found.")
        return _("Something was different"), text
    return None


def _asked(findings: Findings) -> tuple[str, str] | None:
    """The same while the customer is asked."""
    if findings.answer_by is None:
        return None
    until = _("Tell us by %(day)s. Without an answer we go on with what we found.") % {
        "day": long_date(findings.answer_by)
    }
    if not findings.is_second:
        return _(STATUS[Status.DIFFERENCE_SENT].turn.headline), until
    return _("A second person has looked"), f"{_('They found it otherwise than you told us, too.')} {until}"


_LOOKED_FOR = N_("A person looks for the package with you and the carrier.")
_MISSING: Mapping[Status, tuple[str, str]] = {
    Status.SUBMITTED: (N_("Nothing to do for now"), _LOOKED_FOR),
    Status.IN_REVIEW: (N_("Nothing to do for now"), _LOOKED_FOR),
    Status.REJECTED: (
        N_("We can't give anything for this"),
        N_("The reasons are below. If you see it otherwise, write to us below or call us: a second person looks."),
    ),
    Status.WITHDRAWN: (N_("You withdrew this report"), N_("You can report the same products again.")),
}
"""Headline and sentence of a report that a package never came, where a return's own don't fit."""

_ANSWERED = {
    "accept": (N_("You took what we found"), N_("We finish it now. Nothing to do for you.")),
    "send_back": (N_("We send it back to you"), N_("We finish the rest now. Nothing to do for you.")),
    "disagree": (N_("A second person looks at it"), N_("You hear from us by email. Nothing is settled until then.")),
}
"""Headline and sentence once the customer has answered to the difference."""
