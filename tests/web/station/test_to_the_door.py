"""To the door for a fee, and what keeping costs: shown before, asked for at the hand-out, written down."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.stations.making import keeper, shelves, take_in
from tests.web.desk.conftest import browser
from tests.world import add_person
from yishi.kit import clock
from yishi.network.actions import add_station
from yishi.notifications.models import PickupTold
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.stations.models.doors import DoorWish
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.waiting import pickup_token
from yishi.stations.rules.doors import slots

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)
RULE = {"mode": "FULL", "template": "{random:6}", "keep_days": "5", "extend_days": "4", "free_days": "1",
        "fee": "0.5", "cap": "3", "quiet_from": "22:00", "quiet_until": "07:00"}  # fmt: skip


@pytest.fixture
def floor(world, monkeypatch):
    """The keeper at half past eight, with a parcel that came the day before yesterday."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    for page in ("carrying", "floor", "giving", "parcel"):
        monkeypatch.setattr(f"yishi.web.station.{page}.now", lambda: MORNING)
    shelves()
    take_in(by=keeper("early"), at=MORNING - timedelta(days=3), person_name="王芳")
    page = browser(add_person("keeper", "站长", Role.STATION_KEEPER, "DS01"))
    assert page.post("/station/ST01/working", RULE).status_code == 302
    return page


def test_a_person_has_it_brought_and_pays_at_the_door(floor, client: Client):
    stay = StationParcel.objects.get()
    link = f"/p/{pickup_token(stay.pk)}"
    assert "送到门口" not in client.get(link).content.decode()
    assert (
        client.post(f"{link}/door", {"address": "3 幢 502", "starts": MORNING.isoformat()}).status_code == 409
    )
    assert floor.post("/station/ST01/doors/offer", {"goes": "1", "fee": "2"}).status_code == 302
    page = client.get(link).content.decode()
    assert "每件 ¥2.00" in page
    starts = re.search(r'<option value="([^"]+)">11-23 12:00–15:00', page)[1]
    for wrong in (
        {"address": "", "starts": starts},
        {"address": "3 幢 502", "starts": "2026-11-23T03:00+08:00"},
    ):
        assert client.post(f"{link}/door", wrong).status_code == 422
    assert not DoorWish.objects.exists()
    assert client.post(f"{link}/door", {"address": "3 幢 502", "starts": starts}).status_code == 302
    assert "11-23 12:00–15:00 送到你门口，收 ¥2.00" in client.get(link).content.decode()
    shown = floor.get("/station/ST01/doors").content.decode()
    assert "3 幢 502" in shown and "要收 ¥3.00" in shown and "王芳" in shown
    where = f"/station/ST01/doors/{stay.pk}"
    assert floor.post(where).status_code == 409  # not paid: it stays with him
    assert StationParcel.objects.get().state == "INSIDE"
    assert floor.post(where, {"paid": "1"}).status_code == 302
    given = HandOut.objects.get()
    assert (given.how, given.collected_fen, DoorWish.objects.get().address) == ("DOOR", 300, "")
    assert floor.post(where, {"paid": "1"}).status_code == 404


def test_who_fetches_it_himself_pays_for_keeping_only(floor, client: Client):
    stay = StationParcel.objects.get()
    assert floor.post("/station/ST01/doors/offer", {"goes": "1", "fee": "2"}).status_code == 302
    link = f"/p/{pickup_token(stay.pk)}"
    starts = datetime(2026, 11, 23, 12, tzinfo=ZONE).isoformat()
    assert client.post(f"{link}/door", {"address": "3 幢 502", "starts": starts}).status_code == 302
    assert client.post(f"{link}/wanted").status_code == 302  # comes himself after all
    assert "0 件等着送" in floor.get("/station/ST01/doors").content.decode()
    found = floor.post("/station/ST01/out", {"scan": stay.code}).content.decode()
    assert "保管费" in found and "¥1.00" in found
    known = re.search(r'name="known" value="([^"]+)"', found)[1]
    assert floor.post("/station/ST01/give", {"known": known}).status_code == 409
    assert floor.post("/station/ST01/give", {"known": known, "waived": "1"}).status_code == 302
    assert HandOut.objects.get().collected_fen == 0


def test_windows_keep_to_the_hours_and_the_days(world):
    hours = {
        "opens": MORNING.time().replace(hour=8, minute=0),
        "closes": MORNING.time().replace(hour=18, minute=0),
    }
    found = slots(MORNING, until=MORNING + timedelta(days=1, hours=4), **hours)
    assert [(one.starts.day, one.starts.hour) for one in found] == [(23, 12), (23, 15), (24, 9)]
    assert slots(MORNING, until=MORNING, **hours) == []


def test_a_phone_read_off_the_label_later_is_told_at_once(floor):
    take_in("YT6190000000002", by=keeper("late"), at=MORNING, phone="")
    where = f"/station/ST01/parcels/{StationParcel.objects.last().pk}"
    assert "看面单，补上就发" in floor.get(where).content.decode()
    assert floor.post(f"{where}/phone", {"phone": "1990"}).status_code == 422
    assert floor.post(f"{where}/phone", {"phone": "19900000077", "person": "李雷"}).status_code == 302
    assert PickupTold.objects.filter(parcel_id=StationParcel.objects.last().pk).count() == 1
    # nobody's parcel becomes somebody else's
    assert floor.post(f"{where}/phone", {"phone": "19900000078"}).status_code == 422
    assert "19900000077" in floor.get(where).content.decode()


def test_a_parcel_goes_on_to_the_station_where_it_belongs(floor):
    add_station(code="ST02", outlet_code="DS01", name="北门驿站", by=SYSTEM_VIEWER)
    stay = StationParcel.objects.get()
    where = f"/station/ST01/parcels/{stay.pk}"
    assert "北门驿站" in floor.get(where).content.decode()
    assert floor.post(f"{where}/on", {"to": "ST01"}).status_code == 422
    assert floor.post(f"{where}/on", {"to": "ST02"}).status_code == 302
    assert take_in(station="ST02", by=keeper("north"), at=MORNING).is_repeat is False
    assert list(StationParcel.objects.order_by("pk").values_list("state", flat=True)) == ["MOVED", "INSIDE"]
