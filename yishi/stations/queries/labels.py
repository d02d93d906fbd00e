"""What stands on the labels of parcels."""

from collections.abc import Sequence
from dataclasses import dataclass

from yishi.network.queries import carrier_names
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.stations import INSIDE, StationCard

MOST = 200


@dataclass(frozen=True)
class LabelLine:
    code: str
    waybill_no: str
    shelf: str
    carrier: str


def parcels_for_labels(card: StationCard, parcel_ids: Sequence[int] = ()) -> list[LabelLine]:
    """Those named, else the newest inside; never a person's name or phone. At most 200."""
    rows = StationParcel.objects.filter(station_id=card.id, state=INSIDE).select_related("shelf", "shipment")
    rows = rows.filter(pk__in=list(parcel_ids)[:MOST]) if parcel_ids else rows
    names = carrier_names()
    return [
        LabelLine(
            row.code,
            row.shipment.waybill_no,
            f"{row.shelf.code}-{row.layer}" if row.shelf else "",
            names.get(row.shipment.carrier, ""),
        )
        for row in rows.order_by("-pk")[:MOST]
    ]
