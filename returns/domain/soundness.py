"""What makes terms a sensible policy, beyond the shape of their data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import pairwise

from returns.domain.facts import Reason
from returns.domain.policy import (
    Claims,
    Exchange,
    ExchangeDecision,
    ExcludedGoods,
    Name,
    Opened,
    PolicyTerms,
    Remedy,
    Tier,
)
from returns.domain.records import DataError, inside, read, shown

Nonsense = Iterator[tuple[str, str]]


def nonsense(terms: PolicyTerms) -> Nonsense:
    """What is well-formed and yet no policy, as (key, problem); nothing for a sound one."""
    yield from _names(terms)
    yield from _clauses(terms)
    yield from _tiers(terms.tiers)
    yield from _exclusions(terms)
    yield from _opened(terms.opened)
    yield from _claims(terms.claims)
    yield from _exchange(terms.exchange)
    yield from _lists(terms)


def _names(terms: PolicyTerms) -> Nonsense:
    for key, labels in (("kinds", terms.kinds), ("flags", terms.flags)):
        for name in labels:
            try:
                read(Name, name, inside(key, name))
            except DataError as error:
                yield error.key, error.problem
    if not terms.kinds:
        yield "kinds", "must name at least one kind of product"


def _clauses(terms: PolicyTerms) -> Nonsense:
    known: set[str] = set()
    for number, clause in enumerate(terms.clauses):
        if clause.id in known:
            yield f"clauses[{number}].id", f"{shown(clause.id)} is there twice"
        known.add(clause.id)
    for key, clause_id in _clause_references(terms):
        if clause_id not in known:
            yield key, f"names the clause {shown(clause_id)}, which is not among the clauses"


def _clause_references(terms: PolicyTerms) -> Iterator[tuple[str, str]]:
    for part in fields(terms):
        value = getattr(terms, part.name)
        records = enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for number, record in records:
            where = part.name if number is None else inside(part.name, number)
            for name in getattr(type(record), "__dataclass_fields__", ()):
                clause_id = getattr(record, name)
                if name.endswith("clause") and clause_id is not None:
                    yield inside(where, name), clause_id


def _tiers(tiers: tuple[Tier, ...]) -> Nonsense:
    if not tiers:
        yield "tiers", "must have at least one tier"
    for number, (earlier, later) in enumerate(pairwise(tiers), start=1):
        if earlier.until_day is None:
            yield f"tiers[{number - 1}].until_day", "is missing; only the last tier may go on for ever"
        elif later.until_day is not None and later.until_day <= earlier.until_day:
            yield f"tiers[{number}].until_day", f"must be after day {earlier.until_day}, where the tier before it ends"
        if _is_kinder(later, earlier):
            yield f"tiers[{number}]", "gives more than the tier before it; waiting must never pay"
    for number, tier in enumerate(tiers):
        if tier.shelf_clause is not None and tier.min_shelf_months is None:
            yield f"tiers[{number}].shelf_clause", "has no meaning without min_shelf_months"


def _is_kinder(later: Tier, earlier: Tier) -> bool:
    pairs = list(zip(later.kindness(), earlier.kindness(), strict=True))
    return all(mine >= theirs for mine, theirs in pairs) and any(mine > theirs for mine, theirs in pairs)


def _exclusions(terms: PolicyTerms) -> Nonsense:
    for number, rule in enumerate(terms.exclusions):
        where = f"exclusions[{number}]"
        if not rule.kinds and not rule.flags:
            yield where, "must name kinds or flags"
        if not rule.bars:
            yield f"{where}.bars", "must name returns, exchanges or both"
        yield from _unknown(f"{where}.kinds", rule.kinds, terms.kinds, "kinds")
        yield from _unknown(f"{where}.flags", rule.flags, terms.flags, "flags")
    if terms.free_items_back is not None:
        yield from _unknown("free_items_back.kinds", terms.free_items_back.kinds, terms.kinds, "kinds")


def _unknown(key: str, names: tuple[str, ...], known: Mapping[str, str], table: str) -> Nonsense:
    for number, name in enumerate(names):
        if name not in known:
            yield inside(key, number), f"{shown(name)} is not in [{table}]; allowed are {', '.join(known)}"


def _opened(opened: Opened) -> Nonsense:
    given = opened.share_percent is not None
    for key, is_needed in (
        ("used_limit_percent", True),
        ("until_day", True),
        ("limit_clause", False),
        ("repeat_clause", False),
        ("paid_as", False),
    ):
        is_there = getattr(opened, key) is not None
        if given and is_needed and not is_there:
            yield f"opened.{key}", "is missing; it is needed beside share_percent"
        if is_there and not given:
            yield f"opened.{key}", "has no meaning without share_percent"


def _claims(claims: Claims) -> Nonsense:
    if (claims.hours is None) == (claims.until_day is None):
        yield "claims", "needs either hours (after delivery) or until_day (of the ordinary count), not both"
    if not claims.remedies:
        yield "claims.remedies", "must name money, replacement or both"
    if claims.excluded_goods is ExcludedGoods.REPLACEMENT_ONLY and Remedy.REPLACEMENT not in claims.remedies:
        yield "claims.excluded_goods", "replacement_only needs the remedy replacement"


def _exchange(exchange: Exchange) -> Nonsense:
    if exchange.decision is ExchangeDecision.NONE and exchange.until_day is not None:
        yield "exchange.until_day", "has no meaning where the shop makes no exchanges"
    for number, reason in enumerate(exchange.reasons):
        if reason.is_merchant_fault or reason is Reason.NOT_RECEIVED:
            yield f"exchange.reasons[{number}]", f"{reason} is never an exchange"


def _lists(terms: PolicyTerms) -> Nonsense:
    if not terms.money.forms:
        yield "money.forms", "must name refund, store_credit or both"
    if not terms.processing.weekdays:
        yield "processing.weekdays", "must name at least one weekday"
