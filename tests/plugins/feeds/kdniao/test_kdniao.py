"""Pushes of 快递鸟 in, literal events out; its signature and its words."""

import json
from base64 import b64encode
from hashlib import md5
from urllib.parse import quote_plus

import pytest

from tests.plugins.feeds.reading import (
    PUSHED,
    at,
    domain_rows,
    feed,
    form,
    needs_domain,
    payload,
    read,
    refusals,
)
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Pushed, Unreadable
from yishi.feeds.rules import JUDGEMENTS
from yishi.shipments.rules.milestones import milestone_of_event

MONITORING = payload("kdniao", "monitoring_102.json")
TRACES = payload("kdniao", "traces_101.json")


def sign(data, key="k3y"):
    return b64encode(md5(data + key.encode()).hexdigest().encode()).decode()


def pushed(data, request_type="102", **fields):
    said = {"RequestData": data, "DataSign": sign(data), "RequestType": request_type, **fields}
    return form(**said)


def parcel(*traces, number="YT9900000000033", **said):
    return {"ShipperCode": "YTO", "LogisticCode": number, "Traces": list(traces), **said}


def trace(action="", hour=9, text="x", **said):
    return {"AcceptTime": f"2026-11-20 {hour:02}:00:00", "AcceptStation": text, "Action": action, **said}


def told(*parcels):
    return read("kdniao", json.dumps({"PushTime": "2026-11-21 08:00:00", "Data": parcels}).encode())


def kinds(parsed):
    return [(e.kind, e.source_code) for e in parsed.events]


def test_a_monitoring_push_is_read_literally():
    parsed = read("kdniao", pushed(MONITORING))
    assert parsed.rejected == []
    assert parsed.events[3] == ParsedEvent(
        waybill_no="YT9900000000033",
        carrier="YTO",
        kind="out_for_delivery",
        happened_at=at(2026, 11, 20, 8, 41, 25),
        city="南京市",
        courier="025017",
        text="江宁百家湖网点 王小明正在派件",
        source_code="202",
        outlet_hint="江宁百家湖网点",
    )
    assert [(e.waybill_no, e.kind, e.detail) for e in parsed.events] == [
        ("YT9900000000033", "accepted", ""),
        ("YT9900000000033", "departed_origin_outlet", ""),
        ("YT9900000000033", "arrived_hub", ""),
        ("YT9900000000033", "out_for_delivery", ""),
        ("73109900000058", "out_for_delivery", ""),
        ("73109900000058", "stored_at_pickup_point", "locker_or_station"),
        ("73109900000058", "pickup_overdue", "18h"),
        ("773990000000017", "in_transit", ""),
        ("773990000000017", "delayed", "not_signed_36h"),
    ]


def test_a_trace_push_without_actions_is_read_by_its_text_and_ends_with_the_parcels_state():
    parsed = read("kdniao", pushed(TRACES, "101"))
    assert parsed.rejected == []
    assert kinds(parsed) == [
        ("accepted", ""),
        ("arrived_hub", ""),
        ("in_transit", ""),
        ("out_for_delivery", ""),
        ("unknown", ""),
        ("delivered", "3"),
    ]
    assert parsed.events[5].happened_at == parsed.events[4].happened_at == at(2026, 11, 20, 16, 12, 43)


def test_the_next_push_says_the_same_traces_in_the_same_words():
    first = told(parcel(trace(hour=9, text="快件已妥投"), State="3"))
    second = told(parcel(trace(hour=9, text="快件已妥投"), trace(hour=11, text="快件有问题"), State="4"))
    assert second.events[0] == first.events[0]
    assert kinds(second) == [("unknown", ""), ("unknown", ""), ("exception", "4")]


