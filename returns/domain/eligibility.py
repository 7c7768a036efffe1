"""The rules, one small function each; every finding gathered, the deciding one first.

A line is asked in stages, in the reference order of GEN-11: partner, not received, claim, exclusion, condition,
time and expiration. A stage answers with the findings that stand against the line. The first stage with a finding
decides; inside a stage a definite "no" comes before an open question. The findings of later stages follow, so that
customer and staff see everything that stands against the line. Where nothing does, the line is granted.

Why an open question of an early stage isn't overtaken by a definite "no" of a later one: a product that nobody has
classified may be one that is never taken back, and then that is the answer (GEN-11), whatever its condition is. A
"no" for another reason would guess that it isn't, and would tell the customer what to change in vain (RES-53).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from returns.domain.deadlines import add_months
from returns.domain.facts import (
    AccountFacts,
    Channel,
    Condition,
    OrderFacts,
    OrderLineFacts,
    Outcome,
    Reason,
    RequestFacts,
    RequestLineFacts,
    Wish,
)
from returns.domain.moment import Moment
from returns.domain.policy import (
    Barred,
    ExchangeDecision,
    ExcludedGoods,
    Exclusion,
    LateClaim,
    PolicyTerms,
    Tier,
)
from returns.domain.verdict import Code, Finding, Instead, Numbers, Verdict

Findings = list[Finding]
Figures = dict[str, Any]  # fields of Numbers
NONE: Figures = {}

# The flags of the neutral case format have codes of their own; a flag of another shop's making has not.
_FLAG_CODES = {
    "final_sale": Code.FINAL_SALE,
    "opening_order": Code.OPENING_ORDER,
    "ten_percent_back": Code.TEN_PERCENT_BACK,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request line with everything the rules may look at."""

    terms: PolicyTerms
    account: AccountFacts
    order: OrderFacts
    item: OrderLineFacts
    line: RequestLineFacts
    moment: Moment

    @property
    def is_opened(self) -> bool:
        """Whether the product is opened."""
        return self.line.condition is Condition.OPENED

    @property
    def shares_cost(self) -> bool:
        """Whether the product is opened and the shop gives a part of the price for it (LPS-05, RES-47)."""
        return self.is_opened and self.terms.opened.share_percent is not None

    @property
    def is_exchange(self) -> bool:
        """Whether the wish is an exchange that the shop knows for this reason and condition (RES-07, RES-48)."""
        rule = self.terms.exchange
        wished = self.line.wants is Wish.EXCHANGE and self.line.reason in rule.reasons
        return wished and rule.decision is not ExchangeDecision.NONE and not self.shares_cost

    def finding(self, outcome: Outcome, code: Code, clause_id: str, figures: Figures = NONE) -> Finding:
        """A finding with the figures that all findings of the request share, and its own."""
        return Finding(outcome, code, clause_id, Numbers(**{**self.moment.figures, **figures}))

    def bars(self, code: Code, clause_id: str, figures: Figures = NONE) -> Finding:
        """A definite "no"."""
        return self.finding(Outcome.NOT_ELIGIBLE, code, clause_id, figures)

    def asks(self, code: Code, clause_id: str, figures: Figures = NONE) -> Finding:
        """An open question for a person."""
        return self.finding(Outcome.NEEDS_REVIEW, code, clause_id, figures)

    def grants(self, code: Code, clause_id: str, figures: Figures = NONE) -> Finding:
        """A "yes"."""
        return self.finding(Outcome.ELIGIBLE, code, clause_id, figures)


def judge(
    terms: PolicyTerms, account: AccountFacts, order: OrderFacts, request: RequestFacts, line: RequestLineFacts
) -> Verdict:
    """The verdict on one line of a request; each line is judged alone (GEN-09)."""
    moment = Moment.of(terms, order, request.requested_at)
    return judge_asked(Asked(terms, account, order, order.lines[line.line], line, moment))


def judge_asked(asked: Asked) -> Verdict:
    """As ``judge``, with the clocks of the request already read. A staff override comes before every rule."""
    verdict = _by_the_rules(asked)
    if asked.line.override is None:
        return verdict
    decided = replace(verdict.reasons[0], outcome=Outcome.ELIGIBLE, code=Code.STAFF_OVERRIDE)
    return Verdict.of(decided, *verdict.reasons)


