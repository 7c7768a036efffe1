"""How much of a product is used."""

from decimal import Decimal

import pytest

from returns.domain.usage import Measure, Measurement, as_data, counted_percent, from_data


def measured(full: str, empty: str, now: str) -> Measurement:
    return Measurement(Decimal(full), Decimal(empty), Decimal(now))


def test_the_container_is_not_counted() -> None:
    assert measured("214", "164", "190.8").used_percent == Decimal("46.40")


@pytest.mark.parametrize(("now", "used"), [("100", "0.00"), ("0", "100.00"), ("50", "50.00")])
def test_full_half_and_empty(now: str, used: str) -> None:
    assert measured("100", "0", now).used_percent == Decimal(used)


def test_a_trace_above_the_limit_stays_above_it() -> None:
    assert measured("300", "0", "149.99").used_percent > 50
    assert measured("300", "0", "150").used_percent == 50


def test_the_larger_of_two_measurements_counts() -> None:
    assert counted_percent([measured("100", "0", "60"), measured("50", "0", "26")]) == Decimal("48.00")
    assert counted_percent([]) is None


@pytest.mark.parametrize(
    ("full", "empty", "now"), [("10", "10", "10"), ("5", "10", "7"), ("10", "5", "11"), ("10", "5", "4")]
)
def test_an_impossible_measurement_has_no_share(full: str, empty: str, now: str) -> None:
    assert not measured(full, empty, now).is_possible
    with pytest.raises(ValueError, match="full must be more than empty"):
        _ = measured(full, empty, now).used_percent


def test_measurements_are_stored_and_read_again_weight_first() -> None:
    taken = {Measure.VOLUME: measured("50", "0", "26"), Measure.WEIGHT: measured("139.0", "82.0", "130.5")}
    assert from_data(as_data(taken)) == taken
    assert list(from_data(as_data(taken))) == [Measure.WEIGHT, Measure.VOLUME]
    assert [what.unit for what in Measure] == ["g", "ml"]
