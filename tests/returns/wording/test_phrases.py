"""US English, the same everywhere: money, dates, counts, lists."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from returns.wording import phrases

EASTERN = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("97.92", "$97.92"), ("-24.48", "\u2212$24.48"), ("0", "$0.00"), ("1234.5", "$1,234.50"), ("-0.00", "$0.00")],
)
def test_money_always_has_cents_and_a_true_minus(amount: str, shown: str) -> None:
    assert phrases.money(Decimal(amount)) == shown


def test_other_currencies_are_named() -> None:
    assert phrases.money(Decimal("5.00"), "EUR") == "€5.00"
    assert phrases.money(Decimal("5.00"), "CAD") == "5.00\u00a0CAD"


@pytest.mark.parametrize(("share", "shown"), [("20", "20%"), ("14.90", "14.9%"), ("100", "100%"), ("0.00", "0%")])
def test_percentages_have_no_zeros_behind_the_point(share: str, shown: str) -> None:
    assert phrases.percent(Decimal(share)) == shown


def test_a_date_somebody_has_to_keep_has_its_weekday() -> None:
    assert phrases.long_date(date(2026, 12, 4)) == "Friday, December 4, 2026"
    assert phrases.plain_date(date(2026, 12, 4)) == "December 4, 2026"
    assert phrases.month(date(2026, 3, 9)) == "March 2026"


def test_a_moment_is_told_by_the_storefronts_clock() -> None:
    at = datetime(2026, 11, 19, 3, 52, tzinfo=UTC)
    assert phrases.moment(at, EASTERN) == "Wednesday, November 18, 2026, 10:52 pm"
    assert phrases.brief_moment(at, EASTERN) == "Wed, Nov 18, 10:52 pm"


@pytest.mark.parametrize(
    ("at", "shown"), [(time(8, 30), "8:30 am"), (time(18), "6 pm"), (time(0), "12 am"), (time(12, 5), "12:05 pm")]
)
def test_the_clock(at: time, shown: str) -> None:
    assert phrases.clock(at) == shown


def test_counts_and_lists() -> None:
    assert (phrases.count(1, "day"), phrases.count(10, "day")) == ("1 day", "10 days")
    assert phrases.listing(["a"]) == "a"
    assert phrases.listing(["a", "b", "c"]) == "a, b and c"
    assert phrases.listing(["a", "b"], "or") == "a or b"
    assert phrases.listing([]) == ""


@pytest.mark.parametrize(("number", "shown"), [(12, "a year"), (24, "2 years"), (6, "6 months"), (1, "1 month")])
def test_months_are_years_where_they_are(number: int, shown: str) -> None:
    assert phrases.months(number) == shown


def test_shares_people_know_by_name_are_called_so() -> None:
    assert phrases.part_of_price(Decimal(50)) == "half of what you paid"
    assert phrases.part_of_price(Decimal(40)) == "40% of what you paid"


def test_zones_are_named_as_people_name_them() -> None:
    assert phrases.zone_name("America/New_York") == "Eastern"
    assert phrases.zone_name("Europe/Berlin") == "Berlin"
    assert phrases.zone_name("America/Porto_Velho") == "Porto Velho"
