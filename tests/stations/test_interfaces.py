"""In and out: a code that a feed tells opens our page for a mirrored stay; programs hear of a station in the
shape in which they could tell us."""

import json

import pytest

from tests.api.conftest import Caller
from tests.shipments.tracking import event, take
from tests.stations.making import keeper, shelves, take_in
from tests.world import START
from yishi.config.worker import sweep_all
from yishi.feeds.actions.sources import ensure_source
from yishi.kit.clock import now
from yishi.notifications.models import WebhookCall
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.actions.take_in import take_in as take_body
from yishi.shipments.models.parcels import Shipment, TrackingEvent
from yishi.shipments.rules.code_places import kind_of_place
from yishi.stations.actions.custody import hand_back
from yishi.stations.actions.floor import Working, set_working
from yishi.stations.actions.mirrored import mirror_parcels
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.stations import access_station
from yishi.stations.queries.waiting import own_stay

pytestmark = pytest.mark.django_db
NUMBER, PHONE = "YT6190000000001", "19900000021"


@pytest.mark.parametrize(
    ("place", "kind"),
    [("东山小区丰巢柜 3 号", "LOCKER"), ("菜鸟驿站智能柜", "LOCKER"), ("东山驿站", "STATION"),
     ("老王超市", "STATION"), ("东山路 1 号", ""), ("", "")],
)  # fmt: skip
def test_which_kind_of_place_a_source_names(place, kind):
    assert kind_of_place(place) == kind


def test_a_locker_apis_deposit_becomes_a_stay_with_its_page(world):
    """The documented shape: deposit with `station_no` and the code, the person's taking it later."""
    shelves()
    by = keeper()
    set_working(station="ST01", working=Working(mode="MIRROR", template="{tail:4}"), by=by, at=START)
    source = ensure_source(code="cainiao", plugin="cainiao", at=START)

    def action(code, at, **more):
        said = {"mail_no": NUMBER, "cp_code": "YTO", "action_code": code, "station_no": "ST01", **more}
        body = json.dumps({"track_info": {**said, "action_time": int(at.timestamp() * 1000)}}).encode()
        done = take_body(source=source, body=body, content_type="application/json", at=START)
        assert done.accepted and not done.rejected
        mirror_parcels(shipment_ids=list(Shipment.objects.values_list("pk", flat=True)), at=START)

    action("POSTMAN_POST", START, getter_phone=PHONE, extra=json.dumps({"auth_code": "470812"}))
    stay = StationParcel.objects.get()
    assert (stay.state, stay.code, stay.station.code) == ("INSIDE", "470812", "ST01")
    mine = own_stay(stay.shipment_id, PHONE)
    assert mine is not None and own_stay(stay.shipment_id, "19900000022") is None
    action("GUEST_GET", START.replace(hour=3))
    stay.refresh_from_db()
    assert stay.state == "HANDED_OUT"


def test_a_subscriber_hears_in_the_shape_of_the_feed(world):
    """What our webhook tells can be given to `POST /api/v1/events` as it is."""
    shelves()
    by = keeper()
    key = add_key(role=Role.INTEGRATOR, outlet_code="", name="hub", by=SYSTEM_VIEWER, at=START)
    events = ["parcel.booked_in", "parcel.handed_out", "parcel.returned"]
    made = Caller(key).post("/webhooks", {"url": "https://hub.example.cn/yishi", "events": events})
    assert made.status_code == 201
    first = take_in(NUMBER, by=by)
    second = take_in("YT6190000000002", by=by)
    card = access_station(by, "ST01")
    back = {"carrier": "yuantong", "receiver": "刘师傅", "by": by, "at": START}
    hand_back(card=card, parcel_ids=[first.parcel_id], **back)
    scanner = add_key(role=Role.STATION_KEEPER, outlet_code="DS01", name="s", by=SYSTEM_VIEWER, at=START)
    Caller(scanner).post("/stations/ST01/handouts", {"pickup_code": second.pickup_code})
    sweep_all(at=now())
    told = [json.loads(call.body) for call in WebhookCall.objects.order_by("pk")]
    scans = [scan for one in told if one["event"] in events for scan in one["data"]["events"]]
    assert sorted((scan["waybill_no"][-1], scan["kind"]) for scan in scans) == [
        ("1", "returning"), ("1", "stored_at_pickup_point"),
        ("2", "delivered"), ("2", "stored_at_pickup_point"),
    ]  # fmt: skip
    said = json.dumps(told)
    assert PHONE not in said and first.pickup_code not in said and "station:ST01" in said
    before = TrackingEvent.objects.count()
    answer = Caller(key).post("/events", scans).json()
    assert (answer["accepted"], answer["rejected"]) == (4, [])
    assert TrackingEvent.objects.count() == before + 4
    take(event(NUMBER, "returned", 9))
