"""A return policy in plain words, made from its terms: nothing here knows which shop it speaks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.domain.deadlines import local_date
from returns.domain.facts import NO_MONEY, Payer
from returns.domain.policy import (
    BoxMark,
    Clock,
    DayCount,
    ExchangeDecision,
    LateClaim,
    MoneyForm,
    PolicyTerms,
    Remedy,
)
from returns.wording.findings import fee_words
from returns.wording.phrases import (
    capital,
    count,
    listing,
    long_date,
    money,
    months,
    part_of_price,
    percent,
    plain_date,
    policy_text,
    small,
)


@dataclass(frozen=True, slots=True)
class Point:
    """One rule on the landing page: `kind` is that of the status list (ok, wait, no, info), `icon` is in the sprite."""

    kind: str
    icon: str
    title: str
    text: str

    @property
    def css_class(self) -> str:
        """The class that colors its icon."""
        return f"point-{self.kind}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A short answer under "Good to know"."""

    title: str
    text: str


def window_sentence(terms: PolicyTerms, now: datetime) -> tuple[str, date | None]:
    """How days are counted, and the last day in full of an order that starts its count today."""
    by_order = terms.clock is Clock.PURCHASE
    counted = _("Days count from the day you order.") if by_order else _("Days count from delivery.")
    last = terms.last_full_day
    return counted, None if last is None else local_date(now, terms.zone) + timedelta(days=last)


def points(terms: PolicyTerms) -> tuple[Point, ...]:
    """What comes back, in full, in part or not at all."""
    return tuple(
        point
        for point in (
            *(_tier(terms, number) for number in range(len(terms.tiers))),
            _opened(terms),
            _closed(terms),
            _exchange(terms),
            _not_taken(terms),
            _partners(terms),
            _refused(terms),
        )
        if point is not None
    )


def _is_credit(terms: PolicyTerms) -> bool:
    return terms.money.is_credit_only


_IN_FULL: Mapping[tuple[bool, bool], str] = {
    (False, False): N_("The full price you paid. Unopened, complete and as new."),
    (True, False): N_("The full price you paid, as store credit. Unopened, complete and as new."),
    (False, True): N_(
        "The full price you paid, if the expiration date is at least %(months)s away on the day you ask. "
        "Unopened, complete and as new."
    ),
    (True, True): N_(
        "The full price you paid, as store credit, if the expiration date is at least %(months)s away on the day you "
        "ask. Unopened, complete and as new."
    ),
}
_LESS_FEE: Mapping[tuple[bool, bool], str] = {
    (False, False): N_("The price you paid less %(fee)s. Unopened."),
    (True, False): N_("The price you paid less %(fee)s, as store credit. Unopened."),
    (False, True): N_(
        "The price you paid less %(fee)s, if the expiration date is at least %(months)s away on the day you ask. "
        "Unopened."
    ),
    (True, True): N_(
        "The price you paid less %(fee)s, as store credit, if the expiration date is at least %(months)s away on the "
        "day you ask. Unopened."
    ),
}
"""What a tier gives, by whether it comes as store credit and whether the expiration date counts."""


def _tier(terms: PolicyTerms, number: int) -> Point:
    tier = terms.tiers[number]
    title = _span(terms.tiers[number - 1].until_day if number else None, tier.until_day)
    case = (_is_credit(terms), tier.min_shelf_months is not None)
    shelf = {"months": months(tier.min_shelf_months or 0)}
    if not tier.has_fee:
        return Point("ok", "check-circle", title, _(_IN_FULL[case]) % shelf)
    fee = fee_words(tier.fee_percent or None, tier.fixed_fee or None, terms.currency)
    return Point("wait", "clock", title, _(_LESS_FEE[case]) % {**shelf, "fee": fee})


def _span(after: int | None, until: int | None) -> str:
    days = {"first": (after or 0) + 1, "last": until}
    if after is None:
        return _("Any time") if until is None else _("Up to day %(last)s") % days
    return _("From day %(first)s") % days if until is None else _("From day %(first)s to day %(last)s") % days


