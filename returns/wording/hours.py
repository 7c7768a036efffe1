"""When somebody answers, in words: `Mon–Fri, 8:30 am–6 pm Eastern, except holidays`, and whether they do now."""

from collections.abc import Iterator
from datetime import datetime, time
from itertools import groupby

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from returns.domain.deadlines import ServiceHours, closes_at, next_opening
from returns.domain.policy import Weekday
from returns.wording.phrases import clock, listing, zone_name

_DAYS = tuple(Weekday)
Span = tuple[time, time]


def weekly_hours(hours: ServiceHours) -> str:
    """The hours of an ordinary week, days with the same hours together; empty for a shop that names none."""
    runs = [f"{_days(first, last)}, {_span(span)}" for first, last, span in _runs(hours)]
    if not runs:
        return ""
    words = {"hours": listing(runs), "zone": zone_name(hours.timezone)}
    if hours.closed_on_federal_holidays:
        return _("%(hours)s %(zone)s, except holidays") % words
    return _("%(hours)s %(zone)s") % words


def _runs(hours: ServiceHours) -> Iterator[tuple[int, int, Span]]:
    """First and last weekday of each run of days with the same hours."""
    for span, days in groupby(enumerate(_DAYS), key=lambda day: hours.hours.get(day[1])):
        run = [number for number, _ in days]
        if span is not None:
            yield run[0], run[-1], span


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS_ABBR[first])
    return f"{WEEKDAYS_ABBR[first]}–{WEEKDAYS_ABBR[last]}"


def _span(span: Span) -> str:
    return f"{clock(span[0])}–{clock(span[1])}"


def open_now(hours: ServiceHours, now: datetime) -> str:
    """`Open now, until 6 pm`, or `Closed, opens Monday 8:30 am`; empty for a shop that names no hours."""
    closing = closes_at(hours, now)
    if closing is not None:
        return _("Open now, until %(time)s") % {"time": clock(closing)}
    opening = next_opening(hours, now)
    if opening is None:
        return ""
    if opening.date() == now.astimezone(opening.tzinfo).date():
        return _("Closed, opens today %(time)s") % {"time": clock(opening)}
    return _("Closed, opens %(day)s %(time)s") % {"day": WEEKDAYS[opening.weekday()], "time": clock(opening)}


def closed_now(hours: ServiceHours, now: datetime) -> str:
    """`Closed, opens Monday 8:30 am. The form works day and night.`; empty while somebody answers (RES-21)."""
    words = open_now(hours, now)
    if not words or closes_at(hours, now) is not None:
        return ""
    return _("%(closed)s. The form works day and night.") % {"closed": words}
