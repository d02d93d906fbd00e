"""Helpers of the tests of stations: a station with two shelves, its keeper, parcels taken in."""

from tests.world import START, add_person
from yishi.people.queries import viewer_of_user
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.parcels import Shipment
from yishi.stations.actions.book_in import Arrival, book_in
from yishi.stations.actions.floor import keep_shelf
from yishi.stations.queries.stations import access_station

PHONE = "19900000021"


def shelves(station="ST01"):
    for code, layers in (("12", 3), ("13", 2)):
        keep_shelf(station=station, code=code, layers=layers, capacity=4, by=SYSTEM_VIEWER, at=START)


def keeper(name="keeper", outlet="DS01"):
    return viewer_of_user(add_person(name, "站长", Role.STATION_KEEPER, outlet))


def take_in(number="YT6190000000001", *, station="ST01", by, at=START, phone=PHONE, **said):
    arrival = Arrival(waybill_no=number, carrier="yuantong", phone=phone, **said)
    return book_in(station=station, arrival=arrival, by=by, at=at)


def card_of(by, station="ST01"):
    return access_station(by, station)


def milestone(number="YT6190000000001"):
    return Shipment.objects.get(waybill_no=number).milestone
