"""Parcels that moved, or of which something new is known, are looked at."""

from yishi.detection.actions.queue import follow_parcel, queue_inspections
from yishi.shipments.facts import CarrierCorrected, ShipmentsAdvanced, ShipmentsKept


def on_parcels_changed(fact: ShipmentsAdvanced | ShipmentsKept) -> None:
    queue_inspections(shipment_ids=fact.shipment_ids, at=fact.at)


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    now_at_id = fact.merged_into_id or fact.shipment_id
    follow_parcel(shipment_id=fact.shipment_id, now_at_id=now_at_id, carrier=fact.new, at=fact.at)
