"""A return policy as data: its parts, and what makes it a sensible one.

The dataclasses below are the documented format (docs/policies.md): a field is a key of the TOML file, its type says
what is allowed. Days are counted as GEN-02 says: the starting day is day 0 and the last day is included. No rule
knows which shop it belongs to; everything a verdict needs is in the terms (GEN-12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo, available_timezones

from returns.domain.facts import NO_MONEY, Payer, Reason, Resolution
from returns.domain.records import As, DataError, Money, Percent, Text, between, matching, read, write


class PolicyError(DataError):
    """A policy that can't be used: the file (where there is one), the key, and what is allowed there."""

    def __init__(self, key: str, problem: str, source: str = "") -> None:
        super().__init__(key, problem)
        self.source = source

    def __str__(self) -> str:
        return ": ".join(part for part in (self.source, self.key, self.problem) if part)


def _zone(value: object) -> str | None:
    # available_timezones() walks a folder, so it is asked only where the quick way fails to be sure.
    return value if isinstance(value, str) and (value == "America/New_York" or value in available_timezones()) else None


Days = Annotated[int, between(0, 36500)]
Name = Annotated[str, matching(r"[a-z][a-z0-9_]{0,39}", "a name in small letters, digits and underscores")]
ClauseId = Annotated[str, matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", 'the id of a clause, such as "CON-24"')]
Zone = Annotated[str, As(_zone, "the name of a time zone, such as America/New_York")]
Currency = Annotated[str, matching(r"[A-Z]{3}", "a currency of three capital letters, such as USD")]


class Clock(StrEnum):
    """The event that starts the window: day 0."""

    PURCHASE = "purchase"
    DELIVERY = "delivery"


class Barred(StrEnum):
    """What an exclusion bars: returns for money, exchanges."""

    RETURNS = "returns"
    EXCHANGES = "exchanges"


class MoneyForm(StrEnum):
    """A way to give money back."""

    REFUND = "refund"
    STORE_CREDIT = "store_credit"

    @property
    def resolution(self) -> Resolution:
        """The resolution that this form is."""
        return Resolution(self.value)


class LateClaim(StrEnum):
    """What a claim after its time becomes."""

    NOT_ELIGIBLE = "not_eligible"
    NEEDS_REVIEW = "needs_review"


class Remedy(StrEnum):
    """How a granted claim is made good."""

    MONEY = "money"
    REPLACEMENT = "replacement"


class ExcludedGoods(StrEnum):
    """What an exclusion means to a claim on the goods: nothing, or that only a replacement is given (RES-23)."""

    NO_DIFFERENCE = "no_difference"
    REPLACEMENT_ONLY = "replacement_only"


class ExchangeDecision(StrEnum):
    """Who grants an exchange: the rule, or a person (RES-33). NONE: the shop makes no exchanges."""

    GRANTED = "granted"
    BY_STAFF = "by_staff"
    NONE = "none"


class DayCount(StrEnum):
    """How processing days are counted (GEN-10)."""

    CALENDAR = "calendar"
    BUSINESS = "business"


class Holidays(StrEnum):
    """The holidays on which no business day falls."""

    US_FEDERAL = "us_federal"
    NONE = "none"


class Weekday(StrEnum):
    """The days of the week, in the order of ``date.weekday``."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class BoxMark(StrEnum):
    """What the customer writes on the outside of the box (LPS-18, CON-30, RES-42)."""

    ORDER_NUMBER = "order_number"
    RMA_NUMBER = "rma_number"


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of the policy page. Verdicts point at it by ``id``; customers read ``title`` and ``text``."""

    id: ClauseId
    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Tier:
    """What unopened goods are worth up to ``until_day`` (none: for ever).

    The fee is ``fee_percent`` of the price paid plus ``fixed_fee`` for each unit. ``min_shelf_months``: the product
    must not expire earlier than that many calendar months after the request (RES-19).
    """

    clause: ClauseId
    until_day: Days | None = None
    fee_percent: Percent = Decimal(0)
    fixed_fee: Money = NO_MONEY
    min_shelf_months: Annotated[int, between(1, 1200)] | None = None
    shelf_clause: ClauseId | None = None

    @property
    def has_fee(self) -> bool:
        """Whether the shop keeps anything."""
        return bool(self.fee_percent or self.fixed_fee)

    def kindness(self) -> tuple[Decimal, ...]:
        """How much the tier gives, in three figures of which more is better for the customer."""
        return -self.fee_percent, -self.fixed_fee, Decimal(-(self.min_shelf_months or 0))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Goods that are never taken back: by ``kinds`` of product or by ``flags`` of the order line."""

    clause: ClauseId
    kinds: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    bars: tuple[Barred, ...] = (Barred.RETURNS, Barred.EXCHANGES)


@dataclass(frozen=True, slots=True)
class Condition:
    """In what state unopened goods must be: ``clause`` bars incomplete or not resalable ones."""

    clause: ClauseId


@dataclass(frozen=True, slots=True)
class Opened:
    """Opened goods: refused, unless ``share_percent`` of the price is given back for them.

    Then ``used_limit_percent`` may be used at most (inclusive), up to ``until_day``; ``repeat_clause`` bars a second
    such return by the same customer (RES-06); ``paid_as`` fixes the form of money.
    """

    clause: ClauseId
    share_percent: Percent | None = None
    used_limit_percent: Percent | None = None
    until_day: Days | None = None
    limit_clause: ClauseId | None = None
    repeat_clause: ClauseId | None = None
    paid_as: MoneyForm | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """Damage and wrong items: ``hours`` after delivery, or up to ``until_day`` of the ordinary count."""

    clause: ClauseId
    late: LateClaim
    hours: Annotated[int, between(1, 8760)] | None = None
    until_day: Days | None = None
    late_clause: ClauseId | None = None
    remedies: tuple[Remedy, ...] = (Remedy.MONEY, Remedy.REPLACEMENT)
    excluded_goods: ExcludedGoods = ExcludedGoods.NO_DIFFERENCE
    excluded_clause: ClauseId | None = None
    refund_shipping: bool = False
    shipping_clause: ClauseId | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """Exchanges of unopened goods: for which of the ``reasons``, up to ``until_day``, granted by whom."""

    clause: ClauseId
    decision: ExchangeDecision
    until_day: Days | None = None
    reasons: tuple[Reason, ...] = (
        Reason.CHANGED_MIND,
        Reason.DISSATISFIED,
        Reason.ORDERED_WRONG_ITEM,
        Reason.REFUSED_PACKAGE,
    )


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """The forms in which money is given back. A wish for another one becomes the first (RES-49)."""

    clause: ClauseId
    forms: tuple[MoneyForm, ...]

    @property
    def has_credit(self) -> bool:
        """Whether store credit is one of them."""
        return MoneyForm.STORE_CREDIT in self.forms

    @property
    def is_credit_only(self) -> bool:
        """Whether nothing but store credit is given (RES-01)."""
        return self.forms == (MoneyForm.STORE_CREDIT,)


@dataclass(frozen=True, slots=True)
class NotReceived:
    """Goods that never arrived: always a person's case (RES-29, RES-51)."""

    clause: ClauseId


@dataclass(frozen=True, slots=True)
class Processing:
    """How long processing takes once the package is here (GEN-10); ``holidays`` and ``weekdays`` rule business days."""

    clause: ClauseId
    days: Annotated[int, between(1, 365)]
    count: DayCount
    holidays: Holidays = Holidays.US_FEDERAL
    weekdays: tuple[Weekday, ...] = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)


