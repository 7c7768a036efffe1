"""Records and their data: what `write` says, `read` understands; everything else is refused by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from returns.domain.records import DataError, date_of, decimal_of, inside, read, shown, write


@dataclass(frozen=True, slots=True)
class Part:
    amount: Decimal
    on: date | None


@dataclass(frozen=True, slots=True)
class Whole:
    at: datetime
    parts: tuple[Part, ...]
    names: frozenset[str]
    by_name: Mapping[str, Part]
    count: int = 3
    note: str | None = None


WHOLE = Whole(
    at=datetime(2026, 3, 1, 15, 0, tzinfo=UTC),
    parts=(Part(Decimal("1E+2"), None), Part(Decimal("0.10"), date(2026, 3, 1))),
    names=frozenset({"b", "a"}),
    by_name={"x": Part(Decimal(1), None)},
)
DATA = {
    "at": "2026-03-01T15:00:00+00:00",
    "parts": [{"amount": "100", "on": None}, {"amount": "0.10", "on": "2026-03-01"}],
    "names": ["a", "b"],
    "by_name": {"x": {"amount": "1", "on": None}},
    "count": 3,
}


def test_what_is_written_can_be_read() -> None:
    assert write(WHOLE) == DATA
    assert read(Whole, DATA) == WHOLE


def test_only_a_none_that_is_the_default_is_left_out() -> None:
    assert write(Part(Decimal(1), None)) == {"amount": "1", "on": None}
    assert "note" not in DATA


WRONG = [
    ({"at": "2026-03-01T15:00:00"}, "at"),
    ({"at": "yesterday"}, "at"),
    ({"at": 5}, "at"),
    ({"parts": [{"amount": "1", "on": "2026-02-30"}]}, "parts[0].on"),
    ({"parts": [{"amount": "1", "on": 5}]}, "parts[0].on"),
    ({"parts": [{"amount": "one", "on": None}]}, "parts[0].amount"),
    ({"parts": "none"}, "parts"),
    ({"names": ["a", 1]}, "names[1]"),
    ({"by_name": []}, "by_name"),
    ({"by_name": {"x": None}}, "by_name.x"),
    ({"count": None}, "count"),
    ({"more": 1}, "more"),
]


@pytest.mark.parametrize(("change", "key"), WRONG)
def test_wrong_data_is_refused_by_key(change: dict[str, Any], key: str) -> None:
    with pytest.raises(DataError) as caught:
        read(Whole, DATA | change, "whole")
    assert caught.value.key == f"whole.{key}"


def test_decimals_are_read_from_numbers_and_texts_and_are_finite() -> None:
    assert decimal_of("12.50") == decimal_of(12.5) == decimal_of(Decimal("1.25E+1")) == Decimal("12.5")
    for value in ("1e5", "NaN", float("inf"), Decimal("NaN"), "", None, True, "1" * 40):
        assert decimal_of(value) is None


def test_dates_are_days_and_not_instants() -> None:
    assert date_of(date(2026, 3, 1)) == date_of("2026-03-01") == date(2026, 3, 1)
    assert date_of(datetime(2026, 3, 1, tzinfo=UTC)) is None


def test_values_are_shown_short_plain_and_on_one_line() -> None:
    assert shown("a\nb\u202e") == r"'a\nb\u202e'"
    assert shown(Decimal("1.50")) == "'1.50'"
    assert len(shown("x" * 500)) < 70


def test_paths_are_written_as_in_the_file() -> None:
    assert inside(inside(inside("", "tiers"), 1), "until_day") == "tiers[1].until_day"
