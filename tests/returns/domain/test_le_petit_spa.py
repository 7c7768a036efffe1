"""What le petit spa takes back: 15 days, store credit alone, half for opened goods, and a person for the rest."""

from decimal import Decimal
from typing import Any

import pytest

from tests.returns.domain.builders import SPA, ask, bought, codes, line_of, opened_before, overridden, said, wanted

FULL = "eligible FULL_REFUND store_credit 45.00 - 0.00 = 45.00"
HALF = "eligible PARTIAL_USED_CREDIT store_credit 45.00 - 0.00 = 22.50"
OVER = "not_eligible WINDOW_EXPIRED"

DAYS = [
    ("the day of the order itself", "2026-03-01 10:00:00", "2026-03-01 10:00:00", FULL),
    ("the last minute of the day before the last", "2026-03-01 10:00:00", "2026-03-15 23:59:59", FULL),
    ("the last second of day 15", "2026-03-01 10:00:00", "2026-03-16 23:59:59", FULL),
    ("the first second of day 16", "2026-03-01 10:00:00", "2026-03-17 00:00:00", OVER),
    ("day 15 in New York, day 16 in UTC", "2026-03-01 10:00:00", "2026-03-17T03:59:59Z", FULL),
    ("day 16 in New York a second later", "2026-03-01 10:00:00", "2026-03-17T04:00:00Z", OVER),
    ("day 16 in Kiritimati, day 15 in New York", "2026-03-01 10:00:00", "2026-03-17T17:59:59+14:00", FULL),
    ("ordered in the last second of a day", "2026-02-28 23:59:59", "2026-03-15 23:59:59", FULL),
    ("ordered in the last second, a day too late", "2026-02-28 23:59:59", "2026-03-16 00:00:00", OVER),
    ("ordered in the first second of a day", "2026-03-01 00:00:00", "2026-03-16 23:59:59", FULL),
    ("ordered on the next day in UTC", "2026-03-02T04:59:59Z", "2026-03-16 23:59:59", FULL),
    ("the same order a second later", "2026-03-02T05:00:00Z", "2026-03-17 23:59:59", FULL),
    ("across the spring change of 2027", "2027-03-10 12:00:00", "2027-03-25 23:59:59", FULL),
    ("across the spring change of 2027, too late", "2027-03-10 12:00:00", "2027-03-26 00:00:00", OVER),
    ("across the autumn change of 2027", "2027-10-30 12:00:00", "2027-11-14 23:59:59", FULL),
    ("across the autumn change of 2027, too late", "2027-10-30 12:00:00", "2027-11-15 00:00:00", OVER),
    ("ordered on a leap day", "2028-02-29 12:00:00", "2028-03-15 23:59:59", FULL),
    ("ordered on a leap day, too late", "2028-02-29 12:00:00", "2028-03-16 00:00:00", OVER),
    ("across the end of a year", "2026-12-20 12:00:00", "2027-01-04 23:59:59", FULL),
    ("across the end of a year, too late", "2026-12-20 12:00:00", "2027-01-05 00:00:00", OVER),
]


@pytest.mark.parametrize(("placed", "asked", "answer"), [row[1:] for row in DAYS], ids=[row[0] for row in DAYS])
def test_unopened_products_come_back_within_15_days_of_the_order(placed: str, asked: str, answer: str) -> None:
    assert said(line_of(SPA, placed=placed, asked=asked)) == answer


def test_the_clock_is_the_order_and_not_the_delivery() -> None:
    assert said(line_of(SPA, delivered="2026-03-16 12:00:00", asked="2026-03-17 00:00:00")) == OVER
    assert said(line_of(SPA, delivered=None)) == FULL


WISHES = [
    ("money on the card becomes store credit", "changed_mind", "refund", FULL),
    ("store credit is store credit", "dissatisfied", "store_credit", FULL),
    ("a replacement of a product that is fine is money", "changed_mind", "replacement", FULL),
    (
        "an exchange for any reason",
        "changed_mind",
        "exchange",
        "eligible EXCHANGE exchange 45.00 - 0.00 = 0.00",
    ),
    (
        "an exchange of the wrong product",
        "ordered_wrong_item",
        "exchange",
        "eligible EXCHANGE exchange 45.00 - 0.00 = 0.00",
    ),
]


