"""Pushes of J&T in, literal events out; its signature and its words."""

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
)
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Unreadable

CONTENT = payload("jt", "push.json")
BODY = form(bizContent=CONTENT)


def event(code):
    details = [{"scanTime": "2026-11-20 10:00:00", "scanType": code, "desc": "x"}]
    return read("jt", json.dumps({"billCode": "JT9900000000171", "details": details}).encode()).events[0]


def test_a_push_is_read_literally():
    parsed = read("jt", BODY)
    assert parsed.rejected == []
    assert parsed.events[2] == ParsedEvent(
        waybill_no="JT9900000000171",
        carrier="jtexpress",
        kind="out_for_delivery",
        happened_at=at(2026, 11, 20, 8, 20),
        city="南京市",
        outlet="2501001",
        text="东山网点的刘师傅（19900000011）正在派件",
        source_code="出仓扫描",
    )
    assert [e.kind for e in parsed.events] == [
        "delivered",
        "stored_at_pickup_point",
        "out_for_delivery",
        "arrived_hub",
    ]


def test_scans_named_by_their_number():
    found = [(e.kind, e.source_code) for e in read("jt", payload("jt", "numbers.json")).events]
    assert found == [("out_for_delivery", "5"), ("retrieved_by_courier", "8"), ("unknown", "13")]


@pytest.mark.parametrize(
    ("code", "kind", "detail"),
    [
        ("出仓扫描", "out_for_delivery", ""),
        ("出库扫描", "delivered", "pickup_point"),
        ("入仓扫描", "unknown", ""),
    ],
)
def test_trap_05_one_character_between_going_out_and_handed_over(code, kind, detail):
    assert (event(code).kind, event(code).detail) == (kind, detail)


def test_trap_03_taken_out_again_after_it_was_signed():
    assert event("快件取出扫描").kind == "retrieved_by_courier"


def test_trap_07_arrived_may_be_a_hub_or_an_outlet():
    assert event("到件扫描").kind == "arrived_hub"


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("jt_scanType")
    assert len(rows) == 10
    for code, (_, kind, detail) in rows.items():
        assert (event(code).kind, event(code).detail) == (kind, "" if " " in detail else detail)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "missing_field"),
        (b"bizContent=%5B", "bad_json"),
        (b"bizContent=3", "bad_json"),
        (b"{}", "missing_field"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("jt", body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "header", "is_right"),
    [
        (BODY, digest(CONTENT, b"k3y"), True),
        (BODY, digest(CONTENT, b"other"), False),
        (BODY.replace(b"2501001", b"2501002"), digest(CONTENT, b"k3y"), False),
        (CONTENT, digest(CONTENT, b"k3y"), False),
        (BODY, "", False),
    ],
)
def test_the_digest_is_over_the_content_as_sent(body, header, is_right):
    headers = {"apiaccount": "1", "timestamp": "1795169400000", "digest": header}
    assert feed("jt").check_signature(body, headers, {"private_key": "k3y"}) is is_right


def test_without_a_key_nothing_is_signed():
    assert feed("jt").check_signature(BODY, {}, {})


def test_its_own_words():
    assert feed("jt").answer(TAKEN, PUSHED) == feed("jt").answer(UNREADABLE, PUSHED)
    assert json.loads(feed("jt").answer(TAKEN, PUSHED).body) == {
        "code": "1",
        "msg": "success",
        "data": "SUCCESS",
    }
    refused = feed("jt").answer(BAD_SIGNATURE, PUSHED)
    assert (refused.status, json.loads(refused.body)["msg"]) == (401, "签名错误")
