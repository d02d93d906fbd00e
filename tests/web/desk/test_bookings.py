"""Bulk booking, corporate shippers, goods at the desk over HTTP: a report first, nothing before the yes."""

import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.conftest import Caller
from tests.cases.making import opened, parcel
from tests.shipments.tracking import event, take
from tests.web.desk.conftest import browser
from yishi.cases.models.case import Case
from yishi.config.worker import sweep_all
from yishi.kit.clock import now
from yishi.network.actions import ShipperTerms, keep_shipper
from yishi.network.queries import shipper_of
from yishi.notifications.models import Delivery
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.bookings import Booking, BookingFile, GoodsRule
from yishi.shipments.models.parcels import ShipmentDetails

pytestmark = pytest.mark.django_db
HOME = "江苏省南京市江宁区东山街道翠屏山花园12栋2单元1203室"
HEAD = "订单号,收件人,电话,地址,物品,声明价值"
ROWS = (
    f"A1,王小明,19900000001,{HOME},玻璃茶具,400",
    f"A2,李华,19900000002,{HOME.replace('2单元', '')},羽绒服,",
    f"A3,张三,1990000003,{HOME},图书,",
    f"A4,赵六,19900000004,{HOME},打火机,",
    f"A1,王小明,19900000001,{HOME},玻璃茶具,400",
    "A6,钱七,19900000006,江苏省南京市江宁区东山街道外港河路,图书,",
    f"A7,=HYPERLINK(1),19900000007,新疆某某县{HOME},图书,",
    f"A8,孙八,19900000008,{HOME},=cmd|'/c calc',",
)


def table(*rows: str, head: str = HEAD) -> SimpleUploadedFile:
    return SimpleUploadedFile("寄件.csv", "\n".join((head, *rows)).encode(), "text/csv")


@pytest.fixture
def shipper(world):
    terms = ShipperTerms(
        name="云锦制造", outlet_code="DS01", contact_name="沈采购", contact_phone="19900000077", agent="lin",
    )  # fmt: skip
    found = shipper_of(keep_shipper(terms=terms, by=SYSTEM_VIEWER))
    assert found is not None
    return found


@pytest.fixture
def lin(world):
    return browser(world.lin)


def check(lin, shipper, *rows, **more):
    return lin.post("/desk/bookings/files", {"merchant": shipper.id, "file": table(*rows, **more)})


def test_a_file_is_reported_row_by_row_and_booked_once(world, shipper, lin):
    closed = {"place": "某某县", "why": "封路"}
    assert browser(world.quality).post("/manage/goods/places", closed).status_code == 302
    sent = check(lin, shipper, *ROWS)
    page = lin.get(sent["Location"]).content.decode()
    for words in (
        "没有单元",
        "手机号不够 11 位",
        "易燃品，不收",
        "和第 2 行重复",
        "没有门牌号",
        "某某县现在不到",
    ):
        assert words in page, words
    assert Booking.objects.count() == 0 and "登记这 3 件" in page and "1990000003" not in page
    # the same file again is the same report
    assert check(lin, shipper, *ROWS)["Location"] == sent["Location"]

    report = lin.get(f"{sent['Location']}/workbook").content
    cells = [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(report)).active.iter_rows()]
    assert len(cells) == 9 and [row[1] for row in cells[1:4]] == ["收", "要问一下", "不收"]
    assert cells[8][7] == "'=cmd|'/c calc'" and not any(str(c).startswith("=") for row in cells for c in row)

    assert lin.post(f"{sent['Location']}/confirm").status_code == 302
    again = lin.post(f"{sent['Location']}/confirm")
    assert again.status_code == 409 and Booking.objects.count() == 3
    assert {one.reference for one in Booking.objects.all()} == {"A1", "A2", "A8"}
    # a later file with the same order is told so
    later = lin.get(check(lin, shipper, ROWS[0], f"A9,周九,19900000009,{HOME},图书,")["Location"])
    assert "这个订单号已经登记过" in later.content.decode() and "登记这 1 件" in later.content.decode()
    assert "云锦制造" in lin.get("/desk/bookings").content.decode()


def test_what_is_no_table_is_refused_and_nothing_is_kept(world, shipper, lin):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (40 * 1024 * 1024))
    bad = {
        "bomb.xlsx": bomb.getvalue(),
        "nothing.csv": b"",
        "head.csv": "收件人,电话\n王,1".encode(),
        "only.csv": HEAD.encode(),
        "long.csv": "\n".join([HEAD, *(f"A{i},王,19900000001,{HOME},书," for i in range(5_001))]).encode(),
    }
    for name, body in bad.items():
        said = {"merchant": shipper.id, "file": SimpleUploadedFile(name, body, "text/csv")}
        answer = lin.post("/desk/bookings/files", said)
        assert answer.status_code in (413, 422), (name, answer.status_code)
    assert BookingFile.objects.count() == 0
    pasted = {"merchant": shipper.id, "text": f"{HEAD}\n{ROWS[0]}".replace(",", "\t")}
    assert lin.post("/desk/bookings/files", pasted).status_code == 302


