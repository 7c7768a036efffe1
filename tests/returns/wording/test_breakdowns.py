"""What has changed in a settlement is named with both sums."""

from dataclasses import fields, replace
from decimal import Decimal

from returns.domain.breakdown import Breakdown
from returns.wording.breakdowns import PARTS, PRODUCTS, what_changed
from tests.returns.domain.test_breakdown import CREDIT


def test_the_form_of_the_money_is_named_with_both_sums() -> None:
    refund = replace(CREDIT, refund=Decimal("122.40"), store_credit=Decimal("0.00"))
    assert what_changed(refund, CREDIT, "USD") == "refund $122.40 → $0.00, store credit $0.00 → $122.40"


def test_goods_are_counted() -> None:
    assert what_changed(CREDIT, replace(CREDIT, replaced=1, exchanged=1), "USD") == (
        "units exchanged 0 → 1, units replaced 2 → 1"
    )


def test_where_all_sums_agree_the_products_are_named() -> None:
    assert what_changed(CREDIT, replace(CREDIT, lines="f" * 16), "USD") == PRODUCTS


def test_every_part_but_the_sign_of_the_products_has_a_name() -> None:
    assert {field.name for field in fields(Breakdown)} - set(PARTS) == {"lines"}
