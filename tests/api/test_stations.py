"""Stations over the wire: the forms of contracts.md, and F12 from one key and from many addresses."""

import pytest

from tests.api.conftest import Caller
from tests.stations.making import PHONE, shelves
from tests.world import START
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.actions.stops import stop_parcel
from yishi.shipments.models.parcels import Shipment
from yishi.stations.models.counts import StockCount

pytestmark = pytest.mark.django_db
PARCEL = {"waybill_no": "YT6190000000001", "phone": PHONE, "name": "何田", "condition": "INTACT"}
IN, OUT = "/stations/ST01/parcels", "/stations/ST01/handouts"


def key(role, outlet):
    return Caller(add_key(role=role, outlet_code=outlet, name=outlet, by=SYSTEM_VIEWER, at=START))


@pytest.fixture
def keeper(world):
    shelves()
    return key(Role.STATION_KEEPER, "DS01")


def test_booked_in_and_handed_out(keeper):
    answer = keeper.post(IN, PARCEL)
    assert answer.status_code == 201
    said = answer.json()
    assert (said["pickup_code"], said["shelf"]) == ("12-1-0001", "12-1")
    assert said["keep_until"].endswith("+08:00")
    again = keeper.post(IN, PARCEL)
    assert (again.status_code, again.json()["reason"]) == (409, "already_inside")
    listed = keeper.get(f"{IN}?state=INSIDE&q=12-1").json()
    assert [row["waybill_no"] for row in listed["items"]] == ["YT6190000000001"]
    assert "12-1-0001" not in str(listed)
    given = keeper.post(OUT, {"pickup_code": "12-1-0001"})
    assert given.status_code == 200
    assert [row["waybill_no"] for row in given.json()["parcels"]] == ["YT6190000000001"]
    assert keeper.post(OUT, {"pickup_code": "12-1-0001"}).json()["reason"] == "handed_out"


def test_the_same_key_hands_out_once(keeper):
    keeper.post(IN, PARCEL)
    headers = {"Idempotency-Key": "h1"}
    first = keeper.post(OUT, {"pickup_code": "12-1-0001"}, **headers)
    again = keeper.post(OUT, {"pickup_code": "12-1-0001"}, **headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    assert keeper.post(OUT, {"pickup_code": "12-1-0002"}, **headers).status_code == 422


def test_a_sixth_wrong_code_is_locked_with_and_without_a_key(keeper):
    keeper.post(IN, PARCEL)
    for i in range(5):
        headers = {"Idempotency-Key": f"k{i}", "X-Forwarded-For": f"203.0.113.{i}"}
        assert keeper.post(OUT, {"pickup_code": f"9-9-000{i}"}, **headers).status_code == 404
    locked = keeper.post(OUT, {"pickup_code": "12-1-0001"}, **{"X-Forwarded-For": "203.0.113.99"})
    assert locked.status_code == 423 and int(locked["Retry-After"]) > 0


def test_stopped_is_said_with_its_reason(keeper):
    keeper.post(IN, PARCEL)
    stop_parcel(
        shipment_id=Shipment.objects.get().pk,
        reason="INTERCEPTED",
        asked="RETURN",
        by=SYSTEM_VIEWER,
        at=START,
    )
    answer = keeper.post(OUT, {"pickup_code": "12-1-0001"}, **{"Idempotency-Key": "s1"})
    assert (answer.status_code, answer.json()["reason"]) == (409, "intercepted")


def test_others_stations_and_roles(keeper, world):
    stranger = key(Role.STATION_KEEPER, "JN01")
    desk = key(Role.AGENT, "DS01")
    for path, body in ((IN, PARCEL), (OUT, {"pickup_code": "1"})):
        assert stranger.post(path, body).status_code == 404
        assert desk.post(path, body).status_code == 403
        assert Caller().post(path, body).status_code == 401
    assert stranger.get(IN).status_code == 404 and desk.get(IN).status_code == 200
    assert keeper.post(IN, PARCEL | {"condition": "SOSO"}).status_code == 422
    assert keeper.get(f"{IN}?cursor=x").status_code == 422


def test_a_count_tells_what_is_missing_and_what_nobody_booked(keeper):
    for number in ("YT6190000000001", "YT6190000000002"):
        assert keeper.post(IN, {**PARCEL, "waybill_no": number}).status_code == 201
    answer = keeper.post("/stations/ST01/counts", {"scanned": ["YT6190000000002", "YT6190000000009"]})
    said = answer.json()
    assert answer.status_code == 201, said
    assert [row["waybill_no"] for row in said["missing"]] == ["YT6190000000001"]
    assert [(row["waybill_no"], row["kind"]) for row in said["unexpected"]] == [
        ("YT6190000000009", "UNEXPECTED")
    ]


def test_an_empty_count_of_a_full_station_is_refused(keeper):
    keeper.post(IN, PARCEL)
    refused = keeper.post("/stations/ST01/counts", {"scanned": []})
    assert (refused.status_code, refused.json()["type"][-15:]) == (409, "nothing_scanned")
    assert StockCount.objects.count() == 0
