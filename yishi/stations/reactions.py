"""What stations do when something has happened to parcels."""

from yishi.shipments.facts import CarrierCorrected, ShipmentsAdvanced
from yishi.stations.actions.following import follow_parcel
from yishi.stations.actions.ladder import plan_reminder
from yishi.stations.actions.mirrored import mirror_parcels
from yishi.stations.actions.queue import serve_with_parcels
from yishi.stations.facts import KeepingExtended, ParcelBookedIn, ParcelsHandedOut


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    if fact.merged_into_id is not None:
        follow_parcel(shipment_id=fact.shipment_id, now_at_id=fact.merged_into_id, at=fact.at)
        mirror_parcels(shipment_ids=[fact.merged_into_id], at=fact.at)


def on_parcels_handed_out(fact: ParcelsHandedOut) -> None:
    serve_with_parcels(parcel_ids=fact.parcel_ids, at=fact.at)


def on_parcels_advanced(fact: ShipmentsAdvanced) -> None:
    mirror_parcels(shipment_ids=fact.shipment_ids, at=fact.at)


def on_parcel_booked_in(fact: ParcelBookedIn) -> None:
    plan_reminder(parcel_id=fact.parcel_id, at=fact.at)


def on_keeping_extended(fact: KeepingExtended) -> None:
    plan_reminder(parcel_id=fact.parcel_id, at=fact.at)
