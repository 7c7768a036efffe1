"""A ledger adds up, and says how each figure came about."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.components import AfterRow
from returns.domain.facts import (
    AccountFacts,
    AccountType,
    Channel,
    Condition,
    LineOverride,
    OrderFacts,
    OrderLineFacts,
    Reason,
    RequestFacts,
    RequestLineFacts,
    Resolution,
    Wish,
)
from returns.domain.settlement import Quote, quote
from returns.domain.storefront import SHIPPED, load_storefronts
from returns.wording.ledgers import Stage, earlier_quote, quote_ledger

TERMS = {slug: terms for slug, (_, terms) in load_storefronts(SHIPPED).items()}
SPA, IMAGE, PRO = "le-petit-spa", "image-consumer", "image-professional"
PLACED = datetime(2026, 10, 2, 16, 0, tzinfo=UTC)

requests = st.lists(
    st.builds(
        RequestLineFacts,
        line=st.integers(0, 2),
        quantity=st.integers(1, 3),
        reason=st.sampled_from(Reason),
        condition=st.sampled_from(Condition),
        used_percent=st.none() | st.integers(0, 100).map(Decimal),
        wants=st.sampled_from(Wish),
        resalable=st.booleans(),
        expires_on=st.none() | st.dates(date(2026, 1, 1), date(2029, 1, 1)),
        override=st.none()
        | st.builds(LineOverride, resolution=st.sampled_from(Resolution), percent=st.integers(0, 100).map(Decimal)),
    ),
    min_size=1,
    max_size=4,
)


def item(paid: str, *, quantity: int = 3, kind: str | None = "retail", **facts: object) -> OrderLineFacts:
    values: dict[str, object] = {"flags": frozenset(), "expires_on": date(2028, 3, 31), **facts}
    return OrderLineFacts("S", kind, quantity=quantity, paid_total=Decimal(paid), **values)  # type: ignore[arg-type]


def answer(slug: str, *lines: RequestLineFacts, day: int = 5, owes: str = "0.00", items: object = None) -> Quote:
    order = OrderFacts(
        number="1",
        placed_at=PLACED,
        delivered_at=PLACED + timedelta(days=day, hours=-20),
        channel=Channel.DIRECT,
        shipping_paid=Decimal("8.95"),
        lines=items or (item("122.40"), item("100.00"), item("0.00", kind="promo")),  # type: ignore[arg-type]
    )
    account = AccountFacts(AccountType.CONSUMER, Decimal(owes))
    return quote(TERMS[slug], account, order, RequestFacts(PLACED + timedelta(days=day), lines))


def asked(line: int = 0, quantity: int = 1, **facts: object) -> RequestLineFacts:
    values: dict[str, object] = {
        "reason": Reason.CHANGED_MIND,
        "condition": Condition.UNOPENED,
        "used_percent": None,
        "wants": Wish.REFUND,
        **facts,
    }
    return RequestLineFacts(line, quantity, **values)  # type: ignore[arg-type]


TITLES = ("Vital C serum", "Facial cleanser", "Gift bag")


@pytest.mark.parametrize("slug", sorted(TERMS))
@given(lines=requests, day=st.integers(0, 400), owes=st.integers(0, 20_000))
def test_every_ledger_adds_up(slug: str, lines: list[RequestLineFacts], day: int, owes: int) -> None:
    given_back = answer(slug, *lines, day=day, owes=f"{owes / 100:.2f}")
    ledger = quote_ledger(given_back, TITLES, TERMS[slug])
    assert sum((row.amount for row in ledger.rows), Decimal("0.00")) == ledger.total == given_back.total


@given(lines=requests, day=st.integers(0, 60))
def test_le_petit_spa_never_says_refund_or_card(lines: list[RequestLineFacts], day: int) -> None:
    plain = [line for line in lines if line.override is None] or [asked()]
    ledger = quote_ledger(answer(SPA, *plain, day=day), TITLES, TERMS[SPA], stage=Stage.DECISION)
    rows = [f"{row.label} {row.how} {row.instead}" for row in ledger.rows]
    words = " ".join([ledger.total_label, *rows, *(f"{row.label} {row.value}" for row in ledger.after)])
    assert not any(word in words.lower() for word in ("refund", " card", "money back"))


def test_goods_instead_of_money_are_the_total() -> None:
    ledger = quote_ledger(
        answer(PRO, asked(reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)), TITLES, TERMS[PRO], stage=Stage.SETTLED
    )
    assert (ledger.total_label, ledger.total_instead) == ("You get", "a replacement")


def test_money_and_credit_in_one_return_are_told_apart() -> None:
    mixed = answer(PRO, asked(), asked(line=1, wants=Wish.STORE_CREDIT))
    ledger = quote_ledger(mixed, TITLES, TERMS[PRO])
    first, second = (line.amount for line in mixed.lines)
    assert AfterRow("Of the products, as money", f"${first}") in ledger.after
    assert AfterRow("Of the products, as store credit", f"${second}") in ledger.after


def test_what_gives_nothing_keeps_its_row_once_it_is_settled() -> None:
    used = asked(reason=Reason.DISSATISFIED, condition=Condition.OPENED, used_percent=Decimal("77.78"))
    ledger = quote_ledger(answer(SPA, used), TITLES, TERMS[SPA], stage=Stage.SETTLED)
    assert [(row.label, row.amount, row.how) for row in ledger.rows] == [
        ("Vital C serum", Decimal("0.00"), "77.78% used, the limit is 50%.")
    ]


def test_the_fee_shows_its_arithmetic() -> None:
    ledger = quote_ledger(answer(IMAGE, asked(quantity=3), day=47), TITLES, TERMS[IMAGE])
    assert [(row.label, row.amount, row.how) for row in ledger.rows] == [
        ("Vital C serum, 3\u00a0×\u00a0$40.80", Decimal("122.40"), ""),
        ("Restocking, 20% of $122.40", Decimal("-24.48"), "Day 47; free up to day 30"),
    ]
    assert (ledger.total_label, ledger.total) == ("You'd get back", Decimal("97.92"))


def test_half_of_an_opened_product_stays_with_the_shop() -> None:
    opened = asked(reason=Reason.DISSATISFIED, condition=Condition.OPENED, used_percent=Decimal(48))
    ledger = quote_ledger(answer(SPA, opened), TITLES, TERMS[SPA])
    assert [(row.label, row.amount) for row in ledger.rows] == [
        ("Vital C serum", Decimal("40.80")),
        ("Half stays with us", Decimal("-20.40")),
    ]
    assert ledger.rows[1].how == "Opened, 48% used; up to 50% is taken back"
    assert ledger.total_label == "You'd get as store credit"


def test_the_price_of_one_is_left_out_where_the_cents_do_not_divide() -> None:
    ledger = quote_ledger(answer(IMAGE, asked(line=1, quantity=3)), TITLES, TERMS[IMAGE])
    assert ledger.rows[0].label == "3\u00a0× Facial cleanser"


def test_a_mistake_of_the_shop_gives_the_shipping_back_and_pays_the_way() -> None:
    ledger = quote_ledger(answer(SPA, asked(reason=Reason.DAMAGED)), TITLES, TERMS[SPA])
    assert ("Original shipping", Decimal("8.95")) in [(row.label, row.amount) for row in ledger.rows]
    assert AfterRow("Shipping to us", "we pay") in ledger.after


def test_a_balance_owed_comes_off() -> None:
    ledger = quote_ledger(answer(PRO, asked(), owes="10.00"), TITLES, TERMS[PRO])
    assert ledger.rows[-1].amount == Decimal("-10.00")
    assert ledger.total == Decimal("30.80")


def test_a_service_charge_is_billed_apart_and_free_items_are_named() -> None:
    given_back = answer(SPA, asked(reason=Reason.REFUSED_PACKAGE))
    assert quote_ledger(given_back, TITLES, TERMS[SPA]).after == (
        AfterRow("Service charge, billed apart", "$20.00"),
        AfterRow("Shipping to us", "you pay"),
        AfterRow("Send back too: Gift bag", "came free"),
    )


def test_once_the_goods_were_looked_at_nothing_is_to_be_sent_any_more() -> None:
    given_back = answer(SPA, asked(reason=Reason.REFUSED_PACKAGE))
    after = quote_ledger(given_back, TITLES, TERMS[SPA], stage=Stage.FOUND).after
    assert after == (AfterRow("Service charge, billed apart", "$20.00"), AfterRow("Shipping to us", "you pay"))


def test_once_settled_the_way_back_is_behind_us() -> None:
    given_back = answer(SPA, asked(reason=Reason.REFUSED_PACKAGE))
    after = quote_ledger(given_back, TITLES, TERMS[SPA], stage=Stage.SETTLED).after
    assert after == (AfterRow("Service charge, billed apart", "$20.00"),)


def test_what_is_not_counted_yet_stands_apart_with_what_it_could_give() -> None:
    unknown = (item("122.40", expires_on=None),)
    given_back = answer(IMAGE, asked(), day=47, items=unknown)
    ledger = quote_ledger(given_back, TITLES, TERMS[IMAGE], possible=[Decimal("32.64")])
    assert ledger.rows == ()
    assert ledger.after[0] == AfterRow("Vital C serum, once we've looked", "up to $32.64")


def test_different_payers_are_named_line_by_line() -> None:
    given_back = answer(IMAGE, asked(), asked(line=1, reason=Reason.DAMAGED))
    assert quote_ledger(given_back, TITLES, TERMS[IMAGE]).after == (
        AfterRow("Shipping of Vital C serum", "you pay"),
        AfterRow("Shipping of Facial cleanser", "we pay"),
    )


def test_an_exchange_moves_no_money() -> None:
    ledger = quote_ledger(answer(IMAGE, asked(wants=Wish.EXCHANGE)), TITLES, TERMS[IMAGE])
    assert [(row.amount, row.instead) for row in ledger.rows] == [(Decimal("0.00"), "1 exchanged")]


def test_the_first_quote_stays_beside_the_sum() -> None:
    kept = earlier_quote(answer(IMAGE, asked()), "Your quote")
    assert kept == AfterRow("Your quote on Wednesday, October 7, 2026", "$40.80")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (asked(reason=Reason.NOT_RECEIVED), "not counted yet"),
        (asked(reason=Reason.DAMAGED, wants=Wish.REPLACEMENT), "a replacement"),
        (asked(condition=Condition.OPENED), "$0.00"),
    ],
)
def test_what_was_no_sum_is_not_kept_as_one(line: RequestLineFacts, words: str) -> None:
    assert earlier_quote(answer(IMAGE, line), "Your quote").value == words


def test_an_exchange_names_the_product_where_it_is_known() -> None:
    wished = asked(quantity=2, reason=Reason.ORDERED_WRONG_ITEM, wants=Wish.EXCHANGE)
    answered = answer(IMAGE, wished)
    known = quote_ledger(answered, TITLES, TERMS[IMAGE], exchanges={0: "Clay mask, 2 oz"})
    assert known.rows[0].how == "For Clay mask, 2 oz; no money moves"
    unknown = quote_ledger(answered, TITLES, TERMS[IMAGE], exchanges={0: ""})
    assert unknown.rows[0].how == "For the right product; no money moves"


def test_what_comes_back_too_is_counted() -> None:
    answered = answer(SPA, asked(0, 3), asked(1, 3))
    assert answered.also_return == (2,)
    rows = quote_ledger(answered, TITLES, TERMS[SPA], free={2: 3}).after
    assert "Send back too: 3 × Gift bag" in [row.label for row in rows]
