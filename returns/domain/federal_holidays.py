"""The federal holidays of the United States, by their own rules (RES-14).

A holiday on a Saturday is observed on the Friday before it, one on a Sunday on the Monday after it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + _DAY * ((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday_of_may(year: int) -> date:
    end = date(year, 5, 31)
    return end - _DAY * end.weekday()


def _observed(day: date) -> date:
    return day + {_SATURDAY: -_DAY, _SUNDAY: _DAY}.get(day.weekday(), timedelta())


@lru_cache(maxsize=64)
def holidays_of(year: int) -> frozenset[date]:
    """The weekdays of ``year`` on which a federal holiday is observed, whichever year the holiday belongs to."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25), date(year + 1, 1, 1)]
    if year >= 2021:  # Juneteenth became a federal holiday in June 2021
        fixed.append(date(year, 6, 19))
    moving = [
        _nth(year, 1, 0, 3),  # Martin Luther King Jr.
        _nth(year, 2, 0, 3),  # Washington
        _last_monday_of_may(year),  # Memorial Day
        _nth(year, 9, 0, 1),  # Labor Day
        _nth(year, 10, 0, 2),  # Columbus Day
        _nth(year, 11, 3, 4),  # Thanksgiving
    ]
    return frozenset(day for day in [*map(_observed, fixed), *moving] if day.year == year)


def is_federal_holiday(day: date) -> bool:
    """Whether a federal holiday is observed on this day. False on every Saturday and Sunday."""
    return day in holidays_of(day.year)
