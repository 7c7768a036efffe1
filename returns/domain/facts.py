"""What is known about a return: the vocabulary of the neutral case format, as enums and frozen records.

Nothing here decides anything. Kinds and flags are plain strings, because every policy names its own.
Money is a ``Decimal`` with two places, an instant is an aware ``datetime`` of any zone, and a percentage is 0 to 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

NO_MONEY = Decimal("0.00")


class AccountType(StrEnum):
    """What a customer account is; no policy makes a difference yet (PRO-05, PRO-06)."""

    CONSUMER = "consumer"
    STUDENT = "student"
    PROFESSIONAL = "professional"
    BUSINESS = "business"


class Channel(StrEnum):
    """Where the order was placed: at the storefront itself, or at a partner of it (CON-18, CON-36)."""

    DIRECT = "direct"
    PARTNER = "partner"


class Reason(StrEnum):
    """Why the customer asks."""

    CHANGED_MIND = "changed_mind"
    DISSATISFIED = "dissatisfied"
    ORDERED_WRONG_ITEM = "ordered_wrong_item"
    DAMAGED = "damaged"
    SHIPPING_ERROR = "shipping_error"
    NOT_RECEIVED = "not_received"
    REFUSED_PACKAGE = "refused_package"

    @property
    def is_merchant_fault(self) -> bool:
        """Whether the line is a claim: its own clock, no fee, the merchant pays the postage (RES-10, RES-25)."""
        return self in (Reason.DAMAGED, Reason.SHIPPING_ERROR)


class Condition(StrEnum):
    """Whether the customer has opened the product."""

    UNOPENED = "unopened"
    OPENED = "opened"


class Wish(StrEnum):
    """What the customer would like to have."""

    REFUND = "refund"
    STORE_CREDIT = "store_credit"
    EXCHANGE = "exchange"
    REPLACEMENT = "replacement"


class Resolution(StrEnum):
    """What the customer gets. ``NONE`` is a decision ("send it back to me"), not a missing one."""

    REFUND = "refund"
    STORE_CREDIT = "store_credit"
    EXCHANGE = "exchange"
    REPLACEMENT = "replacement"
    NONE = "none"

    @property
    def is_money(self) -> bool:
        """Whether an amount is paid or credited; goods for goods move no money (GEN-08)."""
        return self in (Resolution.REFUND, Resolution.STORE_CREDIT)


class Outcome(StrEnum):
    """The four answers to a line. The engine advises; staff authorize (GEN-07)."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    NEEDS_REVIEW = "needs_review"
    REDIRECT = "redirect"


class Disposition(StrEnum):
    """What happens to the goods, whatever the customer gets."""

    RESTOCK = "restock"
    QUARANTINE = "quarantine"
    SCRAP = "scrap"
    SEND_BACK = "send_back"


class Payer(StrEnum):
    """Who pays for shipping the goods back."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"


@dataclass(frozen=True, slots=True)
class PartialReturn:
    """An earlier authorized return of an opened product at the same storefront (LPS-30, RES-06)."""

    sku: str
    returned_on: date


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """The customer account at this storefront. ``outstanding_balance`` is what the customer owes."""

    type: AccountType
    outstanding_balance: Decimal
    previous_partial_returns: tuple[PartialReturn, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """What an earlier request already gave on an order line (reliability D1.4).

    ``code`` and ``rate`` say under which terms: units of the same terms are rounded as one whole. ``rate`` is the
    ``LineQuote.rate`` of then; None stands for "the same as now".
    """

    code: str
    quantity: int
    gross: Decimal
    fee: Decimal
    amount: Decimal
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderLineFacts:
    """What was bought. ``kind`` None: the product is not in the storefront's catalogue (RES-53).

    ``paid_total`` is what was paid for all ``quantity`` units after their share of discounts, without tax (GEN-06).
    ``comes_back``: it came free, and another return of the order asks for it already (RES-13).
    """

    sku: str
    kind: str | None
    flags: frozenset[str]
    quantity: int
    paid_total: Decimal
    expires_on: date | None
    returned: tuple[Returned, ...] = ()
    comes_back: bool = False

    @property
    def returned_quantity(self) -> int:
        """Units that earlier requests have taken back."""
        return sum(earlier.quantity for earlier in self.returned)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The order. ``delivered_at`` None: unknown. ``shipping_already_refunded``: an earlier request did (RES-08)."""

    number: str
    placed_at: datetime
    delivered_at: datetime | None
    channel: Channel
    shipping_paid: Decimal
    lines: tuple[OrderLineFacts, ...]
    shipping_already_refunded: bool = False
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class LineOverride:
    """Staff decided otherwise than the policy: ``percent`` of the gross, as ``resolution`` (GEN-07)."""

    resolution: Resolution
    percent: Decimal


@dataclass(frozen=True, slots=True)
class RequestLineFacts:
    """What is asked for one order line, as declared by the customer or as found by the inspection.

    ``line`` is the index into ``OrderFacts.lines``; two request lines may name the same one. ``used_percent`` is the
    greater of weight and volume (RES-05), None for unopened or unknown. ``resalable`` False: packaging, seal or
    completeness not as received. ``expires_on``, read from the product itself, wins over the order line's date.
    """

    line: int
    quantity: int
    reason: Reason
    condition: Condition
    used_percent: Decimal | None
    wants: Wish
    resalable: bool = True
    expires_on: date | None = None
    override: LineOverride | None = None


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """The request. ``requested_at`` is the moment of submission, which decides every window (GEN-04).

    ``refused_packages`` is how many of its packages the dock saw come back as refused at the door; None where it saw
    none, so that what the customer said counts (RES-11).
    """

    requested_at: datetime
    lines: tuple[RequestLineFacts, ...]
    refused_packages: int | None = None
