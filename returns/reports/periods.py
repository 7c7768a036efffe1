"""Days to report on, by each storefront's own calendar, and which date of a return they mean."""

from collections.abc import Callable, Iterable, Iterator
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


class Stretch(NamedTuple):
    """Days in a row at one storefront, and the moments between which they lie there."""

    storefront_id: int
    starts: datetime
    ends: datetime


class Part(NamedTuple):
    """Roll-ups in a row: how long each is, the first day of the first and the first day of the last."""

    span: Span
    first: date
    last: date


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
        while next_month(month) - DAY <= self.last:
            found.append(month)
            month = next_month(month)
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


def stretches(days: Iterable[tuple[Storefront, date]]) -> list[Stretch]:
    """Days of storefronts as the fewest stretches of time."""
    of_shop: dict[Storefront, list[date]] = {}
    for shop, day in days:
        of_shop.setdefault(shop, []).append(day)
    return [
        Stretch(shop.pk, first_moment(first, shop), first_moment(last + DAY, shop))
        for shop, found in of_shop.items()
        for first, last in runs(found, next_day)
    ]


def next_day(day: date) -> date:
    """The day after."""
    return day + DAY


def runs(days: Iterable[date], following: Callable[[date], date]) -> list[tuple[date, date]]:
    """The first and the last of the days, or months, that follow each other without a gap."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and following(found[-1][1]) == day:
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def _months_on(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return _months_on(month, 1)


def parts(period: Period, without: Iterable[date]) -> list[Part]:
    """The fewest rows of roll-ups that make up the period, these days left out."""
    left_out = sorted(without)
    spoiled = {month_of(day) for day in left_out}
    found, first = list[Part](), period.first
    for month, last in runs((month for month in period.months if month not in spoiled), next_month):
        found += [*day_parts(Period(first, month - DAY), left_out), Part(Span.MONTH, month, last)]
        first = next_month(last)
    return [*found, *day_parts(Period(first, period.last), left_out)]


def day_parts(period: Period, without: Iterable[date]) -> list[Part]:
    """The same with roll-ups of days alone."""
    found, first = list[Part](), period.first
    for day in (*sorted(day for day in without if day in period), period.last + DAY):
        if first < day:
            found.append(Part(Span.DAY, first, day - DAY))
        first = day + DAY
    return found
