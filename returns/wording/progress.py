"""Where a return stands, in words: status, whose turn it is, the promised day, and the path (ux, section 4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from returns.components import STATUS_LOOKS, Progress, Promise, Stage, Turn, Whose
from returns.domain.deadlines import local_date
from returns.domain.facts import Resolution
from returns.domain.policy import DayCount, Holidays, PolicyTerms
from returns.domain.workflow import AWAITING_DECISION, Status
from returns.wording.phrases import brief_moment, capital, long_date, stopped
from returns.wording.policies import duration


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
            N_("A person reads it. You hear from us by email."),
        ),
        _row(
            Status.IN_REVIEW,
            Whose.OURS,
            N_("Nothing to do for now"),
            N_("A person reads it now. You hear from us by email."),
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

COMPLETED_AS: Mapping[Resolution, str] = {
    Resolution.REFUND: N_("Processed"),
    Resolution.STORE_CREDIT: N_("Credited"),
    Resolution.EXCHANGE: N_("Exchanged"),
    Resolution.REPLACEMENT: N_("Replaced"),
    Resolution.NONE: N_("Closed"),
}
"""The last word of a return. `Paid` is said only once the money has left (ux, "Words")."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a completed return ended: what was given, whether the money has left, and the sum in words.

    `is_nothing`: money was due and nothing of it is left to pay out, because a balance took all of it.
    """

    resolution: Resolution
    is_paid: bool = False
    amount: str = ""
    is_nothing: bool = False

    @property
    def word(self) -> str:
        """`Paid`, `Credited`, `Replaced` …."""
        if self.is_nothing:
            return _("Done")
        is_paid = self.is_paid and self.resolution is Resolution.REFUND
        return _("Paid") if is_paid else _(COMPLETED_AS[self.resolution])

    @property
    def text(self) -> str:
        """What happens now, if anything does: the bank's days aren't ours."""
        if self.is_nothing:
            return _("Nothing is left to pay out; the lines below say where it went.")
        return {
            Resolution.REFUND: _("It goes the way you paid. Your bank may take some days to show it."),
            Resolution.STORE_CREDIT: _("It is on your account, for your next order."),
        }.get(self.resolution, "")

    @property
    def headline(self) -> str:
        """The headline of the last turn box."""
        if self.is_nothing:
            return _("Your return is done")
        amount = {"amount": self.amount}
        return {
            Resolution.REFUND: _("%(amount)s is on its way to you") % amount,
            Resolution.STORE_CREDIT: _("Your %(amount)s credit is ready") % amount,
            Resolution.EXCHANGE: _("The right product is on its way to you"),
            Resolution.REPLACEMENT: _("Your replacement is on its way to you"),
            Resolution.NONE: _("Your products go back to you"),
        }[self.resolution]


@dataclass(frozen=True, slots=True)
class Findings:
    """What decides about the words after the inspection: whether anything differs, and what the customer answered."""

    is_different: bool = False
    answer: str = ""
    answer_by: date | None = None


def status_words(
    status: Status,
    ending: Ending | None = None,
    *,
    findings: Findings = Findings(),
    is_lost: bool = False,
    goods_come_back: bool = True,
    gives_goods: bool = True,
    is_missing: bool = False,
) -> StatusWords:
    """The words of a status in the reader's language.

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
        given = N_("We send your replacement. You get an email when it's on its way.")
        text = given if gives_goods else N_("We finish it now. You get an email when it's done.")
        return StatusWords(_(words.word), turn, _(text))
    if is_missing and status in _MISSING:
        title, text = _MISSING[status]
        return StatusWords(_(words.word), Turn(words.turn.whose, _(title)), _(text))
    headline, text = _(words.turn.headline), _(words.text) if words.text else ""
    if status is Status.INSPECTED and findings.answer in _ANSWERED:
        headline, text = (_(sentence) for sentence in _ANSWERED[findings.answer])
    elif status is Status.INSPECTED and findings.is_different:
        headline = _("Something was different")
        text = _("Not everything was as you told us. The sum on this page is that of what we found.")
    elif status is Status.DIFFERENCE_SENT and findings.answer_by is not None:
        text = _("Tell us by %(day)s. Without an answer we go on with what we found.") % {
            "day": long_date(findings.answer_by)
        }
    elif status is Status.EXPIRED and is_lost:
        headline = _("Your package never reached us")
        text = _("We closed this return without a credit. If the package arrives after all, we go on with it.")
    word = _("Never arrived") if is_lost else _(words.word)
    return StatusWords(word, Turn(words.turn.whose, headline), text)


_LOOKED_FOR = N_("A person looks for the package with you and the carrier. You hear from us by email.")
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


