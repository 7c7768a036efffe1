"""The damage lane in words: how long a report is in time, since when it is too late, what each remedy means.

The clock is that of the terms: hours from delivery at one shop, days of the ordinary count at another (GEN-03, RES-09).
It is right when the page loads and is looked at again when the report is sent; nothing ticks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from returns.components import ChoiceText, Ruler, Stretch, Window
from returns.components.drawing import share
from returns.domain.deadlines import elapsed
from returns.domain.facts import Payer, Reason, Wish
from returns.domain.policy import LateClaim, MoneyForm, PolicyTerms
from returns.domain.settlement import LineQuote
from returns.domain.verdict import Code, Numbers
from returns.wording.findings import Case, kind_label, late_sentence
from returns.wording.phrases import brief_moment, capital, listing, long_date, moment, money, zone_name

HAPPENED: Mapping[Reason, str] = {
    Reason.DAMAGED: N_("It's broken or leaking"),
    Reason.SHIPPING_ERROR: N_("You sent something else"),
}


class Timing(StrEnum):
    """Where a report stands on its clock. ``LATE`` is a "no" by the policy, ``LATE_TO_A_PERSON`` is left open."""

    IN_TIME = "in_time"
    UNKNOWN = "unknown"
    LATE = "late"
    LATE_TO_A_PERSON = "late_to_a_person"
    ELSEWHERE = "elsewhere"


_TIMINGS: Mapping[Code, Timing] = {
    Code.DELIVERY_UNKNOWN: Timing.UNKNOWN,
    Code.CLAIM_WINDOW_EXPIRED: Timing.LATE,
    Code.LATE_MERCHANT_FAULT: Timing.LATE_TO_A_PERSON,
    Code.PARTNER_PURCHASE: Timing.ELSEWHERE,
}


@dataclass(frozen=True, slots=True)
class ClaimClock:
    """The box at the top: how much time is left and until when, as a bar of hours or as the ruler of days.

    ``gone`` is the part of the hours that is over, 0 to 100; None where there is no bar. ``starts`` and ``ends`` are
    the words below its edges.
    """

    timing: Timing
    headline: str
    sentence: str = ""
    gone: float | None = None
    starts: str = ""
    ends: str = ""
    ruler: Ruler | None = None

    @property
    def width(self) -> str:
        """The filled part of the bar, for SVG."""
        return share(min(max(self.gone or 0.0, 0.0), 100.0))

    @property
    def is_open(self) -> bool:
        """Whether the report is in time."""
        return self.timing is Timing.IN_TIME

    @property
    def needs_asking_anyway(self) -> bool:
        """Whether the policy says no, so that only a person can say otherwise."""
        return self.timing in (Timing.LATE, Timing.ELSEWHERE)


def claim_clock(judged: LineQuote, terms: PolicyTerms, *, delivered_at: datetime | None, now: datetime) -> ClaimClock:
    """The clock of a report that is made now, read from the verdict on any line of the order."""
    numbers = judged.verdict.numbers
    timing = _TIMINGS.get(judged.verdict.code, Timing.IN_TIME)
    if timing is Timing.IN_TIME and terms.claims.hours is not None and delivered_at is not None:
        return _hours_left(numbers, terms, delivered_at, now)
    if timing is Timing.IN_TIME:
        return _days_left(numbers, terms)
    if timing in (Timing.LATE, Timing.LATE_TO_A_PERSON):
        return _late(judged, terms, timing)
    if timing is Timing.UNKNOWN:
        return ClaimClock(timing, _("We can't see when it arrived"), _unknown_sentence(terms))
    return ClaimClock(timing, _("Bought elsewhere"))


def _unknown_sentence(terms: PolicyTerms) -> str:
    hours = terms.claims.hours
    if hours is None:
        return _("Tell us, and a person decides.")
    limit = ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return _("Damage is reported within %(limit)s of delivery. Tell us when it came, and a person decides.") % {
        "limit": limit
    }


# -------------------------------------------------------------------------------------------------------------- hours


def _hours_left(numbers: Numbers, terms: PolicyTerms, delivered_at: datetime, now: datetime) -> ClaimClock:
    """Real hours, also over a change of the clocks (GEN-03)."""
    limit = terms.claims.hours or 0
    gone = elapsed(delivered_at, now)
    end = numbers.claim_until or delivered_at
    until = _("Until %(moment)s %(zone)s.") % {
        "moment": moment(end, terms.zone),
        "zone": zone_name(terms.timezone),
    }
    return ClaimClock(
        Timing.IN_TIME,
        time_left(elapsed(now, end)),
        until,
        gone=100 * gone / timedelta(hours=limit),
        starts=_("delivered %(moment)s") % {"moment": brief_moment(delivered_at, terms.zone)},
        ends=ngettext("%(count)s hour", "%(count)s hours", limit) % {"count": limit},
    )


def time_left(left: timedelta) -> str:
    """`28 hours 38 minutes left`, `12 minutes left`; what isn't a whole minute any more is said as such."""
    minutes = max(left, timedelta()) // timedelta(minutes=1)
    hours, minutes = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if minutes:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes})
    if not parts:
        return _("Less than a minute left")
    return _("%(time)s left") % {"time": " ".join(parts)}