@pytest.mark.parametrize(("reason", "wants", "answer"), [row[1:] for row in WISHES], ids=[row[0] for row in WISHES])
def test_money_is_store_credit_whatever_is_wished(reason: str, wants: str, answer: str) -> None:
    assert said(line_of(SPA, wanted(reason, wants))) == answer


def test_exchanges_end_with_the_15_days() -> None:
    exchange = wanted(wants="exchange")
    assert said(line_of(SPA, exchange, asked="2026-03-16 23:59:59")).startswith("eligible EXCHANGE")
    assert said(line_of(SPA, exchange, asked="2026-03-17 00:00:00")) == "not_eligible EXCHANGE_WINDOW_EXPIRED"


OPENED = [
    ("a third used", {"opened": 30}, HALF),
    ("hardly touched", {"opened": 0}, HALF),
    ("exactly half used is in", {"opened": 50}, HALF),
    ("a hair more than half is out", {"opened": "50.01"}, "not_eligible OVER_HALF_USED"),
    ("all used", {"opened": 100}, "not_eligible OVER_HALF_USED"),
    ("nobody knows how much", {"opened": None}, "needs_review USAGE_UNKNOWN"),
    ("incomplete, though opened ones are taken", {"opened": 30, "resalable": False}, "not_eligible NOT_RESALABLE"),
    ("incomplete, use unknown: the no is certain", {"opened": None, "resalable": False}, "not_eligible NOT_RESALABLE"),
    ("any voluntary reason will do", {"opened": 30, "reason": "changed_mind"}, HALF),
    ("an exchange of opened goods is the half credit", {"opened": 30, "wants": "exchange"}, HALF),
]


@pytest.mark.parametrize(("how", "answer"), [row[1:] for row in OPENED], ids=[row[0] for row in OPENED])
def test_opened_products_give_half_up_to_half_used(how: dict[str, Any], answer: str) -> None:
    assert said(line_of(SPA, wanted(**{"reason": "dissatisfied", **how}))) == answer


def test_opened_products_have_the_same_15_days() -> None:
    opened = wanted("dissatisfied", opened=30)
    assert said(line_of(SPA, opened, asked="2026-03-16 23:59:59")) == HALF
    assert said(line_of(SPA, opened, asked="2026-03-17 00:00:00")) == OVER


def test_late_and_use_unknown_asks_first_and_says_both() -> None:
    line = line_of(SPA, wanted("dissatisfied", opened=None), asked="2026-03-20 12:00:00")
    assert said(line) == "needs_review USAGE_UNKNOWN"
    assert codes(line) == ["USAGE_UNKNOWN", "WINDOW_EXPIRED"]


def test_half_an_odd_price_is_rounded_up_to_the_cent() -> None:
    line = line_of(SPA, wanted("dissatisfied", opened=10), bought(paid="30.01"))
    assert line.amount == Decimal("15.01")


def test_a_second_return_of_opened_goods_is_refused_for_ever_and_for_any_product() -> None:
    opened = wanted("dissatisfied", opened=30)
    repeat = line_of(SPA, opened, earlier=opened_before("2019-05-02"))
    assert said(repeat) == "not_eligible REPEAT_RETURN"
    assert str(repeat.verdict.numbers.previous_return_on) == "2019-05-02"


def test_of_several_earlier_returns_the_last_is_named() -> None:
    opened = wanted("dissatisfied", opened=30)
    line = line_of(SPA, opened, earlier=opened_before("2025-01-02", "2025-11-02", "2024-07-07"))
    assert str(line.verdict.numbers.previous_return_on) == "2025-11-02"


def test_an_earlier_return_of_opened_goods_bars_opened_ones_only() -> None:
    earlier = opened_before("2025-11-02")
    assert said(line_of(SPA, earlier=earlier)) == FULL
    assert said(line_of(SPA, wanted("damaged", opened=5), earlier=earlier)).startswith("eligible DAMAGED")


