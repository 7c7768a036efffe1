"""The quote: sums, units that come back in parts, figures for the sentences, and what is stored."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from returns.domain.eligibility import judge
from returns.domain.facts import (
    AccountFacts,
    AccountType,
    Channel,
    OrderFacts,
    Reason,
    RequestFacts,
    Resolution,
)
from returns.domain.records import DataError
from returns.domain.settlement import Quote, to_cents
from returns.domain.verdict import Code
from tests.returns.domain.builders import (
    CONSUMER,
    PRO,
    SHOPS,
    SPA,
    TERMS,
    ask,
    at,
    bought,
    gave,
    line_of,
    opened_before,
    overridden,
    said,
    wanted,
)

LATE = "2026-05-01 12:00:00"


def test_half_a_cent_is_rounded_up() -> None:
    assert to_cents(Decimal("0.005")) == Decimal("0.01")
    assert to_cents(Decimal("0.0049999")) == Decimal("0.00")
    assert to_cents(Decimal("2.675")) == Decimal("2.68")


def test_each_line_is_judged_alone() -> None:
    answer = ask(CONSUMER, [wanted(), wanted(opened=9, line=1), wanted(line=2)], [bought(), bought(), bought("peel")])
    assert [line.verdict.outcome.value for line in answer.lines] == ["eligible", "not_eligible", "not_eligible"]
    assert answer.total == Decimal("45.00")


def test_a_line_may_be_judged_without_a_quote() -> None:
    item = bought("peel")
    order = OrderFacts("1001", at("2026-03-01 10:00:00"), None, Channel.DIRECT, Decimal("0.00"), (bought(), item))
    line = wanted(line=1)
    request = RequestFacts(at("2026-03-10 12:00:00"), (line,))
    verdict = judge(TERMS[PRO], AccountFacts(AccountType.STUDENT, Decimal("0.00")), order, request, line)
    assert (verdict.code, verdict.clause_id) == (Code.EXCLUDED_KIND, "PRO-27")


def test_one_order_line_may_stand_in_two_request_lines() -> None:
    item = bought(paid="90.00", quantity=2)
    answer = ask(SPA, [wanted(), wanted("dissatisfied", opened=20)], item)
    assert [said(line) for line in answer.lines] == [
        "eligible FULL_REFUND store_credit 45.00 - 0.00 = 45.00",
        "eligible PARTIAL_USED_CREDIT store_credit 45.00 - 0.00 = 22.50",
    ]


def test_two_request_lines_of_one_order_line_are_rounded_each_on_its_own() -> None:
    item = bought(paid="60.02", quantity=2)
    answer = ask(SPA, [wanted("dissatisfied", opened=20), wanted("dissatisfied", opened=10)], item)
    assert [line.amount for line in answer.lines] == [Decimal("15.01"), Decimal("15.01")]


def test_a_request_that_names_an_odd_line_twice_never_exceeds_what_was_paid() -> None:
    answer = ask(CONSUMER, [wanted(), wanted()], bought(paid="0.01", quantity=2))
    assert [line.gross for line in answer.lines] == [Decimal("0.01"), Decimal("0.00")]


# ---------------------------------------------------------------------------------------------------- parts of a line


def test_a_third_of_ten_dollars_comes_back_to_the_cent() -> None:
    item = bought(paid="10.00", quantity=3)
    first = line_of(CONSUMER, items=item)
    assert first.gross == Decimal("3.33")
    second = line_of(CONSUMER, items=replace(item, returned=(gave("FULL_REFUND", "3.33"),)))
    assert second.gross == Decimal("3.34")
    third = line_of(CONSUMER, items=replace(item, returned=(gave("FULL_REFUND", "3.33"), gave("FULL_REFUND", "3.34"))))
    assert third.gross == Decimal("3.33")


def test_the_fee_of_a_split_line_ends_at_the_fee_of_the_whole() -> None:
    item = bought(paid="20.06", quantity=2)
    assert line_of(PRO, wanted(quantity=2), item, asked=LATE).fee == Decimal("4.01")
    earlier = gave("RESTOCKING_FEE", "10.03", fee="2.01", rate=Decimal(20))
    assert line_of(PRO, items=replace(item, returned=(earlier,)), asked=LATE).fee == Decimal("2.00")


def test_other_terms_are_rounded_on_their_own() -> None:
    item = bought(paid="20.06", quantity=2, returned=(gave("FULL_REFUND", "10.03"),))
    assert said(line_of(PRO, items=item, asked=LATE)) == "eligible RESTOCKING_FEE refund 10.03 - 2.01 = 8.02"


def test_half_credits_of_a_split_line_end_at_the_half_of_the_whole() -> None:
    earlier = gave("PARTIAL_USED_CREDIT", "30.01", amount="15.01")
    item = bought(paid="60.02", quantity=2, returned=(earlier,))
    assert line_of(SPA, wanted("dissatisfied", opened=20), item).amount == Decimal("15.00")


def test_nothing_is_ever_taken_back_again() -> None:
    generous = gave("STAFF_OVERRIDE", "45.00")
    item = bought(paid="45.00", quantity=2, returned=(generous,))
    assert said(line_of(CONSUMER, items=item)) == "eligible FULL_REFUND refund 0.00 - 0.00 = 0.00"
    fees = gave("RESTOCKING_FEE", "1.00", fee="1.00", rate=Decimal(20))
    assert line_of(PRO, items=bought(paid="2.00", quantity=2, returned=(fees,)), asked=LATE).fee == 0


def test_more_units_than_bought_never_give_more_than_was_paid() -> None:
    assert line_of(CONSUMER, wanted(quantity=5)).gross == Decimal("45.00")


def test_free_items_that_are_back_are_not_asked_for_again() -> None:
    back = bought("promo", paid="0.00", returned=(gave("FULL_REFUND", "0.00"),))
    half = bought("promo", paid="0.00", quantity=2, returned=(gave("FULL_REFUND", "0.00"),))
    assert ask(SPA, wanted(), [bought(), back, half]).also_return == (2,)
    assert ask(SPA, [wanted(), wanted(line=1)], [bought(), half]).also_return == ()


def test_a_shop_that_owes_the_customer_takes_nothing_off() -> None:
    assert ask(PRO, owes="-30.00").balance_applied == 0


# ------------------------------------------------------------------------------------- figures for the sentences


def test_in_full_until() -> None:
    numbers = line_of(CONSUMER, asked="2026-03-13 12:00:00").verdict.numbers
    assert (numbers.clock, numbers.age_days, numbers.limit_days) == ("purchase", 12, 30)
    assert (numbers.started_on, numbers.requested_on) == (date(2026, 3, 1), date(2026, 3, 13))
    assert numbers.limit_on == numbers.full_until == numbers.exchange_until == date(2026, 3, 31)
    assert numbers.money_until is None
    assert line_of(SPA).verdict.numbers.money_until == date(2026, 3, 16)


def test_less_the_fee() -> None:
    numbers = line_of(CONSUMER, asked="2026-04-17 12:00:00").verdict.numbers
    assert (numbers.age_days, numbers.fee_percent, numbers.fixed_fee) == (47, Decimal(20), Decimal("0.00"))
    assert (numbers.limit_days, numbers.limit_on, numbers.full_until) == (None, None, date(2026, 3, 31))
    assert (numbers.expires_on, numbers.shelf_months) == (date(2031, 1, 31), 12)


def test_half_used() -> None:
    numbers = line_of(SPA, wanted("dissatisfied", opened=30)).verdict.numbers
    figures = (numbers.share_percent, numbers.used_percent, numbers.limit_percent, numbers.limit_on)
    assert figures == (Decimal(50), Decimal(30), Decimal(50), date(2026, 3, 16))


def test_returns_end() -> None:
    numbers = line_of(SPA, asked="2026-03-17 12:00:00").verdict.numbers
    assert (numbers.age_days, numbers.limit_days, numbers.limit_on) == (16, 15, date(2026, 3, 16))


HOURS = [
    ("2026-03-04 14:59:59", 0),
    ("2026-03-05 09:00:00", 19),
    ("2026-03-06 13:59:59", 47),
    ("2026-03-06 14:00:00", 48),
    ("2026-03-06 14:00:01", 49),
    ("2026-03-06 17:00:00", 51),
]


@pytest.mark.parametrize(("asked", "hours"), HOURS)
def test_hours_since_delivery_never_look_in_time_once_late(asked: str, hours: int) -> None:
    numbers = line_of(PRO, wanted("damaged"), asked=asked).verdict.numbers
    assert (numbers.hours, numbers.limit_hours) == (hours, 48)
    assert numbers.claim_until == at("2026-03-06 14:00:00")


def test_damage_can_be_reported_until() -> None:
    early = line_of(CONSUMER, wanted(opened=5), asked="2026-03-06 14:00:00").verdict.numbers
    assert early.claim_until == at("2026-03-06 14:00:00")
    assert line_of(CONSUMER, wanted(opened=5), asked="2026-03-06 14:00:01").verdict.numbers.claim_until is None
    assert line_of(CONSUMER, wanted(opened=5), delivered=None).verdict.numbers.claim_until is None
    assert line_of(SPA, wanted(resalable=False)).verdict.numbers.claim_until_on == date(2026, 3, 16)
    assert line_of(SPA, asked="2026-03-17 12:00:00").verdict.numbers.claim_until_on is None


def test_every_clause_a_verdict_names_is_in_the_policy() -> None:
    asked = [wanted(reason.value, wish) for reason in Reason for wish in ("refund", "exchange")]
    asked += [wanted(opened=30), wanted(opened=80), wanted(opened=None), wanted(resalable=False)]
    for shop in SHOPS:
        for moment in ("2026-03-05 12:00:00", "2026-06-01 12:00:00"):
            for item in (bought(), bought("peel", "final_sale"), bought(None), bought(expires_on=None)):
                for line in asked:
                    verdict = line_of(shop, line, item, asked=moment, partner=True, earlier=opened_before("2025-01-01"))
                    for reason in verdict.verdict.reasons:
                        assert TERMS[shop].clause(reason.clause_id).text


# -------------------------------------------------------------------------------------------------------------- storage


def test_a_stored_quote_is_the_same_quote() -> None:
    lines = [
        wanted(),
        wanted("damaged", "replacement", line=1),
        wanted(opened=80, resalable=False, line=2),
        wanted(wants="exchange", line=3, override=overridden("none")),
    ]
    items = [bought(), bought("peel"), bought(None), bought()]
    for shop in SHOPS:
        answer = ask(shop, lines, items, owes="12.00", shipping="10.00", asked="2026-04-03 12:00:00", partner=True)
        stored = json.loads(json.dumps(answer.as_data()))
        assert Quote.from_data(stored) == answer


def test_a_stored_quote_that_was_tampered_with_is_refused() -> None:
    data = ask(SPA).as_data()
    data["lines"][0]["verdict"]["code"] = "BECAUSE"
    with pytest.raises(DataError, match=r"^lines\[0\]\.verdict\.code: must be one of FULL_REFUND, "):
        Quote.from_data(data)


def test_codes_and_resolutions_are_plain_words() -> None:
    assert Code.FULL_REFUND == "FULL_REFUND"
    assert Resolution.NONE.is_money is False
