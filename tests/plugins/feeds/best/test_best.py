"""Pushes of Best in, literal events out, and its words."""

import json

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
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Unreadable
from yishi.plugins.feeds.best.mapping import KIND_OF

BODY = payload("best", "push.json")


def event(code):
    trace = [{"acceptTime": "2026-11-20 10:00:00", "scanType": code, "remark": "x"}]
    return read(
        "best", json.dumps({"mailNo": "557990000000171", "traces": {"trace": trace}}).encode()
    ).events[0]


def test_a_push_is_read_literally():
    parsed = read("best", BODY)
    assert parsed.rejected == []
    assert parsed.events[1] == ParsedEvent(
        waybill_no="557990000000171",
        carrier="huitongkuaidi",
        kind="stored_at_pickup_point",
        detail="locker_or_station",
        happened_at=at(2026, 11, 20, 11, 30),
        city="南京市",
        text="快件已到东山驿站",
        source_code="入库/入柜",
    )
    assert [(e.waybill_no[-3:], e.kind) for e in parsed.events] == [
        ("171", "delivered"),
        ("171", "stored_at_pickup_point"),
        ("171", "out_for_delivery"),
        ("189", "retrieved_by_courier"),
        ("189", "forwarded"),
        ("189", "unknown"),
    ]


def test_trap_03_a_keeper_takes_a_stored_parcel_out_again():
    assert (event("管理员取出包裹").kind, event("管理员取出包裹").detail) == ("retrieved_by_courier", "admin")


def test_trap_low_confidence_handed_to_a_colleague_is_forwarded():
    assert (event("转同行").kind, event("转同行").detail) == ("forwarded", "other_carrier")


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("best_scanType")
    assert len(rows) == 11
    for code, (_, kind, detail) in rows.items():
        assert (event(code).kind, event(code).detail) == (kind, detail)
    assert KIND_OF.keys() - rows.keys() == {"收件", "发件", "到件", "派件", "签收"}


def test_a_parcel_that_is_none_is_refused_alone():
    parsed = read("best", BODY.replace(b'"traceLogs": [', b'"traceLogs": [7, '))
    assert (len(parsed.events), refusals(parsed)) == (6, [(0, "bad_json")])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "missing_field"),
        (b"[", "bad_json"),
        (b'{"result": false}', "missing_field"),
        (b"bizData=1", "bad_json"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("best", body)
    assert caught.value.reason == reason


def test_the_key_in_the_address_is_the_proof():
    assert feed("best").check_signature(BODY, {}, {})
    assert read("best", form(bizData=BODY)) == read("best", BODY)


def test_its_own_words():
    assert feed("best").answer(TAKEN, PUSHED) == feed("best").answer(UNREADABLE, PUSHED)
    assert json.loads(feed("best").answer(TAKEN, PUSHED).body)["result"] is True
    assert feed("best").answer(BAD_SIGNATURE, PUSHED).status == 401
