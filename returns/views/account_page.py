"""The finished values of a customer's page at the desk: what is known, what they sent back, bought, owe and have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from returns import licensing, statements
from returns.domain.workflow import Status
from returns.models import CustomerAccount, Order, ReturnRequest
from returns.paging import page
from returns.querysets.sort_keys import RETURN_KEYS
from returns.quoting import opened_before
from returns.statements import Line, Statement
from returns.wording.phrases import count, money, plain_date

RETURNS_EACH, LATEST_ORDERS, OPENED_NAMED = 20, 10, 3
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One return of theirs."""

    number: str
    url: str
    asked: str
    status: Status
    units: int
    amount: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order of theirs, and where a return of it is entered by phone."""

    number: str
    placed: str
    phone_url: str


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One line of their store credit, signed, with the balance after it."""

    what: str
    day: str
    amount: str
    balance: str


def context(account: CustomerAccount, *, after: str, now: datetime) -> dict[str, Any]:
    """Everything but the form; ``after`` is where this page of returns begins."""
    shown = page(account.requests.newest_first(), RETURN_KEYS, after=after, size=RETURNS_EACH, is_descending=True)
    statement = statements.statement(account, after="", size=RETURNS_EACH)
    return {
        "facts": list(_facts(account, statement, now)),
        "returns": [_return(rma, account) for rma in shown.rows],
        "page": shown,
        "orders": _orders(account),
        "credit": [_credit(line, statement, account) for line in statement.lines],
    }


def _facts(account: CustomerAccount, statement: Statement, now: datetime) -> Iterator[tuple[str, str]]:
    """What somebody who decides wants to know; the earlier returns are facts for a person, never a verdict (LPS-30)."""
    currency = account.storefront.currency
    yield "Type", account.type.capitalize()
    yield "Owes", money(account.outstanding_balance, currency) if account.outstanding_balance else "nothing"
    yield "Store credit", money(statement.balance, currency)
    yield "License", _license(account)
    lately = account.requests.filter(requested_at__gt=now - YEAR).count()
    yield "Returns", f"{count(account.requests.count(), 'return')}, {lately} in the last 12 months"
    yield "Opened goods taken back", _opened(account) or "none"


def _license(account: CustomerAccount) -> str:
    shown = licensing.latest(account)
    if shown is None:
        return "none shown"
    day = plain_date(shown.uploaded_at.astimezone(account.storefront.zone).date())
    return f"{shown.state}, for {shown.wanted_type}, shown {day}"


def _opened(account: CustomerAccount) -> str:
    lines = opened_before(Q(request__account=account)).select_related("order_line", "request")[:OPENED_NAMED]
    zone = account.storefront.zone
    named = [
        f"{line.order_line.title}, {plain_date(line.request.authorized_at.astimezone(zone).date())}"
        for line in lines
        if line.request.authorized_at is not None
    ]
    return "; ".join(named)


def _return(rma: ReturnRequest, account: CustomerAccount) -> ReturnRow:
    return ReturnRow(
        rma.number,
        reverse("desk:request", args=[rma.reference]),
        plain_date(rma.requested_at.astimezone(account.storefront.zone).date()),
        Status(rma.status),
        rma.units,
        money(rma.amount, account.storefront.currency),
    )


def _orders(account: CustomerAccount) -> Sequence[OrderRow]:
    zone = account.storefront.zone
    return [_order(order, plain_date(order.placed_at.astimezone(zone).date())) for order in _latest(account)]


def _latest(account: CustomerAccount) -> Sequence[Order]:
    return list(account.orders.order_by("-placed_at")[:LATEST_ORDERS])


def _order(order: Order, placed: str) -> OrderRow:
    return OrderRow(order.number, placed, reverse("desk:phone_order", args=[order.public_id]))


def _credit(line: Line, statement: Statement, account: CustomerAccount) -> CreditRow:
    what = "Goodwill" if line.is_goodwill else "Their postage" if line.is_postage else ""
    if not what:
        entry = line.entry
        what = "Correction" if entry.corrects_id else entry.request.number if entry.request else "Spent or given"
    return CreditRow(
        what,
        plain_date(line.entry.at.astimezone(account.storefront.zone).date()),
        money(line.amount, statement.currency),
        money(line.balance, statement.currency),
    )
