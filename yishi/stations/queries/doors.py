"""What a station asks for bringing a parcel to the door, and whom it has promised to come."""

from dataclasses import dataclass
from datetime import datetime

from yishi.stations.models.doors import DoorService, DoorWish
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.stations import INSIDE, StationCard, local
from yishi.stations.queries.stays import due_fen_of
from yishi.stations.rules.doors import Slot, slots
from yishi.stations.rules.keeping import fee_fen


@dataclass(frozen=True)
class DoorOffer:
    """What bringing it costs, the windows that can be chosen, and what the person chose before."""

    fee_fen: int
    slots: list[Slot]
    wish: DoorWish | None


def door_fee(station_id: int) -> int | None:
    """What a parcel costs to the door; None where the station does not go."""
    return DoorService.objects.filter(station_id=station_id).values_list("fee_fen", flat=True).first()


def door_offer(card: StationCard, parcel_id: int, *, at: datetime) -> DoorOffer | None:
    """None where it is not offered (any more) and was not asked for, or the parcel waits no longer."""
    stay = StationParcel.objects.filter(pk=parcel_id, station_id=card.id, state=INSIDE).first()
    if stay is None or card.is_mirror:
        return None
    wish = DoorWish.objects.filter(parcel_id=parcel_id, parcel__collect="DOOR").first()
    fee = door_fee(card.id)
    if fee is None:
        return DoorOffer(wish.fee_fen, [], wish) if wish else None
    can = slots(local(at), until=stay.keep_until, opens=card.opens, closes=card.closes)
    return DoorOffer(fee, can, wish)


@dataclass(frozen=True, kw_only=True)
class ToBring:
    """One parcel to bring; `due_fen` is all that is collected at the door, of which `fee_fen` for the way."""

    parcel_id: int
    contact_id: int | None
    waybill_no: str
    shelf: str
    address: str
    starts: datetime
    ends: datetime
    fee_fen: int
    due_fen: int
    is_late: bool


def list_to_bring(card: StationCard, *, at: datetime) -> list[ToBring]:
    """Whoever asked for his door and still waits, by the time promised. Addresses in full: the caller is the
    keeper who goes."""
    rows = DoorWish.objects.filter(
        parcel__station_id=card.id, parcel__state=INSIDE, parcel__collect="DOOR"
    ).select_related("parcel__shipment__details", "parcel__shelf")
    return [
        ToBring(
            parcel_id=row.parcel_id,
            contact_id=row.parcel.contact_id,
            waybill_no=row.parcel.shipment.waybill_no,
            shelf=f"{row.parcel.shelf.code}-{row.parcel.layer}" if row.parcel.shelf else "",
            address=row.address,
            starts=row.starts_at,
            ends=row.ends_at,
            fee_fen=row.fee_fen,
            due_fen=due_fen_of(row.parcel) + keeping_fee(card, row.parcel, at=at) + row.fee_fen,
            is_late=row.ends_at < at,
        )
        for row in rows.order_by("starts_at", "pk")[:200]
    ]


def count_to_bring(card: StationCard) -> int:
    rows = DoorWish.objects.filter(parcel__station_id=card.id, parcel__state=INSIDE, parcel__collect="DOOR")
    return rows.count()


def keeping_fee(card: StationCard, stay: StationParcel, *, at: datetime) -> int:
    """What the station asks for having kept it until now."""
    return fee_fen(local(stay.booked_in_at), local(at), card.rule)


def door_fees(parcel_ids: list[int]) -> dict[int, int]:
    """What was agreed for bringing these, for whom it still counts."""
    rows = DoorWish.objects.filter(parcel_id__in=parcel_ids, parcel__collect="DOOR")
    return dict(rows.values_list("parcel_id", "fee_fen"))
