"""What conversations do when a parcel changes."""

from yishi.conversations.actions.follow import follow_parcel
from yishi.shipments.facts import CarrierCorrected


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    """A talk about a parcel stays with it."""
    if fact.merged_into_id is not None:
        follow_parcel(shipment_id=fact.shipment_id, now_at_id=fact.merged_into_id)
