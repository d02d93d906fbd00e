"""What the scans of a brand's own system say of a parcel's stays at our stations. Pure.

The answer depends on what was said, never on the order in which we heard it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from yishi.shipments.rules.milestones import RANK

STORED = "stored_at_pickup_point"
ENDS = {
    "delivered": "HANDED_OUT",
    "returning": "RETURNED",
    "returned": "RETURNED",
    "retrieved_by_courier": "MOVED",
    # a scan that can only be made elsewhere: it stands on no shelf any more
    "out_for_delivery": "MOVED",
    "forwarded": "MOVED",
    "departed_origin_outlet": "MOVED",
    "departed_hub": "MOVED",
    "arrived_hub": "MOVED",
    "lost": "LOST",
    "destroyed": "LOST",
}
OVERDUE = "pickup_overdue"
KINDS = (STORED, OVERDUE, *ENDS)
"""What is looked at; an interception, a refusal, damage or a note leaves a parcel where it stands."""
_PLACE = "station:"


@dataclass(frozen=True)
class Scan:
    """One scan as the source told it; `is_put` for a code that calls it signed although it was only put into
    the station (`PUT_NOT_TAKEN`), `position` where a source numbers the station itself."""

    kind: str
    at: datetime
    outlet: str
    text: str
    is_put: bool = False
    position: str = ""

    @property
    def meant(self) -> str:
        return STORED if self.is_put else self.kind


@dataclass(frozen=True)
class Named:
    """A station that follows: its code, its name, and what the brands call its outlet."""

    id: int
    code: str
    name: str
    outlets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stay:
    """A stay at a station of ours: since when, how and when it ended (INSIDE while it has not), and when its
    brand first called it overdue."""

    station: int
    since: datetime
    state: str = "INSIDE"
    ended_at: datetime | None = None
    overdue_at: datetime | None = None


def stays_of(scans: Iterable[Scan], stations: Sequence[Named], places: Sequence[str] = ()) -> list[Stay]:
    """All stays, the earliest first; none where no scan names a station of ours.

    `places` are where its pickup codes were said to be. The same station again, or a scan that names none,
    goes on with the stay that runs; another station ends it.
    """
    stays: list[Stay] = []
    for scan in sorted(scans, key=_order):
        open_ = stays[-1] if stays and stays[-1].ended_at is None else None
        if scan.meant == STORED:
            at = station_of(scan, stations, places)
            if at is None or (open_ is not None and open_.station == at):
                continue
            if open_ is not None:
                stays[-1] = replace(open_, state="MOVED", ended_at=scan.at)
            stays.append(Stay(at, scan.at))
        elif open_ is not None and scan.meant == OVERDUE:
            stays[-1] = replace(open_, overdue_at=open_.overdue_at or scan.at)
        elif open_ is not None and scan.meant in ENDS:
            stays[-1] = replace(open_, state=ENDS[scan.meant], ended_at=scan.at)
    return stays


def _order(scan: Scan) -> tuple[datetime, int, str, str, str]:
    return scan.at, RANK.get(scan.meant, 0), scan.outlet, scan.position, scan.text


def station_of(scan: Scan, stations: Sequence[Named], places: Sequence[str] = ()) -> int | None:
    """Which station a scan names: by its code, else by its name in the text or in the place of a pickup code.

    Of several with such a name the one of the scan's own outlet, then the longest name; where two are left,
    none: a parcel is never put on a shelf by chance.
    """
    codes = {scan.outlet, scan.position.removeprefix(_PLACE) if scan.position.startswith(_PLACE) else ""}
    if (by_code := [one.id for one in stations if one.code in codes]) and len(by_code) == 1:
        return by_code[0]
    for said in ([scan.text], places):
        named = [one for one in stations if one.name and any(one.name in text for text in said)]
        named = [one for one in named if scan.outlet in one.outlets] or (
            named if not _is_of_others(scan, stations) else []
        )
        longest = max((len(one.name) for one in named), default=0)
        found = [one.id for one in named if len(one.name) == longest]
        if len(found) == 1:
            return found[0]
    return None


def _is_of_others(scan: Scan, stations: Sequence[Named]) -> bool:
    """The scan names an outlet that has stations of ours, so that it is no other's."""
    return any(scan.outlet in one.outlets for one in stations)
