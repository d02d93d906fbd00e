"""What came of cases, on the screen and as a file: the same numbers, each leading to its cases."""

from datetime import timedelta

from django.test import Client

from tests.cases.making import at_dongshan, parcel
from tests.web.desk.conftest import browser
from tests.world import World
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.kit.clock import now
from yishi.shipments.models.parcels import Shipment


def settled(world: World) -> str:
    case = at_dongshan(world, at=now())
    finding = Finding(validity="VALID", category="MISDELIVERED", party="COURIER", reason="送错楼")
    by = world.viewer(world.lin)
    resolve_case(case_id=case.case_id, remedy="FOUND", text="找到了", finding=finding, by=by, at=now())
    return case.case_no


def page(client: Client, tail: str = "") -> str:
    answer = client.get(f"/manage/rates?{tail}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_claims_and_findings_stand_side_by_side_and_lead_to_their_cases(world: World) -> None:
    case_no, quality = settled(world), browser(world.quality)
    text = page(quality)
    assert "首次解决率" in text and "核实为此类" in text and "送错" in text
    found = page(quality, "by=category&figure=found_as&key=MISDELIVERED")
    assert f"row-{case_no}" in found
    assert f"row-{case_no}" not in page(quality, "by=category&figure=found_as&key=DELAY")
    assert "快递员" in page(quality, "by=party&hours=service")


def test_an_outlet_sees_its_own_and_nonsense_is_the_usual(world: World) -> None:
    case_no = settled(world)
    assert f"row-{case_no}" in page(browser(world.lin), "figure=claimed&all=1")
    assert "没有受理的工单" in page(browser(world.he), "since=x&until=%00&by=phone&quiet=999&figure=1")


def test_complaints_are_counted_over_parcels_signed_for(world: World) -> None:
    case_no = settled(world)
    for number, outlet_id in enumerate([world.dongshan_id] * 40 + [world.jiangning_id] * 10):
        parcel(outlet_id=outlet_id, waybill_no=f"YT77{number:09}")
    Shipment.objects.filter(waybill_no__startswith="YT77").update(milestone="DELIVERED", moved_at=now())
    early = Shipment.objects.filter(waybill_no="YT77000000000")
    early.update(moved_at=now() - timedelta(days=31))
    text = page(browser(world.quality), "by=outlet")
    assert "投诉率" in text and "204.08‱" in text and "1 / 49 件签收" in text and "除以同一段里签收的" in text
    assert "1</a> <small>/ 39 · 256.41‱" in text
    assert f"row-{case_no}" in page(browser(world.quality), "figure=complaints_found&all=1")
    assert "1 / 39 件签收" in page(browser(world.lin))


def test_the_file_has_the_screens_numbers_and_says_who_took_it(world: World) -> None:
    settled(world)
    quality = browser(world.quality)
    assert quality.post("/manage/rates/export", {"reason": "x"}).status_code == 422
    answer = quality.post("/manage/rates/export", {"reason": "月度复盘用", "by": "category"})
    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert "月度复盘用" in rows[0]
    assert next(row for row in rows if row.startswith("显示签收未收到")).split(",")[1] == "1"
