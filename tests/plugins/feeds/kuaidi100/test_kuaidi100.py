"""Captured pushes of 快递100 in, literal events out; its signature and its words."""

import json
import os
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

import pytest

import yishi
from yishi.feeds.port import (
    BAD_SIGNATURE,
    TAKEN,
    UNREADABLE,
    CarrierCorrection,
    ParsedEvent,
    Pushed,
    Unreadable,
)
from yishi.feeds.queries.sources import plugins

ZONE = ZoneInfo("Asia/Shanghai")
PAYLOADS = Path(yishi.__file__).parent / "plugins" / "feeds" / "kuaidi100" / "payloads"
SHARED = Path(os.environ.get("YISHI_SHARED", "../shared")) / "domain"
FEED = plugins()["kuaidi100"][1]
PUSHED = Pushed(b"", {}, datetime(2026, 11, 22, tzinfo=UTC), ZONE)


def payload(name):
    return (PAYLOADS / f"{name}.json").read_bytes()


def read(body):
    return FEED.parse(body, "", {}, ZONE)


def form(param, salt="", **values):
    sign = md5(param + salt.encode()).hexdigest().upper()
    return "&".join(
        f"{k}={quote_plus(v)}" for k, v in {"sign": sign, "param": param, **values}.items()
    ).encode()


def test_a_push_is_read_literally():
    parsed = read(payload("push"))
    assert parsed.rejected == []
    assert parsed.events[0] == ParsedEvent(
        waybill_no="YT9900000000017",
        carrier="yuantong",
        kind="stored_at_pickup_point",
        detail="locker_or_station",
        happened_at=datetime(2026, 11, 20, 15, 10, tzinfo=ZONE),
        city="南京市",
        text="快件已存放至南京江宁区百家湖驿站，请凭取件码6-1-2045领取",
        source_code="501",
    )
    assert [e.kind for e in parsed.events[1:]] == ["out_for_delivery", "in_transit", "accepted"]


def test_times_without_zone_are_in_the_sources_zone():
    assert read(payload("push")).events[0].happened_at.astimezone(UTC).hour == 7


def test_a_corrected_carrier_is_reported():
    assert read(payload("corrected")).carrier_correction == CarrierCorrection(
        "YT9900000000017", "yuantong", "zhongtong"
    )


def test_scans_in_a_correcting_push_are_of_the_new_carrier_even_where_it_still_says_the_old():
    push = json.loads(payload("corrected"))
    push["lastResult"]["com"] = "yuantong"
    assert {e.carrier for e in read(json.dumps(push).encode()).events} == {"zhongtong"}


def test_an_abort_holds_no_events():
    assert read(payload("abort")).events == []


def test_an_unknown_code_is_unknown_and_a_bad_time_is_one_refusal():
    parsed = read(payload("unknown_code"))
    assert [(e.kind, e.source_code, e.city) for e in parsed.events] == [("unknown", "777", "北京市")]
    assert [(r.index, r.reason) for r in parsed.rejected] == [(1, "bad_time")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "missing_field"),
        (b"sign=1", "missing_field"),
        (b"param=%7Bbroken", "bad_json"),
        (b"[]", "missing_field"),
        (b'{"status": "sleeping"}', "unknown_push_state"),
        (b'{"status": []}', "unknown_push_state"),
        (b'{"status": "polling", "lastResult": {"nu": [], "data": []}}', "missing_field"),
        (b'{"status": "polling"}', "missing_field"),
        (b'{"status": "polling", "lastResult": {"nu": 1, "data": "x"}}', "bad_json"),
        (b"param=%ff%fe", "bad_json"),
        (b'{"status": "polling", "lastResult": ' + b"[" * 5000, "bad_json"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read(body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "is_right"),
    [
        (form(payload("push"), "s4lt"), True),
        (form(payload("push"), "other"), False),
        (form(payload("push"), "s4lt", sign=""), False),
        (form(payload("push"), "s4lt").replace(b"polling", b"abortxx"), False),
        (b"param=x", False),
        (b"", False),
        (b"\xff\x00&&==%", False),
    ],
)
def test_the_signature(body, is_right):
    assert FEED.check_signature(body, {}, {"salt": "s4lt"}) is is_right


def test_either_case_of_the_signature():
    param = payload("push")
    sign = md5(param + b"s4lt").hexdigest()
    assert FEED.check_signature(form(param, sign=sign), {}, {"salt": "s4lt"})


def test_without_a_salt_nothing_is_signed():
    assert FEED.check_signature(b"param=x", {}, {})


def test_its_own_words():
    assert FEED.answer(TAKEN, PUSHED) == FEED.answer(UNREADABLE, PUSHED)
    assert json.loads(FEED.answer(TAKEN, PUSHED).body) == {
        "result": True,
        "returnCode": "200",
        "message": "成功",
    }
    refused = FEED.answer(BAD_SIGNATURE, PUSHED)
    assert (refused.status, json.loads(refused.body)["message"]) == (401, "签名错误")


@pytest.mark.skipif(not SHARED.exists(), reason="the domain's feeds are not here (YISHI_SHARED)")
def test_the_domains_callback_is_read():
    parsed = read((SHARED / "feeds" / "kuaidi100-4-callback-push.json").read_bytes())
    assert [(e.kind, e.city) for e in parsed.events] == [
        ("stored_at_pickup_point", "深圳市"),
        ("out_for_delivery", "深圳市"),
    ]


@pytest.mark.skipif(not SHARED.exists(), reason="the domain's mapping is not here (YISHI_SHARED)")
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = [line.split(",") for line in (SHARED / "mapping.csv").read_text().splitlines()]
    codes = {row[1]: (row[3], row[4], row[2]) for row in rows if row[0] == "kuaidi100"}
    assert len(codes) == 36
    for code, (kind, detail, word) in codes.items():
        for entry in ({"statusCode": code}, {"status": word}):
            body = {"ftime": "2026-11-20 10:00:00", "context": "x", **entry}
            push = {
                "status": "polling",
                "lastResult": {"nu": "YT9900000000017", "com": "yuantong", "data": [body]},
            }
            (event,) = read(json.dumps(push).encode()).events
            assert (event.kind, event.detail, event.source_code) == (kind, detail, code)
