"""The neutral format of policy cases: reads cases, asks the engine, answers in the same format.

A case names its storefront and holds account, order and request as plain data. What it holds beside these (title,
why, hand, basis, expect) is not read. Kinds are those that the storefront's policy names, and null; a flag of the
policy's own may stand on an order line as true or false, beside the three flags of the format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, NoReturn, cast

from returns.domain.deadlines import processing_due_on
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
from returns.domain.policy import PolicyTerms
from returns.domain.records import As, DataError, Json, between, date_of, inside, matching, money_of, read, shown
from returns.domain.settlement import LineQuote, Quote, quote
from returns.domain.storefront import StorefrontSettings

Policies = Mapping[str, tuple[StorefrontSettings, PolicyTerms]]
Table = Mapping[str, Any]


class CaseError(ValueError):
    """Input that can't be evaluated: one line for each wrong case, naming the case and the field."""


# ------------------------------------------------------------------------------------------------------- the format

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})")
_NOT_READ = frozenset({"title", "why", "hand", "basis", "expect"})
_READ = ("id", "storefront", "account", "order", "request")
_FLAGS = ("final_sale", "opening_order", "ten_percent_back")


def _instant(value: object) -> datetime | None:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    # Far from both ends of the calendar, so that no count of days or years can fall off it.
    return instant if 1900 <= instant.year < 2900 else None


def _day(value: object) -> date | None:
    return date_of(value) if isinstance(value, str) else None


def _used(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value) if 0 <= value <= 100 else None


_Id = Annotated[str, matching(r"(LPS|CON|PRO)-C[0-9]{3}", "an id such as LPS-C001, CON-C001 or PRO-C001")]
_OwnId = Annotated[str, matching(r".*\S.*", "a text that is not empty")]
_Money = Annotated[Decimal, As(money_of, 'an amount as text with two decimals, such as "45.00"')]
_Day = Annotated[date, As(_day, "a date as YYYY-MM-DD")]
_Instant = Annotated[datetime, As(_instant, "an instant as YYYY-MM-DDTHH:MM:SS with Z or an offset")]
_Used = Annotated[Decimal, As(_used, "a number from 0 to 100, or null")]
_Quantity = Annotated[int, between(1, 1_000_000)]


@dataclass(frozen=True, slots=True)
class _PartialReturn:
    sku: str
    returned_on: _Day


@dataclass(frozen=True, slots=True)
class _Account:
    type: AccountType
    outstanding_balance: _Money
    previous_partial_returns: tuple[_PartialReturn, ...]

    def facts(self) -> AccountFacts:
        earlier = tuple(PartialReturn(part.sku, part.returned_on) for part in self.previous_partial_returns)
        return AccountFacts(self.type, self.outstanding_balance, earlier)


@dataclass(frozen=True, slots=True)
class _OrderLine:
    sku: str
    kind: str | None
    final_sale: bool
    opening_order: bool
    ten_percent_back: bool
    quantity: _Quantity
    unit_price_paid: _Money
    expires_on: _Day | None
    unit_list_price: _Money = NO_MONEY  # never used (GEN-06)

    def facts(self, own_flags: frozenset[str]) -> OrderLineFacts:
        flags = frozenset(flag for flag in _FLAGS if getattr(self, flag)) | own_flags
        paid_total = self.unit_price_paid * self.quantity
        return OrderLineFacts(self.sku, self.kind, flags, self.quantity, paid_total, self.expires_on)


@dataclass(frozen=True, slots=True)
class _Order:
    number: str
    placed_at: _Instant
    delivered_at: _Instant | None
    channel: Channel
    shipping_paid: _Money

    def facts(self, lines: tuple[OrderLineFacts, ...], currency: str) -> OrderFacts:
        return OrderFacts(
            number=self.number,
            placed_at=self.placed_at,
            delivered_at=self.delivered_at,
            channel=self.channel,
            shipping_paid=self.shipping_paid,
            lines=lines,
            currency=currency,
        )


