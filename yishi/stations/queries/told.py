"""What programs of others are told of a station's parcels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yishi.kit.facts import Fact
from yishi.stations.facts import ParcelBookedIn, ParcelsHandedBack, ParcelsHandedOut
from yishi.stations.models.parcels import StationParcel


def stays_told(parcel_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Parcel and station of each stay; one statement."""
    rows = StationParcel.objects.filter(pk__in=list(parcel_ids)).order_by("pk")
    return list(rows.values_list("shipment_id", "station__code"))


EVENT_OF: dict[type[Fact], str] = {
    ParcelBookedIn: "parcel.booked_in",
    ParcelsHandedOut: "parcel.handed_out",
    ParcelsHandedBack: "parcel.returned",
}
KINDS = {
    "parcel.booked_in": ("stored_at_pickup_point", ""),
    "parcel.handed_out": ("delivered", "pickup_point"),
    "parcel.returned": ("returning", ""),
}


def events_told(event: str, parcel_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The same as scans in the shape that `POST /api/v1/events` takes: who receives them can pass them on as
    they are. No code, nobody's name; one statement."""
    kind, detail = KINDS[event]
    rows = StationParcel.objects.filter(pk__in=list(parcel_ids)).select_related("shipment", "station__outlet")
    return [
        {
            "waybill_no": row.shipment.waybill_no,
            "carrier": row.shipment.carrier,
            "kind": kind,
            "detail": detail,
            "happened_at": _when(row, kind).isoformat(),
            "place": {"outlet": row.station.outlet.code},
            "position": f"station:{row.station.code}",
        }
        for row in rows.order_by("pk")
    ]


def _when(row: StationParcel, kind: str) -> datetime:
    return row.booked_in_at if kind == "stored_at_pickup_point" else row.ended_at or row.booked_in_at
