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
from yishi.people.rules import Role
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
    for page in ("carrying", "floor", "giving"):
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