@dataclass(frozen=True, slots=True)
class _RequestLine:
    line: Annotated[int, between(0, 1_000_000)]
    quantity: _Quantity
    reason: Reason
    condition: Condition
    used_percent: _Used | None
    wants: Wish
    resalable: bool = True

    def facts(self) -> RequestLineFacts:
        return RequestLineFacts(
            line=self.line,
            quantity=self.quantity,
            reason=self.reason,
            condition=self.condition,
            used_percent=self.used_percent,
            wants=self.wants,
            resalable=self.resalable,
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One case as facts, with the policy of its storefront."""

    id: str
    settings: StorefrontSettings
    terms: PolicyTerms
    account: AccountFacts
    order: OrderFacts
    request: RequestFacts
    received_at: datetime | None


# ---------------------------------------------------------------------------------------------------------- reading


def parse_cases(raw: bytes) -> list[object]:
    """The JSON array in ``raw``, with numbers as exact decimals. Raises CaseError where it isn't one."""
    try:
        cases = json.loads(
            raw.decode("utf-8-sig"),
            parse_float=_decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_table_once,
        )
    except UnicodeDecodeError:
        raise CaseError("the input is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise CaseError(f"the input is not JSON: {error}") from None
    if not isinstance(cases, list):
        raise CaseError(f"the input must be a JSON array of cases, not {shown(cases)}")
    return cases


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{shown(text)} is no number to count with") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _table_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {shown(twice)} appears twice in one object")
    return table


def read_cases(cases: list[object], policies: Policies, *, own_ids: bool = False) -> list[Case]:
    """All cases as facts. Raises CaseError with a line for each that is wrong.

    ``own_ids``: any text may be an id, not only one in the form of the shipped storefronts.
    """
    found: dict[str, Case] = {}
    wrong: list[str] = []
    for number, data in enumerate(cases, start=1):
        try:
            case = read_case(data, policies, own_ids=own_ids)
        except DataError as error:
            wrong.append(f"{_label(data, number)}: {error}")
            continue
        if case.id in found:
            wrong.append(f"{_label(data, number)}: id: is used by an earlier case too")
        found[case.id] = case
    if wrong:
        raise CaseError("\n".join(wrong))
    return list(found.values())


def _label(data: object, number: int) -> str:
    case_id = data.get("id") if isinstance(data, Mapping) else None
    name = ascii(case_id)[1:-1][:60] if isinstance(case_id, str) else ""
    return f"case {name} (number {number})" if name.strip() else f"case number {number}"


def read_case(data: object, policies: Policies, *, own_ids: bool = False) -> Case:
    """One case as facts. Raises DataError naming the field."""
    table = _tables(data, "", _READ, optional=_NOT_READ)
    case_id = read(_OwnId if own_ids else _Id, table["id"], "id")
    settings, terms = _policy(table["storefront"], policies)
    account = read(_Account, table["account"], "account").facts()
    order = _order(table["order"], terms)
    request, received_at = _request(table["request"], order)
    return Case(case_id, settings, terms, account, order, request, received_at)


def _tables(data: object, key: str, needed: tuple[str, ...], optional: frozenset[str] = frozenset()) -> Table:
    """A table with the ``needed`` keys, ``optional`` ones and no others."""
    if not isinstance(data, Mapping):
        raise DataError(key, f"must be an object, not {shown(data)}")
    for name in data:
        if name not in needed and name not in optional:
            allowed = ", ".join(needed)
            raise DataError(inside(key, name), f"is not a key here; allowed are {allowed}")
    for name in needed:
        if name not in data:
            raise DataError(inside(key, name), "is missing")
    return cast("Table", data)


def _policy(value: object, policies: Policies) -> tuple[StorefrontSettings, PolicyTerms]:
    if not isinstance(value, str) or value not in policies:
        raise DataError("storefront", f"must be one of {', '.join(policies)}, not {shown(value)}")
    return policies[value]


def _order(data: object, terms: PolicyTerms) -> OrderFacts:
    table = dict(_tables(data, "order", ("number", "placed_at", "delivered_at", "channel", "shipping_paid", "lines")))
    lines = _each(table.pop("lines"), "order.lines", lambda line, key: _order_line(line, key, terms))
    return read(_Order, table, "order").facts(lines, terms.currency)


def _each(value: object, key: str, parse: Callable[[object, str], Any]) -> tuple[Any, ...]:
    if not isinstance(value, list) or not value:
        raise DataError(key, f"must be a list with at least one line, not {shown(value)}")
    return tuple(parse(item, inside(key, number)) for number, item in enumerate(value))


def _order_line(data: object, key: str, terms: PolicyTerms) -> OrderLineFacts:
    own = [flag for flag in terms.flags if flag not in _FLAGS]
    table = dict(data) if isinstance(data, Mapping) else data
    flags = [flag for flag in own if isinstance(table, dict) and read(bool, table.pop(flag, False), inside(key, flag))]
    line = read(_OrderLine, table, key)
    if line.kind is not None and line.kind not in terms.kinds:
        raise DataError(
            inside(key, "kind"), f"must be one of {', '.join(terms.kinds)}, or null, not {shown(line.kind)}"
        )
    return line.facts(frozenset(flags))


def _request(data: object, order: OrderFacts) -> tuple[RequestFacts, datetime | None]:
    table = _tables(data, "request", ("requested_at", "lines"), optional=frozenset({"return_received_at"}))
    requested_at = read(_Instant, table["requested_at"], "request.requested_at")
    if requested_at < order.placed_at:
        raise DataError("request.requested_at", "must not be before order.placed_at")
    lines = _each(table["lines"], "request.lines", lambda line, key: read(_RequestLine, line, key).facts())
    _check_lines(lines, order)
    received_at = None
    if "return_received_at" in table:
        received_at = read(_Instant, table["return_received_at"], "request.return_received_at")
    return RequestFacts(requested_at, lines), received_at


def _check_lines(lines: tuple[RequestLineFacts, ...], order: OrderFacts) -> None:
    """Every line is one of the order, and no more units than bought: a wrong form, not a verdict (RES-45)."""
    asked: dict[int, int] = {}
    for number, line in enumerate(lines):
        key = inside("request.lines", number)
        if line.line >= len(order.lines):
            raise DataError(inside(key, "line"), f"must be one of 0 to {len(order.lines) - 1}, not {line.line}")
        asked[line.line] = asked.get(line.line, 0) + line.quantity
        bought = order.lines[line.line].quantity
        if asked[line.line] > bought:
            raise DataError(inside(key, "quantity"), f"asks for {asked[line.line]} units in all; {bought} were bought")


# -------------------------------------------------------------------------------------------------------- answering


def evaluate(raw: bytes, policies: Policies, *, own_ids: bool = False) -> list[Json]:
    """The answers to the cases in ``raw``, a JSON array. Raises CaseError before anything is answered."""
    cases = read_cases(parse_cases(raw), policies, own_ids=own_ids)
    return [{"id": case.id, "result": result_of(case)} for case in cases]


def result_of(case: Case) -> Json:
    """The engine's answer to a case in the form of ``expect``."""
    answer = _quote_data(quote(case.terms, case.account, case.order, case.request))
    if case.received_at is not None:
        due_on = processing_due_on(case.terms, case.received_at, case.settings.closing_days)
        answer["processing_due_on"] = due_on.isoformat()
    return answer


def _quote_data(answer: Quote) -> dict[str, Json]:
    payer = answer.return_shipping_paid_by
    return {
        "lines": [_line_data(line) for line in answer.lines],
        "shipping_refund": _money(answer.shipping_refund),
        "service_charge": _money(answer.service_charge),
        "balance_applied": _money(answer.balance_applied),
        "total": _money(answer.total),
        "return_shipping_paid_by": None if payer is None else payer.value,
        "also_return": list(answer.also_return),
    }


def _line_data(line: LineQuote) -> Json:
    return {
        "outcome": line.verdict.outcome.value,
        "code": line.verdict.code.value,
        "resolution": None if line.resolution is None else line.resolution.value,
        "gross": _money(line.gross),
        "restocking_fee": _money(line.fee),
        "amount": _money(line.amount),
    }


def _money(amount: Decimal) -> str:
    return format(amount, ".2f")
