"""Stations put up from nothing by pages alone: place, way of working, shelves, a keeper who then books in."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.stations.making import PHONE, keeper, shelves, take_in
from tests.web.desk.conftest import browser
from yishi.kit.clock import now
from yishi.network.models import Station
from yishi.people.models import User
from yishi.stations.actions.counting_at_once import count_at_once
from yishi.stations.queries.stations import access_station

pytestmark = pytest.mark.django_db
NEW = {"code": "st-09", "outlet": "DS01", "name": "南门驿站", "opens": "08:00", "closes": "21:00"}
WORKING = {"mode": "FULL", "template": "{random:6}", "keep_days": "3", "extend_days": "2", "free_days": "1",
           "fee": "0.5", "cap": "3", "quiet_from": "22:00", "quiet_until": "07:00"}  # fmt: skip


def test_head_office_puts_up_a_station_and_its_keeper_books_in(world):
    owner = browser(world.owner)
    assert owner.post("/manage/stations", NEW)["Location"] == "/manage/stations/ST-09?done=made"
    assert owner.post("/station/ST-09/working", WORKING).status_code == 302
    shelf = {"code": "1", "layers": "2", "capacity": "10"}
    assert owner.post("/station/ST-09/shelves/put", shelf).status_code == 302
    made = owner.post("/manage/stations/ST-09/keepers", {"person": "陈站长", "username": "chenzz"})
    password = re.search(r'y-no fs-5">([^<]+)<', made.content.decode())[1]
    keeper_page = Client()
    signed = keeper_page.post("/desk/sign-in", {"username": "chenzz", "password": password})
    assert signed.status_code == 302
    answer = keeper_page.post("/station/ST-09/in", {"scan": "YT6190000000009", "phone": PHONE})
    assert answer.status_code == 200 and "1-1" in answer.content.decode()
    shown = owner.get("/manage/stations").content.decode()
    assert "南门驿站" in shown and "1 / 20" in shown
    user = User.objects.get(username="chenzz")
    assert owner.post(f"/manage/stations/ST-09/keepers/{user.pk}/stop").status_code == 302
    assert keeper_page.get("/station/ST-09/in").status_code == 302


def test_an_odd_or_taken_code_changes_nothing(world):
    owner = browser(world.owner)
    for code in ("ST01", "ST/9", "", "站"):
        assert owner.post("/manage/stations", {**NEW, "code": code}).status_code == 422
    assert owner.post("/manage/stations", {**NEW, "opens": ""}).status_code == 422
    assert owner.post("/manage/stations", {**NEW, "outlet": "NO"}).status_code == 404
    assert list(Station.objects.values_list("code", "name")) == [("ST01", "东山驿站")]


def test_a_manager_sees_what_his_stations_counts_miss(world):
    shelves()
    by = keeper()
    take_in(by=by, at=now() - timedelta(hours=1))
    count_at_once(card=access_station(by, "ST01"), numbers=["YT6190000000002"], by=by, at=now())
    zhou = browser(world.zhou)
    page = zhou.get("/manage/stations/ST01").content.decode()
    assert "YT61 9000 0000 001" in page and "账有实无" in page
    for tab in ("working", "shelves", "score", "hours", "machines", "stock"):
        assert zhou.get(f"/station/ST01/{tab}").status_code == 200
    assert zhou.post("/manage/stations", NEW).status_code == 403
    assert zhou.get("/station/ST01/in").status_code == 403
