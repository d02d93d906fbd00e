"""When a courier can come again: the times that are offered at the door, as their form writes them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.kit.errors import Invalid

_SLOTS = ((time(9), time(12)), (time(14), time(18)), (time(18), time(20)))
_DAYS = 3


@dataclass(frozen=True)
class Visit:
    """From when to when."""

    from_at: datetime
    until_at: datetime

    @property
    def key(self) -> str:
        """How a form says it."""
        return f"{self.from_at:%Y%m%dT%H}"


def visits_from(at: datetime) -> list[Visit]:
    """The times from now on over three days; one that has begun is past."""
    zone = ZoneInfo(settings.TIME_ZONE)
    today: date = at.astimezone(zone).date()
    days = (today + timedelta(days=number) for number in range(_DAYS))
    offered = (
        Visit(datetime.combine(day, first, zone), datetime.combine(day, last, zone))
        for day in days
        for first, last in _SLOTS
    )
    return [visit for visit in offered if visit.from_at > at]


def visit_of(key: str, *, at: datetime) -> Visit:
    """The one that was chosen. Raises Invalid for one that is past or was never offered."""
    found = next((visit for visit in visits_from(at) if visit.key == key), None)
    if found is None:
        raise Invalid([("/visit", "bad_value", "选下次来的时间")])
    return found
