"""The times at which a courier can come again, as they are offered at the door, by link and by telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SLOTS = ((time(9), time(12)), (time(14), time(18)), (time(18), time(20)))


@dataclass(frozen=True)
class Visit:
    """From when to when."""

    from_at: datetime
    until_at: datetime

    @property
    def key(self) -> str:
        """How a form says it."""
        return f"{self.from_at:%Y%m%dT%H}"


def visits_after(at: datetime, zone: ZoneInfo, *, days: int) -> list[Visit]:
    """The times from now on over so many days; one that has begun is past."""
    today: date = at.astimezone(zone).date()
    offered = (
        Visit(datetime.combine(day, first, zone), datetime.combine(day, last, zone))
        for day in (today + timedelta(days=number) for number in range(days))
        for first, last in SLOTS
    )
    return [visit for visit in offered if visit.from_at > at]


def chosen(visits: Sequence[Visit], key: str) -> Visit | None:
    """The offered one with this key."""
    return next((visit for visit in visits if visit.key == key), None)


def another(visits: Sequence[Visit], *, after: datetime) -> Visit | None:
    """The first that begins once a told window is over: what a key on the telephone moves it to."""
    return next((visit for visit in visits if visit.from_at >= after), None)
