"""What happens to parcels, seen from their cases, and what platforms hand on."""

from yishi.cases.actions.follow import follow_parcel
from yishi.cases.actions.received import open_received
from yishi.feeds.facts import ComplaintsReceived
from yishi.shipments.facts import CarrierCorrected


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    now_at_id = fact.merged_into_id or fact.shipment_id
    follow_parcel(shipment_id=fact.shipment_id, now_at_id=now_at_id, carrier=fact.new)


def on_complaints_received(fact: ComplaintsReceived) -> None:
    for complaint_id in fact.complaint_ids:
        open_received(complaint_id=complaint_id, at=fact.at)