@pytest.mark.parametrize(
    ("code", "kind", "detail"),
    [
        ("402", "delayed", "not_signed_36h"),
        ("403", "stalled", "5d"),
        ("412", "pickup_overdue", "18h"),
        ("401", "no_info", "shipped_without_scan"),
    ],
)
def test_judgements_stand_beside_the_scans_and_move_nothing(code, kind, detail):
    parsed = told(parcel(trace("202"), StateEx=code))
    scan, judgement = parsed.events
    assert (scan.kind, scan.source_code) == ("out_for_delivery", "202")
    assert (judgement.kind, judgement.detail, judgement.text) == (kind, detail, "")
    assert judgement.happened_at == scan.happened_at
    assert judgement.kind in JUDGEMENTS
    assert milestone_of_event(plugin="kdniao", source_code=code, kind=kind) == ""


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"StateEx": "202"}, ["202"]),
        ({"StateEx": "2", "State": "2"}, ["202"]),
        ({"State": "0"}, ["202"]),
        ({}, ["202"]),
        ({"State": "2", "StateEx": "211"}, ["202", "211"]),
        ({"State": "3"}, ["202", "3"]),
        ({"State": 3, "StateEx": 311}, ["202", "311"]),
        ({"StateEx": "999"}, ["202", "999"]),
    ],
)
def test_the_parcels_state_is_told_where_it_says_more_than_the_newest_trace(state, expected):
    parsed = told(parcel(trace("1", hour=8), trace("202"), **state))
    assert [e.source_code for e in parsed.events][1:] == expected


def test_newest_first_says_the_same_state():
    parsed = told(parcel(trace("202", hour=9), trace("1", hour=8), StateEx="3"))
    assert (parsed.events[2].kind, parsed.events[2].happened_at) == ("delivered", at(2026, 11, 20, 9))


def test_a_parcel_without_traces_stands_so_since_the_push():
    (event,) = told(parcel(StateEx="401")).events
    assert (event.kind, event.happened_at) == ("no_info", at(2026, 11, 21, 8))
    assert told(parcel(State="0", Success=False, Reason="暂无轨迹信息")).events == []


@pytest.mark.parametrize(
    ("said", "courier"),
    [
        ("王小明(025017)", "025017"),
        ("NJ0017 王小明", "NJ0017"),
        ("王小明", "王小明"),
        ("王小明19900000001", "王小明"),
        ("王小明（025-00000101）", "王小明"),
        ("", ""),
    ],
)
def test_the_courier_is_known_by_number_else_by_name_never_by_telephone(said, courier):
    parsed = told(parcel(trace("202"), DeliveryMan=said, DeliveryManTel="19900000001"))
    assert parsed.events[0].courier == courier


def test_courier_and_outlet_are_of_the_newest_scan_near_the_door_only():
    parsed = told(
        parcel(trace("205", hour=8), trace("202"), DeliveryMan="王小明", Station="百家湖网点"),
        parcel(trace("204"), DeliveryMan="王小明", Station="百家湖网点"),
    )
    assert [(e.courier, e.outlet_hint) for e in parsed.events] == [
        ("", ""),
        ("王小明", "百家湖网点"),
        ("", ""),
    ]


def test_trap_01_the_same_number_means_another_thing_at_kuaidi100():
    said = {code: told(parcel(trace(code))).events[0] for code in ("304", "311", "4", "5", "6", "202")}
    assert {code: (e.kind, e.detail) for code, e in said.items()} == {
        "304": ("delivered", "proxy"),
        "311": ("delivered", "pickup_point"),
        "4": ("exception", ""),
        "5": ("forwarded", "new_address"),
        "6": ("customs", "unspecified"),
        "202": ("out_for_delivery", ""),
    }
    assert milestone_of_event(plugin="kdniao", source_code="304", kind="delivered") == "DELIVERED"
    assert milestone_of_event(plugin="kdniao", source_code="311", kind="delivered") == "AT_PICKUP_POINT"


def test_trap_15_numbers_are_text_however_they_are_sent():
    body = b'{"Data": [{"LogisticCode": 557020683421114, "ShipperCode": "HTKY", "Traces": ['
    body += b'{"AcceptTime": "2026-11-20 09:00:00", "AcceptStation": "x", "Action": 202}]}]}'
    (event,) = read("kdniao", body).events
    assert (event.waybill_no, event.source_code) == ("557020683421114", "202")


