"""Cainiao's reports and locker actions in, literal results out; its envelope is signed only on our word."""

import csv
import json
import os
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

import yishi
from yishi.feeds.port import (
    BAD_SIGNATURE,
    TAKEN,
    ParsedEvent,
    ParsedPickupCode,
    Pushed,
    Rejected,
    Unreadable,
)
from yishi.feeds.rules import KINDS
from yishi.plugins.feeds.cainiao.card import PLUGIN
from yishi.plugins.feeds.cainiao.mapping import KIND_OF, kind_of_action

ZONE = ZoneInfo("Asia/Shanghai")
PAYLOADS = Path(yishi.__file__).parent / "plugins" / "feeds" / "cainiao" / "payloads"
SHARED = Path(os.environ.get("YISHI_SHARED", "../shared")) / "domain"
FEED = PLUGIN
PUSHED = Pushed(b"", {}, datetime(2026, 11, 22, tzinfo=UTC), ZONE)
DEPOSITED = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)


def payload(name):
    return (PAYLOADS / f"{name}.json").read_bytes()


def read(body):
    return FEED.parse(body, "", {}, ZONE)


def enveloped(content, secret=""):
    sign = b64encode(md5(content + secret.encode()).digest())
    return urlencode({"logistics_interface": content, "data_digest": sign, "msg_type": "X"}).encode()


def test_a_batch_is_read_literally():
    parsed = read(payload("report"))
    assert parsed.events[0] == ParsedEvent(
        waybill_no="YT9900000000058",
        carrier="YTO",
        kind="accepted",
        happened_at=datetime(2026, 11, 20, 10, tzinfo=ZONE),
        city="南京市",
        text="【南京市】江宁网点已揽收",
        source_code="GOT",
    )
    second = parsed.events[1]
    assert (second.waybill_no, second.kind, second.text) == ("70009900000066", "delivered", "已签收")
    assert (parsed.events[2].kind, parsed.events[2].source_code) == ("unknown", "TELEPORT")
    assert parsed.rejected == [Rejected(2, "bad_time")]


def test_a_deposit_brings_the_event_and_the_code():
    parsed = read(payload("deposit"))
    assert parsed.events == [
        ParsedEvent(
            waybill_no="YT9900000000058",
            carrier="YTO",
            kind="stored_at_pickup_point",
            detail="locker_or_station",
            happened_at=DEPOSITED,
            source_code="POSTMAN_POST",
            position="station:NJ-017",
        )
    ]
    assert parsed.pickup_codes == [
        ParsedPickupCode(
            waybill_no="YT9900000000058",
            code="6-1-2045",
            happened_at=DEPOSITED,
            carrier="YTO",
            place="NJ-017 12",
            phone="19900000058",
        )
    ]


def test_taking_out_brings_no_code():
    parsed = read(payload("taken"))
    assert [(e.kind, e.detail) for e in parsed.events] == [("delivered", "pickup_point")]
    assert parsed.events[0].happened_at == datetime(2026, 11, 21, 11, 30, 0, 123000, tzinfo=UTC)
    assert parsed.pickup_codes == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("POSTMAN_POST", "stored_at_pickup_point"),
        ("GUEST_TAKE", "delivered"),
        ("POSTMAN_TAKE", "retrieved_by_courier"),
        ("MANAGER_TAKE", "unknown"),
        ("TIMEOUT_REMIND", "pickup_overdue"),
        ("GUEST_POST_TAKE", "unknown"),
        ("", "unknown"),
    ],
)
def test_actions_are_read_by_who_did_what(code, kind):
    assert kind_of_action(code)[0] == kind


def test_the_mapping_is_the_domain_s():
    path = SHARED / "mapping.csv"
    if not path.exists():
        pytest.skip("mapping.csv is not here")
    rows = [r for r in csv.DictReader(path.open(encoding="utf-8")) if r["source"] == "aliyun_cainiao"]
    assert {r["code"]: (r["normalised"], r["detail"]) for r in rows} == KIND_OF
    assert {kind for kind, _ in KIND_OF.values()} <= KINDS


@pytest.mark.parametrize(
    "wrap", [lambda b: b, enveloped, lambda b: b"track_info=" + urlencode({"": b})[1:].encode()]
)
def test_every_envelope_holds_the_same(wrap):
    assert read(wrap(json.dumps(json.loads(payload("taken"))).encode())) == read(payload("taken"))


def test_a_track_sent_as_text_inside_the_object():
    said = json.loads(payload("deposit"))
    body = json.dumps({"track_info": json.dumps(said["track_info"])}).encode()
    assert read(body) == read(payload("deposit"))


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (7, "bad_json"),
        ({}, "missing_field"),
        ({"track_info": "{broken"}, "missing_field"),
        ({"action_code": "POSTMAN_POST", "action_time": 1795231800000}, "missing_field"),
        ({"action_code": "POSTMAN_POST", "mail_no": "YT990000", "action_time": "soon"}, "bad_time"),
    ],
)
def test_one_broken_item_is_refused_alone(item, reason):
    parsed = read(json.dumps([json.loads(payload("taken")), item]).encode())
    assert parsed.rejected == [Rejected(1, reason)]
    assert len(parsed.events) == 1


def test_a_deposit_whose_extra_is_broken_is_still_a_deposit():
    said = json.loads(payload("deposit"))["track_info"]
    parsed = read(json.dumps({**said, "extra": "{auth"}).encode())
    assert [e.kind for e in parsed.events] == ["stored_at_pickup_point"]
    assert parsed.pickup_codes == []


@pytest.mark.parametrize("body", [b"", b"msg_type=X", b"7", b"[7]", b"{broken"])
def test_what_holds_nothing_is_unreadable(body):
    with pytest.raises(Unreadable):
        read(body)


def test_the_envelope_is_checked_only_with_a_secret():
    body = enveloped(payload("report"), "s3cret")
    assert FEED.check_signature(body, {}, {"link_secret": "s3cret"})
    assert FEED.check_signature(b"anything", {}, {})
    for wrong in (enveloped(payload("report"), "other"), payload("report"), b""):
        assert not FEED.check_signature(wrong, {}, {"link_secret": "s3cret"})


def test_answers():
    assert json.loads(FEED.answer(TAKEN, PUSHED).body)["success"] is True
    refused = FEED.answer(BAD_SIGNATURE, PUSHED)
    assert (refused.status, json.loads(refused.body)["success"]) == (401, False)


def test_the_documented_file_is_read():
    path = SHARED / "feeds" / "aliyun-1-smartlogisticsreport.json"
    if not path.exists():
        pytest.skip("the shared feeds are not here")
    (event,) = read(path.read_bytes()).events
    assert (event.carrier, event.kind, event.city, event.text) == (
        "YTO",
        "delivered",
        "Chengdu",
        "Package has been signed for.",
    )
    assert event.happened_at == datetime(2021, 12, 10, 10, tzinfo=ZONE)