def test_a_shipper_has_one_named_contact_on_its_page_and_in_its_letter(world, shipper, lin, time_machine):
    manager = browser(world.zhou)
    said = {"shipper": shipper.id, "name": "云锦制造", "outlet": "DS01", "agent": "lin", "cut_off": "17:30"}
    assert manager.post("/desk/shippers", said).status_code == 302
    assert manager.post("/desk/shippers", {**said, "agent": "he"}).status_code == 422
    assert lin.post("/desk/shippers", said).status_code == 403
    assert "专属客服（我们的人）" in manager.get("/desk/shippers").content.decode()
    assert "199****0077" in manager.get(f"/desk/shippers?shipper={shipper.id}").content.decode()
    kept = shipper_of(shipper.id)
    assert kept.contact_phone == "19900000077" and kept.named.name == "林客服"
    page = lin.get(f"/s/{shipper.link}").content.decode()
    assert "林客服" in page and "17:30" in page and lin.get(f"/s/{shipper.link}x").status_code == 404

    key = add_key(role=Role.INTEGRATOR, outlet_code="", name="ERP", by=SYSTEM_VIEWER, at=now())
    receiver = {"name": "王小明", "phone": "19900000001", "address": HOME}
    items = [
        {"reference": f"B{n}", "receiver": receiver, "goods": "图书", "waybill_no": f"YT770000000010{n}"}
        for n in (1, 2)
    ]
    items += [{**items[0]}, {"reference": "B3", "receiver": {**receiver, "phone": "199"}, "goods": "汽油"}]
    answer = Caller(key).post("/bookings", {"merchant": shipper.code, "items": items}).json()
    assert [answer[name] for name in ("accepted", "duplicate", "rejected")] == [2, 1, 1]
    codes = {fault["code"] for fault in answer["items"][3]["faults"]}
    assert codes == {"phone_short", "forbidden"} and answer["items"][2]["booking_no"] is not None
    assert Caller(key).post("/bookings", {"merchant": "nobody", "items": items}).status_code == 404

    for one in (1, 2):
        take(event(f"YT770000000010{one}", "accepted"))
    sweep_all(at=now())
    sweep_all(at=now() + timedelta(minutes=11))
    letter = Delivery.objects.get(kind="SENT")
    assert "2件" in letter.body and "林客服" in letter.body and f"/s/{shipper.link}" in letter.body
    assert letter.to == "19900000077" and "承诺" not in letter.body


def test_the_operators_rule_of_goods_counts_and_its_author_is_known(world, shipper, lin):
    quality = browser(world.quality)
    rule = {"key": "BOOKS", "words": "图书\n旧书", "verdict": "FORBIDDEN"}
    assert quality.post("/manage/goods", rule).status_code == 422 and not GoodsRule.objects.exists()
    assert quality.post("/manage/goods", {**rule, "reason": "不收", "source": "通知 1 号"}).status_code == 302
    assert "这类叫什么" in quality.get("/manage/goods").content.decode()
    page = quality.get("/manage/goods?key=BOOKS").content.decode()
    assert "通知 1 号" in page and "总部质控" in page and "这些不是法规" in page
    checked = lin.post("/desk/bookings/accept/check", {"goods": "旧书一箱"}).content.decode()
    assert "图书，不收" in checked and "本网点规定：通知 1 号" in checked
    assert quality.post("/manage/goods/BOOKS/end").status_code == 302
    assert "不收" not in lin.post("/desk/bookings/accept/check", {"goods": "图书一箱"}).content.decode()


def test_by_hand_goods_that_nobody_knows_are_opened_first(world, lin):
    form = {
        "receiver_name": "王小明", "receiver_phone": "19900000001", "receiver_address": HOME,
        "sender_name": "赵云", "sender_phone": "19900000099", "goods": "某种东西",
    }  # fmt: skip
    refused = lin.post("/desk/bookings/accept", form)
    assert refused.status_code == 422 and "已开箱验视" in refused.content.decode()
    assert lin.post("/desk/bookings/accept", {**form, "opened": "on"}).status_code == 302
    one = Booking.objects.get()
    assert one.is_opened and one.verdict == "CHECK"
    given = lin.post(
        f"/desk/bookings/{one.pk}/waybill", {"waybill_no": "YT7700000000301", "carrier": "yuantong"}
    )
    assert given.status_code == 302 and Booking.objects.get().shipment.details.goods == "某种东西"
    taken = lin.post("/desk/bookings/accept", {**form, "opened": "on", "waybill_no": "YT7700000000301"})
    assert taken.status_code == 409 and Booking.objects.count() == 1


def test_a_case_of_the_shippers_parcel_goes_to_its_named_contact_first(world, shipper):
    ref = parcel(outlet_id=world.dongshan_id, waybill_no="YT7700000000401")
    ShipmentDetails.objects.create(shipment_id=ref.id, merchant_id=shipper.id, updated_at=now())
    case = opened(world, ref=ref, category="DELAY", text="客户在催")
    assert Case.objects.get(pk=case.case_id).assignee_id == world.lin.pk
