"""Days to report on, by each storefront's own calendar, and which date of a return they mean."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q

from returns.models import Storefront

DAY = timedelta(days=1)


class By(StrEnum):
    """Which date puts a return into a period. Booked is the ledger's own: the day of each entry."""

    REQUESTED = "requested"
    RECEIVED = "received"
    SETTLED = "settled"
    BOOKED = "booked"


class Span(StrEnum):
    """How long a roll-up is."""

    DAY = "day"
    MONTH = "month"


class Window(NamedTuple):
    """One day of one storefront, and the moments between which it lies there."""

    storefront_id: int
    day: date
    starts: datetime
    ends: datetime


class Cell(NamedTuple):
    """One roll-up of one storefront, by its first day."""

    storefront_id: int
    span: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, each storefront by its own calendar."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + number * DAY for number in range(self.days))

    @property
    def before(self) -> "Period":
        """What it is compared with: the months before where it is whole months, else as many days before."""
        if self.first.day == 1 and (self.last + DAY).day == 1:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            return Period(_months_on(self.first, -months), self.first - DAY)
        return Period(self.first - self.days * DAY, self.first - DAY)

    @property
    def months(self) -> list[date]:
        """The first days of the months that lie in it as a whole."""
        month = month_of(self.first) if self.first.day == 1 else _months_on(self.first, 1)
        found = []
        while _months_on(month, 1) - DAY <= self.last:
            found.append(month)
            month = _months_on(month, 1)
        return found

    def bounds(self, storefront: Storefront) -> tuple[datetime, datetime]:
        """The first moment of the first day and the first moment after the last, at this storefront."""
        return first_moment(self.first, storefront), first_moment(self.last + DAY, storefront)

    def holds(self, column: str, storefronts: Iterable[Storefront], *, prefix: str = "") -> Q:
        """Rows whose moment in `column` falls into the period, by the calendar of the row's own storefront."""
        any_of = Q(pk__in=[])
        for storefront in storefronts:
            start, end = self.bounds(storefront)
            any_of |= Q(**{f"{prefix}storefront": storefront, f"{column}__gte": start, f"{column}__lt": end})
        return any_of


def first_moment(day: date, storefront: Storefront) -> datetime:
    """When the day begins at the storefront."""
    return datetime.combine(day, time.min, storefront.zone)


def window(storefront: Storefront, day: date) -> Window:
    """The day as a stretch of time."""
    return Window(storefront.pk, day, first_moment(day, storefront), first_moment(day + DAY, storefront))


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def _months_on(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def cells(storefront_id: int, period: Period, dirty: Iterable[date]) -> list[Cell]:
    """The fewest roll-ups that make up the period at a storefront, without the days in `dirty`."""
    without = set(dirty)
    spoiled = {month_of(day) for day in without}
    months = [month for month in period.months if month not in spoiled]
    whole = [Cell(storefront_id, Span.MONTH.value, month) for month in months]
    covered = set(months)
    days = (day for day in period if month_of(day) not in covered and day not in without)
    return [*whole, *(Cell(storefront_id, Span.DAY.value, day) for day in days)]
