"""When a parcel will be there: quantiles of the remaining time, of the narrowest group with enough history.

Groups, widest first: the milestone; the kind of the last scan in that hour; also the destination; also the
province where it is; also the carrier and the city. Each group's quantiles are drawn towards the wider
group's by as much as its own history is short.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from yishi.shipments.rules.milestones import MILESTONE_OF, RANK, Milestone
from yishi.shipments.rules.provinces import plain_city, province_of

COVERS = 0.8
"""The share of parcels that arrive within the stated interval."""

POINTS = tuple((2 * i + 1) / 40 for i in range(20))
"""A group's history is kept as these quantiles: 2.5 %, 7.5 %, … 97.5 %."""

LEVELS = 5
LATEST = timedelta(days=5)
"""History counts parcels that arrive within this; what takes longer is a trouble, not a transit time."""

_UNDER_WAY = {
    Milestone.CREATED, Milestone.ACCEPTED, Milestone.IN_TRANSIT, Milestone.AT_OUTLET,
    Milestone.OUT_FOR_DELIVERY, Milestone.DELIVERY_FAILED,
}  # fmt: skip
# the next thing that happens to these is not a delivery
_UNSAID = {"refused", "intercepted", "pickup_failed"}
# where a courier carries it, there it goes: no master data is needed
_AT_ITS_END = {"out_for_delivery", "retrieved_by_courier"}
ARRIVED = {"delivered", "stored_at_pickup_point"}
_KIND_OF_RANK = {rank: kind for kind, rank in RANK.items()}
_LEAST_WIDTH = 30.0


def kind_of_rank(rank: int) -> str:
    """The kind of the scan that moved a parcel last, as its row keeps it; '' for none."""
    return _KIND_OF_RANK.get(rank, "")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a parcel stands: its last moving scan, where and when that was, and where it goes."""

    carrier: str
    kind: str
    city: str
    destination: str
    at: datetime


def keys_of(standing: Standing, zone: ZoneInfo) -> tuple[str, ...]:
    """The names of the groups a parcel belongs to, widest first; () when nothing can be said of it.

    A parcel whose destination is not known has none: nothing is said rather than guessed.
    """
    milestone = MILESTONE_OF.get(standing.kind, "")
    to = plain_city(standing.destination or (standing.city if standing.kind in _AT_ITS_END else ""))
    if milestone not in _UNDER_WAY or standing.kind in _UNSAID or not to:
        return ()
    hour = _hour_of_week(standing.at, zone)
    return _keys(milestone, standing.kind, hour, to, plain_city(standing.city), standing.carrier)


@lru_cache(maxsize=1 << 16)
def _keys(milestone: str, kind: str, hour: str, to: str, city: str, carrier: str) -> tuple[str, ...]:
    """One and the same tuple for all parcels of a group: learning holds hundreds of thousands of them."""
    return (
        f"1|{milestone}",
        f"2|{kind}|{hour}",
        f"3|{kind}|{hour}|{to}",
        f"4|{kind}|{hour}|{to}|{province_of(city) or city}",
        f"5|{kind}|{hour}|{to}|{city}|{carrier}",
    )


def _hour_of_week(at: datetime, zone: ZoneInfo) -> str:
    """Workday or weekend, and the two hours of the day."""
    local = at.astimezone(zone)
    return f"{'e' if local.weekday() >= 5 else 'd'}{local.hour // 2}"


@dataclass(frozen=True)
class Interval:
    """Minutes from the last scan: with `COVERS` the arrival lies between the first and the last."""

    low: float
    middle: float
    high: float


def interval_of(minutes: Sequence[float], stretch: float, elapsed: float) -> Interval | None:
    """What a group's quantiles say of a parcel that has not arrived `elapsed` minutes after its scan.

    `stretch` is the calibrated share of the width to add at both ends. None when it is long overdue.
    """
    if elapsed >= minutes[-1]:
        return None
    passed = _share_below(minutes, elapsed)
    half = (1 - COVERS) / 2
    low, middle, high = (_quantile(minutes, passed + (1 - passed) * p) for p in (half, 0.5, 1 - half))
    more = stretch * max(high - low, _LEAST_WIDTH)
    low, high = max(low - more, elapsed), high + more
    return Interval(low, min(max(middle, low), high), high) if high > low else None


def _share_below(minutes: Sequence[float], elapsed: float) -> float:
    i = bisect_left(minutes, elapsed)
    if i == 0:
        return 0.0
    step = (elapsed - minutes[i - 1]) / max(minutes[i] - minutes[i - 1], 1e-9)
    return POINTS[i - 1] + (POINTS[i] - POINTS[i - 1]) * step


def _quantile(minutes: Sequence[float], share: float) -> float:
    place = min(max((share - POINTS[0]) / (POINTS[1] - POINTS[0]), 0.0), len(minutes) - 1.0)
    i = min(int(place), len(minutes) - 2)
    return minutes[i] + (minutes[i + 1] - minutes[i]) * (place - i)


@dataclass(frozen=True)
class Estimate:
    """When a parcel will be there: most likely, and the interval that holds it with `COVERS`."""

    likely_at: datetime
    from_at: datetime
    until_at: datetime


def estimate_of(minutes: Sequence[float], stretch: float, since: datetime, at: datetime) -> Estimate | None:
    """The estimate, seen at `at`, for a parcel whose last scan was at `since`."""
    found = interval_of(minutes, stretch, max(0.0, (at - since).total_seconds() / 60))
    if found is None:
        return None
    likely, low, high = (since + timedelta(minutes=m) for m in (found.middle, found.low, found.high))
    return Estimate(likely, low, high)


@dataclass(frozen=True)
class Hours:
    """Between which minutes of the local day parcels arrive at all; the whole day where that is not known."""

    opens: int = 0
    closes: int = 1440


_HALF_HOUR = timedelta(minutes=30)


def as_told(estimate: Estimate, hours: Hours, zone: ZoneInfo) -> Estimate:
    """The estimate as people are told it: its ends at half hours outward, and never when nobody comes."""
    first, last = estimate.from_at.astimezone(zone), estimate.until_at.astimezone(zone)
    day = last.replace(hour=0, minute=0, second=0, microsecond=0)
    from_day = first.replace(hour=0, minute=0, second=0, microsecond=0)
    from_at = from_day + (first - from_day) // _HALF_HOUR * _HALF_HOUR
    until_at = day - (day - last) // _HALF_HOUR * _HALF_HOUR
    opens, closes = timedelta(minutes=hours.opens), timedelta(minutes=hours.closes)
    if from_at - from_day < opens:
        from_at = from_day + opens
    elif from_at - from_day >= closes:
        from_at = from_day + timedelta(days=1) + opens
    if until_at - day > closes:
        until_at = day + closes
    elif until_at - day <= opens:
        until_at = day - timedelta(days=1) + closes
    if until_at <= from_at:  # both ends in one night: the morning after it
        until_at = from_at + _HALF_HOUR
    return Estimate(min(max(estimate.likely_at, from_at), until_at), from_at, until_at)
