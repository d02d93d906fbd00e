"""Pure decisions of the network: which outlet serves an address, and who is on duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, time, timedelta


@dataclass(frozen=True)
class Area:
    """An address pattern that an outlet serves; empty parts match everything."""

    outlet_id: int
    city: str
    district: str = ""
    keyword: str = ""
    priority: int = 0


@dataclass(frozen=True)
class Shift:
    """A duty on a weekday (0 = Monday) or on one date; `ends` before `starts` is the next morning."""

    user_id: int
    starts: time
    ends: time
    weekday: int | None = None
    date: Day | None = None
    is_fallback: bool = False


def plain_place(name: str) -> str:
    """A city or district without the sign of its rank, so that 南京 and 南京市 are the same."""
    name = name.strip()
    return name[:-1] if len(name) > 2 and name[-1] in "市区县" else name


def serving_outlet(areas: Iterable[Area], *, city: str, district: str, address: str) -> int | None:
    """The outlet whose area fits best: the longest keyword, then the named district, then the priority.

    City and district may be unknown (empty); then the written address must name them.
    """
    fits = [area for area in areas if _fits(area, city=city, district=district, address=address)]
    if not fits:
        return None
    return max(fits, key=lambda a: (len(a.keyword), bool(a.district), a.priority, -a.outlet_id)).outlet_id


def _fits(area: Area, *, city: str, district: str, address: str) -> bool:
    return (
        _names(city, area.city, address)
        and (not area.district or _names(district, area.district, address))
        and area.keyword in address
    )


def _names(stated: str, wanted: str, address: str) -> bool:
    """Whether the stated place is the wanted one, or, when none is stated, the address names it."""
    wanted = plain_place(wanted)
    return plain_place(stated) == wanted if stated.strip() else wanted in address


def person_on_duty(shifts: Iterable[Shift], *, local: datetime) -> int | None:
    """Who answers at this local moment: a shift of that date before one of the weekday, a fallback last."""
    on = [shift for shift in shifts if _covers(shift, local)]
    if not on:
        return None
    return min(on, key=lambda s: (s.is_fallback, s.date is None, s.starts, s.user_id)).user_id


def _covers(shift: Shift, local: datetime) -> bool:
    """The end itself is no longer covered, so that shifts that meet never overlap."""
    today, moment = local.date(), local.time()
    if shift.starts < shift.ends:
        return _falls_on(shift, today) and shift.starts <= moment < shift.ends
    begun_today = _falls_on(shift, today) and moment >= shift.starts
    begun_yesterday = _falls_on(shift, today - timedelta(days=1)) and moment < shift.ends
    return begun_today or begun_yesterday


def _falls_on(shift: Shift, day: Day) -> bool:
    return shift.date == day if shift.date is not None else shift.weekday == day.weekday()
