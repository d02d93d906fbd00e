"""A story: a parcel that its station could not find stands on a wrong shelf; a count finds it, and its person
hears so without anybody ringing."""

import json
from datetime import timedelta

import pytest

from tests.stations.making import PHONE, shelves, take_in
from tests.stories.conftest import letters, work
from tests.world import add_person
from yishi.cases.actions.open import open_case
from yishi.cases.actions.searches import PlaceWanted, open_search
from yishi.cases.models.case import Case
from yishi.cases.models.searches import LookedFor
from yishi.consignees.actions.contacts import keep_contacts
from yishi.consignees.rules import ContactRow
from yishi.kit.clock import now
from yishi.people.queries import viewer_of_user
from yishi.people.rules import Role
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.stations.models.counts import CountDifference
from yishi.stations.models.parcels import StationParcel

pytestmark = pytest.mark.django_db
LOST, FINE, STRANGE = "YT6190000000001", "YT6190000000002", "YT6190000000077"


@pytest.fixture
def station(told, clock):
    """Two parcels on the book at 12-1; 何田 could not be given hers, and a search runs."""
    shelves()
    user = add_person("keeper", "许站长", Role.STATION_KEEPER, "DS01")
    keeper = viewer_of_user(user)
    take_in(LOST, by=keeper, person_name="何田")
    take_in(FINE, by=keeper, phone="19900000022")
    (contact_id,) = keep_contacts([ContactRow(name="何田", phone=PHONE, email="hetian@example.cn")], now())
    (ref,) = find_shipment_refs(LOST)
    said = {"waybill_no": LOST, "category": "PARCEL_NOT_FOUND", "text": "驿站说找不到我的件", "shipment": ref}
    opened = open_case(**said, contact_id=contact_id, is_verified=True, by=None, at=now())
    places = [PlaceWanted(place="STATION_SHELF", outlet_id=told.dongshan_id)]
    open_search(
        case_id=opened.case_id, places=places, within=timedelta(hours=4), by=told.viewer(told.lin), at=now()
    )
    work(clock, later=timedelta(hours=1))
    return user


def begin(keeper):
    return keeper.post("/station/ST01/counts/begin").headers["Location"]


def scan(keeper, count, *said):
    rows = [{"id": f"{count}{i}", "text": text, "place": place} for i, (text, place) in enumerate(said)]
    answer = keeper.post(f"{count}/scans", json.dumps({"scans": rows}), "application/json")
    return [verdict for _id, verdict, _place in answer.json()["heard"]]


def test_the_lost_parcel_is_found_by_a_count(station, person, post, clock):
    keeper = person(station)
    count = begin(keeper)
    assert scan(keeper, count, (FINE, "12")) == ["OK"]
    clock.shift(timedelta(minutes=5))
    result = keeper.get(keeper.post(f"{count}/end").headers["Location"]).content.decode()
    assert "账有实无" in result and "12-1" in result and "许站长" in result
    work()
    # her own complaint is the case; no second one
    case = Case.objects.get()
    assert CountDifference.objects.get(kind="MISSING").case_no == case.case_no

    clock.shift(timedelta(days=1))
    keeper = person(station)
    with letters(post) as got:
        again = begin(keeper)
        heard = scan(keeper, again, (LOST, "13-1"), (FINE, "12"), (LOST, "13-1"))
        assert heard == ["WRONG_SHELF", "OK", "AGAIN"]
        work()
        work()
    assert LookedFor.objects.get().state == "FOUND" and "13-1" in LookedFor.objects.get().where
    assert [to for to, _heading, body in got if "找到了" in body] == ["hetian@example.cn"]
    assert CountDifference.objects.get(kind="MISSING").settled == "FOUND"

    clock.shift(timedelta(minutes=5))
    result = keeper.get(keeper.post(f"{again}/end").headers["Location"]).content.decode()
    assert "放错架" in result
    (row,) = CountDifference.objects.filter(count_id=again.rpartition("/")[2])
    keeper.post(f"{again}/settle/{row.pk}", {"how": "MOVED"})
    stay = StationParcel.objects.get(shipment__waybill_no=LOST)
    assert (stay.shelf.code, stay.layer) == ("13", 1)


def test_a_stranger_on_the_shelf_has_its_case_until_it_is_booked_in(told, station, person, clock):
    keeper = person(station)
    count = begin(keeper)
    heard = scan(keeper, count, (STRANGE, "12-2"), (FINE, "12"), ("??", "12-1"), (LOST, "12"))
    assert heard == ["UNEXPECTED", "OK", "UNREADABLE", "OK"]
    keeper.post(f"{count}/end")
    work()
    row = CountDifference.objects.get(kind="UNEXPECTED")
    case = Case.objects.get(case_no=row.case_no)
    assert (case.carrier, case.outlet_id, case.is_internal) == ("yuantong", told.dongshan_id, True)
    settled = keeper.post(f"{count}/settle/{row.pk}", {"how": "BOOKED_IN"}).headers["Location"]
    page = keeper.get(settled).content.decode()
    assert f'value="{STRANGE}"' in page and 'value="12-2"' in page
    keeper.post("/station/ST01/in", {"scan": STRANGE, "place": "12-2"})
    work()
    case.refresh_from_db()
    assert case.status == "WITHDRAWN" and StationParcel.objects.filter(shelf__code="12", layer=2).exists()


def test_a_parcel_in_wrong_hands_comes_back(station, person, post, clock):
    """Whoever was there at the time is asked, without a word of whose it is; its person hears of both."""
    keeper = person(station)
    mine = StationParcel.objects.get(shipment__waybill_no=LOST)
    theirs = StationParcel.objects.get(shipment__waybill_no=FINE)
    StationParcel.objects.filter(pk=theirs.pk).update(state="HANDED_OUT", ended_at=now())
    with letters(post) as got:
        page = keeper.post(f"/station/ST01/taken/{mine.pk}", {"note": "监控看到"}).headers["Location"]
        assert "问问" in keeper.get(page).content.decode()
        keeper.post(f"{page}/ask/{theirs.pk}")
        assert "问过了" in keeper.get(page).content.decode()
        keeper.post(f"{page}/back")
        work()
        work()
    case = Case.objects.get(category="TAKEN_BY_OTHER")
    assert case.contact_id == mine.contact_id and not case.is_internal
    assert any("送回" in body for _to, _heading, body in got)
    assert "拿回来了" in keeper.get(page).content.decode()