def test_a_repeat_with_unknown_use_is_a_certain_no() -> None:
    line = line_of(SPA, wanted("dissatisfied", opened=None), earlier=opened_before("2025-11-02"))
    assert codes(line) == ["REPEAT_RETURN", "USAGE_UNKNOWN"]


def test_two_opened_products_of_one_request_are_one_return() -> None:
    lines = [wanted("dissatisfied", opened=30), wanted("dissatisfied", opened=10, line=1)]
    answer = ask(SPA, lines, [bought(), bought(paid="30.01")])
    assert [line.amount for line in answer.lines] == [Decimal("22.50"), Decimal("15.01")]
    assert answer.total == Decimal("37.51")


def test_incomplete_products_do_not_come_back_nor_are_exchanged() -> None:
    assert said(line_of(SPA, wanted(resalable=False))) == "not_eligible NOT_RESALABLE"
    assert said(line_of(SPA, wanted(wants="exchange", resalable=False))) == "not_eligible NOT_RESALABLE"


REPLACED = "eligible DAMAGED replacement 45.00 - 0.00 = 0.00"
CLAIMS = [
    ("damaged, credited", "damaged", "refund", "eligible DAMAGED store_credit 45.00 - 0.00 = 45.00"),
    ("damaged, replaced", "damaged", "replacement", REPLACED),
    ("an exchange of a damaged one is a replacement", "damaged", "exchange", REPLACED),
    ("wrong item", "shipping_error", "store_credit", "eligible SHIPPING_ERROR store_credit 45.00 - 0.00 = 45.00"),
]


@pytest.mark.parametrize(("reason", "wants", "answer"), [row[1:] for row in CLAIMS], ids=[row[0] for row in CLAIMS])
def test_our_mistakes_are_made_good(reason: str, wants: str, answer: str) -> None:
    assert said(line_of(SPA, wanted(reason, wants))) == answer


def test_claims_have_the_15_days_and_no_48_hours() -> None:
    damaged = wanted("damaged", opened=90, resalable=False)
    early = line_of(SPA, damaged, asked="2026-03-16 23:59:59", delivered="2026-03-02 09:00:00")
    assert said(early).startswith("eligible DAMAGED")
    late = line_of(SPA, damaged, asked="2026-03-17 00:00:00", delivered="2026-03-16 17:00:00")
    assert said(late) == "needs_review LATE_MERCHANT_FAULT"
    assert said(line_of(SPA, damaged, delivered=None)).startswith("eligible DAMAGED")


def test_a_claim_gives_the_original_shipping_back_and_we_pay_the_way() -> None:
    answer = ask(SPA, wanted("damaged"), shipping="7.45")
    assert (answer.shipping_refund, answer.total) == (Decimal("7.45"), Decimal("52.45"))
    assert answer.return_shipping_paid_by == "merchant"


def test_a_replacement_gives_the_shipping_back_too() -> None:
    answer = ask(SPA, wanted("shipping_error", "replacement"), shipping="7.45")
    assert (answer.lines[0].amount, answer.total) == (Decimal("0.00"), Decimal("7.45"))


def test_shipping_comes_back_once_for_several_claims() -> None:
    answer = ask(SPA, [wanted("damaged"), wanted("damaged", line=1)], [bought(), bought()], shipping="7.45")
    assert answer.total == Decimal("97.45")


def test_shipping_comes_back_once_for_an_order() -> None:
    assert ask(SPA, wanted("damaged"), shipping="7.45", shipping_back=True).shipping_refund == 0


def test_shipping_stays_with_us_for_ordinary_returns_and_refused_claims() -> None:
    assert ask(SPA, shipping="7.45").shipping_refund == 0
    assert ask(SPA, wanted("damaged"), shipping="7.45", asked="2026-04-01 12:00:00").shipping_refund == 0


def test_payers_that_differ_are_no_one_payer() -> None:
    answer = ask(SPA, [wanted("damaged"), wanted(line=1)], [bought(), bought()])
    assert [line.paid_by for line in answer.lines] == ["merchant", "customer"]
    assert answer.return_shipping_paid_by is None