def _by_the_rules(asked: Asked) -> Verdict:
    against = _partner(asked)
    if asked.line.reason is Reason.NOT_RECEIVED:
        return Verdict.of(*against, *_not_received(asked))
    if asked.line.reason.is_merchant_fault:
        against += _claim(asked)
        return Verdict.of(*against) if against else Verdict.of(_granted_claim(asked))
    against += _exclusion(asked) + _condition(asked) + _time(asked)
    return Verdict.of(*against) if against else Verdict.of(_granted_return(asked))


# --------------------------------------------------------------------------------------------- partner, not received


def _partner(asked: Asked) -> Findings:
    """Bought elsewhere: back to the seller, for every reason (CON-18, CON-36, RES-28)."""
    rule = asked.terms.partner_purchases
    if rule is None or asked.order.channel is not Channel.PARTNER:
        return []
    return [asked.finding(Outcome.REDIRECT, Code.PARTNER_PURCHASE, rule.clause)]


def _not_received(asked: Asked) -> Findings:
    """Nothing arrived: no return, a person searches; nothing else matters (CON-12, RES-29, RES-51)."""
    return [asked.asks(Code.NOT_RECEIVED, asked.terms.not_received.clause)]


# ------------------------------------------------------------------------------------------------------------ claims


def _claim(asked: Asked) -> Findings:
    """The merchant's fault: its own clock; window, fee, expiration and condition don't bind it (RES-25)."""
    rule = asked.terms.claims
    figures = _claim_figures(asked)
    if (asked.moment.since_delivery if rule.hours is not None else asked.moment.age) is None:
        return [asked.asks(Code.DELIVERY_UNKNOWN, rule.clause, figures)]
    if _is_late_claim(asked):
        return [_late_claim(asked, figures)]
    unknown = rule.excluded_goods is ExcludedGoods.REPLACEMENT_ONLY and not _excluding(asked, Barred.RETURNS)
    return _kind_unknown(asked, Barred.RETURNS) if unknown else []


def _claim_figures(asked: Asked) -> Figures:
    rule, moment = asked.terms.claims, asked.moment
    if rule.hours is None:
        return _limit(asked, rule.until_day)
    hours = moment.hours_since_delivery(rule.hours)
    return {"hours": hours, "limit_hours": rule.hours, "claim_until": moment.claim_until}


def _is_late_claim(asked: Asked) -> bool:
    rule, moment = asked.terms.claims, asked.moment
    if rule.hours is None:
        return moment.is_after(rule.until_day)
    return moment.since_delivery is not None and moment.since_delivery.total_seconds() > rule.hours * 3600


def _late_claim(asked: Asked, figures: Figures) -> Finding:
    """Too late: a "no" to the claim, though not to an ordinary return (RES-24), or a person's case (RES-09)."""
    rule = asked.terms.claims
    clause = rule.late_clause or rule.clause
    if rule.late is LateClaim.NEEDS_REVIEW:
        return asked.asks(Code.LATE_MERCHANT_FAULT, clause, figures)
    return asked.bars(Code.CLAIM_WINDOW_EXPIRED, clause, {**figures, "instead": _instead(asked)})


def _granted_claim(asked: Asked) -> Finding:
    """In time: full value; for excluded goods a replacement and nothing else (RES-23)."""
    rule = asked.terms.claims
    code = Code.DAMAGED if asked.line.reason is Reason.DAMAGED else Code.SHIPPING_ERROR
    figures = _claim_figures(asked)
    if rule.excluded_goods is ExcludedGoods.REPLACEMENT_ONLY and (excluding := _excluding(asked, Barred.RETURNS)):
        figures |= {"only_replacement": True, "excluded": excluding[0][1]}
        return asked.grants(code, rule.excluded_clause or rule.clause, figures)
    return asked.grants(code, rule.clause, figures)


# -------------------------------------------------------------------------------------------------------- exclusions


