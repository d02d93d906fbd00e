"""Learns the quantiles of `eta` from what happened, calibrates them on later days, and measures the result.

Of the days learned from, the first three quarters give quantiles; on the rest the interval is stretched (or
narrowed) until it holds its share, a factor a milestone (split conformal calibration); then the quantiles are
taken anew from all days. Nothing of this looks at a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from yishi.shipments.rules.eta import (
    ARRIVED,
    COVERS,
    LATEST,
    POINTS,
    Hours,
    Interval,
    Standing,
    interval_of,
    keys_of,
)
from yishi.shipments.rules.milestones import MILESTONE_OF
from yishi.shipments.rules.provinces import plain_city

LEAST = 8
"""A group with fewer examples is not kept: the wider one speaks for it."""

_AS_GOOD_AS = 20.0
"""A wider group weighs as much as so many examples."""

_FITTED_SHARE = 0.75
_HELD_BACK_SHARE = 0.2
_LEAST_WIDTH = 30.0


@dataclass(frozen=True, slots=True)
class Example:
    """What happened after one scan: the groups, the remaining minutes, and when somebody looks.

    `begun_at` is the parcel's first scan: days are told apart by it. `elapsed` is how long after the scan the
    estimate is asked for; `group` is where the simple baseline looks.
    """

    begun_at: datetime
    keys: tuple[str, ...]
    minutes: float
    elapsed: float
    group: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group's quantiles in minutes, how many examples it has, and the stretch of its milestone."""

    count: int
    minutes: tuple[float, ...]
    stretch: float


Model = Mapping[str, Group]
Scanned = tuple[datetime, str, str]
"""When, what kind, in which city."""


def examples_of(scans: Sequence[Scanned], *, carrier: str, destination: str, zone: ZoneInfo) -> list[Example]:
    """What one parcel teaches: each moving scan before its arrival, oldest first."""
    arrived_at = next((at for at, kind, _ in scans if kind in ARRIVED), None)
    if arrived_at is None:
        return []
    moving = [scan for scan in scans if scan[1] in MILESTONE_OF and scan[0] < arrived_at]
    found, here = [], ""
    for i, (at, kind, city) in enumerate(moving):
        here = city or here
        next_at = moving[i + 1][0] if i + 1 < len(moving) else arrived_at
        keys = keys_of(Standing(carrier, kind, here, destination, at), zone)
        if keys and arrived_at - at <= LATEST:
            remaining, pause = _minutes(arrived_at - at), _minutes(next_at - at)
            group = f"{kind}|{plain_city(destination or here)}"
            found.append(Example(moving[0][0], keys, remaining, pause * _looked_after(at), group))
    return found


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60


def _looked_after(at: datetime) -> float:
    """Half of the people look at once, the others at any moment before the next scan (scattered, no dice)."""
    scattered = int(at.timestamp()) * 2_654_435_761 % 2**32 / 2**32
    return max(0.0, scattered * 2 - 1)


@dataclass(frozen=True)
class Measured:
    """How good the estimates are on parcels that were not learned from; errors in minutes."""

    count: int
    coverage: float
    mean_error: float
    baseline_error: float
    width: float
    silent: int


def learn(examples: Sequence[Example]) -> Model:
    """The model of these examples; empty when there are too few."""
    ordered = sorted(examples, key=lambda e: e.begun_at)
    cut = int(len(ordered) * _FITTED_SHARE)
    stretches = _stretches(_fit(ordered[:cut]), ordered[cut:])
    return {
        key: Group(count, minutes, stretches.get(widest, 0.0))
        for key, (count, minutes, widest) in _fit(ordered).items()
    }


_Fitted = dict[str, tuple[int, tuple[float, ...], str]]


