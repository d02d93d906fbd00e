"""Calendars of tests, and an oracle that knows nothing but a wall clock and counts minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yishi.kit.calendar import WorkCalendar, calendar_from

MINUTE = timedelta(minutes=1)
OFFICE = [["09:00", "12:00"], ["13:30", "18:00"]]
WEEKDAYS = {str(day): OFFICE for day in range(5)}

CALENDARS = {
    "natural": None,
    "daily": {"zone": "Asia/Shanghai", "weekly": {str(day): [["08:00", "20:00"]] for day in range(7)}},
    # 春节 and a bridged week as an invented notice would have them: two rest weekends are worked
    "office": {
        "zone": "Asia/Shanghai",
        "weekly": {**WEEKDAYS, "5": [["09:00", "12:00"]]},
        "holidays": {f"2027-02-{day:02}": "春节" for day in range(5, 12)} | {"2027-01-01": "元旦"},
        "adjusted": {
            "2027-01-31": OFFICE,
            "2027-02-14": OFFICE,
            "2026-12-31": [["09:00", "12:00"]],
            # worked although it is a holiday
            "2027-02-08": [["10:00", "11:00"]],
        },
    },
    "night": {
        "zone": "Asia/Shanghai",
        "weekly": {str(day): [["00:00", "06:00"], ["22:00", "00:00"]] for day in range(7)},
    },
    "new york": {
        "zone": "America/New_York",
        "weekly": {str(day): [["00:00", "04:00"], ["09:00", "17:00"]] for day in range(7)},
    },
    "london": {"zone": "Europe/London", "weekly": {str(day): [["00:30", "05:00"]] for day in range(7)}},
    "lord howe": {
        "zone": "Australia/Lord_Howe",
        "weekly": {str(day): [["00:00", "05:00"]] for day in range(7)},
    },
}


def calendar(name: str) -> WorkCalendar | None:
    data = CALENDARS[name]
    return calendar_from(data) if data is not None else None


def is_working(data: dict | None, moment: datetime) -> bool:
    """By the wall clock alone."""
    if data is None:
        return True
    wall = moment.astimezone(ZoneInfo(data["zone"]))
    return any(
        time.fromisoformat(opens) <= wall.time()
        and (closes == "00:00" or wall.time() < time.fromisoformat(closes))
        for opens, closes in _shifts(data, wall.date())
    )


def _shifts(data: dict, day: date) -> list[list[str]]:
    key = day.isoformat()
    if key in data.get("adjusted", {}):
        return data["adjusted"][key]
    return [] if key in data.get("holidays", {}) else data["weekly"].get(str(day.weekday()), [])


def due(name: str, start: datetime, minutes: int, pauses: list[tuple[datetime, datetime]] = ()) -> datetime:
    """When so many working minutes outside the pauses have passed since `start` (whole minutes)."""
    data, now, left = CALENDARS[name], start.astimezone(UTC), minutes
    while left:
        is_paused = any(begin <= now < end for begin, end in pauses)
        left -= not is_paused and is_working(data, now)
        now += MINUTE
    return now
