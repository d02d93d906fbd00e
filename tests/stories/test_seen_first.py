"""Trouble that we see before it is reported, and a wish that a complaint teaches; by HTTP and worker."""

from datetime import timedelta

import pytest

from tests.api.conftest import Caller
from tests.security.conftest import photo
from tests.stories.conftest import MASTER_DATA, WAYBILL_NO, text_of, work
from tests.web.consumer.test_wishes import prove
from tests.world import CONSUMER_PHONE, add_person
from yishi.cases.models.case import Case
from yishi.consignees.models import WishProposal
from yishi.detection.jobs import learn_habits
from yishi.detection.models.incidents import Incident
from yishi.kit.clock import now
from yishi.network.models import Courier
from yishi.notifications.models import Delivery
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.stops import ScanCheck

pytestmark = pytest.mark.django_db
NEXT = "YT9900000000025"


@pytest.fixture
def shop(told):
    caller = Caller(add_key(role=Role.INTEGRATOR, outlet_code="", name="shop", by=SYSTEM_VIEWER, at=now()))
    caller.post("/shipments", [MASTER_DATA, {**MASTER_DATA, "waybill_no": NEXT}])
    return caller


@pytest.fixture
def liu(told, person):
    """刘师傅, signed in on his telephone."""
    user = add_person("liu", "刘师傅", Role.COURIER, "DS01")
    Courier.objects.filter(pk=told.courier_id).update(user=user)
    return person(user)


def happens(shop, kind, waybill_no=WAYBILL_NO, outlet="025101", **more):
    event = {
        "waybill_no": waybill_no, "carrier": "yuantong", "kind": kind, "happened_at": now().isoformat(),
        "place": {"city": "南京市", "outlet": outlet}, **more,
    }  # fmt: skip
    answer = shop.post("/events", [event])
    assert answer.json()["accepted"] == 1, answer.content
    work()


def notices():
    work()
    found = Delivery.objects.filter(kind="INCIDENT").order_by("created_at")
    assert {one.state for one in found} <= {"SENT"}
    return [one.body for one in found]


def test_a_parcel_that_stands_still_heals_by_itself(shop, told, person, clock):
    happens(shop, "accepted")
    work(clock, later=timedelta(hours=48))
    lin = person(told.lin)
    assert "轨迹停滞" in text_of(lin.get("/desk/incidents"))
    (case,) = Case.objects.all()
    assert case.is_internal and case.outlet_id == told.dongshan_id
    assert "系统" in text_of(lin.get(f"/desk/cases/{case.case_no}"))
    (said,) = notices()
    assert "两天没有新动静" in said
    work(clock, later=timedelta(hours=5))
    assert len(notices()) == 1, "once"

    happens(shop, "arrived_hub")
    assert "现在没有异常" in text_of(lin.get("/desk/incidents"))
    assert "已解除" in text_of(lin.get(f"/desk/parcels/{WAYBILL_NO}"))
    case.refresh_from_db()
    assert case.status == "WITHDRAWN"
    assert "又走起来了" in notices()[1] and len(notices()) == 2


def goes_live(owner, kind):
    """The rule is tried, and brought to life before its time with a reason."""
    said = {"kind": kind, "valid_from": "2026-11-01", "reason": "试过了", "step_TELL": "1", "step_TASK": "1"}
    assert owner.post("/manage/detection", said).status_code == 302
    number = text_of(owner.get("/manage/detection")).partition('id="setting-')[2].partition('"')[0]
    assert owner.post(f"/manage/detection/{number}/live", {"reason": "看过了"}).status_code == 302


def learns_what_is_usual(shop):
    """Six parcels that he rang about before they were signed for."""
    for n in range(6):
        no = f"YT990000000004{n}"
        happens(shop, "out_for_delivery", no, courier="YT0001")
        called = {"kind": "CALL", "at": now().isoformat(), "outcome": "通了", "courier": "YT0001"}
        assert shop.post(f"/shipments/{no}/contacts", called).status_code == 201
        happens(shop, "delivered", no, courier="YT0001")
    learn_habits(at=now())


