"""What was agreed for a parcel: for the courier, the person himself, and whoever tells him."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from yishi.network.models import Station
from yishi.shipments.models.ahead import DoorChoice
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.stops import ParcelStop
from yishi.shipments.rules.choices import TIME, TooLate, nearest, why_too_late


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What stands for one parcel. `named` in full: for its courier and its person only."""

    kind: str
    via: str
    from_at: datetime | None
    until_at: datetime | None
    named: str
    station_id: int | None
    station: str
    chosen_at: datetime


def choices_of(shipment_ids: Collection[int], *, at: datetime) -> dict[int, Chosen]:
    """What stands for each of these parcels; an agreed time that is over is nothing any more. One
    statement."""
    rows = DoorChoice.objects.filter(shipment_id__in=shipment_ids, ended_at__isnull=True)
    return {
        row.shipment_id: Chosen(
            kind=row.kind, via=row.via, from_at=row.from_at, until_at=row.until_at, named=row.named,
            station_id=row.station_id, station=row.station.name if row.station else "",
            chosen_at=row.chosen_at,
        )
        for row in rows.select_related("station")
        if row.until_at is None or row.until_at > at
    }  # fmt: skip


@dataclass(frozen=True)
class Agreed:
    """A time that was agreed for a parcel, and how (`rules.choices`)."""

    from_at: datetime
    until_at: datetime
    via: str
    chosen_at: datetime


def agreed_time(shipment_id: int, *, at: datetime) -> Agreed | None:
    """The time that was agreed for it, if there is one and it is not over. No place, no name: anybody with
    the number may read it, as the time at which it is expected."""
    found = choices_of([shipment_id], at=at).get(shipment_id)
    if found is None or found.kind != TIME or found.from_at is None or found.until_at is None:
        return None
    return Agreed(found.from_at, found.until_at, found.via, found.chosen_at)


@dataclass(frozen=True, kw_only=True)
class Choosable:
    """What the person may choose for one parcel, or why he can no more."""

    shipment_id: int
    waybill_no: str
    carrier: str
    milestone: str
    outlet_id: int | None
    outlet_name: str
    outlet_phone: str
    address: str
    too_late: TooLate | None


def choosable(shipment_ids: Collection[int]) -> list[Choosable]:
    """How each of these parcels stands, in the order of their numbers."""
    stopped = set(
        ParcelStop.objects.filter(shipment_id__in=shipment_ids, lifted_at__isnull=True).values_list(
            "shipment_id", flat=True
        )
    )
    rows = Shipment.objects.filter(pk__in=shipment_ids).select_related("details", "outlet").order_by("pk")
    return [
        Choosable(
            shipment_id=row.pk,
            waybill_no=row.waybill_no,
            carrier=row.carrier,
            milestone=row.milestone,
            outlet_id=row.outlet_id,
            outlet_name=row.outlet.name if row.outlet else "",
            outlet_phone=row.outlet.phone if row.outlet else "",
            address=row.details.address if hasattr(row, "details") else "",
            too_late=why_too_late(milestone=row.milestone, is_stopped=row.pk in stopped),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Place:
    """A station as somebody who might fetch a parcel there reads of it."""

    id: int
    name: str
    address: str
    hours: str


def stations_near(outlet_id: int | None, address: str) -> list[Place]:
    """The outlet's stations that lie nearest to an address, as far as their addresses say so."""
    if outlet_id is None:
        return []
    rows = {row.pk: row for row in Station.objects.filter(outlet_id=outlet_id).order_by(F("code"))}
    ranked = nearest(address, [(pk, f"{row.address}{row.name}") for pk, row in rows.items()])
    return [Place(pk, rows[pk].name, rows[pk].address, _open(rows[pk])) for pk in ranked]


def _open(row: Station) -> str:
    if row.opens is None or row.closes is None:
        return ""
    return f"{row.opens:%H:%M}–{row.closes:%H:%M}"
