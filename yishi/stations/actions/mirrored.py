"""Stations that work in their brand's own system: what stands there follows from the tracking we read."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from yishi.network.models import Station
from yishi.shipments.models.codes import PickupCode
from yishi.shipments.models.parcels import Shipment, TrackingEvent
from yishi.stations.actions.book_in import code_hash, hashes_of
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import StationMove, StationParcel
from yishi.stations.models.places import StationSetting
from yishi.stations.queries.stations import INSIDE, card_of, local
from yishi.stations.rules.keeping import kept_until
from yishi.stations.rules.mirror import Scan, Stay, stay_of

_KINDS = ("stored_at_pickup_point", "delivered", "returning", "returned", "retrieved_by_courier")
_WHO = "mirror"


def is_any_mirrored() -> bool:
    """Whether a station of the operator only follows."""
    return StationSetting.objects.filter(mode="MIRROR").exists()


def mirror_parcels(*, shipment_ids: Sequence[int], at: datetime) -> int:
    """Brings the stays of these parcels up to what their scans say; how many changed. The same again changes
    nothing. Parcels of other outlets' stations, and of stations that book in here, are left alone."""
    stations = list(
        Station.objects.filter(setting__mode="MIRROR").select_related("outlet", "setting").order_by("pk")
    )
    outlets = {station.outlet_id for station in stations}
    # a scan that names no outlet may still name the station
    placed = Q(outlet_id__in=outlets) | Q(outlet_id__isnull=True)
    moved = Shipment.objects.filter(placed, pk__in=list(shipment_ids))
    return sum(_mirror(pk, stations, at) for pk in moved.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _mirror(shipment_id: int, stations: Sequence[Station], at: datetime) -> int:
    shipment = Shipment.objects.select_for_update(of=("self",)).select_related("details").get(pk=shipment_id)
    rows = TrackingEvent.objects.filter(shipment_id=shipment_id, kind__in=_KINDS).order_by("happened_at")
    codes = list(PickupCode.objects.filter(shipment_id=shipment_id).order_by("happened_at", "pk"))
    own = [s for s in stations if shipment.outlet_id in (None, s.outlet_id)]
    named = {s.pk: (s.code, s.name) for s in own}
    scans = [Scan(row.kind, row.happened_at, row.outlet, row.text) for row in rows]
    stay = stay_of(scans, named, [code.place for code in codes])
    if stay is None:
        return 0
    known = StationParcel.objects.filter(shipment_id=shipment_id, station_id=stay.station)
    row = known.filter(booked_in_at=stay.since).first()
    if row is None:
        if StationParcel.objects.filter(shipment_id=shipment_id, state=INSIDE).exists():
            return 0
        row = _begin(shipment, next(s for s in own if s.pk == stay.station), stay, codes)
    if stay.ended_at is None or row.state != INSIDE:
        return int(row.state == INSIDE)
    _end(row, stay)
    return 1


def _begin(shipment: Shipment, station: Station, stay: Stay, codes: Sequence[PickupCode]) -> StationParcel:
    card = card_of(station)
    code = codes[-1].code if codes else ""
    details = getattr(shipment, "details", None)
    contact_id = details.consignee_id if details is not None else None
    phone, tail = hashes_of(contact_id, "")
    taken = (
        code
        and StationParcel.objects.filter(
            station_id=station.pk, state=INSIDE, code_hash=code_hash(code)
        ).exists()
    )
    row = StationParcel.objects.create(
        station_id=station.pk,
        shipment_id=shipment.pk,
        code=code,
        # two brands may give the same code: found by its number then
        code_hash=code_hash(code) if code and not taken else None,
        contact_id=contact_id,
        phone_hash=phone,
        tail_hash=tail,
        keep_until=kept_until(local(stay.since), card.rule, card.closes),
        booked_in_at=stay.since,
        booked_in_by=_WHO,
    )
    StationMove.objects.create(parcel=row, kind="BOOKED_IN", at=stay.since, moved_by=_WHO)
    return row


def _end(row: StationParcel, stay: Stay) -> None:
    assert stay.ended_at is not None
    row.state, row.ended_at = stay.state, stay.ended_at
    if stay.state == StationParcel.State.HANDED_OUT.value:
        how = "MIRROR"
        row.hand_out = HandOut.objects.create(
            station_id=row.station_id, how=how, at=stay.ended_at, given_by=_WHO
        )
    row.save(update_fields=["state", "ended_at", "hand_out"])
    StationMove.objects.create(parcel=row, kind=stay.state, at=stay.ended_at, moved_by=_WHO)