_OPENED: Mapping[tuple[bool, bool], str] = {
    (False, False): N_("You get %(share)s."),
    (True, False): N_("%(part)s, as store credit."),
    (False, True): N_("%(part)s, if no more than %(limit)s is used."),
    (True, True): N_("%(part)s, as store credit, if no more than %(limit)s is used."),
}
"""What opened products give, by whether it comes as store credit and whether there is a limit to what is used."""


def _opened(terms: PolicyTerms) -> Point | None:
    rule = terms.opened
    if rule.share_percent is None:
        return None
    case = (rule.paid_as is MoneyForm.STORE_CREDIT or _is_credit(terms), bool(rule.used_limit_percent))
    share, limit = part_of_price(rule.share_percent), percent(rule.used_limit_percent or NO_MONEY)
    said = {"share": share, "part": capital(share), "limit": limit}
    sentences = [
        _(_OPENED[case]) % said,
        *([_("Once for each customer.")] if rule.repeat_clause else []),
        _("We weigh it, and a person decides."),
    ]
    return Point("wait", "scale", _("Opened, up to day %(last)s") % {"last": rule.until_day}, " ".join(sentences))


def _closed(terms: PolicyTerms) -> Point | None:
    if terms.last_day is None:
        return None
    return Point("no", "slash-circle", _span(terms.last_day, None), _("Returns are closed."))


def _exchange(terms: PolicyTerms) -> Point | None:
    rule = terms.exchange
    if rule.decision is ExchangeDecision.NONE:
        return None
    title = _("Exchanges")
    if rule.until_day is not None:
        title = _("Exchanges, up to day %(last)s") % {"last": rule.until_day}
    if rule.decision is ExchangeDecision.BY_STAFF:
        return Point("info", "swap", title, _("A person decides about an exchange."))
    return Point("info", "swap", title, _("An unopened product against the right one."))


def _not_taken(terms: PolicyTerms) -> Point | None:
    """Everything the policy never takes back, by the shop's own names for it."""
    names = [_("Opened products")] if terms.opened.share_percent is None else []
    for rule in terms.exclusions:
        names += [policy_text(terms.kinds[kind]) for kind in rule.kinds]
        names += [policy_text(terms.flags[flag]) for flag in rule.flags]
    if not names:
        return None
    words = [names[0], *(small(name) for name in names[1:])]
    return Point("no", "slash-circle", _("Not taken back"), f"{listing(words)}.")


def _partners(terms: PolicyTerms) -> Point | None:
    if terms.partner_purchases is None:
        return None
    text = _("Please return it where you bought it. We can take back only what we sold.")
    return Point("info", "redirect", _("Bought elsewhere"), text)


def _refused(terms: PolicyTerms) -> Point | None:
    if terms.refused_packages is None:
        return None
    charge = money(terms.refused_packages.service_charge, terms.currency)
    text = _("We take it back, and bill a service charge of %(charge)s.") % {"charge": charge}
    return Point("info", "back", _("You refused the package"), text)


# ------------------------------------------------------------------------------------------------------ the whole of it


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """One clause as people read it; `id` is where a verdict's link leads."""

    id: str
    title: str
    text: str


def clauses(terms: PolicyTerms) -> tuple[ClauseWords, ...]:
    """The clauses in the order of the policy."""
    return tuple(ClauseWords(each.id, policy_text(each.title), policy_text(each.text)) for each in terms.clauses)


def version_words(number: int, since: date | None) -> str:
    """`Version 2, for orders from September 1, 2026 on`; the first one has no day, and holds for all older orders."""
    if since is None:
        return _("Version %(number)s, for the oldest orders") % {"number": number}
    return _("Version %(number)s, for orders from %(day)s on") % {"number": number, "day": plain_date(since)}


# ------------------------------------------------------------------------------------------------------ good to know


def facts(terms: PolicyTerms) -> tuple[Fact, ...]:
    """Money, shipping, how long, what to do first and what goes into the box."""
    free, packing = terms.free_items_back, " ".join(policy_text(sentence) for sentence in terms.package.packing)
    processed = _("Processed %(duration)s after your package reaches us. You'll see the exact date.")
    return (
        Fact(_("Money"), money_words(terms)),
        Fact(_("Shipping"), shipping_words(terms)),
        Fact(_("How long"), processed % {"duration": duration(terms)}),
        *([Fact(_("Send it all"), _("Free items that came with the order come back too."))] if free else []),
        *([Fact(_("In the box"), packing)] if packing else []),
        Fact(_("Ask first"), ask_first(terms)),
    )


