"""Stops of parcels and what scanners were told; and where a parcel stands, for whoever must act."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from yishi.kit.errors import NotFound
from yishi.shipments.models.parcels import Shipment, ShipmentDetails
from yishi.shipments.models.stops import ParcelStop, ScanCheck
from yishi.shipments.queries.eta import find_estimate
from yishi.shipments.rules.eta import kind_of_rank

MOST = 50


@dataclass(frozen=True)
class StopCard:
    """Why a parcel may not go on; `lifted_at` is empty while it may not."""

    id: int
    reason: str
    asked: str
    case_no: str
    since: datetime
    lifted_at: datetime | None


@dataclass(frozen=True)
class HeldBack:
    """A scanner that was refused: what it was about to do, whose it was, when."""

    kind: str
    courier: str
    station: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a parcel stands, by its record: `kind` is the last scan that moved it, `outlet_id` the outlet
    named last, `eta` when it will probably be there."""

    shipment_id: int
    waybill_no: str
    carrier: str
    milestone: str
    kind: str
    moved_at: datetime | None
    outlet_id: int | None
    origin_id: int | None
    destination_id: int | None
    courier: str
    eta: datetime | None
    shipper_id: int | None
    consignee_id: int | None


def stops_of(shipment_id: int) -> list[StopCard]:
    """What holds this parcel back now, the oldest first."""
    return _stops(ParcelStop.objects.filter(shipment_id=shipment_id, lifted_at__isnull=True))


def stop_card(stop_id: int) -> StopCard:
    """A stop, also one that was lifted. Raises NotFound."""
    found = _stops(ParcelStop.objects.filter(pk=stop_id))
    if not found:
        raise NotFound()
    return found[0]


def _stops(rows: "QuerySet[ParcelStop]") -> list[StopCard]:
    return [
        StopCard(row.pk, row.reason, row.asked, row.case_no, row.since, row.lifted_at)
        for row in rows.order_by("since", "pk")
    ]


def held_back(stop_ids: Collection[int]) -> list[HeldBack]:
    """The scanners that these stops have refused, the newest first, at most 50."""
    rows = ScanCheck.objects.filter(stop_id__in=list(stop_ids)).order_by("-at", "-pk")[:MOST]
    return [HeldBack(row.kind, row.courier, row.station, row.at) for row in rows]


def placement_answers(shipment_id: int) -> list[tuple[str, str, datetime]]:
    """What couriers answered before they left this parcel somewhere: place, answer, when; oldest first."""
    rows = ScanCheck.objects.filter(shipment_id=shipment_id, kind__startswith="PLACE_").order_by("at", "pk")
    return [(row.kind.removeprefix("PLACE_"), row.answer, row.at) for row in rows]


def standing_of(shipment_id: int, *, at: datetime) -> Standing:
    """Where a parcel stands now; the row that holds its record where it was joined. Raises NotFound."""
    found = Shipment.objects.filter(pk=shipment_id).select_related("merged_into").first()
    if found is None:
        raise NotFound()
    row = found.merged_into or found
    details = ShipmentDetails.objects.filter(pk=row.pk).first()
    estimate = find_estimate(row, at=at)
    return Standing(
        shipment_id=row.pk,
        waybill_no=row.waybill_no,
        carrier=row.carrier,
        milestone=row.milestone,
        kind=kind_of_rank(row.moved_rank),
        moved_at=row.moved_at,
        outlet_id=row.outlet_id,
        origin_id=details.origin_outlet_id if details else None,
        destination_id=details.destination_outlet_id if details else None,
        courier=row.courier_number,
        eta=estimate.from_at if estimate else None,
        shipper_id=details.shipper_id if details else None,
        consignee_id=details.consignee_id if details else None,
    )
