"""When processing is due, when the shop answers, when staff are reminded: checked by hand and against a library."""

import os
import time as system_time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import holidays
import pytest

from returns.domain.deadlines import (
    BusinessCalendar,
    DecisionDays,
    ServiceHours,
    add_months,
    claim_deadline,
    closes_at,
    decision_due,
    decision_moved_by_waiting,
    elapsed,
    is_open,
    next_opening,
    processing_due_on,
)
from returns.domain.federal_holidays import holidays_of, is_federal_holiday
from returns.domain.policy import Holidays, Weekday
from returns.domain.reminders import ReminderStep, reminder_on, reminders_before, steps_on
from tests.ladder import steps_owed
from tests.returns.domain.builders import CONSUMER, PRO, SETTINGS, SPA, TERMS, at, line_of, said, wanted

DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


# ---------------------------------------------------------------------------------------------------- federal holidays


@pytest.mark.parametrize("year", range(2000, 2061))
def test_federal_holidays_agree_with_the_library(year: int) -> None:
    library = {day for day in holidays.country_holidays("US", years=range(year - 1, year + 2)) if day.weekday() < 5}
    assert holidays_of(year) == {day for day in library if day.year == year}


OBSERVED = [
    ("2027-07-05", "Independence Day falls on a Sunday"),
    ("2026-07-03", "Independence Day falls on a Saturday"),
    ("2021-12-31", "the New Year of 2022 falls on a Saturday, and is observed in the old year"),
    ("2027-12-31", "the New Year of 2028 falls on a Saturday, and is observed in the old year"),
    ("2023-01-02", "New Year falls on a Sunday"),
    ("2026-11-26", "Thanksgiving"),
    ("2026-06-19", "Juneteenth"),
]


@pytest.mark.parametrize("text", [row[0] for row in OBSERVED], ids=[row[1] for row in OBSERVED])
def test_holidays_are_observed_on_weekdays(text: str) -> None:
    assert is_federal_holiday(day(text))


@pytest.mark.parametrize("text", ["2026-07-04", "2027-07-04", "2026-07-06", "2020-06-19", "2022-01-01", "2026-11-27"])
def test_weekends_and_the_days_beside_are_no_holidays(text: str) -> None:
    assert not is_federal_holiday(day(text))


# ---------------------------------------------------------------------------------------------------------- processing

BUSINESS = [
    ("from a Monday", "2026-03-09 11:00:00", "2026-03-23"),
    ("from a Friday evening", "2026-03-13 23:59:59", "2026-03-27"),
    ("from a Saturday", "2026-03-14 12:00:00", "2026-03-27"),
    ("from a Sunday", "2026-03-15 12:00:00", "2026-03-27"),
    ("Sunday in New York, Monday in UTC", "2026-03-16T03:59:59Z", "2026-03-27"),
    ("Monday in New York", "2026-03-16T04:00:00Z", "2026-03-30"),
    ("over Thanksgiving", "2026-11-18 12:00:00", "2026-12-03"),
    ("over an Independence Day on a Saturday", "2026-06-26 12:00:00", "2026-07-13"),
    ("over an Independence Day on a Sunday", "2027-06-28 12:00:00", "2027-07-13"),
    ("over Christmas and New Year", "2026-12-18 12:00:00", "2027-01-05"),
    ("over a New Year that is observed in December", "2027-12-20 12:00:00", "2028-01-05"),
    ("arrived on a holiday", "2026-05-25 12:00:00", "2026-06-08"),
    ("over the night without 2:30", "2027-03-13 23:30:00", "2027-03-26"),
    ("in the night without 2:30", "2027-03-14T07:30:00Z", "2027-03-26"),
    ("in the first 1:30 of the long night", "2027-11-07T05:30:00Z", "2027-11-22"),
    ("in the second 1:30 of the long night", "2027-11-07T06:30:00Z", "2027-11-22"),
    ("from a leap day", "2028-02-29 23:59:59", "2028-03-14"),
    ("over Veterans Day and the autumn change", "2026-10-30 12:00:00", "2026-11-16"),
]


@pytest.mark.parametrize(("received", "due"), [row[1:] for row in BUSINESS], ids=[row[0] for row in BUSINESS])
def test_10_business_days_at_le_petit_spa(received: str, due: str) -> None:
    assert processing_due_on(TERMS[SPA], at(received)) == day(due)


