"""Whose parcel a scanned number is: what is on record, else what the number itself says, else the keeper."""

from dataclasses import dataclass
from datetime import datetime

from yishi.network.rules import carrier_of
from yishi.shipments.models.parcels import UNKNOWN_CARRIER, Shipment
from yishi.shipments.queries.recognition import recognise
from yishi.shipments.rules.recognition import carriers_at, printed_carrier, rank_carriers
from yishi.stations.actions.telling import find_parcel
from yishi.stations.queries.stations import StationCard, carriers_at_station


@dataclass(frozen=True)
class Brought:
    """A parcel as it is on record, locked (None = nobody told of it), and its carrier, '' while that is not
    known; `maybe` are those among whom somebody must choose."""

    shipment: Shipment | None
    carrier: str
    maybe: tuple[str, ...] = ()


def whose_parcel(card: StationCard, number: str, *, said: str, batch: str, at: datetime) -> Brought:
    """In this order: the record; letters that only one carrier prints; what was `said` of this parcel; what
    the number looks like, among the carriers that come here and as was chosen for the `batch`."""
    said = "" if said.strip().lower() == UNKNOWN_CARRIER else carrier_of(said)
    shipment = find_parcel(number, said)
    if shipment is not None and shipment.carrier != UNKNOWN_CARRIER:
        return Brought(shipment, shipment.carrier)
    printed = printed_carrier(rank_carriers(number))
    if printed and said and printed != said:
        shipment = find_parcel(number, printed)
    if printed or said:
        return Brought(shipment, printed or said)
    maybe = carriers_at(recognise(number, at=at), served=carriers_at_station(card), batch=carrier_of(batch))
    if len(maybe) == 1:
        return Brought(shipment, maybe[0])
    return Brought(shipment, "", tuple(maybe))
