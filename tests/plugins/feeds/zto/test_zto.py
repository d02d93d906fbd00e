"""Pushes of ZTO in, literal events out; its signature and its words."""

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

BODY = payload("zto", "push.json")


def event(code, **values):
    scan = {"billCode": "73109900000017", "scanType": code, "scanDate": "2026-11-20 10:00:00", **values}
    return read("zto", json.dumps([scan]).encode()).events[0]


def test_a_push_is_read_literally():
    parsed = read("zto", BODY)
    assert parsed.rejected == []
    assert parsed.events[1] == ParsedEvent(
        waybill_no="73109900000017",
        carrier="zhongtong",
        kind="out_for_delivery",
        happened_at=at(2026, 11, 20, 9, 2, 11),
        city="南京市",
        outlet="25101",
        courier="ZT0001",
        text="【东山网点】 刘师傅（19900000011）正在派件",
        source_code="派件",
    )
    assert [e.kind for e in parsed.events] == [
        "stored_at_pickup_point",
        "out_for_delivery",
        "arrived_hub",
        "accepted",
    ]


def test_times_in_milliseconds_are_read():
    assert read("zto", BODY).events[0].happened_at == at(2026, 11, 20, 18, 10)


def test_scans_without_a_trace_around_them():
    parsed = read("zto", payload("zto", "contradicted.json"))
    assert [(e.waybill_no, e.kind, e.detail) for e in parsed.events] == [
        ("73109900000025", "delivered", "pickup_point"),
        ("73109900000033", "returning", ""),
        ("73109900000041", "unknown", ""),
    ]
    assert refusals(parsed) == [(3, "bad_time")]


def test_trap_07_arrived_may_be_a_hub_or_an_outlet_and_carries_its_site():
    arrived = event("到件", scanSite={"code": "25101", "city": "南京市"})
    assert (arrived.kind, arrived.outlet, arrived.source_code) == ("arrived_hub", "25101", "到件")


def test_trap_07_arrival_in_english_is_at_a_pickup_point():
    assert (event("ARRIVAL").kind, event("ARRIVAL").detail) == ("stored_at_pickup_point", "station")


def test_trap_15_a_number_sent_as_a_number_stays_text():
    assert read("zto", BODY).events[0].waybill_no == "73109900000017"


@pytest.mark.parametrize("code", ["", "arrival", "到件 ", "派件失败"])
def test_codes_are_known_as_written_or_unknown(code):
    assert event(code).kind == ("arrived_hub" if code == "到件 " else "unknown")


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("zto_scanType")
    assert len(rows) == 11
    for code, (_, kind, detail) in rows.items():
        assert (event(code).kind, event(code).detail) == (kind, "" if " " in detail else detail)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{}", "missing_field"),
        (b'"x"', "missing_field"),
        (b"[", "bad_json"),
        (b'{"result": 1}', "missing_field"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("zto", body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "header", "is_right"),
    [
        (BODY, digest(BODY, b"s4lt"), True),
        (BODY, digest(BODY, b"other"), False),
        (BODY + b" ", digest(BODY, b"s4lt"), False),
        (BODY, "", False),
        (BODY, "é" * 24, False),
    ],
)
def test_the_digest_is_over_the_bytes_as_sent(body, header, is_right):
    headers = {"x-appkey": "k", "x-datadigest": header}
    assert feed("zto").check_signature(body, headers, {"secret": "s4lt"}) is is_right


def test_without_a_secret_nothing_is_signed():
    assert feed("zto").check_signature(BODY, {}, {})


def test_content_in_a_form_is_read_too():
    assert read("zto", form(data=BODY)) == read("zto", BODY)


def test_its_own_words():
    assert feed("zto").answer(TAKEN, PUSHED) == feed("zto").answer(UNREADABLE, PUSHED)
    assert json.loads(feed("zto").answer(TAKEN, PUSHED).body)["status"] is True
    refused = feed("zto").answer(BAD_SIGNATURE, PUSHED)
    assert (refused.status, json.loads(refused.body)["status"]) == (401, False)
