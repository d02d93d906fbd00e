"""What stations do when something has happened to parcels."""

from yishi.shipments.facts import CarrierCorrected
from yishi.stations.actions.following import follow_parcel


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    if fact.merged_into_id is not None:
        follow_parcel(shipment_id=fact.shipment_id, now_at_id=fact.merged_into_id, at=fact.at)
