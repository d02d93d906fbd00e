"""What the scans of a brand's own system say of a parcel's stay at one of our stations. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

_ENDS = {
    "delivered": "HANDED_OUT",
    "returning": "RETURNED",
    "returned": "RETURNED",
    "retrieved_by_courier": "MOVED",
}


@dataclass(frozen=True)
class Scan:
    """One scan as the source told it."""

    kind: str
    at: datetime
    outlet: str
    text: str


@dataclass(frozen=True)
class Stay:
    """The newest stay at a station of ours: since when, how and when it ended (INSIDE while it has not)."""

    station: int
    since: datetime
    state: str = "INSIDE"
    ended_at: datetime | None = None


def stay_of(
    scans: Sequence[Scan], stations: Mapping[int, tuple[str, str]], places: Sequence[str] = ()
) -> Stay | None:
    """The newest stay, from scans in their order; None where none of them names a station of ours.

    `stations` are (code, name) by id, `places` where its pickup codes were said to be. A station is named by
    its code, or by its name in the text or in the place of a pickup code.
    """
    stay: Stay | None = None
    for scan in scans:
        if scan.kind == "stored_at_pickup_point":
            named = _named(scan, stations, places)
            stay = Stay(named, scan.at) if named is not None else None
        elif stay is not None and stay.ended_at is None and scan.kind in _ENDS:
            stay = Stay(stay.station, stay.since, _ENDS[scan.kind], scan.at)
    return stay


def _named(scan: Scan, stations: Mapping[int, tuple[str, str]], places: Sequence[str]) -> int | None:
    for pk, (code, name) in stations.items():
        if scan.outlet == code or (name and (name in scan.text or any(name in place for place in places))):
            return pk
    return None