@dataclass(frozen=True, slots=True)
class ReturnShipping:
    """Who pays for the way back: of ordinary returns, and of claims (RES-10)."""

    clause: ClauseId
    paid_by: Payer = Payer.CUSTOMER
    claims_paid_by: Payer = Payer.MERCHANT


@dataclass(frozen=True, slots=True)
class Package:
    """How to send: the mark on the box, what to pack, advice (``notices``), and shipping services to choose from."""

    clause: ClauseId
    box_mark: BoxMark
    packing: tuple[Text, ...] = ()
    notices: tuple[Text, ...] = ()
    carriers: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnerPurchases:
    """Orders placed at a partner are redirected to it, for every reason (RES-28)."""

    clause: ClauseId


@dataclass(frozen=True, slots=True)
class BalanceNetting:
    """What the customer owes comes off the money, once per request (RES-31)."""

    clause: ClauseId


@dataclass(frozen=True, slots=True)
class RefusedPackages:
    """A charge billed apart, once per request, for a package refused at the door (RES-11)."""

    clause: ClauseId
    service_charge: Money


@dataclass(frozen=True, slots=True)
class FreeItemsBack:
    """Order lines of these ``kinds`` must travel back as soon as anything is granted (RES-13)."""

    clause: ClauseId
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """The terms of one storefront. A table that is left out is a rule that the shop does not have."""

    format: Annotated[int, between(1, 1)]
    timezone: Zone
    currency: Currency
    clock: Clock
    kinds: Mapping[str, Text]
    clauses: tuple[Clause, ...]
    tiers: tuple[Tier, ...]
    condition: Condition
    opened: Opened
    claims: Claims
    exchange: Exchange
    money: MoneyBack
    not_received: NotReceived
    processing: Processing
    return_shipping: ReturnShipping
    package: Package
    flags: Mapping[str, Text] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    partner_purchases: PartnerPurchases | None = None
    balance_netting: BalanceNetting | None = None
    refused_packages: RefusedPackages | None = None
    free_items_back: FreeItemsBack | None = None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> PolicyTerms:
        """The terms in ``data``, checked. Raises PolicyError naming the key and what is allowed there."""
        try:
            terms = read(cls, data)
        except DataError as error:
            raise PolicyError(error.key, error.problem) from None
        # The checks know the parts, and the parts are defined here.
        from returns.domain.soundness import nonsense

        for key, problem in nonsense(terms):
            raise PolicyError(key, problem)
        return terms

    def as_data(self) -> dict[str, Any]:
        """JSON-safe data; ``from_data`` gives equal terms back."""
        return cast("dict[str, Any]", write(self))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone whose days count (GEN-01)."""
        return ZoneInfo(self.timezone)

    def tier_on(self, age: int) -> Tier | None:
        """The tier that holds on day ``age``, None after the last one."""
        return next((tier for tier in self.tiers if tier.until_day is None or age <= tier.until_day), None)

    @property
    def last_day(self) -> int | None:
        """The last day on which unopened goods go back for money; None: there is no such day."""
        return self.tiers[-1].until_day

    @property
    def last_full_day(self) -> int | None:
        """The last day without a fee; None where every day has one, or where there is no last one."""
        return None if self.tiers[0].has_fee else self.tiers[0].until_day

    def clause(self, clause_id: str) -> Clause:
        """The clause with this id. Raises KeyError."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)
