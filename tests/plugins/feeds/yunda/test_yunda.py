"""Pushes of Yunda in, literal events out; its signature and its words."""

import json
from hashlib import md5

import pytest

from tests.plugins.feeds.reading import (
    PUSHED,
    at,
    domain_rows,
    feed,
    needs_domain,
    payload,
    read,
    refusals,
)
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Unreadable
from yishi.shipments.rules.milestones import milestone_of_event

PUSH = payload("yunda", "push.json")
TRACE = payload("yunda", "trace.json")


def scan(action, **said):
    return {"mailno": 4300990000025, "time": "2026-11-20 10:00:00", "action": action, **said}


def told(data):
    return read("yunda", json.dumps({"data": json.dumps(data)}).encode())


def meaning(action, text="x"):
    (event,) = told(scan(action, description=text)).events
    return event.kind, event.detail


def signed(body, secret="s3cret", **headers):
    return {"sign": md5(body + b"_" + secret.encode()).hexdigest(), "app-key": "990001", **headers}


def test_a_push_is_read_literally():
    parsed = read("yunda", PUSH)
    assert (parsed.events, parsed.rejected) == (
        [
            ParsedEvent(
                waybill_no="4300990000025",
                carrier="yunda",
                kind="out_for_delivery",
                happened_at=at(2026, 11, 20, 8, 41, 25),
                city="南京市",
                outlet="210017",
                text="江宁百家湖公司 王小明(19900000001) 正在派件",
                source_code="SENT",
            )
        ],
        [],
    )


def test_the_answer_of_a_query_is_read_too():
    parsed = read("yunda", TRACE)
    assert {e.waybill_no for e in parsed.events} == {"4300990000033"}
    assert [(e.source_code, e.kind) for e in parsed.events] == [
        ("OUTBOUND", "retrieved_by_courier"),
        ("SIGNED", "delivered"),
        ("INBOUND", "stored_at_pickup_point"),
        ("SENT", "out_for_delivery"),
        ("ARRIVAL", "arrived_at_outlet"),
        ("ARRIVAL", "arrived_hub"),
    ]
    assert parsed.events[1].signed_by == "驿站代签"


def test_trap_04_yunda_outbound_is_taken_back_not_signed():
    assert meaning("OUTBOUND") == ("retrieved_by_courier", "")
    moved = milestone_of_event(plugin="yunda", source_code="OUTBOUND", kind="retrieved_by_courier")
    assert moved == "OUT_FOR_DELIVERY"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("已到达 南京分拨中心", "arrived_hub"),
        ("已到达 江宁百家湖公司", "arrived_at_outlet"),
        ("到达，正发往 江宁百家湖公司", "arrived_hub"),
        ("", "arrived_hub"),
    ],
)
def test_trap_07_arrival_is_at_a_hub_or_an_outlet_as_the_text_says(text, kind):
    assert meaning("ARRIVAL", text) == (kind, "")


@pytest.mark.parametrize("number", [3160000261634, "3160000261634"])
def test_trap_15_a_number_of_thirteen_digits_sent_as_a_number_is_text(number):
    assert told(scan("GOT", mailno=number)).events[0].waybill_no == "3160000261634"


def test_digits_are_never_lost():
    data = r"{\"mailno\": 12345678901234567890123, \"action\": \"GOT\", \"time\": 1763600000000}"
    body = b'{"data": "' + data.encode() + b'"}'
    assert read("yunda", body).events[0].waybill_no == "12345678901234567890123"


@pytest.mark.parametrize(
    ("action", "text", "expected"),
    [
        ("OTHER", "正在派件", ("out_for_delivery", "")),
        ("", "已存放至百家湖驿站", ("stored_at_pickup_point", "locker_or_station")),
        ("", "已签收", ("unknown", "")),
        ("OTHER", "x", ("unknown", "")),
        ("NEWWORD", "正在派件", ("unknown", "")),
        ("SIGNFAIL", "收件人电话无法接通", ("delivery_failed", "unreachable")),
    ],
)
def test_the_text_speaks_where_the_action_is_silent(action, text, expected):
    assert meaning(action, text) == expected


def test_several_parcels_in_one_push_of_which_one_is_broken():
    scans = [scan("GOT", mailno=4300990000000 + n) for n in range(1000)]
    scans[3] = scan("GOT", time="soon")
    parsed = told(scans)
    assert len(parsed.events) == 999
    assert refusals(parsed) == [(3, "bad_time")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad_json"),
        (b"[", "bad_json"),
        (b"5", "bad_json"),
        (b"{}", "missing_field"),
        (b'{"data": "broken"}', "bad_json"),
        (b'{"data": 5}', "bad_json"),
        (b'{"data": null}', "bad_json"),
        (b'{"data": "{}"}', "missing_field"),
        (b'{"data": "' + b"[" * 5000 + b'"}', "bad_json"),
        (b"data=%7B%7D", "bad_json"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("yunda", body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("headers", "is_right"),
    [
        (signed(PUSH), True),
        (signed(PUSH) | {"sign": signed(PUSH)["sign"].upper()}, True),
        (signed(PUSH, "other"), False),
        (signed(PUSH + b" "), False),
        (signed(PUSH) | {"app-key": "990002"}, False),
        (signed(PUSH) | {"sign": "签"}, False),
        ({}, False),
    ],
)
def test_the_signature(headers, is_right):
    settings = {"secret": "s3cret", "app_key": "990001"}
    assert feed("yunda").check_signature(PUSH, headers, settings) is is_right


def test_the_signature_is_over_the_body_as_sent():
    spaced = json.dumps(json.loads(PUSH), indent=2).encode()
    assert not feed("yunda").check_signature(spaced, signed(PUSH), {"secret": "s3cret"})
    assert feed("yunda").check_signature(spaced, signed(spaced), {"secret": "s3cret"})


def test_without_a_secret_nothing_is_signed():
    assert feed("yunda").check_signature(PUSH, {}, {})


def test_its_own_words():
    assert feed("yunda").answer(TAKEN, PUSHED) == feed("yunda").answer(UNREADABLE, PUSHED)
    assert json.loads(feed("yunda").answer(TAKEN, PUSHED).body)["result"] is True
    refused = feed("yunda").answer(BAD_SIGNATURE, PUSHED)
    assert (refused.status, json.loads(refused.body)["message"]) == (401, "签名错误")


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("yunda_action")
    assert len(rows) == 21
    for code, (_label, kind, detail) in rows.items():
        assert meaning(code) == (kind, "" if " " in detail else detail), code
