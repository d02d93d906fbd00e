"""Pushes of STO in, literal events out; its signature and its words."""

import json

import pytest

from tests.plugins.feeds.reading import (
    PUSHED,
    at,
    digest,
    domain_rows,
    feed,
    form,
    needs_domain,
    payload,
    read,
    refusals,
)
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Unreadable

CONTENT = payload("sto", "push.json")
WHO = {"from_appkey": "a", "from_code": "a", "to_appkey": "b", "to_code": "b"}


def pushed(content=CONTENT, **values):
    said = {"api_name": "STO_TRACE_PLATFORM_PUSH", "data_digest": digest(content, b"s4lt"), **WHO, **values}
    return form(content=content, **said)


def event(code):
    trace = {"opTime": "2026-11-20 10:00:00", "scanType": code, "memo": "x"}
    return read("sto", json.dumps({"waybillNo": "777990000000171", "trace": trace}).encode()).events[0]


def test_a_push_is_read_literally():
    assert read("sto", pushed()).events == [
        ParsedEvent(
            waybill_no="777990000000171",
            carrier="shentong",
            kind="out_for_delivery",
            happened_at=at(2026, 11, 20, 8, 55, 10),
            city="南京市",
            outlet="210025",
            courier="2100250008",
            text="【江苏南京东山公司】的派件员刘师傅（19900000011）正在派件",
            source_code="派件",
        )
    ]


def test_a_whole_trace_is_read_from_a_file():
    parsed = read("sto", payload("sto", "trace.json"))
    assert [(e.kind, e.detail, e.signed_by) for e in parsed.events] == [
        ("delivered", "unknown", "本人"),
        ("stored_at_pickup_point", "station", ""),
        ("in_transit", "bagged", ""),
        ("unknown", "", ""),
    ]


def test_trap_07_arrived_may_be_a_hub_or_an_outlet():
    assert event("到件").kind == "arrived_hub"


def test_trap_03_the_courier_takes_a_signed_parcel_out_again():
    assert event("快件取出").kind == "retrieved_by_courier"


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("sto_scanType")
    assert len(rows) == 7
    for code, (_, kind, detail) in rows.items():
        assert (event(code).kind, event(code).detail) == (kind, "" if " " in detail else detail)


def test_a_scan_without_number_or_time_is_refused():
    parsed = read(
        "sto", b'[{"waybillNo": "", "trace": {"opTime": "2026-11-20"}}, {"waybillNo": "X", "trace": {}}]'
    )
    assert (parsed.events, refusals(parsed)) == ([], [(0, "missing_field"), (1, "missing_field")])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "missing_field"),
        (b"content=", "missing_field"),
        (b"content=%7Bbroken", "bad_json"),
        (b"content=%7B%7D", "missing_field"),
        (b"data_digest=x", "missing_field"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("sto", body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "is_right"),
    [
        (pushed(), True),
        (pushed(data_digest=digest(CONTENT, b"other")), False),
        (pushed(data_digest=""), False),
        (pushed().replace(b"19900000011", b"19900000012"), False),
        (CONTENT, False),
        (b"", False),
    ],
)
def test_the_digest_is_over_the_content_as_sent(body, is_right):
    assert feed("sto").check_signature(body, {}, {"secret": "s4lt"}) is is_right


def test_a_plus_that_was_not_quoted_is_still_a_plus():
    content, secret = CONTENT, next(f"k{n}" for n in range(99) if "+" in digest(CONTENT, f"k{n}".encode()))
    body = pushed(content, data_digest="").replace(
        b"data_digest=", b"data_digest=" + digest(content, secret.encode()).encode()
    )
    assert feed("sto").check_signature(body, {}, {"secret": secret})


def test_without_a_secret_nothing_is_signed():
    assert feed("sto").check_signature(b"content=x", {}, {})


def test_its_own_words():
    assert feed("sto").answer(TAKEN, PUSHED) == feed("sto").answer(UNREADABLE, PUSHED)
    assert json.loads(feed("sto").answer(TAKEN, PUSHED).body)["success"] == "true"
    refused = feed("sto").answer(BAD_SIGNATURE, PUSHED)
    assert (refused.status, json.loads(refused.body)["success"]) == (401, "false")
