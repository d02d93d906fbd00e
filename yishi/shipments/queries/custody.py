"""Through whose hands a parcel went: its scans, each with the outlet of ours that it names."""

from dataclasses import dataclass
from datetime import datetime

from yishi.network.queries import outlet_ids_by_codes
from yishi.shipments.models.parcels import TrackingEvent

MOST_SCANS = 60


@dataclass(frozen=True)
class Held:
    """One scan: what was done, when, and at which outlet, where it is one of ours."""

    at: datetime
    kind: str
    outlet_id: int | None = None


def custody(shipment_id: int | None) -> list[Held]:
    """The newest scans of a parcel, oldest first; two statements. None has no scans."""
    if shipment_id is None:
        return []
    rows = TrackingEvent.objects.filter(shipment_id=shipment_id).order_by("-happened_at", "-identity")
    found = list(rows.values_list("happened_at", "kind", "outlet", "shipment__carrier")[:MOST_SCANS])
    outlets = outlet_ids_by_codes((carrier, code) for _at, _kind, code, carrier in found)
    return [Held(at, kind, outlets.get((carrier, code))) for at, kind, code, carrier in reversed(found)]
