"""The stations' floors: shelves everywhere, and at the first station parcels of the last days on them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from yishi.people.rules import SYSTEM_VIEWER
from yishi.sample.cast import STATIONS
from yishi.sample.routes import Parcel
from yishi.stations.actions.book_in import Arrival, book_in
from yishi.stations.actions.floor import keep_shelf
from yishi.stations.queries.stations import access_station
from yishi.stations.queries.stays import list_stays

SHELVES = (("1", 4, 25, "S"), ("2", 4, 20, ""), ("3", 3, 15, "M"), ("A", 2, 8, "L"))
BOOKED = 36
_CHUNK = 7
"""Every so many hours one more was booked in: some are overdue, most are not."""


def build_stations(parcels: Iterable[Parcel], *, at: datetime) -> None:
    """Shelves for all; the first station has three dozen parcels of its outlet. Again changes nothing."""
    for place in STATIONS:
        for code, layers, capacity, size in SHELVES:
            keep_shelf(
                station=place.code,
                code=code,
                layers=layers,
                capacity=capacity,
                size=size,
                by=SYSTEM_VIEWER,
                at=at,
            )
    first = STATIONS[0]
    if list_stays(access_station(SYSTEM_VIEWER, first.code), limit=1, at=at).items:
        return
    for number, parcel in enumerate(parcels):
        arrival = Arrival(
            waybill_no=f"88{parcel.waybill_no[-10:]}",
            carrier=parcel.carrier,
            phone=parcel.consignee.phone,
            person_name=parcel.consignee.name,
            answered=frozenset({"signed", "over", "consent_needed"}),
            client_id=f"sample-{number}",
        )
        moment = at - timedelta(hours=number * _CHUNK % 200, minutes=number)
        book_in(station=first.code, arrival=arrival, by=SYSTEM_VIEWER, at=moment)
