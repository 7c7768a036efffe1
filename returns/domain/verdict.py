"""The answer to one line: outcome, code, clause, and the numbers from which every sentence about it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from returns.domain.facts import Outcome


class Code(StrEnum):
    """Why a line got its outcome (requirements, section 1), and two codes of our own at the end."""

    # eligible
    FULL_REFUND = "FULL_REFUND"
    PARTIAL_USED_CREDIT = "PARTIAL_USED_CREDIT"
    RESTOCKING_FEE = "RESTOCKING_FEE"
    EXCHANGE = "EXCHANGE"
    DAMAGED = "DAMAGED"
    SHIPPING_ERROR = "SHIPPING_ERROR"
    REFUSED_PACKAGE = "REFUSED_PACKAGE"
    # not eligible
    WINDOW_EXPIRED = "WINDOW_EXPIRED"
    CLAIM_WINDOW_EXPIRED = "CLAIM_WINDOW_EXPIRED"
    EXCHANGE_WINDOW_EXPIRED = "EXCHANGE_WINDOW_EXPIRED"
    EXPIRY_TOO_SOON = "EXPIRY_TOO_SOON"
    OPENED = "OPENED"
    OVER_HALF_USED = "OVER_HALF_USED"
    REPEAT_RETURN = "REPEAT_RETURN"
    EXCLUDED_KIND = "EXCLUDED_KIND"
    FINAL_SALE = "FINAL_SALE"
    OPENING_ORDER = "OPENING_ORDER"
    TEN_PERCENT_BACK = "TEN_PERCENT_BACK"
    NOT_RESALABLE = "NOT_RESALABLE"
    # redirect
    PARTNER_PURCHASE = "PARTNER_PURCHASE"
    # needs review
    NOT_RECEIVED = "NOT_RECEIVED"
    EXPIRY_UNKNOWN = "EXPIRY_UNKNOWN"
    USAGE_UNKNOWN = "USAGE_UNKNOWN"
    DELIVERY_UNKNOWN = "DELIVERY_UNKNOWN"
    LATE_MERCHANT_FAULT = "LATE_MERCHANT_FAULT"
    EXCHANGE_BY_STAFF = "EXCHANGE_BY_STAFF"
    KIND_UNKNOWN = "KIND_UNKNOWN"
    # not eligible, by a flag that a shop of its own has named in its policy
    EXCLUDED_FLAG = "EXCLUDED_FLAG"
    # eligible, because staff decided otherwise than the policy
    STAFF_OVERRIDE = "STAFF_OVERRIDE"


@dataclass(frozen=True, slots=True)
class Instead:
    """What an ordinary return for money would get, where a claim or an exchange comes too late."""

    outcome: Outcome
    code: Code
    fee_percent: Decimal | None = None
    fixed_fee: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The figures behind a finding; a field is None where the finding has nothing to say about it.

    All dates are calendar days in the storefront's time zone. The fields, by the sentence they serve:

    - the day count: ``age_days`` since ``started_on`` (day 0), counted from ``clock`` ("purchase" or "delivery");
      ``limit_days`` and ``limit_on`` are the last day of the rule that decided, both inclusive (GEN-02)
    - what would change it: ``full_until`` last day without a fee, ``money_until`` last day with any money back,
      ``exchange_until`` last day of an exchange (each None where there is no such day, or no last one)
    - fees: ``fee_percent`` of the price paid, ``fixed_fee`` per unit, ``service_charge`` billed apart
    - opened goods: ``share_percent`` given back, ``used_percent`` found, ``limit_percent`` still accepted,
      ``previous_return_on`` of the return that this one would repeat
    - expiration: ``expires_on`` of the product, ``must_expire_on`` the earliest day that would do, ``shelf_months``
      between the request and that day, ``days_short`` by which the product misses it
    - claims: ``hours`` since delivery (whole hours; rounded up once late, so that the figure never looks in time),
      ``limit_hours`` allowed, ``claim_until`` (instant) or ``claim_until_on`` (day) by which damage or a wrong item
      can still be reported; both None once that is over or the delivery is unknown
    - exclusions: ``excluded`` is the kind or flag that bars the line; ``only_replacement`` is True where a claim on
      excluded goods is made good by a replacement and nothing else (RES-23)
    - ``instead``: what else could be asked for now
    """

    clock: str | None = None
    started_on: date | None = None
    requested_on: date | None = None
    age_days: int | None = None
    limit_days: int | None = None
    limit_on: date | None = None
    full_until: date | None = None
    money_until: date | None = None
    exchange_until: date | None = None
    fee_percent: Decimal | None = None
    fixed_fee: Decimal | None = None
    service_charge: Decimal | None = None
    share_percent: Decimal | None = None
    used_percent: Decimal | None = None
    limit_percent: Decimal | None = None
    previous_return_on: date | None = None
    expires_on: date | None = None
    must_expire_on: date | None = None
    shelf_months: int | None = None
    days_short: int | None = None
    hours: int | None = None
    limit_hours: int | None = None
    claim_until: datetime | None = None
    claim_until_on: date | None = None
    excluded: str | None = None
    only_replacement: bool | None = None
    instead: Instead | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that has something to say about a line, with the clause it stands in and the numbers it used."""

    outcome: Outcome
    code: Code
    clause_id: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a line: every finding in ``reasons``, and the deciding one, which is the first, spelled out."""

    outcome: Outcome
    code: Code
    clause_id: str
    reasons: tuple[Finding, ...]
    numbers: Numbers

    @classmethod
    def of(cls, *reasons: Finding) -> Verdict:
        """The verdict in which the first of ``reasons`` decides."""
        deciding = reasons[0]
        return cls(deciding.outcome, deciding.code, deciding.clause_id, reasons, deciding.numbers)

    @property
    def is_eligible(self) -> bool:
        """Whether the line is granted by the policy, or by an override."""
        return self.outcome is Outcome.ELIGIBLE
