"""异常 on the desk, the operator's parameters, and the same for programs."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.api.conftest import Caller
from tests.shipments.tracking import event, take
from tests.web.desk.conftest import browser
from tests.world import World
from yishi.detection.jobs import sweep_inspections
from yishi.detection.models.settings import DetectionSetting
from yishi.kit.outbox import run_due
from yishi.notifications.actions.webhooks import add_webhook
from yishi.notifications.models import WebhookCall
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

T = datetime(2026, 11, 22, 2, tzinfo=UTC)
NO = "YT12345678"
FORM = {
    "kind": "STALLED",
    "after_hours": "24",
    "valid_from": "2026-11-01",
    "reason": "线路快",
    "step_TELL": "1",
}


@pytest.fixture
def found(world: World) -> World:
    """A parcel of Dongshan scanned as damaged, with a program that wants to hear of it."""
    add_webhook(url="https://hooks.example.cn/y", events=["shipment.incident"], by=SYSTEM_VIEWER, at=T)
    said = {"carrier": "yuantong", "place": {"city": "南京市", "outlet": "025101"}}
    take(event(NO, kind="damaged", minutes=1) | said, event(NO, kind="arrived_at_outlet") | said)
    run_due(at=T)
    sweep_inspections(at=T)
    run_due(at=T)
    return world


def test_the_list_the_parcel_and_programs_tell_of_it(found: World) -> None:
    with time_machine.travel(T, tick=False):
        page = browser(found.lin).get("/desk/incidents?kind=DAMAGED").content.decode()
        assert "破损" in page and "扫描记了破损" in page and NO[-4:] in page
        assert NO[-4:] not in browser(found.he).get("/desk/incidents").content.decode()
        assert "扫描记了破损" in browser(found.lin).get(f"/desk/parcels/{NO}").content.decode()
        key = add_key(role=Role.AGENT, outlet_code="DS01", name="前台", by=SYSTEM_VIEWER, at=T)
        (row,) = Caller(key).get("/incidents?kind=DAMAGED&open=true").json()["items"]
        assert (row["waybill_no"], row["fault"], row["certainty"]) == (NO, "CARRIER", "KNOWN")
        assert Caller(key).get(f"/shipments/{NO}").json()["incidents"][0]["kind"] == "DAMAGED"
        assert Caller(key).get("/incidents?kind=NOTHING").status_code == 422
    bodies = [call.body for call in WebhookCall.objects.all()]
    assert any("DAMAGED" in body and NO in body for body in bodies)


def test_a_setting_is_added_tried_on_history_and_brought_to_life(found: World) -> None:
    with time_machine.travel(T + timedelta(days=3), tick=False):
        client = browser(found.quality)
        assert "多少小时后" in client.get("/manage/detection?kind=STALLED").content.decode()
        assert client.post("/manage/detection", FORM | {"after_hours": "x"}).status_code == 422
        assert client.post("/manage/detection", FORM).status_code == 302
        setting = DetectionSetting.objects.get()
        assert (setting.numbers, setting.steps, setting.state) == ({"after_hours": 24}, ["TELL"], "SHADOW")
        client.post(f"/manage/detection/{setting.pk}/try")
        assert client.post(f"/manage/detection/{setting.pk}/live").status_code == 409
        client.post(f"/manage/detection/{setting.pk}/live", {"reason": "看过了"})
        setting.refresh_from_db()
        assert setting.state == "LIVE" and setting.tried["parcels"] == 1
        assert "其中后来来投诉的" in client.get("/manage/detection").content.decode()
        assert browser(found.operator).post("/manage/detection", FORM).status_code == 403
