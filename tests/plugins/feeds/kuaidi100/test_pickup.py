"""快递100's pickup codes: the answer in, the code out."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

import yishi
from yishi.feeds.port import ParsedPickupCode, Unreadable
from yishi.plugins.feeds.kuaidi100.pickup import read_pickup_answer

PAYLOADS = Path(yishi.__file__).parent / "plugins" / "feeds" / "kuaidi100" / "payloads"
SHARED = Path(os.environ.get("YISHI_SHARED", "../shared")) / "domain" / "feeds"
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def read(body):
    return read_pickup_answer(body, phone="19900000058", at=AT)


def test_an_answer_is_read_literally():
    assert read((PAYLOADS / "pickup_code.json").read_bytes()).pickup_codes == [
        ParsedPickupCode(
            waybill_no="YT9900000000058",
            code="8-3-1106",
            happened_at=AT,
            carrier="yuantong",
            place="百家湖驿站",
            address="南京市江宁区百家湖路 17 号南门旁",
            phone="19900000058",
        )
    ]


def test_a_parcel_that_waits_nowhere_has_no_code():
    said = json.loads((PAYLOADS / "pickup_code.json").read_bytes())
    said["data"]["pickUpCode"] = ""
    assert read(json.dumps(said).encode()).pickup_codes == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[]", "bad_json"),
        (b"{broken", "bad_json"),
        (b'{"code": 30002, "message": "no right"}', "refused"),
        (b'{"code": 200, "data": "none"}', "missing_field"),
        (b'{"code": 200, "data": {"pickUpCode": "1"}}', "missing_field"),
    ],
)
def test_other_answers_say_why(body, reason):
    with pytest.raises(Unreadable) as refused:
        read(body)
    assert refused.value.reason == reason


def test_the_documented_file_is_read():
    path = SHARED / "kuaidi100-6-pickupcode-query-data.json"
    if not path.exists():
        pytest.skip("the shared feeds are not here")
    (code,) = read(path.read_bytes()).pickup_codes
    assert (code.waybill_no, code.carrier, code.code) == ("YT2574212098809", "yuantong", "3-2-4017")
