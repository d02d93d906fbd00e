"""When parcels are fetched: of those that stand so many days, what share goes in which hour. Pure.

It is the station's own survival curve by day and hour: what stands inside now and what is still to come is
carried along it through the day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from yishi.stations.rules.forecast import Days

OLDEST = 4
"""Parcels of four days and more are one group."""
KEPT_DAYS = 14
FEWEST_FETCHED = 200
NARROWEST, WIDEST = 0.5, 2.0
FEWEST_MORNINGS, FEWEST_ON_WAY = 7, 50

Ends = Mapping[date, Mapping[date, Mapping[int, int]]]
"""Ends of stays: by the day it came, the day it ended, the hour."""
Table = dict[tuple[int, int], tuple[float, float]]


@dataclass(frozen=True)
class Stays:
    """Parcels by when they came, were fetched, and left otherwise; `on_way` = parcels at the outlet or with a
    courier, counted each morning as it was then."""

    came: Days
    fetched: Ends
    gone: Ends
    on_way: Mapping[date, int] = field(default_factory=dict)


def standing(stays: Stays, day: date, hour: int = 0) -> dict[int, float]:
    """What stands inside at the beginning of that hour, by how many days it has stood."""
    found: dict[int, float] = {}
    for age in range(KEPT_DAYS + 1):
        came = day - timedelta(days=age)
        hours = stays.came.get(came, {})
        inside = sum(n for at, n in hours.items() if age or at < hour)
        for ends in (stays.fetched, stays.gone):
            for ended, by_hour in ends.get(came, {}).items():
                if ended <= day:
                    inside -= sum(n for at, n in by_hour.items() if ended < day or at < hour)
        found[min(age, OLDEST)] = found.get(min(age, OLDEST), 0.0) + max(0.0, inside)
    return found


def day_table(stays: Stays, day: date) -> Table:
    """Of one whole day: by age and hour how many stood and how many of them were fetched."""
    table: Table = {}
    for age in range(KEPT_DAYS + 1):
        came = day - timedelta(days=age)
        hours = stays.came.get(came)
        if not hours:
            continue
        inside = _left(stays, came, day)
        fetched = stays.fetched.get(came, {}).get(day, {})
        gone = stays.gone.get(came, {}).get(day, {})
        for hour in range(24):
            inside += 0 if age else hours.get(hour, 0)
            key, taken = (min(age, OLDEST), hour), fetched.get(hour, 0)
            risk, before = table.get(key, (0.0, 0.0))
            table[key] = risk + inside, before + taken
            inside -= taken + gone.get(hour, 0)
    return table


def _left(stays: Stays, came: date, day: date) -> float:
    """What of a day's parcels is left at the beginning of a later one; nothing yet on the day itself."""
    if came == day:
        return 0.0
    ended = sum(
        n
        for ends in (stays.fetched, stays.gone)
        for one, by_hour in ends.get(came, {}).items()
        if one < day
        for n in by_hour.values()
    )
    return sum(stays.came[came].values()) - ended


def fetched_in(
    shares: Mapping[tuple[int, int], float],
    *,
    inside: Mapping[int, float],
    coming: Mapping[int, float],
    since: int,
) -> dict[int, float]:
    """How many are fetched in each hour from `since` on, of what stands there and of what comes by the
    hour."""
    left, found = dict(inside), {}
    for hour in range(since, 24):
        left[0] = left.get(0, 0.0) + coming.get(hour, 0.0)
        taken = {age: n * shares.get((age, hour), 0.0) for age, n in left.items()}
        left = {age: n - taken[age] for age, n in left.items()}
        found[hour] = sum(taken.values())
    return found


def day_level(stays: Stays, day: date, *, usual: float) -> float:
    """How much fuller than usual the day is by what was on its way in the morning; 1 where nobody knows."""
    known = [one for one in stays.on_way if one < day and one in stays.came]
    on_way = sum(stays.on_way[one] for one in known)
    if day not in stays.on_way or len(known) < FEWEST_MORNINGS or on_way < FEWEST_ON_WAY or usual <= 0:
        return 1.0
    share = sum(sum(stays.came[one].values()) for one in known) / on_way
    return min(WIDEST, max(NARROWEST, share * stays.on_way[day] / usual))
