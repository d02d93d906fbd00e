"""The business calendar: when somebody is there to work, and how working time is counted. Pure.

A promise of "6 h in service hours" is `add_within(start, timedelta(hours=6), calendar)`; `calendar=None`
counts natural time. Shifts are half-open `[opens, closes)` in local time and never cross midnight;
lengths are counted in real time, so a day on which the clocks change is as long as it truly is.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HORIZON = timedelta(days=3660)


@dataclass(frozen=True)
class Shift:
    """Work from `opens` to just before `closes`; `closes` 00:00 means midnight at the day's end."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes != time.min and self.closes <= self.opens:
            raise ValueError(f"a shift ends after it begins: {self.opens}–{self.closes}")


Shifts = tuple[Shift, ...]


class NeverOpen(ValueError):
    """The calendar has no working time within ten years: there is no due moment."""


@dataclass(frozen=True)
class WorkCalendar:
    """Weekly shifts (0 = Monday), days off by name, and days with shifts of their own.

    `adjusted` wins over `holidays`, which win over `weekly`: a Sunday worked for a bridged holiday
    (调休) is an adjusted day, an early evening before a feast as well.
    """

    zone: str
    weekly: Mapping[int, Shifts]
    holidays: Mapping[date, str] = field(default_factory=dict)
    adjusted: Mapping[date, Shifts] = field(default_factory=dict)
    # days already worked out: each promise asks for the same few again and again
    _spans: dict[date, list[tuple[datetime, datetime]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def shifts_on(self, day: date) -> Shifts:
        if day in self.adjusted:
            return self.adjusted[day]
        if day in self.holidays:
            return ()
        return tuple(self.weekly.get(day.weekday(), ()))

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The day's working time as moments in UTC, in order, touching or overlapping shifts joined."""
        if day not in self._spans:
            self._spans[day] = self._work_out(day)
        return self._spans[day]

    def _work_out(self, day: date) -> list[tuple[datetime, datetime]]:
        zone = _zone(self.zone)
        spans: list[tuple[datetime, datetime]] = []
        for shift in sorted(self.shifts_on(day), key=lambda s: s.opens):
            last_day = day + timedelta(days=1) if shift.closes == time.min else day
            opens = datetime.combine(day, shift.opens, zone).astimezone(UTC)
            closes = datetime.combine(last_day, shift.closes, zone).astimezone(UTC)
            if spans and opens <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(closes, spans[-1][1]))
            elif closes > opens:
                spans.append((opens, closes))
        return spans


def calendar_from(data: Mapping[str, object], *, days: Mapping[str, object] | None = None) -> WorkCalendar:
    """A calendar from its stored form: `{zone, weekly: {"0": [["08:00", "12:00"], …]}, holidays, adjusted}`.

    `days` is a holiday table of the same shape (`holidays`, `adjusted`) that the calendar's own days go over.
    ValueError when it cannot be read.
    """
    weekly = _mapping(data.get("weekly"))
    both = [_mapping(days), data]
    return WorkCalendar(
        zone=str(data["zone"]),
        weekly={int(day): _shifts(shifts) for day, shifts in weekly.items()},
        holidays={_day(d): str(name) for part in both for d, name in _mapping(part.get("holidays")).items()},
        adjusted={_day(d): _shifts(s) for part in both for d, s in _mapping(part.get("adjusted")).items()},
    )


def days_of(table: Mapping[str, object]) -> dict[str, object]:
    """The holiday table (`kit/data/holidays.json`, one entry a year with its source) as `days` above."""
    years = table["years"]
    if not isinstance(years, list):
        raise ValueError("a holiday table has a list of years")
    return {
        kind: {day: value for year in years for day, value in _mapping(year.get(kind)).items()}
        for kind in ("holidays", "adjusted")
    }


def is_open(moment: datetime, calendar: WorkCalendar | None) -> bool:
    """Whether somebody works at this moment; the moment of closing is outside."""
    if calendar is None:
        return True
    local = _aware(moment).astimezone(_zone(calendar.zone))
    return any(opens <= moment < closes for opens, closes in calendar.spans_on(local.date()))


def next_opening(moment: datetime, calendar: WorkCalendar | None) -> datetime:
    """The moment itself when open, else when work next begins. NeverOpen when it never does."""
    if calendar is None:
        return _aware(moment).astimezone(UTC)
    for opens, _ in _spans_from(_aware(moment), calendar):
        return opens
    raise NeverOpen


def add_within(start: datetime, duration: timedelta, calendar: WorkCalendar | None) -> datetime:
    """When `duration` of working time has passed since `start`, in UTC.

    Time that ends exactly at closing is due at closing, not at the next opening. A duration of zero is
    due at `start`. ValueError for a negative duration, NeverOpen when there is no such moment.
    """
    if duration < timedelta(0):
        raise ValueError("a duration is not negative")
    start = _aware(start).astimezone(UTC)
    if calendar is None or not duration:
        return start + duration
    for opens, closes in _spans_from(start, calendar):
        if duration <= closes - opens:
            return opens + duration
        duration -= closes - opens
    raise NeverOpen


def elapsed_within(start: datetime, end: datetime, calendar: WorkCalendar | None) -> timedelta:
    """How much working time lies in `[start, end)`; nothing when `end` is not after `start`."""
    start, end = _aware(start).astimezone(UTC), _aware(end).astimezone(UTC)
    if end <= start:
        return timedelta(0)
    if calendar is None:
        return end - start
    total = timedelta(0)
    for opens, closes in _spans_from(start, calendar):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def _spans_from(start: datetime, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
    """Working time from `start` on, in order, the first piece cut at `start`; ends after ten years."""
    day = start.astimezone(_zone(calendar.zone)).date()
    for offset in range(HORIZON.days):
        spans = calendar.spans_on(day + timedelta(days=offset))
        # only the first day can hold spans that are already over
        first = bisect_right(spans, start, key=lambda span: span[1]) if offset == 0 else 0
        for opens, closes in spans[first:]:
            yield max(opens, start), closes


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment has a zone")
    return moment


def _mapping(value: object) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"not a table of days: {value!r}")
    return value


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _shifts(pairs: object) -> Shifts:
    if not isinstance(pairs, list | tuple):
        raise ValueError(f"not a list of shifts: {pairs!r}")
    return tuple(Shift(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)
