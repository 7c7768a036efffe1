"""Days and dates as a person with a calendar counts them; the holidays come from a package of their own."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays


def today() -> date:
    """The day at the storefronts, which all keep Eastern time."""
    return datetime.now(ZoneInfo("America/New_York")).date()


def days_after(day: date, count: int) -> date:
    """So many calendar days later."""
    return day + timedelta(days=count)


def business_days_after(day: date, count: int) -> date:
    """So many days later, Saturdays, Sundays and federal holidays not counted."""
    closed = holidays.country_holidays("US", years=[day.year, day.year + 1], observed=True)
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in closed
    return day


def read_day(words: str) -> date:
    """The day that is written so."""
    return datetime.strptime(words, "%A, %B %d, %Y").replace(tzinfo=UTC).date()