def test_one_broken_parcel_of_a_thousand_leaves_the_others():
    parcels = [parcel(trace("202"), number=f"YT99{n:011}", StateEx="202") for n in range(1000)]
    parcels[417] = {"ShipperCode": "YTO", "Traces": [trace("202")]}
    parsed = told(*parcels)
    assert len(parsed.events) == 999
    assert refusals(parsed) == [(417, "missing_field")]


def test_broken_traces_are_refused_one_by_one():
    broken = parcel(trace("1"), trace("2") | {"AcceptTime": "soon"}, {"AcceptStation": "x"}, "x")
    parsed = told(
        broken, "x", parcel(number="") | {"Traces": 5}, parcel() | {"Traces": 5}, parcel(trace("202"))
    )
    assert kinds(parsed) == [("accepted", "1"), ("out_for_delivery", "202")]
    assert refusals(parsed) == [
        (1, "bad_time"),
        (2, "missing_field"),
        (3, "bad_json"),
        (4, "bad_json"),
        (5, "missing_field"),
        (6, "bad_json"),
    ]


def test_parcels_sent_as_text_within_the_json():
    data = json.dumps({"Data": json.dumps([parcel(trace("202"))])}).encode()
    assert kinds(read("kdniao", data)) == [("out_for_delivery", "202")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "missing_field"),
        (b"RequestType=101", "missing_field"),
        (pushed(MONITORING, "107"), "unknown_event"),
        (b"RequestData=%7Bbroken", "bad_json"),
        (b"RequestData=[]", "bad_json"),
        (b"[]", "bad_json"),
        (b"{}", "missing_field"),
        (b'{"Data": 5}', "missing_field"),
        (b'{"Data": {}}', "missing_field"),
        (b'{"Data": "x"}', "bad_json"),
        (b'{"Data": ' + b"[" * 5000, "bad_json"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("kdniao", body)
    assert caught.value.reason == reason


def test_a_body_in_gb18030_is_read():
    parsed = read("kdniao", form(RequestData=MONITORING.decode().encode("gb18030")))
    assert parsed.events[0].text == "苏州园区网点已揽收"


@pytest.mark.parametrize(
    ("body", "is_right"),
    [
        (pushed(MONITORING), True),
        (pushed(MONITORING, DataSign=quote_plus(sign(MONITORING))), True),
        (pushed(MONITORING, DataSign=sign(MONITORING, "other")), False),
        (pushed(MONITORING).replace(b"YT99", b"YT98"), False),
        (pushed(MONITORING, DataSign=""), False),
        (MONITORING, False),
        (b"", False),
        (b"\xff\x00&&==%", False),
    ],
)
def test_the_signature(body, is_right):
    assert feed("kdniao").check_signature(body, {}, {"app_key": "k3y"}) is is_right


def test_without_a_key_nothing_is_signed():
    assert feed("kdniao").check_signature(b"RequestData=x", {}, {})


def test_its_own_words():
    answered = Pushed(pushed(MONITORING), {"ebusiness_id": "1990001"}, PUSHED.at, PUSHED.zone)
    assert feed("kdniao").answer(TAKEN, answered) == feed("kdniao").answer(UNREADABLE, answered)
    assert json.loads(feed("kdniao").answer(TAKEN, answered).body) == {
        "EBusinessID": "1990001",
        "UpdateTime": "2026-11-20 08:00:00",
        "Success": True,
        "Reason": "",
    }
    refused = feed("kdniao").answer(BAD_SIGNATURE, answered)
    assert refused.status == 401
    assert json.loads(refused.body)["Success"] is False
    assert json.loads(refused.body)["Reason"] == "签名错误"


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("kdniao")
    assert len(rows) == 41
    for code, (_label, kind, detail) in rows.items():
        event = told(parcel(trace(code))).events[0]
        assert (event.kind, event.detail, event.source_code) == (kind, detail, code)
