"""The contact loop of packages nobody can place, and their marks."""

from datetime import date

import pytest

from returns.domain.holding import new_mark, next_step, next_step_on, read_mark


@pytest.mark.parametrize(("tries", "day"), [(0, 18), (1, 21), (2, 25), (3, 32), (4, 32), (40, 32)])
def test_the_sender_is_tried_on_days_0_3_and_7_and_on_day_14_it_is_decided(tries: int, day: int) -> None:
    assert next_step_on(date(2026, 11, 18), tries).toordinal() == date(2026, 11, 1).toordinal() + day - 1
    assert next_step(tries).words.startswith("Decide") == (tries >= 3)


def test_a_mark_is_read_however_it_was_typed() -> None:
    mark = new_mark()
    assert read_mark(mark) == read_mark(mark.lower().replace("-", "")) == read_mark(f" {mark[:3]} {mark[3:]} ") == mark


@pytest.mark.parametrize("text", ["", "H-", "H-7K3F", "H-7K3F22", "H-7K3O2", "RMA-7K3F-9Q2M-X", "Anna", "H-7K3F2\0"])
def test_what_is_no_mark_is_not_looked_for(text: str) -> None:
    assert read_mark(text) == ""
