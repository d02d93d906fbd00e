"""The outlet's morning: whom to call, who wishes what, trouble and due cases per courier; on paper too."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.kit.test_paper import read
from tests.web.desk.test_day import parcel
from tests.world import World
from yishi.cases.models.case import Case
from yishi.cases.queries.cards import CaseCard
from yishi.consignees.actions.contacts import keep_contact
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import replace_preferences
from yishi.detection.models.incidents import Incident
from yishi.kit.clock import now
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.models.parcels import Shipment, ShipmentDetails

NO = "7712000000175%02d"


def wished(number: int, outlet_id: int, *kinds: str, courier: str = "YT0001") -> Shipment:
    """A parcel in a courier's hands whose consignee wishes these."""
    parcel(NO % number, outlet_id, "OUT_FOR_DELIVERY", 2)
    row = Shipment.objects.get(waybill_no=NO % number)
    phone, at = f"199000011{number:02d}", now()
    contact_id = keep_contact(phone=phone, name="李大爷", at=at)
    replace_preferences(
        phone=phone, wishes=[Wish(kind=kind, source="COURIER") for kind in kinds], by=SYSTEM_VIEWER, at=at
    )
    ShipmentDetails.objects.create(shipment=row, consignee_id=contact_id, updated_at=at)
    Shipment.objects.filter(pk=row.pk).update(courier_number=courier)
    return row


def found(row: Shipment, kind: str = "OUT_NOT_SIGNED", reason: str = "out_not_signed") -> None:
    at = now()
    Incident.objects.create(
        shipment=row, kind=kind, party="COURIER", certainty="SUSPECTED", reason=reason,
        values={"hours": 6}, outlet_id=row.outlet_id, severity=2, since=at, opened_at=at,
    )  # fmt: skip


def test_each_courier_reads_what_he_must_know(world: World, case: CaseCard, lin: Client, he: Client) -> None:
    found(wished(1, world.dongshan_id, "CALL_FIRST", "NO_LOCKER"))
    wished(2, world.dongshan_id, "NO_STATION", courier="")
    wished(3, world.jiangning_id, "DOOR")
    Case.objects.filter(pk=case.id).update(next_due_at=now() + timedelta(minutes=1))
    response = lin.get("/desk/day/morning?outlet=DS01")
    card, page = response.context["card"], response.content.decode()
    assert "先打电话 1，派件要求 1，异常 1，容易投诉 0，今天到期的工单 1" in card
    assert (
        "▶ 刘师傅 YT0001\n先打电话｜771200000017501 先打电话；不要放柜\n异常｜771200000017501 有派未签："
        in card
    )
    assert "还没分到人" in card and NO % 3 not in card and case.case_no in page.replace(" ", "")
    assert he.get("/desk/day/morning?outlet=DS01").status_code == 404
    assert he.get("/desk/day/morning/print?size=58&outlet=DS01").status_code == 404


@pytest.mark.parametrize(("size", "width"), [("A4", 210), ("76", 76), ("58", 58)])
def test_it_is_printed(world: World, lin: Client, size: str, width: int, tmp_path: Path) -> None:
    wished(1, world.dongshan_id, "CALL_FIRST")
    answer = lin.get(f"/desk/day/morning/print?size={size}")
    assert answer["Content-Type"] == "application/pdf"
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", answer.content)
    assert len(boxes) == 1 and round(float(boxes[0][0]) / 72 * 25.4) == width
    said = read(answer.content, tmp_path)
    assert NO % 1 in said and "先打电话" in said and "林客服" in said and "大爷" not in said
    assert lin.get("/desk/day/morning/print?size=99").status_code == 404


def test_more_couriers_ask_no_more_questions(world: World, lin: Client) -> None:
    wished(1, world.dongshan_id, "DOOR")
    counts = []
    for more in (range(2, 4), range(4, 12)):
        for number in more:
            wished(number, world.dongshan_id, "CALL_FIRST", courier=f"YT{number:04d}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            lin.get("/desk/day/morning")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_clearing_list_holds_what_was_found(world: World, lin: Client) -> None:
    found(wished(1, world.dongshan_id, "DOOR"))
    page = lin.get("/desk/day?list=OUT_NOT_SIGNED").content.decode().replace(" ", "")
    assert NO % 1 in page and "有派未签1，有发未到0" in page
