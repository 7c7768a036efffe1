"""Calendars and clocks: when processing is due, when a claim is late, when the shop answers, when staff are reminded.

An instant may come in any zone; a day is always the calendar day at the storefront (GEN-01, RES-34).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from returns.domain.federal_holidays import is_federal_holiday
from returns.domain.policy import DayCount, Holidays, PolicyTerms, Weekday

_DAY = timedelta(days=1)
_WEEKDAYS = tuple(Weekday)


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant at the storefront (GEN-01)."""
    return instant.astimezone(zone).date()


def elapsed(since: datetime, until: datetime) -> timedelta:
    """Real time between two instants; subtracting wall clocks of one zone would miss the DST change (GEN-03)."""
    return until.astimezone(UTC) - since.astimezone(UTC)


def claim_deadline(delivered_at: datetime, hours: int) -> datetime:
    """The last instant, in UTC, at which damage can be reported: ``hours`` real hours after delivery, inclusive."""
    return delivered_at.astimezone(UTC) + timedelta(hours=hours)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month where it has no such day (29 February, RES-19)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise OverflowError(f"{day} plus {months} months is beyond the calendar")


# ------------------------------------------------------------------------------------------------------ processing


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The days on which a shop works: its weekdays, without its holidays and extra closing days."""

    weekdays: tuple[Weekday, ...] = _WEEKDAYS[:5]
    holidays: Holidays = Holidays.US_FEDERAL
    closing_days: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Whether the shop works on this day."""
        if _WEEKDAYS[day.weekday()] not in self.weekdays or day in self.closing_days:
            return False
        return not (self.holidays is Holidays.US_FEDERAL and is_federal_holiday(day))

    def add(self, day: date, count: int) -> date:
        """The ``count``-th business day after ``day``, which itself isn't counted (GEN-10)."""
        while count:
            day += _DAY
            count -= self.is_business_day(day)
        return day


def processing_due_on(terms: PolicyTerms, received_at: datetime, closing_days: Collection[date] = ()) -> date:
    """The day by which a return that arrived at ``received_at`` is processed (LPS-32, CON-32, GEN-10).

    The day of receipt is day 0. Calendar days don't shift for weekends. ``closing_days`` are extra days on which the
    storefront is closed; they count for business days only.
    """
    rule = terms.processing
    day = local_date(received_at, terms.zone)
    if rule.count is DayCount.CALENDAR:
        return day + _DAY * rule.days
    return BusinessCalendar(rule.weekdays, rule.holidays, frozenset(closing_days)).add(day, rule.days)


def moved_by_waiting(
    terms: PolicyTerms, due_on: date, since: date, until: date, closing_days: Collection[date] = ()
) -> date:
    """The due day after the clock stood still from ``since`` to ``until``, waiting for the customer.

    It moves by the days waited, counted as the policy counts its days (LPS-32, CON-32).
    """
    rule = terms.processing
    if rule.count is DayCount.CALENDAR:
        return due_on + (until - since)
    calendar = BusinessCalendar(rule.weekdays, rule.holidays, frozenset(closing_days))
    waited = sum(calendar.is_business_day(since + _DAY * ahead) for ahead in range(1, (until - since).days + 1))
    return calendar.add(due_on, waited)


