"""A story: what must not be given is not given, wherever it is asked for: at the counter, by a program, at
the machine; each time with its reason. And a right code that opens nothing says what became of the
parcel."""

import re
from datetime import timedelta

import pytest

from tests.api.conftest import Caller
from tests.shipments.tracking import event, take
from tests.stations.making import keeper, shelves, take_in
from tests.stories.conftest import text_of
from tests.web.desk.conftest import browser
from yishi.kit.clock import now
from yishi.network.actions import add_station
from yishi.people.actions import add_key
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.actions.stops import stop_parcel
from yishi.shipments.models.parcels import TrackingEvent
from yishi.stations.actions.floor import Working, set_working
from yishi.stations.actions.mirrored import mirror_parcels
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.waiting import pickup_token

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000001"


@pytest.fixture
def by(told):
    shelves()
    add_station(code="ST02", outlet_code="DS01", name="西山驿站", by=SYSTEM_VIEWER)
    return keeper()


@pytest.fixture
def program(told):
    made = add_key(role=Role.STATION_KEEPER, outlet_code="DS01", name="s", by=SYSTEM_VIEWER, at=now())
    return Caller(made)


def desk():
    return browser(User.objects.get(username="keeper"))


def stopped(reason):
    def stop():
        stop_parcel(
            shipment_id=StationParcel.objects.get().shipment_id, reason=reason,
            asked="RETURN" if reason == "INTERCEPTED" else "", case_no="26112200000018",
            by=SYSTEM_VIEWER, at=now(),
        )  # fmt: skip

    return stop


def owed(**said):
    def owe():
        take({"waybill_no": NUMBER, "carrier": "yuantong", **said}, expects="shipments", at=now())

    return owe


@pytest.mark.parametrize(
    ("make", "reason", "words"),
    [
        (stopped("INTERCEPTED"), "intercepted", "拦"),
        (stopped("WANTED_BY_CASE"), "wanted_by_case", "工单"),
        (owed(freight_fen=1200, freight_collect=True), "freight_unpaid", "12.00"),
        (owed(cash_on_delivery_fen=5000), "freight_unpaid", "50.00"),
    ],
)
def test_it_stays_with_its_reason(by, program, make, reason, words):
    code = take_in(by=by, at=now()).pickup_code
    make()
    answer = program.post("/stations/ST01/handouts", {"pickup_code": code})
    assert (answer.status_code, answer.json()["reason"]) == (409, reason)
    page = desk()
    found = text_of(page.post("/station/ST01/out", {"scan": code}))
    known = re.search(r'name="known" value="([^"]+)"', found)[1]
    given = page.post("/station/ST01/give", {"known": known, "parcels": StationParcel.objects.get().pk})
    assert given.status_code == 409 and words in given.content.decode()
    assert StationParcel.objects.get().state == "INSIDE" and not HandOut.objects.exists()
    if reason == "freight_unpaid":
        paid = program.post("/stations/ST01/handouts", {"pickup_code": code, "paid": True})
        assert paid.status_code == 200 and HandOut.objects.get().collected_fen in (1200, 5000)


def test_a_right_code_says_what_became_of_it(by, program, clock):
    code = take_in(by=by, at=now()).pickup_code
    elsewhere = program.post("/stations/ST02/handouts", {"pickup_code": code})
    assert (elsewhere.status_code, elsewhere.json()["reason"]) == (409, "wrong_station")
    assert "东山驿站" in elsewhere.json()["detail"]
    assert program.post("/stations/ST01/handouts", {"pickup_code": code}).status_code == 200
    clock.shift(timedelta(minutes=5))
    again = program.post("/stations/ST01/handouts", {"pickup_code": code})
    assert (again.status_code, again.json()["reason"]) == (404, "handed_out")
    assert "11-22 10:00" in again.json()["detail"] and again.json()["tries_left"] == "5"
    never = program.post("/stations/ST01/handouts", {"pickup_code": "9-9-9999"})
    assert (never.json()["reason"], never.json()["tries_left"]) == ("unknown", "4")


def test_in_mirror_mode_codes_are_told_and_nothing_is_booked(by, program):
    """The brand's system books in and out; finding, counting and the story work here all the same."""
    set_working(station="ST01", working=Working(mode="MIRROR", template="{tail:4}"), by=by, at=now())
    at = {"carrier": "yuantong", "place": {"outlet": "025101"}, "text": "已存放至东山驿站"}
    take(event(NUMBER, "stored_at_pickup_point", 1, **at), at=now())
    mirror_parcels(shipment_ids=[TrackingEvent.objects.get().shipment_id], at=now())
    stay = StationParcel.objects.get()
    answer = program.post("/stations/ST01/parcels", {"waybill_no": "YT6190000000009"})
    assert (answer.status_code, answer.json()["reason"]) == (409, "mirror")
    page = desk()
    refused = page.post("/station/ST01/in", {"scan": "YT6190000000009"})
    assert refused.status_code == 409 and "品牌自己的系统里入库" in refused.content.decode()
    found = text_of(page.post("/station/ST01/out", {"scan": NUMBER}))
    assert "勾上的都交出" not in found and NUMBER[-4:] in found
    known = re.search(r'name="known" value="([^"]+)"', found)[1]
    given = page.post("/station/ST01/give", {"known": known, "parcels": stay.pk})
    assert given.status_code == 409 and "品牌自己的系统里出库" in given.content.decode()
    assert "多放几天" not in text_of(browser(None).get(f"/p/{pickup_token(stay.pk)}"))
    back = {"parcels": stay.pk, "carrier": "yuantong", "receiver": "刘师傅"}
    assert page.post("/station/ST01/overdue/back", back).status_code == 409
    assert page.get("/station/ST01/find", {"q": NUMBER}).status_code == 200
    assert program.post("/stations/ST01/counts", {"scanned": [NUMBER]}).json() == {
        "missing": [], "unexpected": [],
    }  # fmt: skip
    stay.refresh_from_db()
    assert stay.state == "INSIDE" and StationParcel.objects.count() == 1 and not HandOut.objects.exists()