def _fit(examples: Iterable[Example]) -> _Fitted:
    """Count, quantiles drawn towards the wider group, and the widest group of each group."""
    grouped: dict[str, list[float]] = defaultdict(list)
    above: dict[str, tuple[str, str]] = {}
    for example in examples:
        wider = ""
        for key in example.keys:
            grouped[key].append(example.minutes)
            if key not in above:
                above[key] = (wider, example.keys[0])
            wider = key
    fitted: _Fitted = {}
    for key in sorted(grouped):  # their first sign is the level: wider groups come first
        minutes = grouped[key]
        if len(minutes) < LEAST:
            continue
        own, (wider, widest) = _quantiles(sorted(minutes)), above[key]
        if wider:
            weight = len(minutes) / (len(minutes) + _AS_GOOD_AS)
            own = tuple(
                weight * mine + (1 - weight) * theirs
                for mine, theirs in zip(own, fitted[wider][1], strict=True)
            )
        fitted[key] = (len(minutes), own, widest)
    return fitted


def _quantiles(ordered: Sequence[float]) -> tuple[float, ...]:
    last = len(ordered) - 1
    found = []
    for point in POINTS:
        place = point * last
        i = min(int(place), max(last - 1, 0))
        upper = ordered[min(i + 1, last)]
        found.append(ordered[i] + (upper - ordered[i]) * (place - i))
    return tuple(found)


def _stretches(fitted: _Fitted, later: Iterable[Example]) -> dict[str, float]:
    """By milestone, how much of its width an interval lacked at each end to hold its share of `later`."""
    lacking: dict[str, list[float]] = defaultdict(list)
    for example in later:
        known = next((fitted[key] for key in reversed(example.keys) if key in fitted), None)
        said = interval_of(known[1], 0.0, example.elapsed) if known else None
        if said is not None:
            lacking[example.keys[0]].append(_lacks(said, example.minutes))
    return {
        milestone: sorted(scores)[min(ceil((len(scores) + 1) * COVERS), len(scores)) - 1]
        for milestone, scores in lacking.items()
    }


def _lacks(said: Interval, minutes: float) -> float:
    width = max(said.high - said.low, _LEAST_WIDTH)
    return max(said.low - minutes, minutes - said.high) / width


def say(model: Model, keys: Sequence[str], elapsed: float) -> Interval | None:
    """What the model says: the narrowest known group speaks."""
    group = next((model[key] for key in reversed(keys) if key in model), None)
    return interval_of(group.minutes, group.stretch, elapsed) if group else None


def measure(examples: Sequence[Example]) -> Measured | None:
    """Learns from the earlier four fifths and looks at the rest; None when there is too little.

    The baseline beside it: the middle of the remaining times of the same kind of scan and destination.
    """
    ordered = sorted(examples, key=lambda e: e.begun_at)
    cut = int(len(ordered) * (1 - _HELD_BACK_SHARE))
    model, later = learn(ordered[:cut]), ordered[cut:]
    middles = _middles(ordered[:cut])
    told = [(e, said) for e in later if (said := say(model, e.keys, e.elapsed)) is not None]
    if not told:
        return None
    held = sum(1 for e, said in told if said.low <= e.minutes <= said.high)
    plain = [abs(middles[e.group] - e.minutes) for e, _ in told if e.group in middles]
    return Measured(
        count=len(told),
        coverage=held / len(told),
        mean_error=sum(abs(said.middle - e.minutes) for e, said in told) / len(told),
        baseline_error=sum(plain) / len(plain) if plain else 0.0,
        width=sorted(said.high - said.low for _, said in told)[len(told) // 2],
        silent=len(later) - len(told),
    )


def _middles(examples: Iterable[Example]) -> dict[str, float]:
    grouped: dict[str, list[float]] = defaultdict(list)
    for example in examples:
        grouped[example.group].append(example.minutes)
    return {group: sorted(minutes)[len(minutes) // 2] for group, minutes in grouped.items()}


_ALL_BUT = 0.005
_NIGHT_AT_LEAST = 180


def hours_of(minutes_of_day: Sequence[int]) -> Hours:
    """Between which half hours nearly all arrivals fall; the whole day where there are few, or no night."""
    if len(minutes_of_day) < 200:
        return Hours()
    ordered = sorted(minutes_of_day)
    cut = int(len(ordered) * _ALL_BUT)
    opens, closes = ordered[cut] // 30 * 30, min(-(-ordered[-1 - cut] // 30) * 30, 1440)
    return Hours(opens, closes) if closes - opens <= 1440 - _NIGHT_AT_LEAST else Hours()