# ----------------------------------------------------------------------------------------------------------- promise


def promise_words(
    terms: PolicyTerms,
    status: Status,
    received_at: datetime | None,
    due_on: date | None,
    *,
    waits_since: date | None = None,
    has_waited: bool = False,
) -> Promise | None:
    """The promise of a return that may still be processed; None once nothing is promised any more.

    Before receipt it is a duration, for no date is fixed yet (ux, principle 6); the leaf shows the fixed one. It stands
    still from `waits_since`, while the customer has a question to answer; `has_waited`: it stood still before.
    """
    if due_on is not None and received_at is not None:
        heading = _("Promised by") if not status.is_final else _("Was promised by")
        sentence = _counted(terms, received_at)
        if has_waited:
            sentence = f"{sentence} {_('It moved by the days we waited for your answer.')}"
        if waits_since is None:
            return Promise(heading, sentence, day=due_on)
        paused = _("Paused since %(day)s") % {"day": long_date(waits_since)}
        note = _("The date moves by the days we wait for your answer.")
        return Promise(heading, sentence, day=due_on, paused=paused, paused_note=note)
    if status.is_final:
        return None
    text = _("%(duration)s after your package reaches us.") % {"duration": capital(duration(terms))}
    fixed = _("The date is fixed when it arrives, and you'll see it here.")
    return Promise(_("When it's done"), f"{text} {fixed}", within=terms.processing.days, unit=leaf_unit(terms))


def leaf_unit(terms: PolicyTerms) -> str:
    """`business days`: what the leaf counts."""
    if terms.processing.count is DayCount.BUSINESS:
        return ngettext("business day", "business days", terms.processing.days)
    return ngettext("day", "days", terms.processing.days)


def _counted(terms: PolicyTerms, received_at: datetime) -> str:
    """`10 business days after your package came on Monday, November 23, 2026.`, and what isn't counted."""
    rule = terms.processing
    facts = {"count": rule.days, "day": long_date(local_date(received_at, terms.zone))}
    if rule.count is not DayCount.BUSINESS:
        sentence = ngettext(
            "%(count)s day after your package came on %(day)s.",
            "%(count)s days after your package came on %(day)s.",
            rule.days,
        )
        return sentence % facts
    sentence = ngettext(
        "%(count)s business day after your package came on %(day)s.",
        "%(count)s business days after your package came on %(day)s.",
        rule.days,
    )
    free = _("Weekends and federal holidays aren't counted.")
    if rule.holidays is not Holidays.US_FEDERAL:
        free = _("Weekends aren't counted.")
    return f"{sentence % facts} {free}"


# -------------------------------------------------------------------------------------------------------------- path


_WAY: tuple[Status, ...] = (
    Status.SUBMITTED,
    Status.AUTHORIZED,
    Status.SHIPPED,
    Status.RECEIVED,
    Status.INSPECTED,
    Status.COMPLETED,
)
_WAITS = {
    Status.RECEIVED: N_("Fixes your date"),
    Status.INSPECTED: N_("We compare it with what you told us"),
    Status.COMPLETED: N_("You get an email"),
}
_ENDS_EARLY = (Status.REJECTED, Status.REDIRECTED, Status.WITHDRAWN, Status.EXPIRED)
_NEXT: Mapping[Status, Status] = {
    Status.AUTHORIZED: Status.SHIPPED,
    Status.SHIPPED: Status.RECEIVED,
    Status.RECEIVED: Status.INSPECTED,
    Status.INSPECTED: Status.COMPLETED,
    Status.DIFFERENCE_SENT: Status.COMPLETED,
}


