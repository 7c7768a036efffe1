"""Short ways to ask the engine: an ordinary purchase at New York wall-clock times; a test changes one thing of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from returns.domain.facts import (
    AccountFacts,
    AccountType,
    Channel,
    Condition,
    LineOverride,
    OrderFacts,
    OrderLineFacts,
    PartialReturn,
    Reason,
    RequestFacts,
    RequestLineFacts,
    Resolution,
    Returned,
    Wish,
)
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote, Quote, quote
from returns.domain.storefront import SHIPPED, StorefrontSettings, load_storefronts

NEW_YORK = ZoneInfo("America/New_York")

SPA = "le-petit-spa"
CONSUMER = "image-consumer"
PRO = "image-professional"
SHOPS = (SPA, CONSUMER, PRO)
IMAGE = (CONSUMER, PRO)

STOREFRONTS = load_storefronts(SHIPPED)
SETTINGS: dict[str, StorefrontSettings] = {slug: settings for slug, (settings, _) in STOREFRONTS.items()}
TERMS: dict[str, PolicyTerms] = {slug: terms for slug, (_, terms) in STOREFRONTS.items()}

LONG_LIFE = date(2031, 1, 31)


def at(text: str) -> datetime:
    """An instant: New York wall clock (`2026-03-01 10:00:00`), or with its own offset (`2026-03-01T10:00:00Z`)."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=NEW_YORK)


def bought(kind: str | None = "retail", *flags: str, paid: str = "45.00", **changes: Any) -> OrderLineFacts:
    """One unit of a product that lasts for years."""
    item = OrderLineFacts("SERUM", kind, frozenset(flags), 1, Decimal(paid), LONG_LIFE)
    return replace(item, **changes)


def wanted(reason: str = "changed_mind", wants: str = "refund", *, line: int = 0, **changes: Any) -> RequestLineFacts:
    """One unopened unit, no longer wanted. `opened=30` says how much is used, `opened=None` that nobody knows."""
    asked = RequestLineFacts(line, 1, Reason(reason), Condition.UNOPENED, None, Wish(wants))
    if "opened" in changes:
        used = changes.pop("opened")
        asked = replace(asked, condition=Condition.OPENED, used_percent=None if used is None else Decimal(str(used)))
    return replace(asked, **changes)


def overridden(resolution: str, percent: str = "100") -> LineOverride:
    """What staff decided."""
    return LineOverride(Resolution(resolution), Decimal(percent))


def gave(code: str, gross: str, *, fee: str = "0.00", amount: str | None = None, **changes: Any) -> Returned:
    """What an earlier request gave on an order line."""
    given = Decimal(gross) - Decimal(fee) if amount is None else Decimal(amount)
    return replace(Returned(code, 1, Decimal(gross), Decimal(fee), given), **changes)


def opened_before(*days: str) -> tuple[PartialReturn, ...]:
    """Earlier returns of opened products."""
    return tuple(PartialReturn("MASQUE", date.fromisoformat(day)) for day in days)


def ask(
    shop: str | PolicyTerms,
    lines: RequestLineFacts | Sequence[RequestLineFacts] | None = None,
    items: OrderLineFacts | Sequence[OrderLineFacts] | None = None,
    *,
    asked: str = "2026-03-10 12:00:00",
    placed: str = "2026-03-01 10:00:00",
    delivered: str | None = "2026-03-04 14:00:00",
    partner: bool = False,
    shipping: str = "0.00",
    shipping_back: bool = False,
    owes: str = "0.00",
    earlier: tuple[PartialReturn, ...] = (),
) -> Quote:
    """The quote for these request lines about these order lines."""
    terms = TERMS[shop] if isinstance(shop, str) else shop
    order = OrderFacts(
        number="1001",
        placed_at=at(placed),
        delivered_at=None if delivered is None else at(delivered),
        channel=Channel.PARTNER if partner else Channel.DIRECT,
        shipping_paid=Decimal(shipping),
        lines=_many(bought() if items is None else items),
        shipping_already_refunded=shipping_back,
    )
    account = AccountFacts(AccountType.CONSUMER, Decimal(owes), earlier)
    return quote(terms, account, order, RequestFacts(at(asked), _many(wanted() if lines is None else lines)))


def _many(one_or_more: Any) -> tuple[Any, ...]:
    return tuple(one_or_more) if isinstance(one_or_more, Sequence) else (one_or_more,)


def line_of(*args: Any, **kwargs: Any) -> LineQuote:
    """The first line of `ask(...)`."""
    return ask(*args, **kwargs).lines[0]


def said(line: LineQuote) -> str:
    """A line in one row: `eligible FULL_REFUND refund 45.00 - 0.00 = 45.00`, or `not_eligible OPENED`."""
    verdict = f"{line.verdict.outcome} {line.verdict.code}"
    if line.resolution is None:
        assert not any((line.gross, line.fee, line.amount, line.paid_by))
        return verdict
    return f"{verdict} {line.resolution} {line.gross} - {line.fee} = {line.amount}"


def codes(line: LineQuote) -> list[str]:
    """Every finding, the deciding one first."""
    return [reason.code.value for reason in line.verdict.reasons]
