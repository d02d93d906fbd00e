"""Where a parcel that cannot be found is looked for first, by who had it and what is complained of. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Place(StrEnum):
    """Kinds of places; `queries.words.searches` names them."""

    OUTLET_FLOOR = "OUTLET_FLOOR"
    PROBLEM_SHELF = "PROBLEM_SHELF"
    VEHICLE = "VEHICLE"
    HUB = "HUB"
    STATION_SHELF = "STATION_SHELF"
    LOCKER = "LOCKER"
    LODGE = "LODGE"
    DOOR = "DOOR"
    NEIGHBOUR = "NEIGHBOUR"
    OTHER = "OTHER"


# a case of these begins with looking
SEARCHED = frozenset({"LOST", "PARCEL_NOT_FOUND", "SIGNED_NOT_RECEIVED"})

_ON_THE_ROAD = frozenset({"departed_origin_outlet", "departed_hub", "in_transit", "arrived_destination_city"})
_PUT_AWAY = (Place.STATION_SHELF, Place.LOCKER)
_HANDED_OUT = (Place.LODGE, Place.DOOR, Place.NEIGHBOUR, Place.VEHICLE)

# by the last thing that was done with it, the likeliest first
_AFTER: Mapping[str, tuple[Place, ...]] = {
    "delivered": (*_HANDED_OUT, Place.STATION_SHELF),
    "stored_at_pickup_point": (*_PUT_AWAY, Place.VEHICLE),
    "out_for_delivery": (Place.VEHICLE, Place.PROBLEM_SHELF),
    "delivery_failed": (Place.VEHICLE, Place.PROBLEM_SHELF),
    "arrived_hub": (Place.HUB,),
    "arrived_at_outlet": (Place.OUTLET_FLOOR, Place.PROBLEM_SHELF),
    "accepted": (Place.OUTLET_FLOOR, Place.VEHICLE),
    **dict.fromkeys(_ON_THE_ROAD, (Place.VEHICLE, Place.HUB)),
}
_CLAIMED: Mapping[str, tuple[Place, ...]] = {"PARCEL_NOT_FOUND": (Place.STATION_SHELF,)}


class Scan(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def outlet_id(self) -> int | None: ...


@dataclass(frozen=True)
class Wanted:
    """A place to look at, and the outlet whose people go there (None = whoever has the case)."""

    place: Place
    outlet_id: int | None = None


def places_for(category: str, scans: Sequence[Scan]) -> list[Wanted]:
    """What is suggested, by the scans (oldest first), the likeliest first; each place once.

    Last comes the floor of whoever had it last: there every search ends.
    """
    last = next((scan.kind for scan in reversed(scans) if scan.kind in _AFTER), "")
    holder = next((scan.outlet_id for scan in reversed(scans) if scan.outlet_id is not None), None)
    places = [*_CLAIMED.get(category, ()), *_AFTER.get(last, ()), Place.OUTLET_FLOOR]
    if not scans:
        places += [Place.PROBLEM_SHELF]
    return [Wanted(place, None if place == Place.HUB else holder) for place in dict.fromkeys(places)]
