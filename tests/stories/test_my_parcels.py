"""A pasted message, a photographed label, a proven phone: the same parcel, and more and more of it."""

import json
import re
from datetime import timedelta

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.stories.conftest import MASTER_DATA, SALT, WAYBILL_NO, push, text_of, trace, work
from tests.world import CONSUMER_PHONE
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

pytestmark = pytest.mark.django_db(transaction=True)
PRIVATE = ("王小明", "19900000011", CONSUMER_PHONE, "王女士", "外港河路")
MESSAGE = f"【圆通】您的包裹{WAYBILL_NO}正在派送，电话19900000011，取件码3-2-1045，勿回。"


@pytest.fixture
def parcel(told, person, yishi):
    """The carrier pushes its scans, the merchant's system tells for whom it is."""
    path = yishi("feed", "add", "--source", "kuaidi100", "--salt", SALT).splitlines()[-1]
    assert push(person(), path, trace()).status_code == 200
    key = add_key(role=Role.INTEGRATOR, outlet_code="", name="ERP", by=SYSTEM_VIEWER, at=now())
    headers = {"Authorization": f"Bearer {key}"}
    url = "/api/v1/shipments"
    assert person().post(url, [MASTER_DATA], "application/json", headers=headers).status_code == 200


def test_from_a_message_to_her_own_parcels(parcel, person, clock, tmp_path):
    consumer = person()
    seen = text_of(consumer.post("/", {"q": MESSAGE}, follow=True))
    assert "派送中" in seen and not [word for word in PRIVATE if word in seen]
    _a_photo_leads_to_the_same(consumer, tmp_path)
    _a_wrong_code_opens_nothing(consumer, tmp_path)
    mine = _she_proves_her_phone(consumer, tmp_path)
    assert "1 件寄给你" in mine and f'href="/t/{WAYBILL_NO}"' in mine
    own = text_of(consumer.get(f"/t/{WAYBILL_NO}"))
    assert "外港河路 1 号" in own and "王小明" in own
    clock.shift(timedelta(minutes=31))
    later = text_of(consumer.get(f"/t/{WAYBILL_NO}"))
    assert not [word for word in PRIVATE if word in later]


def test_programs_prove_a_phone_the_same_way(parcel, person, clock, tmp_path):
    program, json_kind = person(), "application/json"
    sent = program.post("/api/v1/public/codes", {"phone": CONSUMER_PHONE}, json_kind)
    work()
    url = f"/api/v1/public/codes/{sent.json()['code_id']}"
    proof = program.post(url, {"code": _code(tmp_path)}, json_kind).json()["proof"]
    mine = program.post("/api/v1/public/parcels", {"proof": proof}, json_kind).json()
    assert [line["waybill_no"] for line in mine["received"]] == [WAYBILL_NO] and mine["sent"] == []
    clock.shift(timedelta(minutes=31))
    assert program.post("/api/v1/public/parcels", {"proof": proof}, json_kind).status_code == 409
    assert program.post("/api/v1/public/parcels", {"proof": "forged"}, json_kind).status_code == 409


def _a_photo_leads_to_the_same(consumer, tmp_path):
    bars = zxingcpp.create_barcode(WAYBILL_NO, zxingcpp.BarcodeFormat.Code128).to_image(scale=3)
    sheet = Image.new("RGB", (1200, 900), "white")
    sheet.paste(Image.fromarray(bars).convert("RGB"), (100, 300))
    path = tmp_path / "label.jpg"
    sheet.rotate(8, fillcolor="white").save(path)
    photo = SimpleUploadedFile("label.jpg", path.read_bytes(), "image/jpeg")
    assert f'href="/t/{WAYBILL_NO}"' in text_of(consumer.post("/label", {"photo": photo}))


def _code(tmp_path):
    last = json.loads((tmp_path / "outbox/sms.jsonl").read_text().splitlines()[-1])
    assert last["to"] == CONSUMER_PHONE
    return re.findall(r"\d{6}", last["text"])[0]


def _she_proves_her_phone(consumer, tmp_path):
    url = consumer.post("/mine", {"phone": "199 0000 0001"}).headers["Location"]
    work()
    return text_of(consumer.post(url, {"code": _code(tmp_path)}, follow=True))


def _a_wrong_code_opens_nothing(consumer, tmp_path):
    url = consumer.post("/mine", {"phone": CONSUMER_PHONE}).headers["Location"]
    work()
    wrong = f"{(int(_code(tmp_path)) + 1) % 1_000_000:06}"
    assert consumer.post(url, {"code": wrong}).status_code == 422
    assert "发一个验证码" in text_of(consumer.get("/mine"))