def money_words(terms: PolicyTerms) -> str:
    """In what form money comes back."""
    words = {MoneyForm.REFUND: _("A refund to the way you paid"), MoneyForm.STORE_CREDIT: _("Store credit")}
    if terms.money.is_credit_only:
        return _("Store credit only.")
    shown = [small(words[form]) if number else words[form] for number, form in enumerate(terms.money.forms)]
    forms = f"{listing(shown, 'or')}."
    return f"{forms} {_('What you owe us comes off it.')}" if terms.balance_netting else forms


def shipping_words(terms: PolicyTerms) -> str:
    """Who pays for the way back, and whether the original shipping is given back."""
    if terms.return_shipping.paid_by is not Payer.CUSTOMER:
        return _("We pay the shipping.")
    if terms.return_shipping.claims_paid_by is not Payer.MERCHANT:
        return _("You pay the shipping.")
    if terms.claims.refund_shipping:
        return _("You pay the shipping. We pay it if we made the mistake, and give your original shipping back.")
    return _("You pay the shipping. We pay it if we made the mistake.")


def duration(terms: PolicyTerms) -> str:
    """`within 10 business days`."""
    kind = "business day" if terms.processing.count is DayCount.BUSINESS else "day"
    return _("within %(days)s") % {"days": count(terms.processing.days, kind)}


def ask_first(terms: PolicyTerms) -> str:
    """Nothing is shipped before staff have authorized it."""
    if terms.package.box_mark is BoxMark.RMA_NUMBER:
        return _("Get your RMA number here, then ship the package.")
    return _("We answer, then you ship the package, with your order number on the box.")


def ship_later(terms: PolicyTerms) -> str:
    """What comes before shipping, in a mail or on a page that is no place to get the number."""
    if terms.package.box_mark is BoxMark.RMA_NUMBER:
        return _("We email you your RMA number once we have decided. Ship the package after that.")
    return ask_first(terms)


def damage_lane(terms: PolicyTerms) -> str:
    """Until when damage can be reported, and what follows."""
    claims = terms.claims
    sentences = [
        _claim_window(terms),
        *([_("Later, a person decides.")] if claims.late is LateClaim.NEEDS_REVIEW else []),
        _("We replace it or give you the full price.") if len(claims.remedies) > 1 else _one_remedy(claims.remedies[0]),
        *([_("You pay nothing.")] if terms.return_shipping.claims_paid_by is Payer.MERCHANT else []),
    ]
    return " ".join(sentences)


def _claim_window(terms: PolicyTerms) -> str:
    if terms.claims.hours is not None:
        return _("Tell us within %(time)s of delivery.") % {"time": count(terms.claims.hours, "hour")}
    days = {"time": count(terms.claims.until_day or 0, "day")}
    if terms.clock is Clock.PURCHASE:
        return _("Tell us within %(time)s of your order.") % days
    return _("Tell us within %(time)s of your delivery.") % days


def _one_remedy(remedy: Remedy) -> str:
    return _("We replace it.") if remedy is Remedy.REPLACEMENT else _("You get the full price.")


def full_until_sentence(day: date) -> str:
    """What an order of today has to go by: the last day on which it comes back in full."""
    return _("Order today, and it's in full until %(day)s.") % {"day": long_date(day)}


def next_steps(terms: PolicyTerms, answer_by: date) -> tuple[str, ...]:
    """What happens after a request is sent, in the order it happens; sent now, it is decided by `answer_by`."""
    by_rma = terms.package.box_mark is BoxMark.RMA_NUMBER
    return (
        _("A person reads your request, and you hear from us by %(day)s.") % {"day": long_date(answer_by)},
        _("You get an RMA number and the address by email.")
        if by_rma
        else _("You get our answer and the address by email."),
        _("You ship the package. Please don't send it before."),
        _("We process it %(duration)s after it reaches us.") % {"duration": duration(terms)},
    )
