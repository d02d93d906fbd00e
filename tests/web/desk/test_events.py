"""A closed road over HTTP: declared on the desk, read on the parcel's page, ended, reported on paper."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import browser
from tests.web.desk.test_day import parcel
from tests.world import World
from yishi.detection.jobs import sweep_events
from yishi.detection.models.events import MassEvent
from yishi.detection.models.incidents import Incident
from yishi.detection.models.inspections import Inspection
from yishi.kit.clock import now
from yishi.kit.outbox import run_due
from yishi.shipments.models.parcels import Shipment

NO = "771200000017501"


@pytest.fixture
def boss(world: World) -> Client:
    return browser(world.zhou)


def declared(client: Client, **more: object):
    until = timezone.localtime(now() + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M")
    said = {"kind": "ROAD_CLOSED", "outlet": ["DS01"], "text": "高架封路，绕行", "until": until}
    return client.post("/desk/events", {**said, **more})


def test_a_closed_road_is_declared_read_ended_and_reported(world: World, boss: Client, he: Client) -> None:
    parcel(NO, world.dongshan_id)
    Inspection.objects.create(shipment=Shipment.objects.get(waybill_no=NO), due_at=now() + timedelta(days=9))
    there = declared(boss).url
    sweep_events(at=now())
    run_due(at=now())
    page = boss.get(there)
    assert page.context["report"].parcels == 1 and page.context["report"].unreachable == 1
    assert "高架封路，绕行" in Client().get(f"/t/{NO}").content.decode()
    number = there.rpartition("=")[2]
    assert he.get(there).status_code == 403
    assert boss.get(f"/desk/events/report?event={number}").content.startswith(b"%PDF")
    assert boss.post("/desk/events", {"end": number}).status_code == 302
    assert "高架封路，绕行" not in Client().get(f"/t/{NO}").content.decode()
    assert Incident.objects.get(pk=number).closed_at is not None
    assert "【大范围延误报告】道路中断，东山网点" in boss.get(there).context["report_text"]
    assert boss.post("/desk/events", {"end": number}).status_code == 409


def test_what_is_refused_is_said_and_changes_nothing(world: World, boss: Client) -> None:
    assert declared(boss, until="").status_code == 422
    assert declared(boss, outlet=["JN01"]).status_code == 422
    assert declared(boss, cities="南京市").status_code == 403
    assert not MassEvent.objects.exists()
    jiang = browser(world.quality)
    there = declared(jiang, outlet=[], region=["NJ"]).url
    assert set(MassEvent.objects.get().outlet_ids) == {world.dongshan_id, world.jiangning_id}
    assert boss.get(there).status_code == 200
    assert boss.post("/desk/events", {"end": there.rpartition("=")[2]}).status_code == 404