def _excluding(asked: Asked, barred: Barred) -> list[tuple[Exclusion, str, Code]]:
    """The exclusions that certainly hit the line, each with the kind or flag that does and its code."""
    hits: list[tuple[Exclusion, str, Code]] = []
    for rule in asked.terms.exclusions:
        if barred not in rule.bars:
            continue
        if asked.item.kind is not None and asked.item.kind in rule.kinds:
            hits.append((rule, asked.item.kind, Code.EXCLUDED_KIND))
        flags = [flag for flag in rule.flags if flag in asked.item.flags]
        hits += [(rule, flag, _FLAG_CODES.get(flag, Code.EXCLUDED_FLAG)) for flag in flags]
    return hits


def _kind_unknown(asked: Asked, barred: Barred) -> Findings:
    """An unclassified product, where the policy excludes by kind: a person looks, nobody guesses (RES-53).

    A policy that names no kinds asks nothing about them: at such a shop (RES-12) the line goes its ordinary way.
    """
    if asked.item.kind in asked.terms.kinds:
        return []
    by_kind = [rule for rule in asked.terms.exclusions if rule.kinds and barred in rule.bars]
    return [asked.asks(Code.KIND_UNKNOWN, by_kind[0].clause)] if by_kind else []


def _exclusion(asked: Asked) -> Findings:
    """Goods that are never taken back (CON-23, PRO-27, RES-27, RES-35)."""
    barred = Barred.EXCHANGES if asked.is_exchange else Barred.RETURNS
    hits = _excluding(asked, barred)
    if not hits:
        return _kind_unknown(asked, barred)
    return [asked.bars(code, rule.clause, {"excluded": name}) for rule, name, code in hits]


# --------------------------------------------------------------------------------------------------------- condition


def _condition(asked: Asked) -> Findings:
    """The state of the goods: what is certain first, then what somebody must measure."""
    against: Findings = []
    if asked.is_opened:
        against += _opened(asked) if asked.shares_cost else [asked.bars(Code.OPENED, asked.terms.opened.clause)]
    if not asked.line.resalable:
        against.append(asked.bars(Code.NOT_RESALABLE, asked.terms.condition.clause))
    return sorted(against, key=lambda finding: finding.outcome is Outcome.NEEDS_REVIEW)


def _opened(asked: Asked) -> Findings:
    """Opened goods of a shop that shares the cost: no repeats, and not used too much (LPS-27, LPS-30)."""
    rule, used = asked.terms.opened, asked.line.used_percent
    against: Findings = []
    earlier = asked.account.previous_partial_returns
    if rule.repeat_clause is not None and earlier:
        last = max(partial.returned_on for partial in earlier)
        against.append(asked.bars(Code.REPEAT_RETURN, rule.repeat_clause, {"previous_return_on": last}))
    figures = {"used_percent": used, "limit_percent": rule.used_limit_percent}
    if used is None:
        against.append(asked.asks(Code.USAGE_UNKNOWN, rule.limit_clause or rule.clause, figures))
    elif rule.used_limit_percent is not None and used > rule.used_limit_percent:
        against.append(asked.bars(Code.OVER_HALF_USED, rule.limit_clause or rule.clause, figures))
    return against


# ---------------------------------------------------------------------------------------------- time and expiration


def _time(asked: Asked) -> Findings:
    """The window of what is asked: an exchange, a part of the price for opened goods, or money by the tiers."""
    if asked.moment.age is None:
        return [asked.asks(Code.DELIVERY_UNKNOWN, asked.terms.tiers[0].clause)]
    if asked.is_exchange:
        return _exchange_time(asked)
    if asked.shares_cost:
        return _opened_time(asked)
    tier = asked.terms.tier_on(asked.moment.age)
    if tier is None:
        return [_window_expired(asked, asked.terms.last_day, asked.terms.tiers[-1].clause)]
    return _shelf_life(asked, tier)


def _limit(asked: Asked, last_day: int | None) -> Figures:
    return {"limit_days": last_day, "limit_on": asked.moment.day(last_day)}


def _window_expired(asked: Asked, last_day: int | None, clause_id: str) -> Finding:
    return asked.bars(Code.WINDOW_EXPIRED, clause_id, _limit(asked, last_day))


def _exchange_time(asked: Asked) -> Findings:
    """An exchange in time is granted, or a person's case (RES-26, RES-33, RES-48)."""
    rule = asked.terms.exchange
    figures = _limit(asked, rule.until_day)
    if asked.moment.is_after(rule.until_day):
        return [asked.bars(Code.EXCHANGE_WINDOW_EXPIRED, rule.clause, {**figures, "instead": _instead(asked)})]
    if rule.decision is ExchangeDecision.BY_STAFF:
        return [asked.asks(Code.EXCHANGE_BY_STAFF, rule.clause, figures)]
    return []


