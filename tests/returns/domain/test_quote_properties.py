"""What holds for every request: money adds up and never exceeds what was paid, waiting never pays, nothing leaks."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from returns.domain.facts import (
    AccountFacts,
    AccountType,
    Channel,
    Condition,
    LineOverride,
    OrderFacts,
    OrderLineFacts,
    Outcome,
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
from returns.domain.storefront import load_storefront
from returns.domain.verdict import Code
from tests.returns.domain.builders import CONSUMER, PRO, SPA, TERMS

_, POT = load_storefront(Path(__file__).parent / "policies" / "green-pot.toml")
ALL = {**TERMS, "green-pot": POT}
FLAGS = ("final_sale", "opening_order", "ten_percent_back", "engraved")
RANK = {Outcome.ELIGIBLE: 2, Outcome.NEEDS_REVIEW: 1, Outcome.NOT_ELIGIBLE: 0, Outcome.REDIRECT: 0}
START = datetime(2025, 1, 1, tzinfo=UTC)
YEARS = 3 * 365 * 24 * 3600

bounded = settings(max_examples=120, deadline=None)

shops = st.sampled_from(sorted(ALL))
cents = st.integers(0, 200_000).map(lambda amount: Decimal(amount) / 100)
percents = st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10)
# Half-way figures on purpose: they are where rounding and limits decide.
used = st.none() | st.sampled_from([Decimal(0), Decimal(10), Decimal(50), Decimal("50.1")]) | percents
instants = st.integers(0, YEARS).map(lambda seconds: START + timedelta(seconds=seconds))
kinds = st.none() | st.sampled_from(["retail", "promo", "peel", "tshirt", "plant", "pot", "nameless"])
expirations = st.none() | st.dates(date(2025, 1, 1), date(2031, 12, 31))


@st.composite
def order_lines(draw: st.DrawFn) -> OrderLineFacts:
    return OrderLineFacts(
        sku="SERUM",
        kind=draw(kinds),
        flags=draw(st.frozensets(st.sampled_from(FLAGS), max_size=1)),
        quantity=draw(st.integers(1, 5)),
        paid_total=draw(cents),
        expires_on=draw(expirations),
    )


@st.composite
def request_lines(draw: st.DrawFn, items: Sequence[OrderLineFacts], *, overrides: bool = True) -> RequestLineFacts:
    number = draw(st.integers(0, len(items) - 1))
    override = st.builds(LineOverride, st.sampled_from(Resolution), percents)
    return RequestLineFacts(
        line=number,
        quantity=draw(st.integers(1, items[number].quantity)),
        reason=draw(st.sampled_from(Reason)),
        condition=draw(st.sampled_from(Condition)),
        used_percent=draw(used),
        wants=draw(st.sampled_from(Wish)),
        resalable=draw(st.sampled_from([True, True, True, False])),
        expires_on=draw(st.none() | expirations),
        override=draw(st.none() | override) if overrides else None,
    )


@st.composite
def accounts(draw: st.DrawFn) -> AccountFacts:
    earlier = draw(st.lists(st.just(PartialReturn("MASQUE", date(2024, 5, 5))), max_size=1))
    return AccountFacts(draw(st.sampled_from(AccountType)), draw(cents), tuple(earlier))


@st.composite
def inquiries(
    draw: st.DrawFn, *, most_lines: int = 4, overrides: bool = True
) -> tuple[AccountFacts, OrderFacts, RequestFacts]:
    """Everything a quote needs but the policy. Days around the windows come more often than others."""
    items = tuple(draw(st.lists(order_lines(), min_size=1, max_size=3)))
    placed_at = draw(instants)
    arrives = timedelta(hours=draw(st.integers(1, 24 * 20)))
    waits = timedelta(days=draw(st.sampled_from([0, 1, 2, 7, 14, 15, 16, 30, 31, 60, 61, 400])))
    order = OrderFacts(
        number="1001",
        placed_at=placed_at,
        delivered_at=draw(st.sampled_from([placed_at + arrives, placed_at + arrives, None])),
        channel=draw(st.sampled_from([Channel.DIRECT, Channel.DIRECT, Channel.PARTNER])),
        shipping_paid=draw(cents),
        lines=items,
        shipping_already_refunded=draw(st.booleans()),
    )
    asked = st.lists(request_lines(items, overrides=overrides), min_size=1, max_size=most_lines)
    requested_at = placed_at + waits + timedelta(seconds=draw(st.integers(0, 24 * 3600)))
    return draw(accounts()), order, RequestFacts(requested_at, tuple(draw(asked)))


# ---------------------------------------------------------------------------------------------------------------- money


def is_full_value(line: LineQuote) -> bool:
    money = line.resolution is not None and line.resolution.is_money
    return money and line.verdict.code not in (Code.PARTIAL_USED_CREDIT, Code.STAFF_OVERRIDE)


@bounded
@given(shops, inquiries())
def test_a_quote_adds_up(shop: str, inquiry: tuple[AccountFacts, OrderFacts, RequestFacts]) -> None:
    account, order, request = inquiry
    answer = quote(ALL[shop], account, order, request)
    amounts = sum((line.amount for line in answer.lines), Decimal(0))
    assert answer.total == amounts + answer.shipping_refund - answer.balance_applied
    assert 0 <= answer.balance_applied <= account.outstanding_balance
    assert answer.total >= 0
    assert answer.shipping_refund in (0, order.shipping_paid)
    for line in answer.lines:
        assert 0 <= line.fee <= line.gross
        assert 0 <= line.amount <= line.gross
        assert line.amount == line.amount.quantize(Decimal("0.01"))
        assert not is_full_value(line) or line.amount + line.fee == line.gross


@bounded
@given(shops, inquiries(most_lines=6))
def test_nothing_is_refunded_beyond_what_was_paid(
    shop: str, inquiry: tuple[AccountFacts, OrderFacts, RequestFacts]
) -> None:
    account, order, request = inquiry
    answer = quote(ALL[shop], account, order, request)
    for number, item in enumerate(order.lines):
        mine = [line for line in answer.lines if line.line == number]
        assert sum(line.gross for line in mine) <= item.paid_total
        assert sum(line.amount for line in mine) <= item.paid_total


@bounded
@given(shops, inquiries(), st.permutations(range(4)))
def test_the_order_of_the_lines_does_not_change_a_verdict(
    shop: str, inquiry: tuple[AccountFacts, OrderFacts, RequestFacts], shuffle: list[int]
) -> None:
    account, order, request = inquiry
    turned = [request.lines[number] for number in shuffle if number < len(request.lines)]
    straight = quote(ALL[shop], account, order, request)
    other = quote(ALL[shop], account, order, replace(request, lines=tuple(turned)))
    by_line = {id(line): quoted.verdict for line, quoted in zip(request.lines, straight.lines, strict=True)}
    assert [quoted.verdict for quoted in other.lines] == [by_line[id(line)] for line in turned]


@bounded
@given(shops, inquiries())
def test_a_line_says_who_pays_and_what_is_given_only_where_it_is_granted(
    shop: str, inquiry: tuple[AccountFacts, OrderFacts, RequestFacts]
) -> None:
    answer = quote(ALL[shop], *inquiry)
    for line in answer.lines:
        assert (line.resolution is None) == (not line.verdict.is_eligible)
        assert (line.paid_by is not None) == line.is_granted
        assert line.verdict.reasons[0].code is line.verdict.code
    payers = {line.paid_by for line in answer.lines} - {None}
    assert (answer.return_shipping_paid_by is None) == (len(payers) != 1)


# ------------------------------------------------------------------------------------------- parts across requests


@st.composite
def splits(draw: st.DrawFn) -> list[int]:
    """Units that come back in several requests, in this order."""
    return draw(st.lists(st.integers(1, 4), min_size=1, max_size=6))


PART_TERMS = {
    "in full": (CONSUMER, 10, Condition.UNOPENED),
    "less the fee": (PRO, 40, Condition.UNOPENED),
    "half": (SPA, 5, Condition.OPENED),
    "less a percentage and a fixed fee": ("green-pot", 20, Condition.UNOPENED),
    "a third": ("green-pot", 5, Condition.OPENED),
}


def returned_in_parts(terms: str, parts: Sequence[int], bought: int, paid: Decimal) -> list[LineQuote]:
    """Every part is a request of its own and knows what the earlier ones gave."""
    shop, age, condition = PART_TERMS[terms]
    placed = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
    kind = "pot" if shop == "green-pot" else "retail"
    given_back: list[LineQuote] = []
    for units in parts:
        earlier = tuple(
            Returned(line.verdict.code, line.quantity, line.gross, line.fee, line.amount, line.rate)
            for line in given_back
        )
        item = OrderLineFacts("SERUM", kind, frozenset(), bought, paid, date(2031, 1, 31), earlier)
        order = OrderFacts("1001", placed, placed, Channel.DIRECT, Decimal(0), (item,))
        asked = RequestLineFacts(0, units, Reason.DISSATISFIED, condition, Decimal(5), Wish.REFUND)
        request = RequestFacts(placed + timedelta(days=age), (asked,))
        account = AccountFacts(AccountType.CONSUMER, Decimal(0))
        given_back += quote(ALL[shop], account, order, request).lines
    return given_back


def sums(lines: Sequence[LineQuote]) -> tuple[Decimal, Decimal, Decimal]:
    return (
        sum((line.gross for line in lines), Decimal(0)),
        sum((line.fee for line in lines), Decimal(0)),
        sum((line.amount for line in lines), Decimal(0)),
    )


@bounded
@given(st.sampled_from(sorted(PART_TERMS)), splits(), cents, st.randoms())
def test_any_split_ends_at_exactly_the_whole_in_any_order(
    terms: str, parts: list[int], paid: Decimal, dice: object
) -> None:
    bought = sum(parts)
    whole = sums(returned_in_parts(terms, [bought], bought, paid))
    assert sums(returned_in_parts(terms, parts, bought, paid)) == whole
    shuffled = list(parts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sums(returned_in_parts(terms, shuffled, bought, paid)) == whole


@bounded
@given(st.sampled_from(sorted(PART_TERMS)), splits(), cents, st.integers(1, 5))
def test_a_part_of_the_units_gives_what_they_would_give_at_once(
    terms: str, parts: list[int], paid: Decimal, left: int
) -> None:
    bought = sum(parts) + left
    at_once = sums(returned_in_parts(terms, [sum(parts)], bought, paid))
    assert sums(returned_in_parts(terms, parts, bought, paid)) == at_once
    assert at_once[0] <= paid


@bounded
@given(shops, st.lists(inquiries(most_lines=1), min_size=2, max_size=5), cents, st.integers(2, 6))
def test_requests_under_different_terms_never_exceed_what_was_paid(
    shop: str, inquiries_: list[tuple[AccountFacts, OrderFacts, RequestFacts]], paid: Decimal, bought: int
) -> None:
    item = OrderLineFacts("SERUM", "retail", frozenset(), bought, paid, date(2031, 1, 31))
    for account, order, request in inquiries_[:bought]:
        line = replace(request.lines[0], line=0, quantity=1)
        answer = quote(ALL[shop], account, replace(order, lines=(item,)), replace(request, lines=(line,)))
        (given_back,) = answer.lines
        if given_back.is_granted:
            row = Returned(
                given_back.verdict.code, 1, given_back.gross, given_back.fee, given_back.amount, given_back.rate
            )
            item = replace(item, returned=(*item.returned, row))
    assert sum(row.gross for row in item.returned) <= paid
    assert sum(row.amount for row in item.returned) <= paid


# ----------------------------------------------------------------------------------------------------------------- time


@settings(max_examples=300, deadline=None)
@given(shops, inquiries(most_lines=1, overrides=False), st.integers(1, 60))
def test_waiting_never_makes_a_verdict_better(
    shop: str, inquiry: tuple[AccountFacts, OrderFacts, RequestFacts], days: int
) -> None:
    account, order, request = inquiry
    later = replace(request, requested_at=request.requested_at + timedelta(days=days))
    (before,) = quote(ALL[shop], account, order, request).lines
    (after,) = quote(ALL[shop], account, order, later).lines
    assert worth(after) <= worth(before)


def worth(line: LineQuote) -> tuple[int, Decimal]:
    return RANK[line.verdict.outcome], line.amount


@bounded
@given(shops, inquiries(), st.integers(-14, 14), st.integers(-12, 12))
def test_the_zone_in_which_an_instant_is_written_does_not_matter(
    shop: str, inquiry: tuple[AccountFacts, OrderFacts, RequestFacts], here: int, there: int
) -> None:

    account, order, request = inquiry
    moved = replace(request, requested_at=request.requested_at.astimezone(timezone(timedelta(hours=here))))
    shipped = replace(order, placed_at=order.placed_at.astimezone(timezone(timedelta(hours=there))))
    assert quote(ALL[shop], account, shipped, moved) == quote(ALL[shop], account, order, request)


# ------------------------------------------------------------------------------------------------------------ isolation


def changed(order: OrderFacts, **changes: object) -> OrderFacts:
    return replace(order, lines=tuple(replace(item, **changes) for item in order.lines))  # type: ignore[arg-type]


@bounded
@given(inquiries(), kinds.filter(lambda kind: kind != "promo"))
def test_le_petit_spa_knows_nothing_of_kinds_flags_expiration_balances_and_partners(
    inquiry: tuple[AccountFacts, OrderFacts, RequestFacts], kind: str | None
) -> None:
    account, order, request = inquiry
    plain = changed(order, kind=kind, flags=frozenset(), expires_on=None)
    request = replace(request, lines=tuple(replace(line, expires_on=None) for line in request.lines))
    ours = quote(TERMS[SPA], account, plain, request)
    other = replace(
        changed(order, kind="peel", flags=frozenset(FLAGS), expires_on=date(2025, 1, 1)), channel=Channel.PARTNER
    )
    assert quote(TERMS[SPA], replace(account, outstanding_balance=Decimal("9.99")), other, request) == ours


@bounded
@given(inquiries(overrides=False))
def test_the_consumer_page_knows_nothing_of_balances_repeats_store_credit_and_charges(
    inquiry: tuple[AccountFacts, OrderFacts, RequestFacts],
) -> None:
    account, order, request = inquiry
    answer = quote(TERMS[CONSUMER], account, order, request)
    bare = AccountFacts(AccountType.BUSINESS, Decimal(0))
    plain = replace(
        order,
        shipping_paid=Decimal(0),
        lines=tuple(replace(item, flags=item.flags & {"final_sale"}) for item in order.lines),
    )
    assert quote(TERMS[CONSUMER], bare, plain, request) == answer
    assert not any((answer.balance_applied, answer.service_charge, answer.shipping_refund, answer.also_return))
    assert all(line.resolution is not Resolution.STORE_CREDIT for line in answer.lines)


@bounded
@given(inquiries(overrides=False))
def test_the_professional_page_knows_nothing_of_expiration_partners_repeats_and_shares(
    inquiry: tuple[AccountFacts, OrderFacts, RequestFacts],
) -> None:
    account, order, request = inquiry
    answer = quote(TERMS[PRO], account, order, request)
    plain = replace(changed(order, expires_on=None), channel=Channel.DIRECT, shipping_paid=Decimal(0))
    unread = replace(request, lines=tuple(replace(line, expires_on=None, used_percent=None) for line in request.lines))
    assert quote(TERMS[PRO], replace(account, previous_partial_returns=()), plain, unread) == answer


@bounded
@given(st.lists(shops, min_size=2, max_size=4), inquiries())
def test_a_quote_leaves_no_trace_for_the_next_storefront(
    order_of_asking: list[str], inquiry: tuple[AccountFacts, OrderFacts, RequestFacts]
) -> None:
    first = {shop: quote(ALL[shop], *inquiry) for shop in order_of_asking}
    for shop in reversed(order_of_asking):
        again = quote(PolicyTerms.from_data(ALL[shop].as_data()), *inquiry)
        assert again == first[shop]
        known = {clause.id for clause in ALL[shop].clauses}
        assert all(reason.clause_id in known for line in again.lines for reason in line.verdict.reasons)


# -------------------------------------------------------------------------------------------------------------- storage


@bounded
@given(shops, inquiries())
def test_a_stored_quote_comes_back_equal(shop: str, inquiry: tuple[AccountFacts, OrderFacts, RequestFacts]) -> None:
    answer = quote(ALL[shop], *inquiry)
    assert Quote.from_data(json.loads(json.dumps(answer.as_data()))) == answer
