"""Parcels that moved are looked at; what was found of a parcel goes with it."""

from yishi.detection.actions.queue import follow_parcel, queue_inspections
from yishi.shipments.facts import CarrierCorrected, ShipmentsAdvanced


def on_shipments_advanced(fact: ShipmentsAdvanced) -> None:
    queue_inspections(shipment_ids=fact.shipment_ids, at=fact.at)


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    if fact.merged_into_id is not None:
        follow_parcel(shipment_id=fact.shipment_id, now_at_id=fact.merged_into_id, at=fact.at)
