"""Two settlements with one total are told apart by what they are made of."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from returns.domain.breakdown import Breakdown

CREDIT = Breakdown(
    refund=Decimal("0.00"),
    store_credit=Decimal("122.40"),
    exchanged=0,
    replaced=2,
    shipping_refund=Decimal("9.95"),
    goodwill=Decimal("5.00"),
    postage=Decimal("0.00"),
    balance_applied=Decimal("12.30"),
    service_charge=Decimal("20.00"),
    lines="0123456789abcdef",
)


def test_what_a_page_carries_is_read_again_as_it_was() -> None:
    below_zero = replace(CREDIT, refund=Decimal("-1.50"))
    assert Breakdown.from_text(CREDIT.as_text()) == CREDIT
    assert Breakdown.from_text(below_zero.as_text()) == below_zero


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.00",
        CREDIT.as_text().replace("122.40", "NaN"),
        CREDIT.as_text().replace("122.40", "1e9"),
        CREDIT.as_text().replace(" 2 ", " two "),
        CREDIT.as_text().replace("0123456789abcdef", "<b>"),
        CREDIT.as_text() + " 1",
    ],
)
def test_anything_else_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="of a settlement"):
        Breakdown.from_text(text)


@pytest.mark.parametrize("name", [field.name for field in fields(Breakdown)])
def test_a_difference_in_any_part_is_named(name: str) -> None:
    value: Any = getattr(CREDIT, name)
    changed: dict[str, Any] = {name: "f" * 16 if isinstance(value, str) else value + 1}
    other = replace(CREDIT, **changed)
    assert CREDIT.changed(other) == [name]
    assert other != CREDIT


def test_nothing_is_named_where_nothing_differs() -> None:
    assert CREDIT.changed(replace(CREDIT)) == []
