"""A parcel as the rules see it: its scans as values, and one walk over them that all rules share. Pure.

Scanners lie about the time: `at` is the moment of the scan, but never later than we heard of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

Position = tuple[float, float]
"""Latitude and longitude."""

JUDGEMENTS = frozenset({"stalled", "no_info", "pickup_overdue", "delayed"})
"""What sources conclude from their own clocks: no scan of the parcel (domain.md 1.11 e)."""

_EARTH_M = 6_371_000.0


class Scan(NamedTuple):
    """One scan. `milestone` is '' for what does not move the parcel; `outlet` is the carrier's code."""

    at: datetime
    kind: str
    milestone: str
    detail: str = ""
    city: str = ""
    outlet: str = ""
    courier: str = ""
    consent: bool | None = None
    position: Position | None = None

    @property
    def place(self) -> str:
        return self.outlet or self.city

    @property
    def is_put(self) -> bool:
        """Put into a locker or station, whatever the source calls it (304 of kuaidi100 says signed)."""
        return self.milestone == "AT_PICKUP_POINT"


class Attempt(NamedTuple):
    """One try to reach the consignee."""

    at: datetime
    kind: str


class Stop(NamedTuple):
    """A stop that is running: why the parcel may not go on, and since when."""

    since: datetime
    reason: str


class Habit(NamedTuple):
    """What is usual for one courier over the last weeks; shares in percent, `drift_m` the 9th decile."""

    signed: int
    batch_share: int = 0
    night_share: int = 0
    contact_share: int = 0
    drift_m: int = 0
    complaints: int = 0


@dataclass(slots=True, frozen=True)
class Allowance:
    """The person allowed a placement (`LOCKER`, `STATION` …) from one moment until another, or still does."""

    placement: str
    since: datetime
    until: datetime | None = None


class Wish(NamedTuple):
    """The person wanted it so from one moment until another, or still does; of this address or of all."""

    kind: str
    since: datetime
    until: datetime | None = None


@dataclass(slots=True, frozen=True, kw_only=True)
class Parcel:
    """Everything the rules may know. Scans are oldest first; `home` is where its consignee's parcels were
    handed over before; `own_outlets` what its
    destination is called; `same_minute` how many others its courier signed in that
    minute."""

    carrier: str = ""
    product: str = ""
    origin: str = ""
    destination: str = ""
    outlet: str = ""
    own_outlets: frozenset[str] = frozenset()
    promised_at: datetime | None = None
    scans: tuple[Scan, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    wishes: tuple[Wish, ...] = ()
    allowed: tuple[Allowance, ...] = ()
    stops: tuple[Stop, ...] = ()
    habit: Habit | None = None
    home: Position | None = None
    same_minute: int = 0
    expected_since: datetime | None = None


@dataclass(slots=True)
class Story:
    """What one walk over the scans tells. `phase_since` is when the parcel came into its present phase."""

    phase: str = ""
    phase_since: datetime | None = None
    heard: Scan | None = None
    moved: Scan | None = None
    out: Scan | None = None
    refused: Scan | None = None
    agreed: Scan | None = None
    damaged: Scan | None = None
    missorted: Scan | None = None
    delivered: Scan | None = None
    put: Scan | None = None
    returns: int = 0
    failures: list[Scan] = field(default_factory=list)


def story_of(parcel: Parcel) -> Story:
    """Walks over the scans once."""
    story = Story()
    for scan in parcel.scans:
        if scan.kind in JUDGEMENTS:
            continue
        story.heard = scan
        if scan.milestone:
            _move(story, scan)
        elif scan.kind == "damaged" and story.damaged is None:
            story.damaged = scan
    return story


def _move(story: Story, scan: Scan) -> None:
    milestone, kind = scan.milestone, scan.kind
    if milestone != story.phase:
        story.phase, story.phase_since = milestone, scan.at
        story.returns += milestone == "RETURNING"
    story.moved = scan
    if milestone == "OUT_FOR_DELIVERY":
        story.out = scan
    elif milestone == "DELIVERY_FAILED":
        story.failures.append(scan)
        if kind == "refused":
            story.refused = scan
    elif milestone == "DELIVERED":
        story.delivered = scan
    elif milestone == "AT_PICKUP_POINT":
        story.put = scan
    elif kind == "missorted":
        story.missorted = scan
    elif kind in ("redelivery_scheduled", "delivery_scheduled", "address_changed"):
        story.agreed = scan


def position_of(text: str) -> Position | None:
    """`latitude,longitude` as scanners send it; None for nothing, for nonsense, and for 0,0, which is what a
    device says that does not know."""
    first, comma, second = text.partition(",")
    if not comma:
        return None
    try:
        latitude, longitude = float(first), float(second)
    except ValueError:
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or (
        abs(latitude) < 0.01 and abs(longitude) < 0.01
    ):
        return None
    return latitude, longitude


def metres(one: Position, other: Position) -> float:
    """The distance of two places as the crow flies."""
    north, south = math.radians(one[0]), math.radians(other[0])
    east = math.radians(one[1] - other[1]) * math.cos((north + south) / 2)
    return _EARTH_M * math.hypot(north - south, east)


def middle(places: Sequence[Position]) -> Position | None:
    """The median place of several; None for fewer than two, which may be one mistake."""
    if len(places) < 2:
        return None
    half = len(places) // 2
    return sorted(p[0] for p in places)[half], sorted(p[1] for p in places)[half]
