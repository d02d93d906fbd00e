"""A platform's work order: handed in as a file, led by its own deadline, answered, entered there in its own
format, and found by night to agree on both sides."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.stories.conftest import photo, text_of, work
from tests.web.consumer.conftest import take_road
from tests.world import START
from yishi.cases.models.case import Case
from yishi.cases.models.work_orders import WorkOrder, WorkOrderDifference
from yishi.sla.queries.clocks import clocks_of_case

pytestmark = pytest.mark.django_db
WAYBILL_NO = "771200000018826"
HEADER = "工单号,运单号,投诉类型,工单内容,联系电话,截止时间,处理状态\n"
ROWS = HEADER + (
    f"PDD-88,{WAYBILL_NO},虚假签收,客户说没收到，=HYPERLINK(1),19900000025,2026-11-22 11:00,待处理\n"
    "PDD-89,,破损,没有运单号也是一件,,2026-11-23 11:00,待处理\n"
    ",YT9900000000017,破损,没有工单号,,,待处理\n"
)


@pytest.fixture
def desk(told, person):
    """Browsers of the operator's owner and of Dongshan's agent, the platform's source added by page."""
    take_road(WAYBILL_NO)
    owner = person(told.owner)
    said = {"plugin": "file", "filed_as": "PINDUODUO", "code": "pdd", "label": "拼多多工单"}
    assert owner.post("/manage/work-orders", said).status_code == 302
    return owner, person(told.lin)


def hand_in(browser, text, *, whole=False):
    file = SimpleUploadedFile("工单.csv", text.encode("gb18030"), "text/csv")
    answer = browser.post("/desk/work-orders/in", {"source": "pdd", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    preview = text_of(browser.get(answer.url))
    browser.post(f"{answer.url}/confirm", {"whole": "1"} if whole else {})
    work()
    return preview, text_of(browser.get(answer.url))


def test_a_platform_work_order_answered_back(desk, told, clock):
    _owner, lin = desk
    preview, done = hand_in(lin, ROWS)
    assert "会新建 2 件" in preview and "没有工单号" in preview
    assert "19900000025" not in preview and "199****0025" in preview
    assert "新建 2 件" in done
    case = Case.objects.get(external_no="PDD-88")
    # its own deadline is the strictest, and leads the worklist
    assert case.next_due_at == case.external_due_at == START + timedelta(hours=1)
    strictest = min(clocks_of_case(case.pk), key=lambda one: one.due_at)
    assert strictest.kind == "EXTERNAL"
    page = f"/desk/cases/{case.case_no}"
    assert "先回复顾客或给处理办法" in text_of(lin.get(page))

    clock.shift(timedelta(minutes=20))
    lin.post(f"{page}/evidence", {"files": [photo("王女士.jpg")]})
    found = {"validity": "VALID", "responsible": "东山网点", "finding_reason": "放在了驿站，没有打电话"}
    settled = lin.post(
        f"{page}/settle", {"remedy": "REDELIVERED", "text": "=已送到你手上", **found, "version": ""}
    )
    assert settled.status_code == 302, text_of(settled)

    row = (
        f"PDD-88\t{WAYBILL_NO}\t重新派送、送上门\t属实\t东山网点\t放在了驿站，没有打电话\t'=已送到你手上"
        "\t东山网点\t林客服\t2026-11-22 10:20\t凭证1.jpg"
    )
    sheet = text_of(lin.get(page))
    assert row.replace("'", "&#x27;") in sheet
    assert "PDD-88" in text_of(lin.get("/desk/work-orders"))
    packed = lin.get(f"{page}/there/proofs").content
    assert b"PDD-88.csv" in packed and "凭证1.jpg".encode() in packed and "王女士".encode() not in packed

    clock.shift(timedelta(minutes=5))
    assert lin.post(f"{page}/there/tick").status_code == 302
    # ticked twice, or in a list, it stays ticked once
    assert lin.post("/desk/work-orders/tick", {"case": [case.case_no]}).status_code == 302
    assert lin.post(f"{page}/there/tick").status_code == 409
    assert "PDD-88" not in text_of(lin.get("/desk/work-orders"))
    assert "已在来源系统填写" in text_of(lin.get(page))


def test_by_night_both_sides_are_compared_and_each_difference_is_worked_off(desk, told, clock):
    owner, lin = desk
    hand_in(lin, ROWS)
    case = Case.objects.get(external_no="PDD-88")
    clock.shift(timedelta(minutes=20))
    page = f"/desk/cases/{case.case_no}"
    found = {"validity": "INVALID", "responsible": "客户", "finding_reason": "家人收了"}
    lin.post(f"{page}/settle", {"remedy": "EXPLAINED", "text": "家里人收了", **found, "version": ""})
    lin.post(f"{page}/there/tick")

    clock.shift(timedelta(hours=4))
    hand_in(lin, ROWS.replace("PDD-89,,破损,没有", "PDD-89,,破损,还是没有"), whole=True)
    owner.post("/manage/work-orders/reconcile/again")
    shown = text_of(owner.get("/manage/work-orders/reconcile"))
    assert "那边没结，我们结了" in shown and "PDD-88" in shown
    (found,) = WorkOrderDifference.objects.filter(kind="OPEN_THERE")
    owner.post(f"/manage/work-orders/reconcile/{found.pk}/note", {"note": "对方系统慢一天"})
    assert "对方系统慢一天" in text_of(owner.get("/manage/work-orders/reconcile"))

    clock.shift(timedelta(hours=1))
    hand_in(lin, ROWS.replace("2026-11-22 11:00,待处理", "2026-11-22 11:00,已完结"), whole=True)
    assert WorkOrder.objects.get(external_no="PDD-88").is_open_there is False
    owner.post("/manage/work-orders/reconcile/again")
    found.refresh_from_db()
    assert found.ended_at is not None
    assert lin.get("/manage/work-orders/reconcile").status_code == 403


def test_pushed_rows_become_cases_and_strangers_none(told, person):
    owner = person(told.owner)
    said = {"plugin": "generic", "filed_as": "DOUYIN", "code": "dy", "label": "抖音"}
    page = text_of(owner.post("/manage/work-orders", said))
    path = "/work-orders/dy/" + page.split("/work-orders/dy/")[1].split("<")[0].split('"')[0]
    body = '[{"external_no": "D1", "type": "催件", "text": "快点", "waybill_no": "YT9900000000017"}]'
    for address in (path, path, path + "x"):
        person().post(address, body, content_type="application/json")
    work()
    assert Case.objects.get().external_no == "D1"
    assert person().post(path + "x", body, content_type="application/json").status_code == 404
    assert person().post(path, b"{", content_type="application/json").status_code == 400
    owner.post("/manage/work-orders/sources/dy/pause", {"reason": "在查"})
    assert person().post(path, body, content_type="application/json").status_code == 503
