"""How many come to a station in an hour: the same hour of past weeks, held towards the station's usual day.
Pure.

A small count tells little by itself: five weeks of an hour with four visits each are mostly chance. So the
mean of the same hour of like days is drawn towards what this hour has on the mean of all days, as if the
latter were `HELD` weeks more.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 8
DECAY = 0.9
"""A week weighs nine tenths of the one after it."""
HELD = 4.0
HELD_DAY = 1.0
FEWEST_DAYS = 5
"""Fewer known days than this are no usual day."""
SUNDAY, FRIDAY = 6, 4
CERTAIN = 0.8

Days = Mapping[date, Mapping[int, float]]
"""Counts by day and hour; a day that is missing was not open, an hour that is missing had none."""


@dataclass(frozen=True)
class HourForecast:
    """Visits expected in an hour, four times of five from `low` to `high`; from so many like days."""

    visits: float
    low: int
    high: int
    weeks: int


def like(day: date, *, feasts: Collection[date] = (), worked: Collection[date] = ()) -> int:
    """The weekday whose habits a day has: a feast is like a Sunday, a weekend that is worked like a
    Friday."""
    if day in worked:
        return min(day.weekday(), FRIDAY)
    return SUNDAY if day in feasts else day.weekday()


def usual_hours(
    past: Days, *, day: date, until: date, likeness: Callable[[date], int]
) -> tuple[dict[int, float], int]:
    """What `day` has by the hour, from the `WEEKS` before `until`, and how many like days that stands on;
    nothing where too few days are known. Days with a factor must have been divided by it."""
    known = [one for one in past if until - timedelta(weeks=WEEKS) <= one < until]
    if len(known) < FEWEST_DAYS:
        return {}, 0
    weight = {one: float(DECAY ** ((until - one).days / 7)) for one in known}
    same = [one for one in known if likeness(one) == likeness(day)]
    whole, alike = sum(weight.values()), sum(weight[one] for one in same)
    hours = {hour for one in known for hour in past[one]}
    mean = {hour: sum(weight[one] * past[one].get(hour, 0) for one in known) / whole for hour in hours}
    usual_day = sum(mean.values())
    alike_day = sum(weight[one] * sum(past[one].values()) for one in same)
    fuller = (alike_day + HELD_DAY * usual_day) / ((alike + HELD_DAY) * usual_day) if usual_day else 1.0
    return {
        hour: (sum(weight[one] * past[one].get(hour, 0) for one in same) + HELD * mean[hour] * fuller)
        / (alike + HELD)
        for hour in hours
    }, len(same)


def range_of(mean: float, spread: float = 1.0) -> tuple[int, int]:
    """The narrowest whole numbers between which four of five hours lie; `spread` is variance over mean: 1 is
    chance alone (Poisson), more is the negative binomial of that spread."""
    if mean <= 0:
        return 0, 0
    tail, below, n, low = (1 - CERTAIN) / 2, 0.0, 0, 0
    while True:
        below += math.exp(_log_chance(n, mean, spread))
        if below <= tail:
            low = n + 1
        if below >= 1 - tail or n > 10 * mean + 100:
            return low, n
        n += 1


def _log_chance(n: int, mean: float, spread: float) -> float:
    if spread <= 1.001:
        return n * math.log(mean) - mean - math.lgamma(n + 1)
    size, share = mean / (spread - 1), 1 / spread
    own = math.lgamma(n + size) - math.lgamma(size) - math.lgamma(n + 1)
    return own + size * math.log(share) + n * math.log(1 - share)


def off_by_chance(mean: float) -> float:
    """How far off he is on the mean who knows the true mean of an hour: E|X − m| of Poisson (Crow 1958)."""
    if mean <= 0:
        return 0.0
    whole = math.floor(mean)
    return 2 * math.exp((whole + 1) * math.log(mean) - mean - math.lgamma(whole + 1))


@dataclass(frozen=True)
class Check:
    """One hour of the past: what was said of it by what was known in the morning, the same hour of the week
    before (None = not known), and who came."""

    day: date
    hour: int
    said: float
    low: int
    high: int
    naive: float | None
    came: float


@dataclass(frozen=True)
class Accuracy:
    """Over `hours` hours. WAPE: all misses added up over all visits; of the forecast, of the same hour last
    week, and of chance alone. `covered` of the hours lay within the range that was said."""

    hours: int
    wape: float
    naive: float
    chance: float
    covered: float


FEWEST_HOURS = 40


def accuracy(checks: Sequence[Check]) -> Accuracy | None:
    """Forecast and baseline over the same hours; None where they are too few."""
    both = [(one, one.naive) for one in checks if one.naive is not None]
    came = sum(one.came for one, _naive in both)
    if len(both) < FEWEST_HOURS or not came:
        return None
    return Accuracy(
        hours=len(both),
        wape=sum(abs(one.said - one.came) for one, _naive in both) / came,
        naive=sum(abs(naive - one.came) for one, naive in both) / came,
        chance=sum(off_by_chance(one.said) for one, _naive in both) / came,
        covered=sum(one.low <= one.came <= one.high for one, _naive in both) / len(both),
    )
