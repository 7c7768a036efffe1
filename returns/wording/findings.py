"""A finding with everything its sentence may name, and the phrases that several sentences share."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.domain.facts import Resolution
from returns.domain.policy import Clock, MoneyForm, PolicyTerms
from returns.domain.settlement import LineQuote
from returns.domain.verdict import Finding, Numbers
from returns.wording.phrases import capital, count, listing, money, percent, plain_date, policy_text


@dataclass(frozen=True, slots=True)
class Seller:
    """Where an order was placed, if not here: a name, and how to reach them, as far as known (CON-19)."""

    name: str = ""
    contact: str = ""


UNKNOWN_SELLER = Seller()

MOST_HOURS = 72
"""Up to so many hours are told in hours; nobody has a feeling for 985 of them."""


@dataclass(frozen=True, slots=True)
class Words:
    """A finding in words: ``word`` is the answer, ``sentence`` the facts and numbers behind it.

    ``change`` goes on after "What would change it:"; it is empty where the answer is a yes or a person's.
    """

    word: str
    sentence: str
    change: str = ""

    def spoken(self) -> str:
        """All of it as sentences to read aloud, for the phone and for plain mails."""
        change = _("What would change it: %(change)s") % {"change": self.change} if self.change else ""
        return " ".join(part for part in (f"{self.word}.", self.sentence, change) if part)


@dataclass(frozen=True, slots=True)
class Case:
    """A finding with everything its sentence may name.

    ``possible`` is what the line would give at most once an open question is answered; it is known only while the
    customer can still answer it, before the request is sent.
    """

    finding: Finding
    line: LineQuote
    terms: PolicyTerms
    seller: Seller = UNKNOWN_SELLER
    possible: Decimal | None = None

    @property
    def numbers(self) -> Numbers:
        """The figures of the finding."""
        return self.finding.numbers

    def money(self, amount: Decimal) -> str:
        """An amount in the shop's currency."""
        return money(amount, self.terms.currency)

    @property
    def age(self) -> str:
        """`Day 47 after your order`."""
        return day_count(self.numbers)

    @property
    def given(self) -> str:
        """`$97.92 back`, or `$97.92 credit` where it becomes store credit; a free item gives nothing back."""
        if not self.line.gross:
            return _("nothing was paid for it")
        return amount_given(self.money(self.line.amount), as_credit=self.is_credit)

    @property
    def is_credit(self) -> bool:
        """Whether what is given becomes store credit."""
        return self.line.resolution is Resolution.STORE_CREDIT

    @property
    def yes(self) -> str:
        """`Yes: $97.92 back`, the word of everything that is granted."""
        return yes_words(self.given)


def yes_words(given: str) -> str:
    """`Yes: $97.92 back`, `Yes: an exchange`."""
    return _("Yes: %(given)s") % {"given": given}


def amount_given(amount: str, *, as_credit: bool) -> str:
    """`$97.92 back`, `$97.92 credit`."""
    return (_("%(amount)s credit") if as_credit else _("%(amount)s back")) % {"amount": amount}


def day_count(numbers: Numbers) -> str:
    """`Day 12 after your order`; the first day is named as such."""
    by_delivery = numbers.clock == Clock.DELIVERY
    if not numbers.age_days:
        return _("Day 0, the day of your delivery") if by_delivery else _("Day 0, the day of your order")
    words = _("Day %(day)s after delivery") if by_delivery else _("Day %(day)s after your order")
    return words % {"day": numbers.age_days}


def fee_words(fee_percent: Decimal | None, fixed_fee: Decimal | None, currency: str) -> str:
    """`20%`, `$5.00 for each product`, or both."""
    parts = []
    if fee_percent:
        parts.append(percent(fee_percent))
    if fixed_fee:
        parts.append(_("%(amount)s for each product") % {"amount": money(fixed_fee, currency)})
    return listing(parts)


def kind_label(terms: PolicyTerms, name: str | None) -> str:
    """What the shop calls a kind of product, or a flag of an order line."""
    label = terms.kinds.get(name or "") or terms.flags.get(name or "")
    return policy_text(label or "") or _("products of this kind")


def money_name(terms: PolicyTerms) -> str:
    """`Store credit`, or `Money back`: what an ordinary return gives at this shop."""
    return _("Store credit") if terms.money.forms[0] is MoneyForm.STORE_CREDIT else _("Money back")


def hours_words(hours: int | None) -> str:
    """`19 hours`, `less than an hour`."""
    if not hours:
        return _("less than an hour")
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def late_sentence(case: Case) -> str:
    """How late a claim is, by the clock the terms run for it (RES-09, RES-24). Many hours are counted in days."""
    numbers = case.numbers
    if numbers.limit_hours is not None and (numbers.hours or 0) > MOST_HOURS:
        days, limit = count((numbers.hours or 0) // 24, "day"), hours_words(numbers.limit_hours)
        return _("%(days)s after delivery; the limit is %(limit)s.") % {"days": days, "limit": limit}
    if numbers.limit_hours is not None:
        figures = {"hours": capital(hours_words(numbers.hours)), "limit": numbers.limit_hours}
        return _("%(hours)s after delivery, the limit is %(limit)s.") % figures
    return _("%(day)s; damage is reported by day %(last)s.") % {"day": case.age, "last": numbers.limit_days}


def free_until(case: Case) -> int | None:
    """The day after which the expiration date decides; None where it does from the start."""
    tier = case.terms.tier_on(case.numbers.age_days or 0)
    earlier = [other.until_day for other in case.terms.tiers[: case.terms.tiers.index(tier)]] if tier else []
    return earlier[-1] if earlier else None


def needed_date(case: Case) -> str:
    """`November 18, 2027 or after`: the expiration date that would do (RES-19)."""
    assert case.numbers.must_expire_on is not None, "the finding is about this date"  # noqa: S101
    return _("%(date)s or after") % {"date": plain_date(case.numbers.must_expire_on)}
