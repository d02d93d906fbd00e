"""What has happened at stations."""

from dataclasses import dataclass
from datetime import datetime

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ParcelBookedIn(Fact):
    """A parcel stands at a station, and its person can be told. `parcel_id` is the stay."""

    parcel_id: int
    shipment_id: int


@dataclass(frozen=True, kw_only=True)
class DamageFound(Fact):
    """A parcel was broken when the station took it; `file_ids` are the pictures of it."""

    parcel_id: int
    shipment_id: int
    contact_id: int | None
    station: str
    file_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BookingUndone(Fact):
    """It was booked in by mistake: nobody is told, or who was told hears nothing more."""

    parcel_id: int
    shipment_id: int


@dataclass(frozen=True, kw_only=True)
class ParcelsHandedOut(Fact):
    """Parcels of one person were given away."""

    hand_out_id: int
    parcel_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ParcelsHandedBack(Fact):
    """Parcels that nobody fetched went back to the carrier, on one list."""

    parcel_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class StaysReminded(Fact):
    """Parcels of one person at one station wait too long: `step` (`rules.ladder.Step`) says how long."""

    parcel_ids: tuple[int, ...]
    step: str


@dataclass(frozen=True, kw_only=True)
class ParcelsMovedOn(Fact):
    """Parcels left for another station, which has not booked them in yet."""

    parcel_ids: tuple[int, ...]
    to_station: str


@dataclass(frozen=True, kw_only=True)
class KeepingExtended(Fact):
    """A parcel is kept longer."""

    parcel_id: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class CollectionChosen(Fact):
    """The person said how he wants to have it: himself, by somebody else, at the door, or not at all."""

    parcel_id: int
    shipment_id: int
    collect: str


@dataclass(frozen=True, kw_only=True)
class CodesLocked(Fact):
    """Somebody tried too many codes at a station."""

    station: str
    what: str


@dataclass(frozen=True, kw_only=True)
class CountEnded(Fact):
    """A shelf or a station was counted to its end; what did not agree stands with the count."""

    count_id: int
    station: str


@dataclass(frozen=True, kw_only=True)
class ParcelsSeen(Fact):
    """Parcels were scanned where they stand, at most 500: whoever looks for one of them can stop.

    `places` are theirs, in the same order ('' where none was said)."""

    station: str
    shipment_ids: tuple[int, ...]
    places: tuple[str, ...]
    count_id: int


@dataclass(frozen=True, kw_only=True)
class WrongTakingMarked(Fact):
    """Somebody took a parcel that is not his; `contact_id` is whose it is."""

    taking_id: int
    shipment_id: int
    waybill_no: str
    contact_id: int | None
    station: str


@dataclass(frozen=True, kw_only=True)
class TakerWasAsked(Fact):
    """A person who was there at the time is asked to look at what he took; the parcel is his own."""

    taking_id: int
    shipment_id: int
    contact_id: int
    station: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class WrongTakingEnded(Fact):
    """The parcel is at the station again."""

    taking_id: int
    shipment_id: int
    case_no: str
    station: str
