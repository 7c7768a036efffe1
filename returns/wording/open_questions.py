"""Not yet, or not here: the sentences of what a person decides, and of what goes back to another seller."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.domain.policy import MoneyForm
from returns.wording.findings import Case, Words, amount_given, free_until, late_sentence, money_name, needed_date
from returns.wording.phrases import part_of_price, percent, small

LOOK = N_("We'll look at this one")
A_PERSON = N_("A person decides. You hear from us by email.")


def _look(*sentences: str, change: str = "") -> Words:
    return Words(_(LOOK), " ".join(sentences), change)


def asks_for_photo(question: str) -> bool:
    """Whether staff ask for a picture, which only an email can carry."""
    return re.search(r"\b(?:photo|picture|image of)", question, re.IGNORECASE) is not None


def bought_elsewhere(case: Case) -> Words:
    """Back to the seller, and how to reach them (CON-18, CON-19)."""
    seller = case.seller
    name = {"seller": seller.name or _("one of our partners")}
    sentences = [_("Bought at %(seller)s. We can take back only what we sold ourselves.") % name]
    if seller.contact:
        sentences.append(_("Here is how to reach them: %(contact)s.") % {"contact": seller.contact})
    return Words(_("Please return it where you bought it"), " ".join(sentences))


def kind_unknown(_case: Case) -> Words:
    """A product nobody has classified (RES-53)."""
    return _look(_("We need to check what kind of product this is."), _(A_PERSON))


def expiration_unknown(case: Case) -> Words:
    """The expiration date decides and is unknown (RES-19)."""
    day = free_until(case)
    unknown = (
        _("We don't know the expiration date, and it decides.")
        if day is None
        else _("We don't know the expiration date, and after day %(day)s it decides.") % {"day": day}
    )
    return _look(unknown, _who_answers(case), change=_what_a_date_gives(case))


def _what_a_date_gives(case: Case) -> str:
    if not case.possible:
        return _("a date of %(needed)s makes it a yes. An earlier one means nothing back.") % {
            "needed": needed_date(case)
        }
    credit = case.terms.money.forms[0] is MoneyForm.STORE_CREDIT
    return _("a date of %(needed)s makes it %(given)s. An earlier one means nothing back.") % {
        "needed": needed_date(case),
        "given": amount_given(case.money(case.possible), as_credit=credit),
    }


def _who_answers(case: Case) -> str:
    return _("Tell us, and you'll know now.") if case.possible else _("A person looks at it, or asks you.")


def usage_unknown(case: Case) -> Words:
    """How much is used decides and is unknown (RES-05)."""
    limit = percent(case.numbers.limit_percent or Decimal(0))
    gives = part_of_price(case.terms.opened.share_percent or Decimal(0))
    if case.possible:
        gives += f", {case.money(case.possible)}"
    words = _("%(limit)s or less used gives %(given)s. More than that gives nothing.")
    change = words % {"limit": limit, "given": gives}
    return _look(_("We don't know how much is used."), _who_answers(case), change=change)


def delivery_unknown(_case: Case) -> Words:
    """The clock of a claim has no start (RES-24)."""
    return _look(_("We can't see when it arrived."), _(A_PERSON))


def late_fault(case: Case) -> Words:
    """The shop's mistake, told after its days (RES-09)."""
    return _look(late_sentence(case), _(A_PERSON))


def exchange_by_staff(case: Case) -> Words:
    """An exchange that no rule grants (RES-33)."""
    instead = _("asking for %(money)s instead.") % {"money": small(money_name(case.terms))}
    return _look(_("A person decides about an exchange. You hear from us by email."), change=instead)


def not_received(_case: Case) -> Words:
    """Nothing arrived: no return, a person searches (CON-12, RES-29)."""
    return _look(
        _("Nothing arrived, so there is nothing to send back. A person looks for it with you."),
        _("Around your home, at your neighbors' and with the carrier is where most packages turn up."),
        _("You hear from us by email."),
    )