def test_a_false_sign_off_is_found_before_the_complaint_that_joins_it(shop, told, person, liu, clock):
    goes_live(person(told.owner), "SUSPECTED_FALSE_SIGN_OFF")
    learns_what_is_usual(shop)
    clock.shift(timedelta(hours=1))
    happens(shop, "out_for_delivery", courier="YT0001")
    happens(shop, "delivered", courier="YT0001", detail="proxy")
    found = Incident.objects.get(shipment__waybill_no=WAYBILL_NO)
    assert (found.kind, set(found.values["signs"].split())) == (
        "SUSPECTED_FALSE_SIGN_OFF", {"no_contact", "no_consent"},
    )  # fmt: skip
    task = Case.objects.get()
    lin = person(told.lin)
    assert task.is_internal and task.case_no in text_of(lin.get("/desk/incidents"))
    (asked,) = notices()
    assert "要是您没收到" in asked
    page = text_of(liu.get(f"/courier/cases/{task.case_no}"))
    assert "疑似虚假签收" in page and "没有打电话、发短信或敲门的记录" in page and "请收件人确认" not in page
    answered = liu.post(f"/courier/cases/{task.case_no}/answer", {"answer": "ON_MY_WAY", "photos": photo()})
    assert answered.status_code == 302

    clock.shift(timedelta(minutes=30))
    said = {"category": "SIGNED_NOT_RECEIVED", "text": "没收到", "phone": CONSUMER_PHONE}
    link = person().post(f"/t/{WAYBILL_NO}/complain", said).headers["Location"]
    work()
    task.refresh_from_db()
    case = Case.objects.get(is_internal=False)
    assert task.merged_into_id == case.pk and Case.objects.filter(merged_into=None).count() == 1
    assert Incident.objects.get(pk=found.pk).case_no == case.case_no
    assert case.case_no in text_of(liu.get("/courier/cases"))
    assert "疑似虚假签收" in text_of(lin.get(f"/desk/parcels/{WAYBILL_NO}")) and link.startswith("/c/")


def test_a_wish_learnt_from_a_complaint_stops_the_next_locker(shop, told, person, liu, clock):
    happens(shop, "out_for_delivery", courier="YT0001")
    happens(shop, "stored_at_pickup_point", courier="YT0001", detail="locker")
    said = {"category": "UNCONSENTED_PLACEMENT", "text": "没问我就放柜子了", "phone": CONSUMER_PHONE}
    person().post(f"/t/{WAYBILL_NO}/complain", said)
    work()
    case = Case.objects.get(is_internal=False)
    lin = person(told.lin)
    page = text_of(lin.get(f"/desk/cases/{case.case_no}"))
    version = page.partition('name="version" value="')[2].partition('"')[0]
    settled = {
        "remedy": "APOLOGY", "text": "已送上门", "validity": "VALID", "category": "UNCONSENTED_PLACEMENT",
        "finding_reason": "监控", "version": version,
    }  # fmt: skip
    assert lin.post(f"/desk/cases/{case.case_no}/settle", settled).status_code == 302
    work()
    assert "不放快递柜" in Delivery.objects.get(kind="WISH").body
    client = person()
    prove(client)
    answer = {"do": "answer", "id": WishProposal.objects.get().pk, "answer": "yes"}
    assert client.post("/mine/wishes", answer).status_code == 302

    clock.shift(timedelta(hours=2))
    happens(shop, "out_for_delivery", NEXT, courier="YT0001")
    assert "不要放柜" in text_of(liu.get(f"/courier/parcels/{NEXT}"))
    address = f"/courier/parcels/{NEXT}/place/LOCKER"
    assert "收件人说过：不要放柜" in text_of(liu.get(address))
    assert liu.post(address, {"answer": "AGREED"}).status_code == 409, "nobody was asked"
    assert liu.post(address, {"answer": "TO_DOOR"}).status_code == 302
    kept = ScanCheck.objects.exclude(answer="").get()
    assert (kept.wish, kept.answer) == ("NO_LOCKER", "TO_DOOR")
