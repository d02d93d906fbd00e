"""Replayed and polled bodies end in the one path; pages that show a parcel are told that it moved."""

from yishi.feeds.facts import InputStored
from yishi.kit.live import nudge
from yishi.shipments.actions.stored import take_in_stored
from yishi.shipments.facts import ShipmentsAdvanced

# a bulk load moves thousands of parcels that nobody is looking at
_WATCHED = 50


def on_input_stored(fact: InputStored) -> None:
    take_in_stored(raw_id=fact.raw_id, at=fact.at)


def on_shipments_advanced(fact: ShipmentsAdvanced) -> None:
    if len(fact.shipment_ids) <= _WATCHED:
        nudge(*(f"shipment:{shipment_id}" for shipment_id in fact.shipment_ids))