# --------------------------------------------------------------------------------------------------- service hours


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """When people answer, by the wall clock at the storefront: ``hours`` by weekday ("mon" …), opening to closing.

    The opening minute is open, the closing one is closed. A weekday without hours is closed all day.
    """

    timezone: str
    hours: Mapping[str, tuple[time, time]]
    closed_on_federal_holidays: bool = True
    closing_days: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def of(
        cls,
        timezone: str,
        hours: Mapping[str, Collection[str]],
        *,
        closed_on_federal_holidays: bool,
        closing_days: Collection[date] = (),
    ) -> ServiceHours:
        """From hours as the settings have them: ``{"mon": ["08:30", "18:00"]}``."""
        spans = {day: (time.fromisoformat(opens), time.fromisoformat(closes)) for day, (opens, closes) in hours.items()}
        return cls(timezone, spans, closed_on_federal_holidays, frozenset(closing_days))

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Opening and closing of this day, None where the shop is closed."""
        span = self.hours.get(_WEEKDAYS[day.weekday()])
        if span is None or day in self.closing_days or (self.closed_on_federal_holidays and is_federal_holiday(day)):
            return None
        zone = ZoneInfo(self.timezone)
        return datetime.combine(day, span[0], zone), datetime.combine(day, span[1], zone)

    def is_service_day(self, day: date) -> bool:
        """Whether anybody works on this day."""
        return self.on(day) is not None


# A year and a day of closed doors is a shop that has no hours.
_HORIZON = 367


def is_open(hours: ServiceHours, at: datetime) -> bool:
    """Whether somebody answers now (CON-22, PRO-26, LPS-34)."""
    span = hours.on(local_date(at, ZoneInfo(hours.timezone)))
    return span is not None and elapsed(span[0], at) >= timedelta() and elapsed(at, span[1]) > timedelta()


def closes_at(hours: ServiceHours, at: datetime) -> datetime | None:
    """When the shop closes today, None where it isn't open now."""
    span = hours.on(local_date(at, ZoneInfo(hours.timezone)))
    return span[1] if span is not None and is_open(hours, at) else None


def next_opening(hours: ServiceHours, at: datetime) -> datetime | None:
    """The next opening after ``at``, at the storefront's wall clock; None for a shop that never opens."""
    day = local_date(at, ZoneInfo(hours.timezone))
    for ahead in range(_HORIZON):
        span = hours.on(day + _DAY * ahead)
        if span is not None and elapsed(at, span[0]) > timedelta():
            return span[0]
    return None


def last_service_day(hours: ServiceHours, day: date) -> date | None:
    """The last service day up to and including ``day``; None for a shop that never opens."""
    return next((day - _DAY * back for back in range(_HORIZON) if hours.is_service_day(day - _DAY * back)), None)


def add_service_days(hours: ServiceHours, day: date, count: int) -> date:
    """The ``count``-th service day after ``day``, which itself isn't counted.

    A shop that never opens has no service days: there every day counts, so that each clock comes to an end.
    """
    never_opens = last_service_day(hours, day + _DAY * _HORIZON) is None
    for _ in range(count * _HORIZON):
        if not count:
            break
        day += _DAY
        count -= never_opens or hours.is_service_day(day)
    return day


# ------------------------------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True)
class DecisionDays:
    """Within how many service days a storefront decides about a request; about a claim it is sooner."""

    ordinary: int = 2
    claim: int = 1

    def of(self, *, is_claim: bool) -> int:
        """How many they are for this request."""
        return self.claim if is_claim else self.ordinary


def decision_due(hours: ServiceHours, days: DecisionDays, asked_at: datetime, *, is_claim: bool) -> date:
    """The day by which staff decide about a request that came at ``asked_at``: that day is day 0.

    Before the package is here this is the only clock that runs; it stands still while the customer is asked.
    """
    return add_service_days(hours, local_date(asked_at, ZoneInfo(hours.timezone)), days.of(is_claim=is_claim))


def decision_moved_by_waiting(hours: ServiceHours, due_on: date, since: datetime, until: datetime) -> date:
    """The decision's day after its clock stood still from ``since`` to ``until``: later by the service days between.

    A late answer never leaves less than was left when the customer was asked.
    """
    zone = ZoneInfo(hours.timezone)
    asked_on, answered_on = local_date(since, zone), local_date(until, zone)
    days = (asked_on + _DAY * ahead for ahead in range(1, (answered_on - asked_on).days + 1))
    return add_service_days(hours, due_on, sum(map(hours.is_service_day, days)))
