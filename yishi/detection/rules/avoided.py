"""Whether telling people ahead saves complaints: who is held out, and what two groups say. Pure."""

import math
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from yishi.detection.rules.kinds import Kind

HOLDABLE = frozenset(
    {
        Kind.STALLED, Kind.SENT_NOT_ARRIVED, Kind.ARRIVED_NOT_OUT, Kind.OUT_NOT_SIGNED, Kind.MISROUTED,
        Kind.BOUNCING, Kind.NO_FIRST_EVENT,
    }
)  # fmt: skip
"""Kinds of which a person only learns that he has to wait: silence takes no choice from him. Of what is
broken, stopped, kept, put away or sent back everybody is told."""

MOST_PERCENT = 20
WITHIN = timedelta(days=7)
"""So long a complaint counts for the finding before it; younger findings are not counted yet."""
FEWEST = 30
"""Fewer parcels than these in a group say nothing."""
_Z = 1.959963984540054
_DRAWS = 10_000


class Arm(StrEnum):
    """In which group of a comparison a parcel is; it stays there."""

    TOLD = "TOLD"
    HELD_OUT = "HELD_OUT"


def arm_of(drawn: int, percent: int) -> Arm:
    """The group of a parcel by the number drawn for it; a larger share keeps whom a smaller one held."""
    return Arm.HELD_OUT if drawn % _DRAWS < percent * _DRAWS // 100 else Arm.TOLD


@dataclass(frozen=True, slots=True)
class Group:
    """So many parcels, and how many of them were complained of."""

    parcels: int
    complained: int

    @property
    def share(self) -> float:
        return self.complained / self.parcels if self.parcels else 0.0


def wilson(group: Group) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); nothing is known of an empty group."""
    if not group.parcels:
        return 0.0, 1.0
    n, p, square = group.parcels, group.share, _Z * _Z
    centre = p + square / (2 * n)
    half = _Z * math.sqrt((p * (1 - p) + square / (4 * n)) / n)
    whole = 1 + square / n
    return max(0.0, (centre - half) / whole), min(1.0, (centre + half) / whole)


def newcombe(one: Group, other: Group) -> tuple[float, float]:
    """The 95 % interval of the difference of two shares, one minus other (Newcombe 1998, method 10)."""
    (low, high), (other_low, other_high) = wilson(one), wilson(other)
    between = one.share - other.share
    down = math.hypot(one.share - low, other_high - other.share)
    up = math.hypot(high - one.share, other.share - other_low)
    return max(-1.0, between - down), min(1.0, between + up)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What telling did: `untold` minus `told`, as a share and as complaints avoided among those told."""

    told: Group
    untold: Group

    @property
    def difference(self) -> float:
        return self.untold.share - self.told.share

    @property
    def interval(self) -> tuple[float, float]:
        return newcombe(self.untold, self.told)

    @property
    def is_small(self) -> bool:
        return min(self.told.parcels, self.untold.parcels) < FEWEST

    @property
    def is_sure(self) -> bool:
        """Whether anything may be concluded: the groups are large enough and the interval leaves zero out."""
        low, high = self.interval
        return not self.is_small and (low > 0 or high < 0)

    @property
    def avoided(self) -> float:
        return self.difference * self.told.parcels

    @property
    def avoided_interval(self) -> tuple[float, float]:
        low, high = self.interval
        return low * self.told.parcels, high * self.told.parcels
