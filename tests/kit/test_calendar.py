"""The business calendar by tables: boundaries, breaks, holidays, worked Sundays, changing clocks."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import yishi.kit
from yishi.kit.calendar import (
    NeverOpen,
    Shift,
    WorkCalendar,
    add_within,
    calendar_from,
    days_of,
    elapsed_within,
    is_open,
    next_opening,
)

SPLIT = (Shift(time(8), time(12)), Shift(time(14), time(18)))
WEEKDAYS = dict.fromkeys(range(5), SPLIT)
OFFICE = WorkCalendar(
    "Asia/Shanghai",
    WEEKDAYS,
    holidays={date(2026, 10, 1): "国庆节", date(2026, 10, 2): "国庆节"},
    adjusted={date(2026, 9, 27): SPLIT, date(2026, 9, 30): (Shift(time(8), time(12)),)},
)
NIGHT = WorkCalendar("Europe/Berlin", {day: (Shift(time(0), time(0)),) for day in range(7)})
NEVER = WorkCalendar("Asia/Shanghai", {})


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-09-21T09:00", 2, "2026-09-21T11:00"),  # inside one shift
        ("2026-09-21T09:00", 3, "2026-09-21T12:00"),  # exactly at closing: due at closing
        ("2026-09-21T11:00", 2, "2026-09-21T15:00"),  # over the break
        ("2026-09-21T12:00", 1, "2026-09-21T15:00"),  # the moment of closing is outside
        ("2026-09-21T08:00", 1, "2026-09-21T09:00"),  # the moment of opening is inside
        ("2026-09-21T03:00", 1, "2026-09-21T09:00"),  # before work
        ("2026-09-21T17:00", 2, "2026-09-22T09:00"),  # over night
        ("2026-09-25T17:00", 2, "2026-09-27T09:00"),  # Friday to the Sunday that is worked
        ("2026-09-19T10:00", 1, "2026-09-21T09:00"),  # over an ordinary week-end
        ("2026-09-30T11:00", 2, "2026-10-05T09:00"),  # short day, two holidays, week-end
        ("2026-09-21T20:00", 0, "2026-09-21T20:00"),  # nothing to wait for
    ],
)
def test_when_it_is_due(start: str, hours: int, due: str) -> None:
    assert add_within(at(start), timedelta(hours=hours), OFFICE) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-09-21T08:00", "2026-09-21T18:00", 8),
        ("2026-09-21T12:00", "2026-09-21T14:00", 0),
        ("2026-09-21T11:00", "2026-09-21T15:00", 2),
        ("2026-09-21T18:00", "2026-09-22T08:00", 0),
        ("2026-09-30T00:00", "2026-10-05T09:00", 5),
        ("2026-09-22T10:00", "2026-09-21T10:00", 0),  # backwards
    ],
)
def test_how_much_has_passed(start: str, end: str, hours: int) -> None:
    assert elapsed_within(at(start), at(end), OFFICE) == timedelta(hours=hours)


def test_natural_time_needs_no_calendar() -> None:
    assert add_within(at("2026-10-01T10:00"), timedelta(hours=24), None) == at("2026-10-02T10:00")
    assert elapsed_within(at("2026-10-01T10:00"), at("2026-10-02T11:00"), None) == timedelta(hours=25)
    assert is_open(at("2026-10-01T03:00"), None)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(day: str, hours: int) -> None:
    (span,) = NIGHT.spans_on(date.fromisoformat(day))
    assert span[1] - span[0] == timedelta(hours=hours)


def test_opening_and_closing_moments() -> None:
    assert is_open(at("2026-09-21T08:00"), OFFICE)
    assert not is_open(at("2026-09-21T12:00"), OFFICE)
    assert next_opening(at("2026-09-21T12:30"), OFFICE) == at("2026-09-21T14:00")
    assert next_opening(at("2026-09-21T15:00"), OFFICE) == at("2026-09-21T15:00")


def test_overlapping_shifts_count_once() -> None:
    shifts = (Shift(time(8), time(12)), Shift(time(10), time(14)), Shift(time(14), time(15)))
    calendar = WorkCalendar("Asia/Shanghai", {0: shifts})
    assert calendar.spans_on(date(2026, 9, 21)) == [(at("2026-09-21T08:00"), at("2026-09-21T15:00"))]


def test_a_calendar_without_work_has_no_due_moment() -> None:
    with pytest.raises(NeverOpen):
        add_within(at("2026-09-21T08:00"), timedelta(hours=1), NEVER)
    assert elapsed_within(at("2026-09-21T08:00"), at("2026-09-30T08:00"), NEVER) == timedelta(0)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        add_within(at("2026-09-21T08:00"), timedelta(hours=-1), OFFICE)
    with pytest.raises(ValueError, match="has a zone"):
        add_within(datetime(2026, 9, 21), timedelta(hours=1), OFFICE)  # noqa: DTZ001
    with pytest.raises(ValueError, match="ends after it begins"):
        Shift(time(12), time(8))


def test_a_stored_calendar_is_read_with_the_shipped_holidays() -> None:
    shipped = json.loads((Path(yishi.kit.__path__[0]) / "data" / "holidays.json").read_text())
    stored = {
        "zone": "Asia/Shanghai",
        "weekly": shipped["weekly"],
        "adjusted": {"2026-05-02": [["09:00", "12:00"]]},
    }
    calendar = calendar_from(stored, days=days_of(shipped))
    assert calendar.shifts_on(date(2026, 10, 1)) == ()
    assert calendar.shifts_on(date(2026, 5, 2)) == (Shift(time(9), time(12)),)
    assert calendar.shifts_on(date(2026, 10, 4)) == (Shift(time(8), time(20)),)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(0), timedelta(days=9))
calendars = st.sampled_from([None, OFFICE, NIGHT])


@given(start=moments, duration=spans, calendar=calendars)
def test_what_is_added_has_elapsed(
    start: datetime, duration: timedelta, calendar: WorkCalendar | None
) -> None:
    assert elapsed_within(start, add_within(start, duration, calendar), calendar) == duration


@given(start=moments, first=spans, second=spans, calendar=calendars)
def test_longer_is_never_due_earlier(
    start: datetime, first: timedelta, second: timedelta, calendar: WorkCalendar | None
) -> None:
    short, long = sorted((first, second))
    assert add_within(start, short, calendar) <= add_within(start, long, calendar)


@given(start=moments, first=spans, second=spans, calendar=calendars)
def test_elapsed_time_adds_up(
    start: datetime, first: timedelta, second: timedelta, calendar: WorkCalendar | None
) -> None:
    middle, end = start + first, start + first + second
    parts = elapsed_within(start, middle, calendar) + elapsed_within(middle, end, calendar)
    assert elapsed_within(start, end, calendar) == parts
