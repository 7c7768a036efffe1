"""A fourth shop with rules of its own: everything comes from its file, nothing from the shipped three."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from returns.domain.deadlines import processing_due_on
from returns.domain.policy import (
    BoxMark,
    Claims,
    ExchangeDecision,
    ExcludedGoods,
    Exclusion,
    LateClaim,
    MoneyForm,
    Remedy,
    Tier,
)
from returns.domain.storefront import load_storefront
from tests.returns.domain.builders import (
    CONSUMER,
    TERMS,
    ask,
    at,
    bought,
    codes,
    gave,
    line_of,
    opened_before,
    said,
    wanted,
)

SETTINGS, POT = load_storefront(Path(__file__).parent / "policies" / "green-pot.toml")

# Delivered 2026-03-04 20:00 in Berlin, which is day 0.
DELIVERED = "2026-03-04T20:00:00+01:00"


def pot(asked: str, *args: Any, **kwargs: Any) -> Any:
    """A line about a pot at this shop, asked at noon of a day there."""
    kwargs.setdefault("delivered", DELIVERED)
    kwargs.setdefault("items", bought("pot", paid="40.00"))
    return line_of(POT, *args, asked=f"{asked}T12:00:00+01:00", **kwargs)


TIERS = [
    ("2026-03-04", "eligible RESTOCKING_FEE refund 40.00 - 6.00 = 34.00"),
    ("2026-03-18", "eligible RESTOCKING_FEE refund 40.00 - 6.00 = 34.00"),
    ("2026-03-19", "eligible RESTOCKING_FEE refund 40.00 - 14.50 = 25.50"),
    ("2026-05-03", "eligible RESTOCKING_FEE refund 40.00 - 14.50 = 25.50"),
    ("2026-05-04", "not_eligible WINDOW_EXPIRED"),
]


@pytest.mark.parametrize(("asked", "answer"), TIERS)
def test_the_first_tier_may_have_a_fee_and_a_later_one_a_fixed_fee_too(asked: str, answer: str) -> None:
    assert said(pot(asked)) == answer


def test_days_are_those_of_the_shops_zone() -> None:
    late = line_of(POT, items=bought("pot"), delivered="2026-03-04T23:30:00Z", asked="2026-03-19T22:59:59Z")
    assert late.verdict.numbers.age_days == 14
    assert late.verdict.numbers.limit_on == date(2026, 3, 19)


@pytest.mark.parametrize(
    "line", [wanted(), wanted("ordered_wrong_item", "exchange"), wanted("damaged"), wanted(opened=5)]
)
def test_a_window_from_delivery_needs_a_delivery(line: Any) -> None:
    verdict = pot("2026-03-06", line, delivered=None)
    assert said(verdict) == "needs_review DELIVERY_UNKNOWN"
    assert verdict.verdict.numbers.limit_on is None


def test_a_fixed_fee_is_taken_for_each_unit_and_never_more_than_was_paid() -> None:
    many = bought("pot", paid="20.00", quantity=4)
    assert pot("2026-03-20", wanted(quantity=4), items=many).fee == Decimal("16.00")
    assert (
        said(pot("2026-03-20", items=bought("pot", paid="3.00"))) == "eligible RESTOCKING_FEE refund 3.00 - 3.00 = 0.00"
    )


def test_a_minimum_life_in_months() -> None:
    item = bought("pot", expires_on=date(2026, 9, 20))
    assert said(pot("2026-03-20", items=item)).startswith("eligible")
    assert said(pot("2026-03-21", items=item)) == "not_eligible EXPIRY_TOO_SOON"


def test_an_exclusion_may_bar_returns_and_leave_exchanges() -> None:
    assert said(pot("2026-03-06", items=bought("plant"))) == "not_eligible EXCLUDED_KIND"
    exchange = wanted("ordered_wrong_item", "exchange")
    assert said(pot("2026-03-06", exchange, items=bought("plant"))).startswith("eligible EXCHANGE")
    assert said(pot("2026-03-06", exchange, items=bought(None))).startswith("eligible EXCHANGE")
    assert said(pot("2026-03-06", items=bought(None))) == "needs_review KIND_UNKNOWN"


def test_a_flag_of_the_shops_own_excludes() -> None:
    line = pot("2026-03-06", items=bought("pot", "engraved"))
    assert said(line) == "not_eligible EXCLUDED_FLAG"
    assert (line.verdict.clause_id, line.verdict.numbers.excluded) == ("G4", "engraved")


def test_a_shop_that_excludes_by_flag_alone_asks_for_no_kind() -> None:
    by_flag = replace(POT, exclusions=POT.exclusions[1:])
    assert said(line_of(by_flag, items=bought(None), delivered=DELIVERED)).startswith("eligible")


OPENED = [
    ("2026-03-11", {"opened": 10}, "eligible PARTIAL_USED_CREDIT store_credit 40.00 - 0.00 = 13.32"),
    ("2026-03-11", {"opened": "10.5"}, "not_eligible OVER_HALF_USED"),
    ("2026-03-12", {"opened": 10}, "not_eligible WINDOW_EXPIRED"),
]


@pytest.mark.parametrize(("asked", "how", "answer"), OPENED)
def test_opened_goods_have_their_own_share_limit_days_and_form(asked: str, how: dict[str, Any], answer: str) -> None:
    assert said(pot(asked, wanted(wants="refund", **how))) == answer


def test_a_shop_may_allow_repeats() -> None:
    assert said(pot("2026-03-11", wanted(opened=10), earlier=opened_before("2026-01-01"))).startswith("eligible")


CLAIMS = [
    ("2026-03-07", "refund", "eligible DAMAGED refund 40.00 - 0.00 = 40.00"),
    ("2026-03-07", "replacement", "eligible DAMAGED store_credit 40.00 - 0.00 = 40.00"),
    ("2026-03-08", "refund", "not_eligible CLAIM_WINDOW_EXPIRED"),
]


@pytest.mark.parametrize(("asked", "wants", "answer"), CLAIMS)
def test_claims_by_the_day_count_with_money_alone(asked: str, wants: str, answer: str) -> None:
    assert said(pot(asked, wanted("damaged", wants))) == answer


def test_exclusions_make_no_difference_to_claims_where_the_policy_says_so() -> None:
    for item in (bought("plant", paid="40.00"), bought(None, paid="40.00")):
        assert said(pot("2026-03-05", wanted("damaged"), items=item)) == "eligible DAMAGED refund 40.00 - 0.00 = 40.00"


def test_claims_may_be_made_good_by_replacement_alone() -> None:
    terms = replace(POT, claims=replace(POT.claims, remedies=(Remedy.REPLACEMENT,)))
    line = line_of(terms, wanted("damaged"), bought("pot"), delivered=DELIVERED, asked="2026-03-05T12:00:00+01:00")
    assert line.resolution == "replacement"


def test_late_claims_may_be_reviewed_with_hours_too() -> None:
    claims = Claims("G7", LateClaim.NEEDS_REVIEW, hours=24, late_clause="G1")
    line = line_of(replace(POT, claims=claims), wanted("damaged"), bought("pot"), asked="2026-03-06 12:00:00")
    assert said(line) == "needs_review LATE_MERCHANT_FAULT"
    assert line.verdict.clause_id == "G1"


def test_exclusions_that_bar_exchanges_alone_make_no_claim_a_replacement() -> None:
    terms = replace(
        TERMS[CONSUMER],
        exclusions=(Exclusion("CON-23", kinds=("pot",), bars=tuple(TERMS[CONSUMER].exclusions[0].bars[1:])),),
        kinds={"pot": "Pots"},
    )
    claim = line_of(terms, wanted("damaged"), bought("pot"), asked="2026-03-05 12:00:00")
    assert said(claim) == "eligible DAMAGED refund 45.00 - 0.00 = 45.00"
    unknown = line_of(terms, wanted("damaged"), bought(None), asked="2026-03-05 12:00:00")
    assert said(unknown) == "eligible DAMAGED refund 45.00 - 0.00 = 45.00"


def test_exchanges_for_other_reasons_become_money() -> None:
    assert said(pot("2026-03-06", wanted("changed_mind", "exchange"))) == (
        "eligible RESTOCKING_FEE store_credit 40.00 - 6.00 = 34.00"
    )


def test_a_shop_without_exchanges_gives_money() -> None:
    terms = replace(POT, exchange=replace(POT.exchange, decision=ExchangeDecision.NONE, until_day=None))
    line = line_of(terms, wanted("ordered_wrong_item", "exchange"), bought("pot"), delivered=DELIVERED)
    assert line.resolution == "store_credit"
    assert line.verdict.numbers.exchange_until is None


def test_exchanges_without_a_last_day() -> None:
    terms = replace(POT, exchange=replace(POT.exchange, until_day=None))
    exchange = wanted("ordered_wrong_item", "exchange")
    line = line_of(terms, exchange, bought("pot"), delivered=DELIVERED, asked="2029-03-05 12:00:00")
    assert said(line).startswith("eligible EXCHANGE")


def test_opened_goods_are_exchanged_where_they_are_neither_shared_nor_barred_by_time() -> None:
    assert codes(line_of(CONSUMER, wanted(wants="exchange", opened=1), asked="2026-05-01 12:00:00")) == [
        "OPENED",
        "EXCHANGE_WINDOW_EXPIRED",
    ]


def test_a_refused_package_has_its_own_charge() -> None:
    answer = ask(POT, wanted("refused_package"), bought("pot", paid="40.00"), delivered=DELIVERED)
    assert said(answer.lines[0]) == "eligible REFUSED_PACKAGE refund 40.00 - 6.00 = 34.00"
    assert (answer.service_charge, answer.return_shipping_paid_by) == (Decimal("7.00"), "merchant")
    assert answer.lines[0].verdict.numbers.service_charge == Decimal("7.00")


def test_a_tier_without_a_fee_after_one_without_a_fee_is_still_full() -> None:
    terms = replace(POT, tiers=(Tier("G1", 14), Tier("G2", None, min_shelf_months=6)))
    line = line_of(terms, items=bought("pot"), delivered=DELIVERED, asked="2026-06-01 12:00:00")
    assert said(line) == "eligible FULL_REFUND refund 45.00 - 0.00 = 45.00"
    assert line.verdict.numbers.money_until is None


def test_five_business_days_with_saturdays_and_a_closing_day() -> None:
    assert processing_due_on(POT, at("2026-04-27T10:00:00+02:00"), SETTINGS.closing_days) == date(2026, 5, 4)


def test_other_rates_are_other_terms_when_a_line_comes_back_in_parts() -> None:
    item = bought("pot", paid="40.00", quantity=4)
    early = gave("RESTOCKING_FEE", "10.00", fee="1.50", rate=Decimal(15))
    line = pot("2026-03-20", items=replace(item, returned=(early,)))
    assert (line.gross, line.fee, line.rate) == (Decimal("10.00"), Decimal("5.50"), Decimal(30))


def test_the_terms_say_what_the_file_says() -> None:
    assert POT.package.box_mark is BoxMark.ORDER_NUMBER
    assert POT.money.forms == (MoneyForm.STORE_CREDIT, MoneyForm.REFUND)
    assert POT.claims.excluded_goods is ExcludedGoods.NO_DIFFERENCE
    assert POT.opened.share_percent == Decimal("33.3")
    assert POT.clause("G10").title == "Processing"
    with pytest.raises(KeyError):
        POT.clause("CON-24")