def test_a_refused_package_comes_back_and_20_dollars_are_billed_apart() -> None:
    answer = ask(SPA, wanted("refused_package"), shipping="10.00")
    assert said(answer.lines[0]) == "eligible REFUSED_PACKAGE store_credit 45.00 - 0.00 = 45.00"
    assert (answer.service_charge, answer.total) == (Decimal("20.00"), Decimal("45.00"))
    assert answer.return_shipping_paid_by == "customer"


def test_the_charge_is_billed_once_for_all_lines_of_the_package() -> None:
    lines = [wanted("refused_package"), wanted("refused_package", "exchange", line=1)]
    answer = ask(SPA, lines, [bought(), bought()])
    assert [line.resolution for line in answer.lines] == ["store_credit", "exchange"]
    assert answer.service_charge == Decimal("20.00")


def test_a_package_refused_too_late_is_neither_taken_nor_charged() -> None:
    answer = ask(SPA, wanted("refused_package"), asked="2026-03-17 00:00:00")
    assert said(answer.lines[0]) == OVER
    assert answer.service_charge == 0


def test_free_items_come_back_with_anything_granted() -> None:
    gift = bought("promo", paid="0.00")
    answer = ask(SPA, wanted(), [bought(), gift, bought(), gift])
    assert answer.also_return == (1, 3)
    assert ask(SPA, wanted(resalable=False), [bought(), gift]).also_return == ()


def test_a_free_item_in_the_request_is_not_asked_for_twice() -> None:
    gift = bought("promo", paid="0.00")
    answer = ask(SPA, [wanted(), wanted(line=1)], [bought(), gift])
    assert said(answer.lines[1]) == "eligible FULL_REFUND store_credit 0.00 - 0.00 = 0.00"
    assert answer.also_return == ()


def test_a_free_item_that_is_refused_has_to_come_back_all_the_same() -> None:
    gift = bought("promo", paid="0.00")
    answer = ask(SPA, [wanted(), wanted("dissatisfied", opened=80, line=1)], [bought(), gift])
    assert answer.also_return == (1,)


NO_RULE_HERE = [
    ("kinds that others exclude", bought("peel"), {}),
    ("T-shirts", bought("tshirt"), {}),
    ("final sale and all other flags", bought("retail", "final_sale", "opening_order", "ten_percent_back"), {}),
    ("products that expire tomorrow", bought(expires_on=None), {}),
    ("products nobody has classified, for nothing hangs on the kind", bought(None), {}),
    ("orders placed at a partner", bought(), {"partner": True}),
    ("a customer who owes money", bought(), {"owes": "500.00"}),
]


@pytest.mark.parametrize(("item", "order"), [row[1:] for row in NO_RULE_HERE], ids=[row[0] for row in NO_RULE_HERE])
def test_rules_of_other_storefronts_do_not_hold_here(item: Any, order: dict[str, Any]) -> None:
    answer = ask(SPA, wanted(), item, **order)
    assert said(answer.lines[0]) == FULL
    assert answer.total == Decimal("45.00")


def test_what_never_arrived_is_a_persons_case() -> None:
    assert said(line_of(SPA, wanted("not_received", "replacement"))) == "needs_review NOT_RECEIVED"


def test_staff_may_decide_otherwise() -> None:
    answer = ask(SPA, wanted(override=overridden("store_credit", "40")), asked="2026-06-01 12:00:00")
    assert said(answer.lines[0]) == "eligible STAFF_OVERRIDE store_credit 45.00 - 0.00 = 18.00"
    assert codes(answer.lines[0]) == ["STAFF_OVERRIDE", "WINDOW_EXPIRED"]
    assert answer.lines[0].verdict.clause_id == "LPS-04"


def test_staff_may_send_the_goods_back() -> None:
    gift = bought("promo", paid="0.00")
    answer = ask(SPA, wanted("damaged", override=overridden("none")), [bought(), gift], shipping="7.45")
    assert answer.lines[0].resolution == "none"
    assert not any((answer.lines[0].gross, answer.total, answer.also_return))
    assert answer.return_shipping_paid_by is None