CALENDAR = [
    ("the due day may be a Sunday", "2026-03-12 10:00:00", "2026-03-22"),
    ("the last second of a day", "2026-03-12 23:59:59", "2026-03-22"),
    ("the first second of the next", "2026-03-13 00:00:00", "2026-03-23"),
    ("the same in UTC", "2026-03-13T03:59:59Z", "2026-03-22"),
    ("across a leap day", "2028-02-25 10:00:00", "2028-03-06"),
    ("across the end of a year and a holiday", "2026-12-28 10:00:00", "2027-01-07"),
    ("across the autumn change", "2027-10-31 23:30:00", "2027-11-10"),
]


@pytest.mark.parametrize("shop", [CONSUMER, PRO])
@pytest.mark.parametrize(("received", "due"), [row[1:] for row in CALENDAR], ids=[row[0] for row in CALENDAR])
def test_10_calendar_days_at_image(shop: str, received: str, due: str) -> None:
    assert processing_due_on(TERMS[shop], at(received)) == day(due)


def test_extra_closing_days_move_business_days_alone() -> None:
    closed = [day("2026-03-17"), day("2026-03-22")]
    assert processing_due_on(TERMS[SPA], at("2026-03-09 11:00:00"), closed) == day("2026-03-24")
    assert processing_due_on(TERMS[CONSUMER], at("2026-03-09 11:00:00"), closed) == day("2026-03-19")


def test_a_shop_may_have_other_weekdays_and_no_holidays() -> None:
    calendar = BusinessCalendar((Weekday.TUE, Weekday.SAT), Holidays.NONE)
    assert calendar.add(day("2026-12-22"), 2) == day("2026-12-29")
    assert calendar.is_business_day(day("2026-07-04"))


# --------------------------------------------------------------------------------------------------------------- clocks


def test_elapsed_time_is_real_time_even_in_one_zone() -> None:
    assert elapsed(at("2026-03-07 12:00:00"), at("2026-03-08 12:00:00")) == timedelta(hours=23)
    assert elapsed(at("2026-10-31 12:00:00"), at("2026-11-01 12:00:00")) == timedelta(hours=25)


def test_the_claim_deadline_is_48_real_hours_away() -> None:
    assert claim_deadline(at("2027-03-13 12:00:00"), 48) == at("2027-03-15 13:00:00")
    assert claim_deadline(at("2027-11-06 12:00:00"), 48) == at("2027-11-08 11:00:00")


MONTHS = [
    ("2026-04-01", 12, "2027-04-01"),
    ("2028-02-29", 12, "2029-02-28"),
    ("2027-02-28", 12, "2028-02-28"),
    ("2028-02-29", 48, "2032-02-29"),
    ("2026-01-31", 1, "2026-02-28"),
    ("2026-08-31", 1, "2026-09-30"),
    ("2026-12-31", 2, "2027-02-28"),
    ("2027-12-30", 2, "2028-02-29"),
]


