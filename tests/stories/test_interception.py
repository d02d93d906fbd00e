"""A story: interception that stops the courier in time; its twins: too late, and carried on all the same."""

from datetime import timedelta

import pytest

from tests.api.conftest import Caller
from tests.stories.conftest import MASTER_DATA, WAYBILL_NO, letters, text_of, work
from tests.world import CONSUMER_PHONE
from yishi.cases.queries.cards import access_case
from yishi.cases.queries.interceptions import interception_success
from yishi.cases.queries.tasks import list_tasks
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.sla.queries.clocks import clock_of

pytestmark = pytest.mark.django_db

WISH = {
    "waybill_no": WAYBILL_NO,
    "category": "INTERCEPT",
    "text": "买家取消了，麻烦拦下退回",
    "contact": {"phone": CONSUMER_PHONE, "email": "buyer@example.cn"},
}
AT_DONGSHAN = [("accepted", 40, ""), ("departed_origin_outlet", 30, ""), ("arrived_at_outlet", 2, "025101")]


@pytest.fixture
def shop(told):
    """A merchant's program; its parcel has arrived at Dongshan and goes out with the next round."""
    caller = Caller(add_key(role=Role.INTEGRATOR, outlet_code="", name="shop", by=SYSTEM_VIEWER, at=now()))
    caller.post("/shipments", [MASTER_DATA])
    happens(caller, *AT_DONGSHAN)
    return caller


@pytest.fixture
def courier(told):
    """Courier Liu's scanner."""
    return Caller(add_key(role=Role.COURIER, outlet_code="DS01", name="c", by=SYSTEM_VIEWER, at=now()))


def happens(caller, *scans):
    events = [
        {
            "waybill_no": WAYBILL_NO,
            "carrier": "yuantong",
            "kind": kind,
            "courier": "" if hours else "YT0001",
            "happened_at": (now() - timedelta(hours=hours)).isoformat(),
            "place": {"city": "南京市", "outlet": outlet},
        }
        for kind, hours, outlet in scans
    ]
    answer = caller.post("/events", events)
    assert answer.json()["accepted"] == len(events), answer.content
    work()


def scan(courier, kind):
    return courier.post(f"/shipments/{WAYBILL_NO}/scans", {"kind": kind, "courier": "YT0001"})


def wish(shop):
    answer = shop.post("/cases", WISH)
    assert answer.status_code == 201, answer.content
    work()
    return answer.json()["case_no"]


def state_of(shop, case_no):
    return shop.get(f"/cases/{case_no}/interception").json()


def letters_to_buyer(got):
    return "".join(body for to, _heading, body in got if to == "buyer@example.cn")


def test_the_courier_is_stopped_in_time(shop, courier, told, person, post):
    assert scan(courier, "OUT_FOR_DELIVERY").json() == {"ok": True}
    case_no = wish(shop)
    asked = state_of(shop, case_no)
    assert (asked["state"], asked["holder"], asked["outlet"]) == ("RUNNING", "DESTINATION", "东山网点")
    assert asked["latest_at"].startswith("2026-11-22T05:30"), "half past one, before the next round"

    refused = scan(courier, "OUT_FOR_DELIVERY")
    assert (refused.status_code, refused.json()["reason"]) == (409, "intercepted")
    assert "别装车" in refused.json()["detail"] and refused["Content-Type"].startswith("application/problem")
    parcel = courier.get(f"/shipments/{WAYBILL_NO}").json()
    assert [(stop["reason"], stop["asked"]) for stop in parcel["stops"]] == [("INTERCEPTED", "RETURN")]

    lin = person(told.lin)
    page = text_of(lin.get(f"/desk/cases/{case_no}"))
    assert "扫描时拦下过" in page and "YT0001 扫“派件出仓”，已拦下" in page and "正在拦" in page
    assert "扫描已锁住" in text_of(lin.get(f"/desk/parcels/{WAYBILL_NO}"))
    (task,) = list_tasks(viewer=told.viewer(told.lin))
    assert WAYBILL_NO in task.title

    with letters(post) as got:
        done = lin.post(f"/desk/tasks/{task.id}/end", {"state": "DONE", "result": "放在拦截区 3 号架"})
        assert done.status_code == 302
        work()
    assert "包裹拦住了" in letters_to_buyer(got)
    assert state_of(shop, case_no)["state"] == "STOPPED"
    assert scan(courier, "SIGN").status_code == 409, "held until it goes its new way"

    happens(shop, ("returning", 0, "025101"))
    assert scan(courier, "OUT_FOR_DELIVERY").status_code == 200
    success = interception_success(
        viewer=told.viewer(told.lin), since=now() - timedelta(days=1), until=now() + timedelta(days=1)
    )
    assert (success.stopped, success.decided, success.rate) == (1, 1, 1.0)


def test_too_late_is_said_at_once(shop, courier, told, person, post):
    happens(shop, ("out_for_delivery", 1, "025101"), ("delivered", 0.5, "025101"))
    with letters(post) as got:
        case_no = wish(shop)
        work()
    asked = state_of(shop, case_no)
    assert (asked["state"], asked["is_held"], asked["latest_at"]) == ("TOO_LATE", False, None)
    assert "来不及了：要求拦截时包裹已经签收" in letters_to_buyer(got)
    assert scan(courier, "SIGN").status_code == 200 and list_tasks(viewer=told.viewer(told.lin)) == []
    assert "来不及了" in text_of(person(told.lin).get(f"/desk/cases/{case_no}"))


def test_carried_on_all_the_same(shop, courier, told, person, clock, post):
    case_no = wish(shop)
    (first,) = list_tasks(viewer=told.viewer(told.lin))
    clock.shift(timedelta(hours=1))
    with letters(post) as got:
        happens(shop, ("out_for_delivery", 0, "025101"))
        work()
    asked = state_of(shop, case_no)
    assert (asked["state"], asked["holder"], asked["courier"]) == ("RUNNING", "COURIER", "YT0001")
    assert "包裹还是往下走了" in letters_to_buyer(got)
    card = access_case(viewer=told.viewer(told.quality), case_no=case_no)
    assert card.priority == 2
    (second,) = list_tasks(viewer=told.viewer(told.zhou))
    assert second.id != first.id and "YT0001" in second.text
    assert second.due_at == now() + timedelta(minutes=30)
    assert scan(courier, "SIGN").json()["reason"] == "intercepted", "the courier is stopped at the door"

    clock.shift(timedelta(minutes=10))
    happens(shop, ("delivered", 0, "025101"))
    assert state_of(shop, case_no)["state"] == "MISSED"
    page = text_of(person(told.zhou).get(f"/desk/cases/{case_no}"))
    assert "没拦住" in page and list_tasks(viewer=told.viewer(told.zhou)) == []
    assert clock_of(subject_kind="INTERCEPT", subject_id=1) is None
    assert not courier.get(f"/shipments/{WAYBILL_NO}").json()["stops"]
