"""The promised day of a return, in words (ux, section 4)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.components import Promise
from returns.domain.deadlines import local_date
from returns.domain.policy import DayCount, Holidays, PolicyTerms
from returns.domain.workflow import Status
from returns.wording.phrases import capital, long_date
from returns.wording.policies import duration


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
    still from `waits_since`, while the customer has a question to answer; `has_waited`: it stood still.
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


@dataclass(frozen=True, slots=True)
class Expected:
    """A day by which the customer hears from us, or by which something leaves, and whether it has passed."""

    day: date
    is_late: bool = False

    @classmethod
    def of(cls, day: date | None, today: date) -> "Expected | None":
        """As of `today` at the storefront; None where no day is promised."""
        return None if day is None else cls(day, day < today)


def answer_words(expected: Expected | None) -> str:
    """`You get an email from us by Tuesday, December 1, 2026.`; an honest word where that day has passed."""
    if expected is None:
        return _("You hear from us by email.")
    day = {"day": long_date(expected.day)}
    if expected.is_late:
        return _("We wanted to answer by %(day)s and are late. A person still reads it.") % day
    return _("You get an email from us by %(day)s.") % day


def leaving_words(expected: Expected | None) -> str:
    """`Our package leaves by Tuesday, December 1, 2026. …`, and where that day has passed, that it has."""
    if expected is None:
        return _("You get an email when it's on its way.")
    day = {"day": long_date(expected.day)}
    if expected.is_late:
        return _("Our package was to leave by %(day)s and is late. You get an email when it's on its way.") % day
    return _("Our package leaves by %(day)s. You get an email when it's on its way.") % day


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
