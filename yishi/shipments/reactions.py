"""Replayed and polled bodies end in the one path; pages that show a parcel are told that it moved."""

from yishi.feeds.facts import InputStored
from yishi.kit.live import nudge
from yishi.shipments.actions.bookings import note_accepted
from yishi.shipments.actions.duties import begin_duties
from yishi.shipments.actions.events import settle_split
from yishi.shipments.actions.following import stop_following
from yishi.shipments.actions.promises import promise_accepted
from yishi.shipments.actions.questions import want_codes
from yishi.shipments.actions.slips import watch_promises
from yishi.shipments.actions.stored import take_in_stored
from yishi.shipments.facts import ShipmentsAdvanced

# a bulk load moves thousands of parcels that nobody is looking at
_WATCHED = 50


def on_input_stored(fact: InputStored) -> None:
    take_in_stored(raw_id=fact.raw_id, at=fact.at)


def on_shipments_advanced(fact: ShipmentsAdvanced) -> None:
    settle_split(shipment_ids=fact.shipment_ids, at=fact.at)
    stop_following(shipment_ids=fact.shipment_ids, at=fact.at)
    if len(fact.shipment_ids) <= _WATCHED:
        nudge(*(f"shipment:{shipment_id}" for shipment_id in fact.shipment_ids))


def on_parcels_moved(fact: ShipmentsAdvanced) -> None:
    """Away from ingest: promises are given and watched, 24-hour duties begin, pickup codes are asked for,
    who booked them is due to hear."""
    promise_accepted(shipment_ids=fact.shipment_ids, at=fact.at)
    note_accepted(shipment_ids=fact.shipment_ids, at=fact.at)
    watch_promises(shipment_ids=fact.shipment_ids, at=fact.at)
    begin_duties(shipment_ids=fact.shipment_ids, at=fact.at)
    want_codes(shipment_ids=fact.shipment_ids, at=fact.at)