def path_stages(
    status: Status,
    reached: Mapping[Status, datetime],
    zone: ZoneInfo,
    *,
    last: str = "",
    ended_as: str = "",
    notes: Mapping[Status, str] = MappingProxyType({}),
    goods_come_back: bool = True,
    is_missing: bool = False,
    looks_again: bool = False,
) -> tuple[Stage, ...]:
    """Six stages at most. `reached` says when a status was entered; `last` names the end, such as `Credited`.

    Where nothing comes back, a decided return has only its end ahead, and one that `is_missing` never had more.
    `looks_again`: the customer doesn't agree, so a second person looks at it. `ended_as` names an early end that has
    another word than its status; `notes` are further facts about a stage, such as the tracking number.
    """
    if status in _ENDS_EARLY:
        steps = [step for step in _WAY[:-1] if step in reached]
        done = [_reported(_done(step, reached, zone), step, is_missing=is_missing) for step in steps]
        look = STATUS_LOOKS[status]
        return (*done, Stage(ended_as or _(look.customer), Progress.ENDED, _when(reached.get(status), zone), look.icon))
    following, way = _NEXT.get(status), _WAY
    if status is Status.AUTHORIZED and not goods_come_back:
        following = Status.COMPLETED
    if is_missing or (status is Status.AUTHORIZED and not goods_come_back):
        way = (Status.SUBMITTED, Status.AUTHORIZED, Status.COMPLETED)
    stages = {step: _stage(step, following, reached, zone, last) for step in way if _belongs(step, status, reached)}
    stages = {step: _reported(stage, step, is_missing=is_missing) for step, stage in stages.items()}
    if status in AWAITING_DECISION:
        stages[Status.SUBMITTED] = _being_read(stages[Status.SUBMITTED], status, is_missing=is_missing)
    if (status is Status.DIFFERENCE_SENT or looks_again) and Status.INSPECTED in stages:
        why = _("A second person looks at it") if looks_again else _("Waiting for your answer")
        checked, last_one = stages[Status.INSPECTED], stages[Status.COMPLETED]
        stages[Status.INSPECTED] = _noted(replace(checked, progress=Progress.NOW), why)
        stages[Status.COMPLETED] = replace(last_one, progress=Progress.NEXT)
    return tuple(_noted(stage, notes.get(step, "")) for step, stage in stages.items())


def _being_read(requested: Stage, status: Status, *, is_missing: bool) -> Stage:
    """The first stage until we have decided: somebody reads it, looks for it, or waits for an answer."""
    name = requested.name if status is Status.SUBMITTED else _("Being read")
    why = _("A person looks for it") if is_missing else _("A person reads your request")
    if status is Status.INFORMATION_REQUESTED:
        why = _("Waiting for your answer")
    return _noted(replace(requested, name=name, progress=Progress.NOW), why)


def _reported(stage: Stage, step: Status, *, is_missing: bool) -> Stage:
    """A missing package is reported and decided about; nothing of it is requested or authorized."""
    return replace(stage, name=_(_MISSING_NAMES[step])) if is_missing and step in _MISSING_NAMES else stage


def _noted(stage: Stage, note: str) -> Stage:
    """The stage with one more fact in its line."""
    return replace(stage, note=f"{stopped(stage.note)} {note}" if stage.note else note) if note else stage


def _belongs(step: Status, status: Status, reached: Mapping[Status, datetime]) -> bool:
    """A finished return shows only the stages it went through: a replacement without goods was never received."""
    if status is Status.COMPLETED:
        return step in reached
    return step is not Status.SHIPPED or step in reached or Status.RECEIVED not in reached


def _stage(
    step: Status, following: Status | None, reached: Mapping[Status, datetime], zone: ZoneInfo, last: str
) -> Stage:
    name = (last or _("Done")) if step is Status.COMPLETED else _(_STAGE_NAMES[step])
    if step in reached and step is not following:
        return Stage(name, Progress.DONE, _when(reached[step], zone))
    if step is Status.SHIPPED and step is following:
        return Stage(name, Progress.NOW, _("Waiting for you to send it"))
    return Stage(name, Progress.NOW if step is following else Progress.NEXT, _waits(step))


def _waits(step: Status) -> str:
    return _(_WAITS[step]) if step in _WAITS else ""


_MISSING_NAMES = {Status.SUBMITTED: N_("Reported"), Status.AUTHORIZED: N_("Decided")}
_STAGE_NAMES = {
    Status.SUBMITTED: N_("Requested"),
    Status.AUTHORIZED: N_("Authorized"),
    Status.SHIPPED: N_("Package on its way"),
    Status.RECEIVED: N_("Received"),
    Status.INSPECTED: N_("Checked"),
}


def _done(step: Status, reached: Mapping[Status, datetime], zone: ZoneInfo) -> Stage:
    return Stage(_(_STAGE_NAMES[step]), Progress.DONE, _when(reached[step], zone))


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return brief_moment(at, zone) if at is not None else ""


def reached_statuses(moves: Sequence[tuple[str, datetime]], requested_at: datetime) -> dict[Status, datetime]:
    """When each status was entered last, from the events' targets; the request itself is the first."""
    reached = {Status.SUBMITTED: requested_at}
    for target, at in moves:
        if target:
            reached[Status(target)] = at
    return reached


def expected_end(given: Collection[Resolution]) -> str:
    """What the last stage will be called, by what is given: `Paid` comes once it is."""
    for resolution, word in _EXPECTED.items():
        if resolution in given:
            return _(word)
    return _("Done")


_EXPECTED = {
    Resolution.REFUND: N_("Paid"),
    Resolution.STORE_CREDIT: N_("Credited"),
    Resolution.EXCHANGE: N_("Exchanged"),
    Resolution.REPLACEMENT: N_("Replaced"),
}
