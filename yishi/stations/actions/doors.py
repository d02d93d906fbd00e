"""To the door for a fee: the station says whether, the person asks for it, the keeper brings it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.texts import clean_text
from yishi.people.rules import Permission, Viewer
from yishi.stations.actions.custody import choose_collection
from yishi.stations.actions.hand_out import HandedOut, Handing, hand_out
from yishi.stations.models.doors import DoorService, DoorWish
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.doors import door_offer
from yishi.stations.queries.stations import INSIDE, StationCard, access_station

MOST_FEN = 10_000
LONGEST = 120


class NoDoor(Refusal):
    """这个驿站现在不送上门，换个取法，或给驿站打电话"""

    code = "no_door_service"


@transaction.atomic
def set_door(*, station: str, fee_fen: int | None, by: Viewer, at: datetime) -> None:
    """Offers it for that fee, or not any more (None); who asked already is still served. Raises Invalid."""
    card = access_station(by, station, Permission.STATIONS)
    if fee_fen is None:
        DoorService.objects.filter(station_id=card.id).delete()
        return
    if not 0 <= fee_fen <= MOST_FEN:
        raise Invalid([("/door_fee", "out_of_range", "0 到 100 元")])
    said = {"fee_fen": fee_fen, "updated_at": at, "updated_by": by.label}
    DoorService.objects.update_or_create(station_id=card.id, defaults=said)


@transaction.atomic
def ask_door(
    *, card: StationCard, parcel_id: int, address: str, starts: datetime, by: Viewer | None, at: datetime
) -> None:
    """The person wants it brought in one of the windows offered; asked again it is the new wish. `by` None is
    he himself. Raises NotFound where it waits no longer, NoDoor, Invalid."""
    stay = StationParcel.objects.select_for_update().filter(pk=parcel_id, station_id=card.id, state=INSIDE)
    if not stay.exists():
        raise NotFound()
    offer = door_offer(card, parcel_id, at=at)
    if offer is None or not offer.slots:
        raise NoDoor()
    kept, _removed = clean_text(address.strip())
    errors = []
    if not 4 <= len(kept) <= LONGEST:
        errors.append(("/address", "missing_field", "写上几栋几单元几号，最多 120 字"))
    slot = next((one for one in offer.slots if one.starts == starts), None)
    if slot is None:
        errors.append(("/starts", "bad_value", "这个时间选不了了，换一个"))
    if errors or slot is None:
        raise Invalid(errors)
    said = {"address": kept, "starts_at": slot.starts, "ends_at": slot.ends, "asked_at": at}
    DoorWish.objects.update_or_create(parcel_id=parcel_id, defaults={**said, "fee_fen": offer.fee_fen})
    choose_collection(card=card, parcel_id=parcel_id, collect="DOOR", by=by, at=at)


def bring(
    *, card: StationCard, parcel_id: int, is_paid: bool, file_id: UUID | None, by: Viewer, at: datetime
) -> HandedOut:
    """It was given into the person's hands at his door, with what was to be collected; the address is
    forgotten. Raises NotFound, NotGiven: see `hand_out`."""
    wishes = DoorWish.objects.filter(parcel_id=parcel_id, parcel__station_id=card.id, parcel__collect="DOOR")
    if not wishes.exists():
        raise NotFound()
    done = hand_out(
        card=card,
        handing=Handing(asked_for=parcel_id, how="DOOR", only=[parcel_id], is_paid=is_paid, file_id=file_id),
        by=by,
        at=at,
    )
    DoorWish.objects.filter(parcel_id=parcel_id).update(address="")
    return done
