"""Pages of head-office files: one is handed in, looked at, confirmed, undone; who may; nothing unmasked."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.shipments.workbooks import DELIVERY, PENALTIES, delivery, number, workbook
from tests.web.desk.conftest import browser
from tests.world import World
from yishi.feeds.models import FileImport, Source
from yishi.kit.clock import now
from yishi.kit.texts import safe_cell
from yishi.shipments.jobs import sweep_files
from yishi.shipments.models.parcels import Shipment

BODY = workbook(派件=[DELIVERY, delivery(1), delivery(2, at="昨天"), delivery(3, courier="城区029申亚楠")])


@pytest.fixture
def operator(world: World) -> Client:
    return browser(world.operator)


def hand_in(client: Client, body: bytes = BODY, outlet: str = "", name: str = "清单.xlsx") -> str:
    """The address of the import; '' when it was refused."""
    form = {"file": SimpleUploadedFile(name, body), "carrier": "yuantong", "outlet": outlet}
    answer = client.post("/manage/imports", form)
    return str(answer.get("Location", "")) if answer.status_code == 302 else ""


def work() -> None:
    while sweep_files(at=now(), limit=10):
        pass


def text_of(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_file_goes_its_whole_way(operator: Client) -> None:
    page = hand_in(operator)
    assert "正在一行行看" in text_of(operator, page) and 'hx-trigger="every 2s"' in text_of(operator, page)
    work()
    text = text_of(operator, page)
    assert (
        "导入这 2 行" in text and "时间读不懂" in text and "待认领" in text and Shipment.objects.count() == 0
    )
    operator.post(f"{page}/confirm")
    assert "已经写进 0 行" in text_of(operator, f"{page}/state")
    work()
    assert "已导入" in text_of(operator, page) and Shipment.objects.count() == 2
    assert "要改" not in text_of(operator, "/manage/imports")
    operator.post(f"{page}/undo", {"reason": "传成了昨天的"})
    work()
    assert "传成了昨天的" in text_of(operator, page) and Shipment.objects.count() == 0


def test_a_file_is_heard_from_its_source(operator: Client) -> None:
    hand_in(operator)
    assert Source.objects.get().last_input_at is not None


def test_people_are_masked_in_what_is_shown(operator: Client) -> None:
    page = hand_in(operator)
    work()
    text = text_of(operator, page)
    assert "王*" in text and "199****0001" in text
    for plain in ("王小姐", "19900000001", "申亚楠", "刘师傅", "东山街道"):
        assert plain not in text


def test_a_wrong_file_is_refused_with_its_nearest_layout(operator: Client) -> None:
    body = workbook(一=[["运单号", "考核类型", "考核时间"], ["YT7712000000001", "虚签", "2026-11-20"]])
    form = {"file": SimpleUploadedFile("罚款.xlsx", body), "carrier": "yuantong"}
    answer = operator.post("/manage/imports", form)
    assert answer.status_code == 422
    assert "最像“考核明细”" in answer.content.decode() and "考核金额" in answer.content.decode()
    assert operator.post("/manage/imports", {"carrier": "yuantong"}).status_code == 422
    assert FileImport.objects.count() == 0


def test_the_same_file_again_leads_to_the_first(operator: Client) -> None:
    page = hand_in(operator)
    answer = operator.post(
        "/manage/imports", {"file": SimpleUploadedFile("b.xlsx", BODY), "carrier": "yuantong"}
    )
    assert answer.status_code == 409 and page in answer.content.decode()
    assert FileImport.objects.count() == 1


def test_a_file_beyond_sense_is_refused_by_its_length(operator: Client) -> None:
    answer = operator.post(
        "/manage/imports", b"", content_type="multipart/form-data", CONTENT_LENGTH=str(10**9)
    )
    assert answer.status_code == 413


def test_refused_rows_come_as_a_table_without_formulas(operator: Client) -> None:
    lines = [",".join(row) for row in (DELIVERY, delivery(2, name="=HYPERLINK(1)", at="昨天"))]
    page = hand_in(operator, "\n".join(lines).encode("gb18030"), name="清单.xls")
    work()
    answer = operator.get(f"{page}/refused.csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(body))
    assert header[:4] == ["工作表", "行", "原因", "运单号"]
    assert row[1:5] == ["2", "时间读不懂", number(2), "'=HYPERLINK(1)"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_what_looks_like_a_formula_is_made_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}" and safe_cell("王1") == "王1"


def test_a_name_is_given_its_courier_on_the_page(world: World, operator: Client) -> None:
    page = hand_in(operator)
    work()
    operator.post(f"{page}/confirm")
    work()
    text = text_of(operator, "/manage/imports/people")
    assert "城区029申亚楠" in text and "刘师傅" in text
    person = FileImport.objects.get().effects.exclude(person=None).first()
    assert person is not None and person.person_id
    address = f"/manage/imports/people/{person.person_id}"
    assert operator.post(address, {"courier": "999"}).status_code == 404
    operator.post(address, {"courier": str(world.courier_id)})
    assert "都认得" in text_of(operator, "/manage/imports/people?done=assign")


def test_penalties_are_listed(operator: Client) -> None:
    page = hand_in(operator, workbook(考核=[PENALTIES, [number(1), "虚签", 50, "2026-11-21", "YT0001", ""]]))
    work()
    operator.post(f"{page}/confirm")
    work()
    assert "¥50.00" in text_of(operator, "/manage/imports/records?kind=PENALTY")
    assert "¥50.00" not in text_of(operator, "/manage/imports/records?kind=QUALITY")


def test_an_outlet_manager_sees_his_outlets_files_only(world: World, operator: Client) -> None:
    zhou = browser(world.zhou)
    page, own = hand_in(operator), hand_in(zhou, workbook(派件=[DELIVERY, delivery(7)]), outlet="DS01")
    assert own and zhou.get(own).status_code == 200
    for address in (page, f"{page}/state", f"{page}/refused.csv"):
        assert zhou.get(address).status_code == 404
    assert zhou.post(f"{page}/confirm").status_code == 404
    form = {"file": SimpleUploadedFile("c.xlsx", BODY), "carrier": "yuantong"}
    assert zhou.post("/manage/imports", form).status_code == 403
    assert FileImport.objects.count() == 2


def test_others_do_not_come_in(world: World) -> None:
    for address in ("/manage/imports", "/manage/imports/people", "/manage/imports/records"):
        assert browser(world.lin).get(address).status_code == 403
        assert Client().get(address).status_code == 302
