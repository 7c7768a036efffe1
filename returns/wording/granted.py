"""Yes: the sentences of what is granted, each with its sum or its share."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.domain.facts import Payer, Resolution
from returns.domain.policy import MoneyForm, Remedy
from returns.wording.findings import Case, Words, fee_words, hours_words, kind_label, yes_words
from returns.wording.phrases import long_date, months, part_of_price, percent, plain_date

IN_FULL = (N_("In full until %(date)s."), N_("In full until today, %(date)s."))
LESS_THE_FEE = (N_("Less the fee until %(date)s."), N_("Less the fee until today, %(date)s."))
EXCHANGEABLE = (N_("Exchanges are possible until %(date)s."), N_("Exchanges are possible until today, %(date)s."))
"""What ends with a window: how it is said ahead of its last day, and on that day."""


def full(case: Case) -> Words:
    """In time and unopened (LPS-02, CON-24, PRO-18)."""
    return Words(case.yes, _sentences(_in_full(case), _until(case, IN_FULL)))


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _in_full(case: Case) -> str:
    words = _("%(day)s, so in full, as store credit.") if case.is_credit else _("%(day)s, so in full.")
    return words % {"day": case.age}


def _until(case: Case, what: tuple[str, str]) -> str:
    numbers = case.numbers
    if numbers.limit_on is None:
        return ""
    ahead, on_the_day = what
    words = on_the_day if numbers.limit_on == numbers.requested_on else ahead
    return _(words) % {"date": long_date(numbers.limit_on)}


def less_fee(case: Case) -> Words:
    """Less the restocking fee, with the subtraction (CON-28, PRO-22)."""
    line, numbers = case.line, case.numbers
    fee = fee_words(numbers.fee_percent, numbers.fixed_fee, case.terms.currency)
    figures = {"day": case.age, "fee": fee, "price": case.money(line.gross), "amount": case.money(line.fee)}
    sentence = _("%(day)s, so %(fee)s stays with us: %(price)s less %(amount)s.") % figures
    free = _("It was in full until %(date)s.") % {"date": long_date(numbers.full_until)} if numbers.full_until else ""
    return Words(case.yes, _sentences(sentence, _good_for(case), free, _until(case, LESS_THE_FEE)))


def _good_for(case: Case) -> str:
    """That the expiration date is far enough away, where that was asked."""
    numbers = case.numbers
    if numbers.expires_on is None or numbers.shelf_months is None:
        return ""
    figures = {"date": plain_date(numbers.expires_on), "months": months(numbers.shelf_months)}
    return _("The expiration date, %(date)s, is at least %(months)s away.") % figures


def partly_used(case: Case) -> Words:
    """A share of the price for opened goods; it is weighed, and a person decides (LPS-06, LPS-28)."""
    numbers = case.numbers
    figures = (numbers.share_percent, numbers.used_percent, numbers.limit_percent)
    share, used, limit = (figure or Decimal(0) for figure in figures)
    words = (
        _("Opened, about %(used)s used, so %(share)s comes back, as store credit.")
        if case.is_credit
        else _("Opened, about %(used)s used, so %(share)s comes back.")
    )
    sentence = words % {"used": percent(used), "share": part_of_price(share)}
    weighed = _("We weigh it when it's here, and a person decides.")
    change = _("more than %(limit)s used gives nothing.") % {"limit": percent(limit)}
    return Words(case.yes, _sentences(sentence, weighed), change)


def exchange(case: Case) -> Words:
    """Goods for goods (CON-35, RES-48)."""
    sentence = _("%(day)s, unopened. We send the right one when yours is here.") % {"day": case.age}
    no_money = _("No money moves, whatever the right one costs.")
    return Words(yes_words(_("the right product")), _sentences(sentence, no_money, _until(case, EXCHANGEABLE)))


def claim(case: Case) -> Words:
    """The shop's own mistake: damage or a wrong item (LPS-26, CON-21, PRO-25)."""
    free = _("You pay nothing.") if case.line.paid_by is Payer.MERCHANT else ""
    return Words(_("Yes, our mistake"), _sentences(_reported(case), _remedy(case), free), _other_remedy(case))


def _reported(case: Case) -> str:
    numbers = case.numbers
    if numbers.limit_hours is not None:
        figures = {"hours": hours_words(numbers.hours), "limit": numbers.limit_hours}
        return _("Reported %(hours)s after delivery; the limit is %(limit)s.") % figures
    return _("%(day)s; the last day to report it is day %(last)s.") % {"day": case.age, "last": numbers.limit_days}


def _remedy(case: Case) -> str:
    if case.numbers.only_replacement:
        label = kind_label(case.terms, case.numbers.excluded)
        return _("We replace it. %(kind)s are replaced, never taken back.") % {"kind": label}
    if case.line.resolution is Resolution.REPLACEMENT:
        return _("We replace it.")
    return _("You get %(given)s, in full.") % {"given": case.given}


def _other_remedy(case: Case) -> str:
    remedies = case.terms.claims.remedies
    if case.numbers.only_replacement or len(remedies) < 2:
        return ""
    if case.line.resolution is Resolution.REPLACEMENT:
        amount = {"amount": case.money(case.line.gross)}
        if case.terms.money.forms[0] is MoneyForm.STORE_CREDIT:
            return _("asking for money instead gives %(amount)s store credit.") % amount
        return _("asking for money instead gives %(amount)s back.") % amount
    return _("asking for a replacement instead.") if Remedy.REPLACEMENT in remedies else ""


def refused_package(case: Case) -> Words:
    """A package refused at the door, with what is billed apart (LPS-25, RES-46)."""
    billed = ""
    if case.numbers.service_charge:
        charge = {"amount": case.money(case.numbers.service_charge)}
        billed = _("We bill %(amount)s apart, because the package was refused.") % charge
    return Words(case.yes, _sentences(_in_full(case), billed, _until(case, IN_FULL)))


def override(case: Case) -> Words:
    """Staff decided otherwise than the policy; how it compares is in the ledger."""
    given = {
        Resolution.EXCHANGE: _("an exchange"),
        Resolution.REPLACEMENT: _("a replacement"),
        Resolution.NONE: _("it goes back to you"),
    }.get(case.line.resolution or Resolution.NONE, case.given)
    return Words(yes_words(given), _("A person looked at this one and decided it for you."))
