"""Who goes first in the line: somebody whom this station failed in the last days."""

from datetime import datetime, timedelta

from yishi.cases.queries.at_station import mistake_with
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.stations.queries.stations import StationCard
from yishi.stations.queries.stays import shipments_beside, shipments_seen_here

WITHIN = timedelta(days=7)


def mistake_by_stay(card: StationCard, parcel_id: int, *, at: datetime) -> str:
    """Our mistake with any parcel that the person of this stay had here lately, or ''."""
    return mistake_with(shipments_beside(card, parcel_id, since=at - WITHIN), since=at - WITHIN)


def mistake_by_number(card: StationCard, text: str, *, at: datetime) -> str:
    """The same by a waybill number, where that parcel was here or at this station's outlet."""
    number = normalise_waybill_no(text)
    if number is None:
        return ""
    here = shipments_seen_here(card, [ref.id for ref in find_shipment_refs(number)])
    return mistake_with(here, since=at - WITHIN) if here else ""
