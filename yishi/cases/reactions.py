"""What happens to parcels, seen from their cases."""

from yishi.cases.actions.follow import follow_parcel
from yishi.shipments.facts import CarrierCorrected


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    now_at_id = fact.merged_into_id or fact.shipment_id
    follow_parcel(shipment_id=fact.shipment_id, now_at_id=now_at_id, carrier=fact.new)
