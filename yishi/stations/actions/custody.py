"""A parcel on the shelf: moved, kept longer, fetched otherwise, given back, or never really taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.feeds.port import Parsed
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.people.rules import Viewer
from yishi.stations.actions.book_in import Held
from yishi.stations.actions.marking import place_of
from yishi.stations.actions.telling import handed_back_event, tell_network, undone_event
from yishi.stations.facts import (
    BookingUndone,
    CollectionChosen,
    KeepingExtended,
    ParcelsHandedBack,
    ParcelsMovedOn,
)
from yishi.stations.models.ladder import ReturnLine, ReturnList
from yishi.stations.models.parcels import StationMove, StationParcel
from yishi.stations.models.places import Shelf
from yishi.stations.queries.stations import INSIDE, StationCard, other_stations
from yishi.stations.queries.stays import extensions_for

UNDONE_WITHIN = timedelta(minutes=30)
MOST = 200
_PERSON = "person"


class TooLateToUndo(Refusal):
    """入库超过半小时，不能撤销了；不在架上就办退回或找件"""

    code = "too_late_to_undo"


@dataclass(frozen=True)
class HandedBack:
    """The list with which they went."""

    list_id: int
    waybill_nos: list[str]


class NotLonger(Refusal):
    """不能再延期了，请尽快来取"""

    code = "not_longer"


def _hold(card: StationCard, parcel_id: int) -> StationParcel:
    """The parcel inside, locked. Raises NotFound."""
    rows = StationParcel.objects.select_for_update(of=("self",)).select_related("shipment", "shelf")
    stay = rows.filter(pk=parcel_id, station_id=card.id, state=INSIDE).first()
    if stay is None:
        raise NotFound()
    return stay


def _trace(stay: StationParcel, kind: str, *, by: str, at: datetime, to: str = "", note: str = "") -> None:
    StationMove.objects.create(
        parcel=stay, kind=kind, at=at, moved_by=by, from_place=place_of(stay), to_place=to, note=note
    )


@transaction.atomic
def undo_booking(*, card: StationCard, parcel_id: int, by: Viewer, at: datetime) -> None:
    """It was booked in by mistake: the row stays in the story, the place and the code are free again.

    Raises NotFound, TooLateToUndo after half an hour, Held in mirror mode.
    """
    _refuse_mirror(card)
    stay = _hold(card, parcel_id)
    if at - stay.booked_in_at > UNDONE_WITHIN:
        raise TooLateToUndo()
    _trace(stay, "UNDONE", by=by.label, at=at)
    stay.state, stay.ended_at = StationParcel.State.UNDONE.value, at
    stay.save(update_fields=["state", "ended_at"])
    event = undone_event(card, stay.shipment.waybill_no, stay.shipment.carrier, at=at)
    tell_network(Parsed(events=[event]), at=at)
    announce(BookingUndone(parcel_id=stay.pk, shipment_id=stay.shipment_id, at=at))


@transaction.atomic
def move_parcel(
    *, card: StationCard, parcel_id: int, shelf: str, layer: int, by: Viewer, at: datetime
) -> str:
    """It stands elsewhere from now on; its code stays. The new place. Raises NotFound, Invalid."""
    stay = _hold(card, parcel_id)
    row = Shelf.objects.filter(station_id=card.id, code=shelf, closed_at__isnull=True).first()
    if row is None or not 1 <= layer <= row.layers:
        raise Invalid([("/shelf", "unknown_shelf", "没有这个货架，看一下标签再扫")])
    to = f"{row.code}-{layer}"
    _trace(stay, "SHELVED", by=by.label, at=at, to=to)
    stay.shelf, stay.layer = row, layer
    stay.save(update_fields=["shelf", "layer"])
    return to


@transaction.atomic
def extend_keeping(
    *, card: StationCard, parcel_id: int, until: datetime, by: Viewer | None, at: datetime
) -> datetime:
    """Keeps it until one of the days offered; `by` None is the person himself. Raises NotFound, NotLonger."""
    stay = _hold(card, parcel_id)
    if until not in [one.until for one in extensions_for(card, stay.pk, at=at)]:
        raise NotLonger()
    stay.keep_until = until
    stay.save(update_fields=["keep_until"])
    _trace(stay, "EXTENDED", by=_who(by), at=at, note=until.isoformat())
    announce(KeepingExtended(parcel_id=stay.pk, until=until, at=at))
    return until


@transaction.atomic
def choose_collection(
    *, card: StationCard, parcel_id: int, collect: str, by: Viewer | None, at: datetime
) -> None:
    """How the person wants to have it; not wanted = it goes back. Raises NotFound, Invalid."""
    if collect not in StationParcel.Collect.values:
        raise Invalid([("/collect", "bad_value", "没有这个选项")])
    stay = _hold(card, parcel_id)
    if stay.collect == collect:
        return
    stay.collect = collect
    stay.save(update_fields=["collect"])
    _trace(stay, "CHOSEN", by=_who(by), at=at, note=collect)
    announce(CollectionChosen(parcel_id=stay.pk, shipment_id=stay.shipment_id, collect=collect, at=at))


@transaction.atomic
def hand_back(
    *, card: StationCard, parcel_ids: Sequence[int], carrier: str, receiver: str, by: Viewer, at: datetime
) -> HandedBack:
    """Parcels go back to one carrier, on one list that its courier (`receiver`) signs.

    All or none. Raises NotFound, Invalid for another carrier's parcel among them, Held in mirror mode.
    """
    _refuse_mirror(card)
    if not receiver.strip() or len(receiver) > 40:
        raise Invalid([("/receiver", "missing_field", "写上谁来收的")])
    if not 1 <= len(parcel_ids) <= MOST:
        raise Invalid([("/parcels", "bad_value", "选 1–200 件")])
    stays = [_hold(card, parcel_id) for parcel_id in sorted(set(parcel_ids))]
    if any(stay.shipment.carrier != carrier for stay in stays):
        raise Invalid([("/parcels", "bad_value", "一张交接单只能是一家快递的")])
    listed = ReturnList.objects.create(
        station_id=card.id, carrier=carrier, receiver=receiver.strip(), handed_at=at, handed_by=by.label
    )
    ReturnLine.objects.bulk_create(ReturnLine(list=listed, parcel=stay) for stay in stays)
    for stay in stays:
        _trace(stay, "RETURNED", by=by.label, at=at, note=receiver.strip())
        stay.state, stay.ended_at = StationParcel.State.RETURNED.value, at
        stay.save(update_fields=["state", "ended_at"])
    numbers = [stay.shipment.waybill_no for stay in stays]
    events = [handed_back_event(card, number, carrier, at=at) for number in numbers]
    tell_network(Parsed(events=events), at=at)
    announce(ParcelsHandedBack(parcel_ids=tuple(stay.pk for stay in stays), at=at))
    return HandedBack(listed.pk, numbers)


@transaction.atomic
def sign_return(*, card: StationCard, list_id: int, file_id: UUID, at: datetime) -> None:
    """The picture of the courier's signature, once: it is never replaced. Raises NotFound."""
    rows = ReturnList.objects.filter(pk=list_id, station_id=card.id, file_id__isnull=True)
    if not rows.update(file_id=file_id, signed_at=at):
        raise NotFound()