# --------------------------------------------------------------------------------------------------------------- days


def _days_left(numbers: Numbers, terms: PolicyTerms) -> ClaimClock:
    last = numbers.claim_until_on
    if last is None:  # a shop that takes reports at any time
        return ClaimClock(Timing.IN_TIME, _("You can report it at any time"))
    left = (last - (numbers.requested_on or last)).days
    headline = (
        ngettext("%(count)s day left", "%(count)s days left", left) % {"count": left}
        if left
        else _("Today is the last day")
    )
    until = _("Until %(date)s.") % {"date": long_date(last)}
    return ClaimClock(Timing.IN_TIME, headline, until, ruler=_days_ruler(numbers, terms))


def _days_ruler(numbers: Numbers, terms: PolicyTerms) -> Ruler | None:
    """The days of a report, with today on them."""
    last, age = terms.claims.until_day, numbers.age_days
    if last is None or age is None:
        return None
    later = _("a person decides") if terms.claims.late is LateClaim.NEEDS_REVIEW else _("closed")
    window = Window.FEE if terms.claims.late is LateClaim.NEEDS_REVIEW else Window.CLOSED
    sentence = _("Day %(day)s. Damage is reported up to day %(last)s; after that: %(later)s.") % {
        "day": age,
        "last": last,
        "later": later,
    }
    stretches = [Stretch(Window.IN_FULL, last, _("in time")), Stretch(window, None, later)]
    return Ruler.of_days(stretches, sentence=sentence, day=age, marker=_("today, day %(day)s") % {"day": age})


def _late(judged: LineQuote, terms: PolicyTerms, timing: Timing) -> ClaimClock:
    sentence = capital(late_sentence(Case(judged.verdict.reasons[0], judged, terms))).removesuffix(".")
    if timing is Timing.LATE_TO_A_PERSON:
        more = _("It was our mistake all the same, so a person decides. You hear from us by email.")
        return ClaimClock(timing, sentence, more, ruler=_days_ruler(judged.verdict.numbers, terms))
    return ClaimClock(timing, sentence, _("By the policy that is too late. A person can still look at it."))


# ----------------------------------------------------------------------------------------------------------- remedies


def happened_choices() -> list[tuple[str, str]]:
    """Damaged, or something else than ordered."""
    return [(reason.value, _(words)) for reason, words in HAPPENED.items()]


def remedy_choice(wish: Wish, terms: PolicyTerms, *, amount: str = "", several: bool = False) -> ChoiceText:
    """A remedy with what it means. ``amount`` is what it gives, where that is sure."""
    free = terms.return_shipping.claims_paid_by is Payer.MERCHANT
    if wish is Wish.REPLACEMENT:
        label = _("Send me new ones") if several else _("Send me a new one")
        hint = (
            _("Nothing to pay. Nothing to send back unless we ask.")
            if free
            else _("Nothing to send back unless we ask.")
        )
        return ChoiceText(label, hint=hint)
    is_credit = wish is Wish.STORE_CREDIT
    label = _("Store credit") if is_credit else _("Money back")
    if amount:
        label = (_("Store credit, %(amount)s") if is_credit else _("Money back, %(amount)s")) % {"amount": amount}
    return ChoiceText(label, hint=_money_hint(wish, terms, free=free))


def _money_hint(wish: Wish, terms: PolicyTerms, *, free: bool) -> str:
    is_choice = wish is Wish.STORE_CREDIT and MoneyForm.REFUND in terms.money.forms
    if not is_choice:
        return _("You send it back, we pay the shipping.") if free else _("You send it back and pay the shipping.")
    if free:
        return _("For your next order. You send it back, we pay the shipping.")
    return _("For your next order. You send it back and pay the shipping.")


def only_way(judged: Sequence[LineQuote], terms: PolicyTerms) -> str:
    """Why there is nothing to choose between, as a sentence: excluded goods are replaced, never taken back (RES-23)."""
    names = {line.verdict.numbers.excluded for line in judged if line.verdict.numbers.only_replacement}
    if not names:
        return ""
    labels = sorted(kind_label(terms, name) for name in names)
    return _("%(kinds)s: replaced, never taken back for money.") % {"kinds": ", ".join(labels)}


def no_new_one(titles: Sequence[str], *, is_for_a_person: bool) -> str:
    """Why no new one is offered of these products, and what is instead (CON-15)."""
    words = (
        _("Out of stock, and we take no back orders: %(products)s. A person decides what you get instead.")
        if is_for_a_person
        else _("Out of stock, and we take no back orders: %(products)s. You get money instead of a new one.")
    )
    return words % {"products": listing(titles)}


def photos_help(usual: str) -> str:
    """Which photos help, before what the field says of any."""
    return f"{_('One of the damage, one of the box with its label; they save you our questions.')} {usual}"


def total_of(amount: Decimal, currency: str) -> str:
    """An amount that is sure; empty for nothing."""
    return money(amount, currency) if amount else ""


def too_early(ordered: date) -> str:
    """Why a stated day of arrival can't be."""
    return _("Enter a day from %(date)s on, when you ordered.") % {"date": long_date(ordered)}
