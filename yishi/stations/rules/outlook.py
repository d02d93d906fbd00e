"""A day's visits by the hour as they could be said at a moment, and how right that was of past days. Pure.

Two views: the same hour of past weeks, and the parcels (standing and on the way, by the survival curve).
Which share each gets is learned from how both did on the days before; nothing is used that was not known
then.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from yishi.stations.rules.fetching import (
    FEWEST_FETCHED,
    Stays,
    Table,
    day_level,
    day_table,
    fetched_in,
    standing,
)
from yishi.stations.rules.forecast import (
    CERTAIN,
    WEEKS,
    Check,
    Days,
    HourForecast,
    range_of,
    usual_hours,
)

CHECKED_WEEKS = 4
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
FEWEST_SEEN = 50
Z = 1.2816
FIRST_SPREAD = 1.3
"""Variance over mean, until the station's own misses tell it."""


@dataclass
class Past:
    """All that is known of a station; `factors` = days that were said to be so many times as full."""

    visits: Days
    stays: Stays
    likeness: Callable[[date], int]
    factors: Mapping[date, float] = field(default_factory=dict)
    _tables: dict[date, Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plain = {
            day: {hour: n / self.factors.get(day, 1.0) for hour, n in hours.items()}
            for day, hours in self.visits.items()
        }

    def table(self, day: date) -> Table:
        if day not in self._tables:
            self._tables[day] = day_table(self.stays, day)
        return self._tables[day]


@dataclass(frozen=True)
class Views:
    """Both views of a day, by the hour; `by_parcels` is empty where too few parcels are known."""

    usual: dict[int, float]
    by_parcels: dict[int, float]
    weeks: int
    level: float = 1.0

    def mixed(self, share: float, hour: int) -> float:
        usual = self.usual.get(hour, 0.0)
        return usual + share * (self.by_parcels[hour] - usual) if hour in self.by_parcels else usual


def views_of(past: Past, day: date, *, today: date, since: int) -> Views:
    """What can be said of `day` on `today` at `since` o'clock: whole days before today, and of today what had
    happened by then. A day to come is seen by past weeks only."""
    factor = past.factors.get(day, 1.0)
    usual, weeks = usual_hours(past.plain, day=day, until=today, likeness=past.likeness)
    usual = {hour: n * factor for hour, n in usual.items()}
    if day != today or not usual:
        return Views(usual, {}, weeks)
    coming, _days = usual_hours(past.stays.came, day=day, until=today, likeness=past.likeness)
    a_fetch = _visits_a_fetch(past, today)
    if a_fetch is None or not coming:
        return Views(usual, {}, weeks)
    level = day_level(past.stays, day, usual=sum(coming.values()))
    fetched = fetched_in(
        _shares(past, today),
        inside=standing(past.stays, day, since),
        coming={hour: n * level for hour, n in coming.items()},
        since=since,
    )
    # parcels hold what a feast brings of parcels; that more come at once for other reasons they do not
    return Views(usual, {hour: n * a_fetch for hour, n in fetched.items()}, weeks, level)


def _training(today: date) -> list[date]:
    return [today - timedelta(days=ago) for ago in range(1, WEEKS * 7 + 1)]


def _visits_a_fetch(past: Past, today: date) -> float | None:
    """How many visits a fetched parcel makes: most fetch several at once, some come for other things."""
    fetched = visits = 0.0
    for day in _training(today):
        if day in past.visits:
            fetched += sum(taken for _risk, taken in past.table(day).values())
            visits += sum(past.visits[day].values())
    return visits / fetched if fetched >= FEWEST_FETCHED else None


def _shares(past: Past, today: date) -> dict[tuple[int, int], float]:
    sums: dict[tuple[int, int], tuple[float, float]] = {}
    for day in _training(today):
        for key, (risk, taken) in past.table(day).items():
            before = sums.get(key, (0.0, 0.0))
            sums[key] = before[0] + risk, before[1] + taken
    return {key: taken / risk for key, (risk, taken) in sums.items() if risk > 0}


@dataclass(frozen=True)
class Learned:
    """From the past days: how they were said, what share the parcels get, how wide a range must be."""

    checks: list[Check]
    share: float
    spread: float


def learn(past: Past, *, today: date, hours: Sequence[int]) -> Learned:
    """Says each day of the last weeks anew, in order, by what was known on its morning, with the share and
    spread that the days before it taught."""
    seen: list[tuple[Views, int, float]] = []
    checks: list[Check] = []
    for ago in range(CHECKED_WEEKS * 7, 0, -1):
        day = today - timedelta(days=ago)
        came = past.visits.get(day)
        if came is None:
            continue
        views = views_of(past, day, today=day, since=hours[0])
        if not views.usual:
            continue
        share = best_share(seen)
        spread = spread_of(seen, share)
        before = past.visits.get(day - timedelta(weeks=1))
        for hour in hours:
            said = views.mixed(share, hour)
            naive = None if before is None else float(before.get(hour, 0))
            checks.append(Check(day, hour, said, *range_of(said, spread), naive, came.get(hour, 0)))
        seen += [(views, hour, came.get(hour, 0)) for hour in hours]
    share = best_share(seen)
    return Learned(checks, share, spread_of(seen, share))


def best_share(seen: Sequence[tuple[Views, int, float]]) -> float:
    """The share of the parcels' view that would have missed least; 0 until enough hours were seen with it."""
    told = [one for one in seen if one[0].by_parcels]
    if len(told) < FEWEST_SEEN:
        return 0.0
    return min(SHARES, key=lambda share: sum(abs(views.mixed(share, h) - came) for views, h, came in told))


def spread_of(seen: Sequence[tuple[Views, int, float]], share: float) -> float:
    """The variance over mean with which four of five of these hours would have lain in their range; never
    below chance. By the misses' own order, so that one wild day does not widen every hour."""
    told = [(views.mixed(share, hour), came) for views, hour, came in seen]
    needed = sorted((max(0.0, abs(came - said) - 0.5) / Z) ** 2 / said for said, came in told if said > 0)
    if len(needed) < FEWEST_SEEN:
        return FIRST_SPREAD
    return max(1.0, needed[math.ceil(CERTAIN * len(needed)) - 1])


def forecast(
    past: Past, day: date, *, today: date, opens: int, now_hour: int, hours: Sequence[int], learned: Learned
) -> tuple[dict[int, HourForecast], Views]:
    """The day by the hour. Hours of today that are over keep what the morning could say of them."""
    views = views_of(past, day, today=today, since=opens)
    later = views_of(past, day, today=today, since=now_hour) if day == today and now_hour > opens else views
    found = {}
    for hour in hours if views.usual else ():
        said = (later if hour >= now_hour else views).mixed(learned.share, hour)
        found[hour] = HourForecast(said, *range_of(said, learned.spread), views.weeks)
    return found, views
