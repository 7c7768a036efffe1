"""No: the sentences of what isn't taken back, each with the fact that would change it, or that nothing would."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from returns.domain.facts import Outcome
from returns.domain.policy import LateClaim
from returns.wording.findings import (
    Case,
    Words,
    fee_words,
    free_until,
    kind_label,
    late_sentence,
    money_name,
    needed_date,
)
from returns.wording.phrases import brief_moment, capital, long_date, month, months, part_of_price, percent, plain_date

CANT = N_("We can't take this back")
NO_WAY = N_("nothing, by the policy. You can still ask us to look at it.")


def _cant(sentence: str, change: str = "") -> Words:
    return Words(_(CANT), sentence, change or _(NO_WAY))


def window_over(case: Case) -> Words:
    """After the last day of the window (LPS-04)."""
    numbers = case.numbers
    figures = {"day": case.age, "last": numbers.limit_days, "date": long_date(numbers.limit_on or date.max)}
    if numbers.limit_on:
        return _cant(_("%(day)s. Returns end on day %(last)s, %(date)s.") % figures, _report_hint(case))
    return _cant(_("%(day)s. Returns end on day %(last)s.") % figures, _report_hint(case))


def late_claim(case: Case) -> Words:
    """Damage told too late, with what an ordinary return would give (CON-20, PRO-24)."""
    return Words(_("Too late to report"), late_sentence(case), _instead(case) or _(NO_WAY))


def _instead(case: Case) -> str:
    """What an ordinary return for money would give now."""
    instead = case.numbers.instead
    if instead is None:
        return ""
    if instead.outcome is Outcome.NEEDS_REVIEW:
        return _("asking for an ordinary return, and a person decides.")
    figures = {
        "money": money_name(case.terms),
        "fee": fee_words(instead.fee_percent, instead.fixed_fee, case.terms.currency),
    }
    if figures["fee"]:
        return _("asking for an ordinary return. %(money)s less %(fee)s is possible.") % figures
    return _("asking for an ordinary return. %(money)s in full is possible.") % figures


def late_exchange(case: Case) -> Words:
    """An exchange asked too late (RES-26)."""
    numbers = case.numbers
    figures = {"day": case.age, "last": numbers.limit_days, "date": long_date(numbers.limit_on or date.max)}
    sentence = _("%(day)s; exchanges end on day %(last)s.")
    if numbers.limit_on:
        sentence = _("%(day)s; exchanges end on day %(last)s, %(date)s.")
    return Words(_("No exchange"), sentence % figures, _instead(case) or _(NO_WAY))


def expires_too_soon(case: Case) -> Words:
    """The expiration date is too near (CON-27)."""
    numbers = case.numbers
    assert numbers.expires_on is not None, "the finding is about this date"  # noqa: S101
    day, away = free_until(case), months(numbers.shelf_months or 0)
    rule = (
        _("With us the expiration date must be %(months)s or more away.") % {"months": away}
        if day is None
        else _("After day %(day)s the expiration date must be %(months)s or more away.") % {"day": day, "months": away}
    )
    figures = {"date": plain_date(numbers.expires_on), "days": _days(numbers.days_short or 0)}
    change = _("nothing, unless the date on the carton is %(needed)s. If it is, ask us anyway and tell us.")
    yours = _("Yours is %(date)s, %(days)s short.") % figures
    return _cant(f"{rule} {yours}", change % {"needed": needed_date(case)})


def _days(number: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", number) % {"count": number}


def opened(case: Case) -> Words:
    """Opened, at a shop that takes no opened goods (CON-24, PRO-28)."""
    return _cant(_("It's opened, and opened products aren't taken back."), _report_hint(case))


def incomplete(case: Case) -> Words:
    """Not as it was received (LPS-03, LPS-23, PRO-28)."""
    return _cant(_("It isn't complete, in its original packaging and as you received it."), _report_hint(case))


def _report_hint(case: Case) -> str:
    """The other lane: damage or a wrong item, as long as it can be reported, and what becomes of a late report."""
    numbers, claims = case.numbers, case.terms.claims
    until = _("if it arrived damaged, or isn't what you ordered, choose that as the reason, until %(moment)s.")
    if numbers.claim_until is not None:
        return until % {"moment": brief_moment(numbers.claim_until, case.terms.zone)}
    if numbers.claim_until_on is not None:
        return until % {"moment": long_date(numbers.claim_until_on)}
    if claims.late is LateClaim.NEEDS_REVIEW:
        return _("if it arrived damaged, or isn't what you ordered, choose that as the reason, and a person decides.")
    return ""


def used_too_much(case: Case) -> Words:
    """Used beyond the limit (LPS-27)."""
    used, limit = (figure or Decimal(0) for figure in (case.numbers.used_percent, case.numbers.limit_percent))
    figures = {
        "used": percent(used),
        "limit": percent(limit),
        "share": part_of_price(case.terms.opened.share_percent or Decimal(0)),
    }
    change = _("%(limit)s or less would give %(share)s. We weigh it when it's here.") % figures
    is_over = _is_after(case, case.terms.opened.until_day)
    return _cant(_("%(used)s used, the limit is %(limit)s.") % figures, "" if is_over else change)


def _is_after(case: Case, last_day: int | None) -> bool:
    """Whether the request came after a last day, so that other goods wouldn't have been in time either."""
    return last_day is not None and (case.numbers.age_days or 0) > last_day


def repeated(case: Case) -> Words:
    """A second return of opened goods (LPS-30)."""
    earlier = case.numbers.previous_return_on
    sentence = (
        _("You returned an opened product in %(month)s. That is possible once.") % {"month": month(earlier)}
        if earlier
        else _("You returned an opened product before. That is possible once.")
    )
    return _cant(sentence, "" if _is_after(case, case.terms.last_day) else _("unopened products still go back."))


def excluded_kind(case: Case) -> Words:
    """A kind of product that never comes back (CON-23, PRO-27)."""
    kind = capital(kind_label(case.terms, case.numbers.excluded))
    return _excluded(case, _("%(kind)s aren't taken back at any time.") % {"kind": kind})


def _excluded(case: Case, sentence: str) -> Words:
    return _cant(sentence, _report_hint(case))


def final_sale(case: Case) -> Words:
    """Bought as final sale (CON-23, PRO-27)."""
    return _excluded(case, _("It was bought as final sale. Final sale products aren't taken back at any time."))


def opening_order(case: Case) -> Words:
    """Part of an opening order (PRO-27)."""
    return _excluded(case, _("It was part of an opening order. Those products aren't taken back at any time."))


def ten_percent_back(case: Case) -> Words:
    """Received as 10% back (PRO-27, PRO-31)."""
    return _excluded(case, _("You received it as part of 10% back. Those products aren't taken back at any time."))


def excluded_flag(case: Case) -> Words:
    """Barred by a flag of the shop's own."""
    kind = capital(kind_label(case.terms, case.numbers.excluded))
    return _excluded(case, _("%(kind)s: not taken back at any time.") % {"kind": kind})
