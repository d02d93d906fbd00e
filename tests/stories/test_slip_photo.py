"""A slip is photographed and read: the missing unit and the telephone's missing digit are marked, what the
courier corrects counts; the sender hears once the carrier has the parcel. A blank photo loses nothing."""

import dataclasses
import os
from datetime import date

import pytest
from django.test import Client

from tests.shipments.tracking import event, take
from tests.stories.slips import WRITTEN, drawn, stand_in
from tests.web.courier.conftest import begin_day
from yishi.config.worker import sweep_all
from yishi.kit import ocr
from yishi.kit.clock import now
from yishi.kit.models import StoredFile
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.promises import add_promise_rule
from yishi.shipments.models.bookings import Booking, BookingSlip
from yishi.shipments.rules.promises import PromiseTerms

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["stand-in", "rapidocr"])
def reads(request, told, settings, tmp_path):
    """`reads(*lines)`: the program that reads photos; the real one where it is installed or named."""

    def choose(*lines):
        command = stand_in(tmp_path, *lines)
        if request.param == "rapidocr":
            ocr.ocr_command.cache_clear()
            command = os.environ.get("YISHI_OCR_COMMAND", "")
            settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, ocr_command=command)
            if not ocr.ocr_command():
                pytest.skip("the extra `ai` is not installed here")
        settings.MEDIA_ROOT = tmp_path
        settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, home=tmp_path, ocr_command=command)
        ocr.ocr_command.cache_clear()

    yield choose
    ocr.ocr_command.cache_clear()
    for process, _began in ocr._started:
        process.kill()
        process.wait()
    ocr._started.clear()


@pytest.fixture
def liu(told) -> Client:
    return begin_day(told)


def photographed(liu: Client, photo) -> str:
    """The page of the slip's address once the worker has been at it."""
    sent = liu.post("/courier/accept/photo", {"photo": photo})
    assert sent.status_code == 302, sent.content.decode()
    assert "正在读照片上的字" in liu.get(sent["Location"]).content.decode()
    sweep_all(at=now())
    return sent["Location"]


FORM = {
    "sender_name": "赵云", "sender_phone": "19900000099", "receiver_name": "王小明",
    "sender_address": "浙江省杭州市余杭区仓前街道文一西路969号", "goods": "玻璃茶具", "declared_value": "400",
    "receiver_address": "江苏省南京市江宁区东山街道翠屏山花园12栋1203室",
    "waybill_no": "YT7700000000021", "carrier": "yuantong",
}  # fmt: skip


def test_slip_photo_with_a_missing_unit(reads, liu, clock):
    reads(*WRITTEN)
    address = photographed(liu, drawn(*WRITTEN))
    page = liu.get(address).content.decode()
    assert 'value="赵云"' in page and 'value="王小明"' in page and "翠屏山花园12栋1203室</textarea>" in page
    assert "手机号不够 11 位" in page and "没有单元" in page and "没有房号" not in page
    assert "玻璃、陶瓷" in page and "每一件单独裹气泡膜" in page and "建议保价" in page
    assert liu.get(f"{address}/picture")["Content-Type"] == "image/jpeg"

    slip = BookingSlip.objects.get()
    said = {**FORM, "slip": slip.pk, "receiver_phone": "1990000001"}
    refused = liu.post("/courier/accept", said)
    assert refused.status_code == 422 and "少了哪一位" in refused.content.decode()
    unit = {"receiver_phone": "19900000012", "receiver_address": FORM["receiver_address"]}
    asked = liu.post("/courier/accept", {**said, **unit})
    assert asked.status_code == 422 and "问过了，就是这样" in asked.content.decode()
    assert Booking.objects.count() == 0

    mended = {**unit, "receiver_address": "江苏省南京市江宁区东山街道翠屏山花园12栋2单元1203室"}
    taken = liu.post("/courier/accept", {**said, **mended})
    assert taken.status_code == 302, taken.content.decode()
    booking = Booking.objects.get()
    assert '"19900000012"' in booking.receiver and "2单元" in booking.receiver and booking.doubts == []
    assert (
        StoredFile.objects.get().retention_class == "SLIP"
        and booking.shipment.waybill_no == "YT7700000000021"
    )
    assert "登记号" in liu.get(taken["Location"]).content.decode()
    again = liu.post("/courier/accept", {**said, **mended, "waybill_no": "YT7700000000022"})
    assert again.status_code == 409 and "已经登记过" in again.content.decode()
    assert Booking.objects.count() == 1

    # the carrier has it: a promise is given, and the sender hears of it in one letter
    terms = PromiseTerms(
        carrier="yuantong", product="", origin="", destination="", within_hours=72, days=None, clock=None,
        valid_from=date(2026, 11, 1), valid_until=None, source="公司承诺",
    )  # fmt: skip
    add_promise_rule(terms=terms, by=SYSTEM_VIEWER, at=now())
    take(event("YT7700000000021", "accepted", carrier="yuantong"))
    sweep_all(at=now())
    assert not Delivery.objects.filter(kind="SENT").exists()
    clock.shift(660)
    sweep_all(at=now())
    letter = Delivery.objects.get(kind="SENT")
    assert letter.to == "19900000099" and "承诺24日" in letter.body and "/t/YT7700000000021" in letter.body


def test_a_blank_photo_loses_nothing(reads, liu):
    reads("")
    address = photographed(liu, drawn())
    page = liu.get(address).content.decode()
    assert "照片上没读出字" in page and 'name="receiver_address"' in page and f"{address}/picture" in page
    assert BookingSlip.objects.get().state == "BLANK" and StoredFile.objects.count() == 1