def _opened_time(asked: Asked) -> Findings:
    rule = asked.terms.opened
    return [_window_expired(asked, rule.until_day, rule.clause)] if asked.moment.is_after(rule.until_day) else []


def _shelf_life(asked: Asked, tier: Tier) -> Findings:
    """The product must last long enough after the request, inclusive (CON-27, RES-19)."""
    if tier.min_shelf_months is None:
        return []
    clause = tier.shelf_clause or tier.clause
    needed = add_months(asked.moment.requested_on, tier.min_shelf_months)
    expires_on = _expires_on(asked)
    figures = {"shelf_months": tier.min_shelf_months, "must_expire_on": needed} | _fee_figures(tier)
    if expires_on is None:
        return [asked.asks(Code.EXPIRY_UNKNOWN, clause, figures)]
    if expires_on < needed:
        figures |= {"expires_on": expires_on, "days_short": (needed - expires_on).days}
        return [asked.bars(Code.EXPIRY_TOO_SOON, clause, figures)]
    return []


def _expires_on(asked: Asked) -> date | None:
    """The date read from the product itself, else the one the order line knows."""
    return asked.line.expires_on or asked.item.expires_on


def _fee_figures(tier: Tier) -> Figures:
    return {"fee_percent": tier.fee_percent, "fixed_fee": tier.fixed_fee} if tier.has_fee else {}


def _instead(asked: Asked) -> Instead | None:
    """What an ordinary return for money would get today; None where it would get a "no"."""
    ordinary = replace(asked.line, reason=Reason.CHANGED_MIND, wants=Wish.REFUND, override=None)
    verdict = _by_the_rules(replace(asked, line=ordinary))
    if verdict.outcome not in (Outcome.ELIGIBLE, Outcome.NEEDS_REVIEW):
        return None
    return Instead(verdict.outcome, verdict.code, verdict.numbers.fee_percent, verdict.numbers.fixed_fee)


# ----------------------------------------------------------------------------------------------------------- granted


def _granted_return(asked: Asked) -> Finding:
    if asked.is_exchange:
        rule = asked.terms.exchange
        return asked.grants(Code.EXCHANGE, rule.clause, _limit(asked, rule.until_day) | _charge_figures(asked))
    return _granted_share(asked) if asked.shares_cost else _granted_money(asked)


def _granted_share(asked: Asked) -> Finding:
    """A part of the price for opened goods (LPS-06)."""
    rule = asked.terms.opened
    figures = {
        "share_percent": rule.share_percent,
        "used_percent": asked.line.used_percent,
        "limit_percent": rule.used_limit_percent,
    }
    figures |= _limit(asked, rule.until_day) | _charge_figures(asked)
    return asked.grants(Code.PARTIAL_USED_CREDIT, rule.clause, figures)


def _granted_money(asked: Asked) -> Finding:
    """The price paid, less the fee of the tier the day falls into (LPS-02, CON-24, CON-28, PRO-18, PRO-22)."""
    terms = asked.terms
    # The time stage has refused every day without a tier, and every line without a day count.
    tier = terms.tier_on(asked.moment.age or 0) or terms.tiers[-1]
    code, clause = Code.RESTOCKING_FEE if tier.has_fee else Code.FULL_REFUND, tier.clause
    if asked.line.reason is Reason.REFUSED_PACKAGE and tier is terms.tiers[0]:
        code = Code.REFUSED_PACKAGE
        clause = terms.refused_packages.clause if terms.refused_packages is not None else clause
    figures = _limit(asked, tier.until_day) | _fee_figures(tier) | _charge_figures(asked)
    if tier.min_shelf_months is not None:
        figures |= {"shelf_months": tier.min_shelf_months, "expires_on": _expires_on(asked)}
    return asked.grants(code, clause, figures)


def _charge_figures(asked: Asked) -> Figures:
    rule = asked.terms.refused_packages
    if rule is None or asked.line.reason is not Reason.REFUSED_PACKAGE:
        return {}
    return {"service_charge": rule.service_charge}