@transaction.atomic
def move_on(*, card: StationCard, parcel_id: int, to_station: str, by: Viewer, at: datetime) -> None:
    """It leaves for another station (its code), which books it in when it comes; a message that has not gone
    is held back. Raises NotFound, Invalid, Held in mirror mode."""
    _refuse_mirror(card)
    stay = _hold(card, parcel_id)
    name = dict(other_stations(card)).get(to_station)
    if name is None:
        raise Invalid([("/to", "bad_value", "选一个驿站")])
    _trace(stay, "MOVED", by=by.label, at=at, to=name)
    stay.state, stay.ended_at = StationParcel.State.MOVED.value, at
    stay.save(update_fields=["state", "ended_at"])
    announce(ParcelsMovedOn(parcel_ids=(stay.pk,), to_station=to_station, at=at))


def _refuse_mirror(card: StationCard) -> None:
    if card.is_mirror:
        raise Held(reason="mirror", why=_("这个驿站在品牌自己的系统里出入库，这里跟着它的轨迹走"))


def _who(by: Viewer | None) -> str:
    return by.label if by is not None else _PERSON


@transaction.atomic
def note_sent_again(*, card: StationCard, parcel_id: int, by: Viewer | None, at: datetime) -> None:
    """The code was sent once more: it stands in the story. Raises NotFound."""
    _trace(_hold(card, parcel_id), "SENT_AGAIN", by=_who(by), at=at)
