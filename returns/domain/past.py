"""A request that was made, from the columns of its rows to the facts that the engine takes.

A request stands by itself, as it was declared: quantities asked for, the goods as the customer told them, at the moment
of the request. What a customer owes is what they owe today; what other requests gave for the same units is left aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from returns.domain.facts import (
    NO_MONEY,
    AccountFacts,
    AccountType,
    Channel,
    Condition,
    OrderFacts,
    OrderLineFacts,
    PartialReturn,
    Reason,
    RequestFacts,
    RequestLineFacts,
    Wish,
)

# Looked up, where a call of the enum would cost several times as much for each of many thousands.
_TYPES = {one.value: one for one in AccountType}
_CHANNELS = {one.value: one for one in Channel}
_REASONS = {one.value: one for one in Reason}
_CONDITIONS = {one.value: one for one in Condition}
_WISHES = {one.value: one for one in Wish}

Row = tuple[Any, ...]
"""One order line of a request, and what was asked of it: the columns as ``past_of`` takes them apart."""

OpenedReturn = tuple[datetime, int, str]
"""An authorized return of opened goods: when, the request's key, the SKU."""

Earlier = Mapping[object, Sequence[OpenedReturn]]
"""Such returns by customer (the account's key, else the address), the oldest first."""


@dataclass(frozen=True, slots=True)
class Past:
    """One request that was made, as the engine takes it."""

    reference: str
    rma_number: str | None
    account: AccountFacts
    order: OrderFacts
    request: RequestFacts


def past_of(rows: Sequence[Row], earlier: Earlier, zone: ZoneInfo) -> Past:
    """The request whose rows these are, with the customer's earlier returns of opened goods (RES-06)."""
    key, reference, rma_number, requested_at, number, placed_at, delivered_at, channel = rows[0][:8]
    shipping_paid, currency, account_id, email, account_type, owed = rows[0][8:14]
    index: dict[int, int] = {}
    items: list[OrderLineFacts] = []
    asked: list[RequestLineFacts] = []
    for row in rows:
        line_id, sku, kind, flags, quantity, paid_total, expires_on = row[14:21]
        if line_id not in index:
            index[line_id] = len(items)
            items.append(OrderLineFacts(sku, kind or None, frozenset(flags), quantity, paid_total, expires_on))
        if row[21] is not None:
            asked.append(_asked(index[line_id], row))
    partial = _before(earlier.get(account_id or email, ()), requested_at, key, zone) if earlier else ()
    return Past(
        reference,
        rma_number,
        AccountFacts(_TYPES.get(account_type, AccountType.CONSUMER), owed or NO_MONEY, partial),
        OrderFacts(number, placed_at, delivered_at, _CHANNELS[channel], shipping_paid, tuple(items), currency=currency),
        RequestFacts(requested_at, tuple(asked)),
    )


def _asked(line: int, row: Row) -> RequestLineFacts:
    quantity, reason, condition, used, wants, resalable, expires_on = row[21:28]
    return RequestLineFacts(
        line=line,
        quantity=quantity,
        reason=_REASONS[reason],
        condition=_CONDITIONS[condition],
        used_percent=used,
        wants=_WISHES[wants],
        resalable=resalable,
        expires_on=expires_on,
    )


def _before(
    returns: Sequence[OpenedReturn], at: datetime, request_id: int, zone: ZoneInfo
) -> tuple[PartialReturn, ...]:
    """The latest of a customer's returns of opened goods that was authorized before this request."""
    latest = [(when, sku) for when, other, sku in returns if other != request_id and when < at][-1:]
    return tuple(PartialReturn(sku=sku, returned_on=when.astimezone(zone).date()) for when, sku in latest)