@pytest.mark.parametrize(("start", "months", "end"), MONTHS)
def test_months_end_with_the_month(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


def test_the_calendar_has_an_end() -> None:
    with pytest.raises(OverflowError):
        add_months(day("9999-06-01"), 12)


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Kiritimati", "Asia/Kolkata"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine stands somewhere else in the world."""
    monkeypatch.setenv("TZ", request.param)
    system_time.tzset()
    yield request.param
    monkeypatch.undo()
    system_time.tzset()


def test_due_days_are_the_same_on_every_machine(machine_zone: str) -> None:
    """Both nights of the changing clocks, 29 February, the year's end, an observed holiday; promises and decisions."""
    assert os.environ["TZ"] == machine_zone
    for _, received, due in BUSINESS:
        assert processing_due_on(TERMS[SPA], at(received)) == day(due)
    for _, received, due in CALENDAR:
        assert processing_due_on(TERMS[CONSUMER], at(received)) == day(due)
    for asked_at, is_claim, due in DECISIONS:
        assert decision_due(SETTINGS[SPA].service_hours, DecisionDays(), at(asked_at), is_claim=is_claim) == day(due)


def test_the_zone_of_the_machine_does_not_matter(machine_zone: str) -> None:
    assert os.environ["TZ"] == machine_zone
    assert said(line_of(SPA, asked="2026-03-17T03:59:59Z")).startswith("eligible")
    assert said(line_of(SPA, asked="2026-03-17T04:00:00Z")) == "not_eligible WINDOW_EXPIRED"
    assert said(line_of(CONSUMER, wanted("damaged"), asked="2026-03-06T19:00:00Z")).startswith("eligible")
    assert processing_due_on(TERMS[SPA], at("2026-11-19T04:59:59Z")) == day("2026-12-03")
    assert is_open(SETTINGS[PRO].service_hours, at("2026-03-12T12:30:00Z"))


# -------------------------------------------------------------------------------------------------------- service hours

HOURS = [
    (SPA, "2026-03-09 08:59:59", False),
    (SPA, "2026-03-09 09:00:00", True),
    (SPA, "2026-03-09 16:59:59", True),
    (SPA, "2026-03-09 17:00:00", False),
    (CONSUMER, "2026-03-09 08:29:59", False),
    (CONSUMER, "2026-03-09 08:30:00", True),
    (CONSUMER, "2026-03-09 17:59:59", True),
    (CONSUMER, "2026-03-09 18:00:00", False),
    (PRO, "2026-03-13T21:59:59Z", True),
    (PRO, "2026-03-13T22:00:00Z", False),
    (PRO, "2026-03-14 12:00:00", False),
    (CONSUMER, "2026-11-26 12:00:00", True),
    (PRO, "2026-11-26 12:00:00", False),
    (SPA, "2027-07-05 12:00:00", False),
]


@pytest.mark.parametrize(("shop", "instant", "answer"), HOURS)
def test_the_shop_answers_from_opening_to_closing(shop: str, instant: str, answer: bool) -> None:
    assert is_open(SETTINGS[shop].service_hours, at(instant)) is answer


NEXT = [
    (CONSUMER, "2026-03-13 18:00:00", "2026-03-16 08:30:00"),
    (CONSUMER, "2026-03-13 08:29:59", "2026-03-13 08:30:00"),
    (CONSUMER, "2026-03-13 08:30:00", "2026-03-16 08:30:00"),
    (PRO, "2026-11-25 20:00:00", "2026-11-27 08:30:00"),
    (SPA, "2026-12-24 18:00:00", "2026-12-28 09:00:00"),
    (SPA, "2026-03-07 12:00:00", "2026-03-09 09:00:00"),
]


@pytest.mark.parametrize(("shop", "instant", "opens"), NEXT)
def test_the_next_opening_is_after_weekends_and_holidays(shop: str, instant: str, opens: str) -> None:
    assert next_opening(SETTINGS[shop].service_hours, at(instant)) == at(opens)


def hours(**changes: object) -> ServiceHours:
    settings = {"hours": {"mon": ["09:00", "17:00"]}, "closed_on_federal_holidays": False, **changes}
    return ServiceHours.of("America/New_York", **settings)  # type: ignore[arg-type]


def test_an_open_shop_says_when_it_closes() -> None:
    assert closes_at(hours(), at("2026-03-09 12:00:00")) == at("2026-03-09 17:00:00")
    assert closes_at(hours(), at("2026-03-09 17:00:00")) is None
    assert closes_at(hours(), at("2026-03-10 12:00:00")) is None


def test_an_extra_closing_day_is_closed() -> None:
    closed = hours(closing_days=[day("2026-03-09")])
    assert not is_open(closed, at("2026-03-09 12:00:00"))
    assert next_opening(closed, at("2026-03-08 12:00:00")) == at("2026-03-16 09:00:00")


def test_a_shop_without_hours_never_opens_and_reminds_nobody() -> None:
    never = hours(hours={})
    assert next_opening(never, at("2026-03-09 12:00:00")) is None
    assert reminders_before(never, day("2026-03-20")) == ()
    assert reminder_on(never, day("2026-03-20"), day("2026-04-20")) is None


# ------------------------------------------------------------------------------------------------------------ reminders


def steps(shop: str, due_on: str, until: str) -> list[str]:
    owed = steps_owed(SETTINGS[shop].service_hours, day(due_on), day(until))
    return [step.name if step.is_overdue else f"{step.name} {step.on}" for step in owed]


def test_the_ladder_is_five_and_two_days_before_the_day_and_then_every_service_day() -> None:
    assert steps(SPA, "2026-03-20", "2026-03-25") == [
        "before 5 2026-03-13",
        "before 2 2026-03-18",
        "today 2026-03-20",
        "overdue 2026-03-23",
        "overdue 2026-03-24",
        "overdue 2026-03-25",
    ]


def test_a_step_on_a_closed_day_moves_to_the_service_day_before() -> None:
    assert steps(CONSUMER, "2026-03-22", "2026-03-23") == [
        "before 5 2026-03-17",
        "today 2026-03-20",
        "overdue 2026-03-23",
    ]
    assert steps(SPA, "2026-11-28", "2026-11-30") == [
        "before 5 2026-11-23",
        "before 2 2026-11-25",
        "today 2026-11-27",
        "overdue 2026-11-30",
    ]


OWED = [
    ("2026-03-12", None),
    ("2026-03-13", ReminderStep(5, day("2026-03-13"))),
    ("2026-03-17", ReminderStep(5, day("2026-03-13"))),
    ("2026-03-18", ReminderStep(2, day("2026-03-18"))),
    ("2026-03-20", ReminderStep(0, day("2026-03-20"))),
    ("2026-03-21", ReminderStep(0, day("2026-03-20"))),
    ("2026-03-23", ReminderStep(None, day("2026-03-23"))),
    ("2026-03-29", ReminderStep(None, day("2026-03-27"))),
]


@pytest.mark.parametrize(("today", "step"), OWED)
def test_after_an_outage_only_the_latest_step_is_owed(today: str, step: ReminderStep | None) -> None:
    assert reminder_on(SETTINGS[SPA].service_hours, day("2026-03-20"), day(today)) == step


def test_day_by_day_the_owed_step_climbs_the_ladder_and_misses_none() -> None:
    due_on, until = day("2026-12-27"), day("2027-02-01")
    opening = SETTINGS[PRO].service_hours
    owed = steps_owed(opening, due_on, until)
    after = (due_on + DAY * ahead for ahead in range(1, (until - due_on).days + 1))
    overdue = [ReminderStep(None, day) for day in after if opening.is_service_day(day)]
    assert owed == [*reminders_before(opening, due_on), *overdue]
    assert all(earlier.on < later.on for earlier, later in pairwise(owed))


@pytest.mark.parametrize("ladder", [(5, 2, 0), (0,), (), (30, 1)])
def test_the_rows_to_join_with_say_what_the_rule_says_of_every_due_day(ladder: tuple[int, ...]) -> None:
    opening = hours(closing_days=[day("2026-12-28"), day("2026-12-29")])
    for ahead in range(120):
        today = day("2026-10-20") + DAY * ahead
        rows = steps_on(opening, today, ladder)
        for away in range(-40, 60):
            due_on = today + DAY * away
            step = next((row.step for row in rows if (row.first or date.min) <= due_on <= row.last), None)
            assert step == reminder_on(opening, due_on, today, ladder)


DECISIONS = [
    ("2026-03-04 10:00:00", False, "2026-03-06"),  # Wednesday → Friday
    ("2026-03-04 23:59:59", True, "2026-03-05"),
    ("2026-03-06 10:00:00", True, "2026-03-09"),  # Friday → Monday
    ("2026-03-07 10:00:00", True, "2026-03-09"),  # on a closed day: the next service day
    ("2026-11-25 10:00:00", True, "2026-11-27"),  # over Thanksgiving
    ("2026-12-31 10:00:00", False, "2027-01-05"),
]


@pytest.mark.parametrize(("asked_at", "is_claim", "due"), DECISIONS)
def test_a_decision_is_due_after_service_days_and_sooner_about_a_claim(asked_at: str, is_claim: bool, due: str) -> None:
    assert decision_due(SETTINGS[SPA].service_hours, DecisionDays(), at(asked_at), is_claim=is_claim) == day(due)


def test_a_decision_moves_by_the_service_days_the_customer_took() -> None:
    due = day("2026-03-06")
    assert (
        decision_moved_by_waiting(
            SETTINGS[SPA].service_hours, due, at("2026-03-05 09:00:00"), at("2026-03-05 16:00:00")
        )
        == due
    )
    # Friday and Monday were waited for, the weekend between them isn't counted.
    moved = decision_moved_by_waiting(
        SETTINGS[SPA].service_hours, due, at("2026-03-05 09:00:00"), at("2026-03-09 16:00:00")
    )
    assert moved == day("2026-03-10")


def test_where_the_shop_never_opens_every_day_counts_for_a_decision() -> None:
    never = hours(hours={})
    assert decision_due(never, DecisionDays(), at("2026-03-06 10:00:00"), is_claim=False) == day("2026-03-08")
    assert steps_on(never, day("2026-03-20")) == []


def test_instants_of_any_zone_are_the_same_moment() -> None:
    kolkata = datetime.fromisoformat("2026-03-12T18:00:00+05:30")
    assert is_open(SETTINGS[CONSUMER].service_hours, kolkata)
