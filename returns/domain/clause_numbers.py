"""Numbers in the words of clauses that no figure of the policy has: where the text was left behind by a change."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from returns.domain.policy import PolicyTerms

HOURS_A_DAY = 24
MONTHS_A_YEAR = 12
DAYS_A_WEEK = 7
CENTS = 100
_DIGITS = r"([0-9][0-9,]*(?:\.[0-9]+)?)"
_NUMBER = rf"(?<![\w.,]){_DIGITS}"
_GAP = r"[\s\u00a0-]*"


class Unit(StrEnum):
    """What a number counts."""

    DAYS = "days"
    HOURS = "hours"
    MONTHS = "months"
    PERCENT = "percent"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit; money in the units of the policy's currency, not its cents."""

    unit: Unit
    number: Decimal


@dataclass(frozen=True, slots=True)
class Stray:
    """Numbers of a clause's text, as they are written there, that no figure of the policy has."""

    clause_id: str
    numbers: tuple[str, ...]

    @property
    def words(self) -> str:
        """`CON-24 says 45 days, 20%`."""
        return f"{self.clause_id} says {', '.join(self.numbers)}"


def _as_written(unit: Unit, times: int = 1, shared_by: int = 1) -> Callable[[Decimal], Figure]:
    return lambda number: Figure(unit, number * times / shared_by)


_KINDS_OF_DAY = r"(?:(?:business|calendar|working|service)[\s\u00a0]+)?"
_WRITTEN: Mapping[str, Callable[[Decimal], Figure]] = {
    rf"{_NUMBER}{_GAP}{_KINDS_OF_DAY}(?:days?|días?)\b": _as_written(Unit.DAYS),
    r"\b(?:days?|días?)[\s\u00a0]+([0-9]+)\b": _as_written(Unit.DAYS),
    rf"{_NUMBER}{_GAP}(?:weeks?|semanas?)\b": _as_written(Unit.DAYS, times=DAYS_A_WEEK),
    rf"{_NUMBER}{_GAP}(?:months?|mes(?:es)?)\b": _as_written(Unit.MONTHS),
    rf"{_NUMBER}{_GAP}(?:years?|años?)\b": _as_written(Unit.MONTHS, times=MONTHS_A_YEAR),
    rf"{_NUMBER}{_GAP}(?:hours?|horas?)\b": _as_written(Unit.HOURS),
    rf"{_NUMBER}{_GAP}(?:%|per[\s\u00a0]?cent\b|por[\s\u00a0]ciento\b)": _as_written(Unit.PERCENT),
    rf"[$€£][\s\u00a0]*{_DIGITS}": _as_written(Unit.MONEY),
    rf"{_NUMBER}{_GAP}(?:dollars?|euros?|pounds?|USD|EUR|GBP|€)(?!\w)": _as_written(Unit.MONEY),
    rf"{_NUMBER}{_GAP}(?:cents?|¢)(?!\w)": _as_written(Unit.MONEY, shared_by=CENTS),
}
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), figure) for pattern, figure in _WRITTEN.items())


def stray_numbers(terms: PolicyTerms) -> list[Stray]:
    """The clauses whose text names days, hours, months, shares or amounts that the policy doesn't decide by.

    The last days of a clause are those of what it is cited for, if that has any: where the days of returns change,
    those of an exchange don't excuse the words about returns. Only numbers in digits are found; a warning to look at,
    not a proof.
    """
    elsewhere, windows = set(_figures(terms)), _last_days(terms)
    anywhere = {day for days in windows.values() for day in days}
    found = (
        Stray(clause.id, tuple(_unknown(clause.text, elsewhere | (windows.get(clause.id) or anywhere))))
        for clause in terms.clauses
    )
    return [stray for stray in found if stray.numbers]


def _last_days(terms: PolicyTerms) -> dict[str, set[Figure]]:
    """The last days that a clause decides, by its id; of a tier also those of the tier before, where it begins."""
    days: dict[str, set[Figure]] = {}
    ends = [tier.until_day for tier in terms.tiers]
    for tier, before in zip(terms.tiers, [None, *ends], strict=False):
        days.setdefault(tier.clause, set()).update(_ends(tier.until_day, before))
    for part in (terms.opened, terms.claims, terms.exchange):
        days.setdefault(part.clause, set()).update(_ends(part.until_day))
    return days


def _ends(*last_days: int | None) -> Iterator[Figure]:
    for last in (day for day in last_days if day is not None):
        yield Figure(Unit.DAYS, Decimal(last))
        yield Figure(Unit.DAYS, Decimal(last + 1))  # where day 30 is the last, something else begins on day 31


def _unknown(text: str, known: set[Figure]) -> list[str]:
    written = sorted((match.start(), match.group(0)) for match, figure in _written(text) if figure not in known)
    return [" ".join(words.split()) for _, words in written]


def _figures(terms: PolicyTerms) -> Iterator[Figure]:
    """All that the policy decides by but its last days, also as it may be said: 48 hours as 2 days, 20% as 80% back."""
    for tier in terms.tiers:
        yield from _shares(tier.fee_percent)
        yield Figure(Unit.MONEY, tier.fixed_fee)
        yield Figure(Unit.MONTHS, Decimal(tier.min_shelf_months or 0))
    for share in (terms.opened.share_percent, terms.opened.used_limit_percent):
        if share is not None:
            yield from _shares(share)
    if terms.claims.hours is not None:
        yield Figure(Unit.HOURS, Decimal(terms.claims.hours))
        yield Figure(Unit.DAYS, Decimal(terms.claims.hours) / HOURS_A_DAY)
    yield Figure(Unit.DAYS, Decimal(terms.processing.days))
    if terms.refused_packages is not None:
        yield Figure(Unit.MONEY, terms.refused_packages.service_charge)
    for label in (*terms.kinds.values(), *terms.flags.values()):  # "10% back" is a name
        yield from (figure for _, figure in _written(label))


def _written(text: str) -> Iterator[tuple[re.Match[str], Figure]]:
    for pattern, figure in _PATTERNS:
        for match in pattern.finditer(text):
            yield match, figure(Decimal(match.group(1).replace(",", "")))


def _shares(percent: Decimal) -> Iterator[Figure]:
    yield Figure(Unit.PERCENT, percent)
    yield Figure(Unit.PERCENT, 100 - percent)
