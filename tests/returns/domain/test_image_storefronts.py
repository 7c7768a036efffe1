"""What IMAGE takes back from consumers and from professionals: 30 days, then a fee; 48 hours for claims; exclusions."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from returns.domain.verdict import Code, Instead
from tests.returns.domain.builders import (
    CONSUMER,
    IMAGE,
    PRO,
    SHOPS,
    ask,
    bought,
    codes,
    line_of,
    opened_before,
    overridden,
    said,
    wanted,
)

FULL = "eligible FULL_REFUND refund 45.00 - 0.00 = 45.00"
FEE = "eligible RESTOCKING_FEE refund 45.00 - 9.00 = 36.00"
NO_EXCHANGE = "not_eligible EXCHANGE_WINDOW_EXPIRED"

DAYS = [
    ("the day of the order", "2026-03-01 10:00:00", "2026-03-01 20:00:00", FULL),
    ("the last second of day 30", "2026-03-01 10:00:00", "2026-03-31 23:59:59", FULL),
    ("the first second of day 31", "2026-03-01 10:00:00", "2026-04-01 00:00:00", FEE),
    ("day 30 in New York, day 31 in UTC", "2026-03-01 10:00:00", "2026-04-01T03:59:59Z", FULL),
    ("day 31 a second later", "2026-03-01 10:00:00", "2026-04-01T04:00:00Z", FEE),
    ("ordered in the last second of a day", "2026-03-01 23:59:59", "2026-04-01 00:00:00", FEE),
    ("ordered a second later", "2026-03-02 00:00:00", "2026-04-01 23:59:59", FULL),
    ("ordered on a leap day", "2028-02-29 09:00:00", "2028-03-30 23:59:59", FULL),
    ("ordered on a leap day, day 31", "2028-02-29 09:00:00", "2028-03-31 00:00:00", FEE),
    ("across the autumn change of 2026", "2026-10-25 09:00:00", "2026-11-24 23:59:59", FULL),
    ("across the autumn change of 2026, day 31", "2026-10-25 09:00:00", "2026-11-25 00:00:00", FEE),
    ("across the spring change of 2028", "2028-03-01 09:00:00", "2028-03-31 23:59:59", FULL),
    ("across the end of a year", "2027-12-15 09:00:00", "2028-01-14 23:59:59", FULL),
    ("across the end of a year, day 31", "2027-12-15 09:00:00", "2028-01-15 00:00:00", FEE),
    ("years later, for nobody names a last day", "2021-03-01 10:00:00", "2026-04-01 12:00:00", FEE),
]


@pytest.mark.parametrize("shop", IMAGE)
@pytest.mark.parametrize(("placed", "asked", "answer"), [row[1:] for row in DAYS], ids=[row[0] for row in DAYS])
def test_30_days_in_full_and_then_less_a_fifth(shop: str, placed: str, asked: str, answer: str) -> None:
    assert said(line_of(shop, placed=placed, asked=asked)) == answer


ROUNDING = [
    ("10.03", "2.01", "8.02"),
    ("10.02", "2.00", "8.02"),
    ("0.02", "0.00", "0.02"),
    ("0.03", "0.01", "0.02"),
    ("0.00", "0.00", "0.00"),
    ("1234.56", "246.91", "987.65"),
]


@pytest.mark.parametrize(("paid", "fee", "amount"), ROUNDING)
def test_the_fee_is_rounded_half_up_once_a_line(paid: str, fee: str, amount: str) -> None:
    line = line_of(PRO, items=bought(paid=paid), asked="2026-05-01 12:00:00")
    assert (line.gross, line.fee, line.amount) == (Decimal(paid), Decimal(fee), Decimal(amount))


def test_the_fee_is_rounded_after_the_quantity_and_never_on_the_total() -> None:
    three = wanted(quantity=3)
    assert line_of(CONSUMER, three, bought(paid="30.09", quantity=3), asked="2026-05-01 12:00:00").fee == Decimal(
        "6.02"
    )
    answer = ask(PRO, [wanted(), wanted(line=1)], [bought(paid="10.03")] * 2, asked="2026-05-01 12:00:00")
    assert answer.total == Decimal("16.04")


# ---------------------------------------------------------------------------------------------- expiration

SHELF = [
    ("a year to the day", "2026-04-01 12:00:00", "2027-04-01", FEE),
    ("one day short", "2026-04-01 12:00:00", "2027-03-31", "not_eligible EXPIRY_TOO_SOON"),
    ("a year after the day in New York", "2026-04-02T03:59:59Z", "2027-04-01", FEE),
    ("a day more in New York a second later", "2026-04-02T04:00:00Z", "2027-04-01", "not_eligible EXPIRY_TOO_SOON"),
    ("asked on a leap day", "2028-02-29 12:00:00", "2029-02-28", FEE),
    ("asked on a leap day, one day short", "2028-02-29 12:00:00", "2029-02-27", "not_eligible EXPIRY_TOO_SOON"),
    ("a year that ends on a leap day", "2027-02-28 12:00:00", "2028-02-28", FEE),
    ("unknown", "2026-04-01 12:00:00", None, "needs_review EXPIRY_UNKNOWN"),
    ("unknown, and nobody asks before day 31", "2026-03-31 23:59:59", None, FULL),
    ("expired already, and nobody asks before day 31", "2026-03-31 23:59:59", "2026-03-02", FULL),
]


@pytest.mark.parametrize(("asked", "expires", "answer"), [row[1:] for row in SHELF], ids=[row[0] for row in SHELF])
def test_after_30_days_a_product_must_last_a_year_more(asked: str, expires: str | None, answer: str) -> None:
    item = bought(expires_on=None if expires is None else date.fromisoformat(expires))
    assert said(line_of(CONSUMER, items=item, asked=asked)) == answer


def test_a_professional_is_not_asked_for_the_expiration_date() -> None:
    assert said(line_of(PRO, items=bought(expires_on=None), asked="2026-05-01 12:00:00")) == FEE


def test_the_date_on_the_product_wins_over_the_orders() -> None:
    found = wanted(expires_on=date(2030, 1, 1))
    assert said(line_of(CONSUMER, found, bought(expires_on=None), asked="2026-05-01 12:00:00")) == FEE
    found = wanted(expires_on=date(2026, 6, 1))
    assert said(line_of(CONSUMER, found, asked="2026-05-01 12:00:00")) == "not_eligible EXPIRY_TOO_SOON"


def test_a_short_life_is_told_in_days() -> None:
    numbers = line_of(CONSUMER, items=bought(expires_on=date(2026, 12, 1)), asked="2026-05-01 12:00:00").verdict.numbers
    assert (numbers.must_expire_on, numbers.days_short) == (date(2027, 5, 1), 151)
    assert (numbers.shelf_months, numbers.fee_percent) == (12, Decimal(20))


# -------------------------------------------------------------------------------------------------------- exclusions

EXCLUDED_KINDS = ["tshirt", "trial_kit", "sample", "professional", "peel", "enhancer"]


@pytest.mark.parametrize("shop", IMAGE)
@pytest.mark.parametrize("kind", EXCLUDED_KINDS)
@pytest.mark.parametrize("wants", ["refund", "exchange"])
@pytest.mark.parametrize("asked", ["2026-03-02 12:00:00", "2026-06-01 12:00:00"])
def test_excluded_kinds_never_come_back_nor_are_exchanged(shop: str, kind: str, wants: str, asked: str) -> None:
    line = line_of(shop, wanted(wants=wants), bought(kind), asked=asked)
    assert said(line) == "not_eligible EXCLUDED_KIND"
    assert line.verdict.numbers.excluded == kind


FLAGS = [
    (CONSUMER, "final_sale", "not_eligible FINAL_SALE"),
    (CONSUMER, "opening_order", FULL),
    (CONSUMER, "ten_percent_back", FULL),
    (PRO, "final_sale", "not_eligible FINAL_SALE"),
    (PRO, "opening_order", "not_eligible OPENING_ORDER"),
    (PRO, "ten_percent_back", "not_eligible TEN_PERCENT_BACK"),
]


@pytest.mark.parametrize(("shop", "flag", "answer"), FLAGS)
def test_each_page_names_its_own_flags(shop: str, flag: str, answer: str) -> None:
    assert said(line_of(shop, items=bought("retail", flag))) == answer


@pytest.mark.parametrize("shop", IMAGE)
def test_free_items_follow_the_ordinary_rules_and_need_not_come_back(shop: str) -> None:
    gift = bought("promo", paid="0.00")
    answer = ask(shop, wanted(line=1), [bought(), gift])
    assert said(answer.lines[0]) == "eligible FULL_REFUND refund 0.00 - 0.00 = 0.00"
    assert ask(shop, wanted(), [bought(), gift]).also_return == ()


def test_every_exclusion_that_hits_is_told() -> None:
    line = line_of(PRO, items=bought("sample", "final_sale", "ten_percent_back"))
    assert codes(line) == ["EXCLUDED_KIND", "TEN_PERCENT_BACK", "FINAL_SALE"]


# ---------------------------------------------------------------------------------------------- unclassified products

UNCLASSIFIED = [
    ("an ordinary return", wanted(), "2026-03-10 12:00:00"),
    ("a late one", wanted(), "2026-05-10 12:00:00"),
    ("an exchange", wanted("ordered_wrong_item", "exchange"), "2026-03-10 12:00:00"),
    ("a late exchange", wanted("ordered_wrong_item", "exchange"), "2026-05-10 12:00:00"),
    ("an opened one, for the kind is asked first", wanted("dissatisfied", opened=3), "2026-03-10 12:00:00"),
    ("an incomplete one", wanted(resalable=False), "2026-03-10 12:00:00"),
    ("a claim for money", wanted("damaged"), "2026-03-05 12:00:00"),
    ("a claim for a replacement", wanted("damaged", "replacement"), "2026-03-05 12:00:00"),
    ("a refused package", wanted("refused_package"), "2026-03-10 12:00:00"),
]


@pytest.mark.parametrize("shop", IMAGE)
@pytest.mark.parametrize(("line", "asked"), [row[1:] for row in UNCLASSIFIED], ids=[row[0] for row in UNCLASSIFIED])
def test_an_unclassified_product_is_looked_at_and_never_guessed(shop: str, line: Any, asked: str) -> None:
    assert said(line_of(shop, line, bought(None), asked=asked)) == "needs_review KIND_UNKNOWN"


@pytest.mark.parametrize("shop", IMAGE)
def test_a_kind_that_the_policy_does_not_know_is_unclassified_too(shop: str) -> None:
    assert said(line_of(shop, items=bought("hardware"))) == "needs_review KIND_UNKNOWN"


@pytest.mark.parametrize("shop", IMAGE)
def test_a_flag_that_excludes_for_certain_needs_no_kind(shop: str) -> None:
    final_sale = bought(None, "final_sale")
    assert codes(line_of(shop, items=final_sale)) == ["FINAL_SALE"]
    claim = line_of(shop, wanted("damaged"), final_sale, asked="2026-03-05 12:00:00")
    assert said(claim) == "eligible DAMAGED replacement 45.00 - 0.00 = 0.00"


@pytest.mark.parametrize("shop", IMAGE)
def test_the_kind_decides_nothing_about_late_claims_and_lost_packages(shop: str) -> None:
    late = line_of(shop, wanted("damaged"), bought(None), asked="2026-03-10 12:00:00")
    assert said(late) == "not_eligible CLAIM_WINDOW_EXPIRED"
    unknown = line_of(shop, wanted("damaged"), bought(None), delivered=None)
    assert said(unknown) == "needs_review DELIVERY_UNKNOWN"
    lost = line_of(shop, wanted("not_received"), bought(None))
    assert codes(lost) == ["NOT_RECEIVED"]


# --------------------------------------------------------------------------------------------------------- condition


@pytest.mark.parametrize("shop", IMAGE)
def test_opened_products_do_not_come_back(shop: str) -> None:
    assert said(line_of(shop, wanted("dissatisfied", opened=1))) == "not_eligible OPENED"
    assert said(line_of(shop, wanted("dissatisfied", opened=None))) == "not_eligible OPENED"
    assert said(line_of(shop, wanted(wants="exchange", opened=1))) == "not_eligible OPENED"
    assert said(line_of(shop, wanted("refused_package", opened=1))) == "not_eligible OPENED"


@pytest.mark.parametrize("shop", IMAGE)
def test_products_that_cannot_be_sold_again_do_not_come_back(shop: str) -> None:
    assert said(line_of(shop, wanted(resalable=False))) == "not_eligible NOT_RESALABLE"
    assert said(line_of(shop, wanted(wants="exchange", resalable=False))) == "not_eligible NOT_RESALABLE"


def test_everything_that_stands_against_a_line_is_told_in_the_reference_order() -> None:
    line = line_of(
        CONSUMER,
        wanted("dissatisfied", opened=90, resalable=False),
        bought("sample", "final_sale", expires_on=date(2026, 5, 2)),
        asked="2026-05-01 12:00:00",
        partner=True,
    )
    assert codes(line) == [
        "PARTNER_PURCHASE",
        "EXCLUDED_KIND",
        "FINAL_SALE",
        "OPENED",
        "NOT_RESALABLE",
        "EXPIRY_TOO_SOON",
    ]
    assert said(line) == "redirect PARTNER_PURCHASE"


@pytest.mark.parametrize("shop", IMAGE)
def test_earlier_returns_of_opened_goods_do_not_matter(shop: str) -> None:
    assert said(line_of(shop, earlier=opened_before("2026-01-01"))) == FULL


# ------------------------------------------------------------------------------------------------------------ claims

REFUNDED = "eligible DAMAGED refund 45.00 - 0.00 = 45.00"
REPLACED = "eligible DAMAGED replacement 45.00 - 0.00 = 0.00"
LATE = "not_eligible CLAIM_WINDOW_EXPIRED"

CLOCK = [
    ("at once", "2026-03-04 14:00:00", "2026-03-04 14:00:00", REFUNDED),
    ("before the carrier says so", "2026-03-04 14:00:00", "2026-03-04 09:00:00", REFUNDED),
    ("a second before 48 hours", "2026-03-04 14:00:00", "2026-03-06 13:59:59", REFUNDED),
    ("48 hours to the second", "2026-03-04 14:00:00", "2026-03-06 14:00:00", REFUNDED),
    ("a second after 48 hours", "2026-03-04 14:00:00", "2026-03-06 14:00:01", LATE),
    ("told in UTC, to the second", "2026-03-04 14:00:00", "2026-03-06T19:00:00Z", REFUNDED),
    ("told in Kolkata, a second late", "2026-03-04 14:00:00", "2026-03-07T00:30:01+05:30", LATE),
    ("a weekend of closed doors runs on", "2026-03-06 18:00:00", "2026-03-09 08:30:00", LATE),
    ("spring 2026: 49 hours by the wall clock", "2026-03-07 12:00:00", "2026-03-09 13:00:00", REFUNDED),
    ("spring 2026: a second more", "2026-03-07 12:00:00", "2026-03-09 13:00:01", LATE),
    ("autumn 2026: 47 hours by the wall clock", "2026-10-31 12:00:00", "2026-11-02 11:00:00", REFUNDED),
    ("autumn 2026: a second more", "2026-10-31 12:00:00", "2026-11-02 11:00:01", LATE),
    ("spring 2027", "2027-03-13 12:00:00", "2027-03-15 13:00:00", REFUNDED),
    ("spring 2027: a second more", "2027-03-13 12:00:00", "2027-03-15 13:00:01", LATE),
    ("autumn 2027", "2027-11-06 12:00:00", "2027-11-08 11:00:00", REFUNDED),
    ("autumn 2027: a second more", "2027-11-06 12:00:00", "2027-11-08 11:00:01", LATE),
    ("spring 2028", "2028-03-11 12:00:00", "2028-03-13 13:00:00", REFUNDED),
    ("spring 2028: a second more", "2028-03-11 12:00:00", "2028-03-13 13:00:01", LATE),
    ("autumn 2028", "2028-11-04 12:00:00", "2028-11-06 11:00:00", REFUNDED),
    ("autumn 2028: a second more", "2028-11-04 12:00:00", "2028-11-06 11:00:01", LATE),
    ("leap day 2028", "2028-02-28 12:00:00", "2028-03-01 12:00:00", REFUNDED),
]


@pytest.mark.parametrize("shop", IMAGE)
@pytest.mark.parametrize(("delivered", "asked", "answer"), [row[1:] for row in CLOCK], ids=[row[0] for row in CLOCK])
def test_damage_is_told_within_48_real_hours_of_delivery(shop: str, delivered: str, asked: str, answer: str) -> None:
    placed = "2026-03-01 10:00:00"
    assert said(line_of(shop, wanted("damaged"), placed=placed, delivered=delivered, asked=asked)) == answer


SOON: Any = {"asked": "2026-03-05 12:00:00"}
FREE_OF_RULES = [
    ("condition", wanted("damaged", opened=80, resalable=False), bought(), SOON),
    ("expiration", wanted("damaged"), bought(expires_on=None), SOON),
    ("the 30 days", wanted("damaged"), bought(), {"placed": "2025-01-01 10:00:00", **SOON}),
]


@pytest.mark.parametrize("shop", IMAGE)
@pytest.mark.parametrize(
    ("line", "item", "order"), [row[1:] for row in FREE_OF_RULES], ids=[row[0] for row in FREE_OF_RULES]
)
def test_claims_are_free_of_the_rules_for_ordinary_returns(shop: str, line: Any, item: Any, order: Any) -> None:
    assert said(line_of(shop, line, item, **order)) == REFUNDED


@pytest.mark.parametrize("shop", IMAGE)
@pytest.mark.parametrize("wants", ["refund", "store_credit", "exchange", "replacement"])
@pytest.mark.parametrize("item", [bought("peel"), bought("retail", "final_sale")], ids=["by kind", "by flag"])
def test_excluded_goods_are_replaced_whatever_is_wished(shop: str, wants: str, item: Any) -> None:
    line = line_of(shop, wanted("damaged", wants), item, **SOON)
    assert said(line) == REPLACED
    assert line.verdict.numbers.only_replacement


@pytest.mark.parametrize("shop", IMAGE)
def test_goods_that_are_not_excluded_are_replaced_on_wish(shop: str) -> None:
    assert said(line_of(shop, wanted("damaged", "replacement"), **SOON)) == REPLACED
    assert said(line_of(shop, wanted("damaged", "exchange"), **SOON)) == REPLACED
    wrong = line_of(shop, wanted("shipping_error", "exchange"), **SOON)
    assert said(wrong) == "eligible SHIPPING_ERROR replacement 45.00 - 0.00 = 0.00"


@pytest.mark.parametrize("shop", IMAGE)
def test_claims_on_excluded_goods_come_too_late_as_others_do(shop: str) -> None:
    line = line_of(shop, wanted("damaged"), bought("peel"), asked="2026-03-06 14:00:01")
    assert said(line) == LATE
    assert line.verdict.numbers.instead is None


@pytest.mark.parametrize("shop", IMAGE)
def test_an_unknown_delivery_is_looked_at(shop: str) -> None:
    assert said(line_of(shop, wanted("damaged"), delivered=None)) == "needs_review DELIVERY_UNKNOWN"


@pytest.mark.parametrize("shop", IMAGE)
def test_claims_do_not_give_the_original_shipping_back(shop: str) -> None:
    answer = ask(shop, wanted("damaged"), shipping="10.00", **SOON)
    assert answer.shipping_refund == 0
    assert answer.return_shipping_paid_by == "merchant"


# --------------------------------------------------------------------------------------------------------- exchanges


@pytest.mark.parametrize("reason", ["ordered_wrong_item", "changed_mind", "dissatisfied"])
def test_a_consumer_may_exchange_within_30_days(reason: str) -> None:
    exchange = wanted(reason, "exchange")
    assert said(line_of(CONSUMER, exchange, asked="2026-03-31 23:59:59")).startswith("eligible EXCHANGE exchange")
    assert said(line_of(CONSUMER, exchange, asked="2026-04-01 00:00:00")) == NO_EXCHANGE


def test_a_professionals_exchange_is_a_persons_case_within_30_days() -> None:
    exchange = wanted("ordered_wrong_item", "exchange")
    assert said(line_of(PRO, exchange, asked="2026-03-31 23:59:59")) == "needs_review EXCHANGE_BY_STAFF"
    assert said(line_of(PRO, exchange, asked="2026-04-01 00:00:00")) == NO_EXCHANGE


def test_too_late_for_an_exchange_says_what_money_is_possible() -> None:
    late = {"asked": "2026-04-04 12:00:00"}
    line = line_of(CONSUMER, wanted(wants="exchange"), **late)
    fee = Instead(line_of(CONSUMER, **late).verdict.outcome, Code.RESTOCKING_FEE, Decimal(20), Decimal("0.00"))
    assert line.verdict.numbers.instead == fee
    short = line_of(CONSUMER, wanted(wants="exchange"), bought(expires_on=date(2026, 6, 1)), **late)
    assert short.verdict.numbers.instead is None
    unknown = line_of(CONSUMER, wanted(wants="exchange"), bought(expires_on=None), **late)
    assert unknown.verdict.numbers.instead is not None
    assert unknown.verdict.numbers.instead.outcome == "needs_review"


def test_too_late_for_a_claim_says_what_an_ordinary_return_gives() -> None:
    line = line_of(PRO, wanted("damaged"), asked="2026-03-06 17:00:00")
    numbers = line.verdict.numbers
    assert (numbers.hours, numbers.limit_hours) == (51, 48)
    assert numbers.instead == Instead(line_of(PRO).verdict.outcome, Code.FULL_REFUND)
    assert line_of(PRO, wanted("damaged", opened=5), asked="2026-03-06 17:00:00").verdict.numbers.instead is None


# ------------------------------------------------------------------------------------------------------ forms of money

FORMS = [
    (CONSUMER, "refund", "refund"),
    (CONSUMER, "store_credit", "refund"),
    (CONSUMER, "replacement", "refund"),
    (PRO, "refund", "refund"),
    (PRO, "store_credit", "store_credit"),
    (PRO, "replacement", "refund"),
]


@pytest.mark.parametrize(("shop", "wants", "form"), FORMS)
def test_a_wish_that_the_page_does_not_have_becomes_its_own_form(shop: str, wants: str, form: str) -> None:
    assert line_of(shop, wanted(wants=wants)).resolution == form


def test_a_claim_pays_in_the_wished_form_too() -> None:
    line = line_of(PRO, wanted("shipping_error", "store_credit"), **SOON)
    assert said(line) == "eligible SHIPPING_ERROR store_credit 45.00 - 0.00 = 45.00"


BALANCE = [
    ("smaller than the refund", "30.00", wanted(), {}, "30.00", "15.00"),
    ("larger: the rest stays owed", "100.00", wanted(), {}, "45.00", "0.00"),
    ("off store credit as well", "30.00", wanted(wants="store_credit"), {}, "30.00", "15.00"),
    ("after the fee", "30.00", wanted(), {"asked": "2026-05-01 12:00:00"}, "30.00", "6.00"),
    ("off a damage refund", "30.00", wanted("damaged"), SOON, "30.00", "15.00"),
    ("not where goods are given", "30.00", wanted("damaged", "replacement"), SOON, "0.00", "0.00"),
    ("not where nothing is given", "30.00", wanted(opened=5), {}, "0.00", "0.00"),
]


@pytest.mark.parametrize(
    ("owes", "line", "order", "taken", "total"), [row[1:] for row in BALANCE], ids=[row[0] for row in BALANCE]
)
def test_a_professionals_balance_comes_off(owes: str, line: Any, order: Any, taken: str, total: str) -> None:
    answer = ask(PRO, line, owes=owes, **order)
    assert (answer.balance_applied, answer.total) == (Decimal(taken), Decimal(total))


def test_the_balance_comes_off_once_for_the_whole_request() -> None:
    answer = ask(PRO, [wanted(), wanted(line=1)], [bought(paid="100.00"), bought(paid="40.00")], owes="120.00")
    assert (answer.balance_applied, answer.total) == (Decimal("120.00"), Decimal("20.00"))


def test_a_consumers_balance_is_left_alone() -> None:
    assert ask(CONSUMER, owes="30.00").total == Decimal("45.00")


# ------------------------------------------------------------------------------------ partners, lost, refused packages


@pytest.mark.parametrize("reason", ["changed_mind", "damaged", "not_received", "refused_package"])
def test_a_consumers_partner_purchase_goes_back_to_the_seller_for_every_reason(reason: str) -> None:
    assert said(line_of(CONSUMER, wanted(reason), partner=True)) == "redirect PARTNER_PURCHASE"
    assert said(line_of(CONSUMER, wanted(reason), bought(None), partner=True)) == "redirect PARTNER_PURCHASE"


def test_the_professional_page_says_nothing_about_partners() -> None:
    assert said(line_of(PRO, partner=True)) == FULL


@pytest.mark.parametrize("shop", SHOPS)
def test_what_never_arrived_has_no_deadline_and_no_other_rule(shop: str) -> None:
    for item in (bought(), bought("peel", "final_sale"), bought(None)):
        line = line_of(shop, wanted("not_received", opened=5), item, asked="2027-03-01 12:00:00", delivered=None)
        assert codes(line) == ["NOT_RECEIVED"]
        assert said(line) == "needs_review NOT_RECEIVED"


def test_a_refused_package_is_an_ordinary_return_without_a_charge() -> None:
    for shop in IMAGE:
        answer = ask(shop, wanted("refused_package"))
        assert said(answer.lines[0]) == "eligible REFUSED_PACKAGE refund 45.00 - 0.00 = 45.00"
        assert answer.service_charge == 0
        assert answer.return_shipping_paid_by == "customer"
        assert said(line_of(shop, wanted("refused_package"), asked="2026-04-01 00:00:00")) == FEE


def test_a_refused_package_that_expires_too_soon_after_30_days() -> None:
    item = bought(expires_on=date(2026, 12, 1))
    line = line_of(CONSUMER, wanted("refused_package"), item, asked="2026-04-01 00:00:00")
    assert said(line) == "not_eligible EXPIRY_TOO_SOON"


# ---------------------------------------------------------------------------------------------------------- override


def test_an_override_to_goods_moves_no_money_and_keeps_the_gross() -> None:
    answer = ask(CONSUMER, wanted(opened=5, override=overridden("exchange")))
    assert said(answer.lines[0]) == "eligible STAFF_OVERRIDE exchange 45.00 - 0.00 = 0.00"


def test_an_override_of_a_claim_is_still_sent_at_our_cost() -> None:
    answer = ask(PRO, wanted("damaged", override=overridden("refund", "50")), asked="2026-03-20 12:00:00", owes="10.00")
    assert said(answer.lines[0]) == "eligible STAFF_OVERRIDE refund 45.00 - 0.00 = 22.50"
    assert (answer.balance_applied, answer.total) == (Decimal("10.00"), Decimal("12.50"))
    assert answer.return_shipping_paid_by == "merchant"
    assert answer.lines[0].verdict.clause_id == "PRO-24"


def test_an_override_may_give_more_than_the_policy() -> None:
    line = line_of(PRO, wanted(override=overridden("refund", "95")), asked="2026-05-01 12:00:00")
    assert said(line) == "eligible STAFF_OVERRIDE refund 45.00 - 0.00 = 42.75"
    assert codes(line) == ["STAFF_OVERRIDE", "RESTOCKING_FEE"]
