"""Pushes of JD in, literal events out, and its words."""

import json

import pytest

from tests.plugins.feeds.reading import PUSHED, at, domain_rows, feed, needs_domain, payload, read
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Unreadable


def event(code, **values):
    scan = {
        "waybillCode": "JDVA99000000171",
        "operationTime": "2026-11-20 10:00:00",
        "category": code,
        **values,
    }
    return read("jd", json.dumps([scan]).encode()).events[0]


def test_a_push_is_read_literally():
    parsed = read("jd", payload("jd", "push.json"))
    assert parsed.rejected == []
    assert parsed.events[0] == ParsedEvent(
        waybill_no="JDVA99000000171",
        carrier="jd",
        kind="delivered",
        detail="unknown",
        happened_at=at(2026, 11, 20, 16, 10),
        text="您的快件已由本人签收",
        source_code="510",
    )
    assert [(e.kind, e.source_code) for e in parsed.events[1:]] == [
        ("out_for_delivery", "440"),
        ("in_transit", "430"),
    ]


def test_trap_low_confidence_700_keeps_its_code_and_words_for_who_overrules_it():
    refund, other = read("jd", payload("jd", "refund.json")).events
    assert (refund.kind, refund.source_code, refund.text) == ("returning", "700", "退款")
    assert (other.kind, other.source_code) == ("unknown", "555")


@pytest.mark.parametrize("code", [440, "440", " 440 "])
def test_a_category_as_number_or_text(code):
    assert event(code).kind == "out_for_delivery"


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("jd_category")
    assert len(rows) == 9
    for code, (label, kind, detail) in rows.items():
        assert (event(int(code), operationTitle=label).kind, event(code).detail) == (kind, detail)


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"", "missing_field"), (b"{", "bad_json"), (b'{"data": {}}', "missing_field"), (b"data=1", "bad_json")],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("jd", body)
    assert caught.value.reason == reason


def test_the_key_in_the_address_is_the_proof():
    assert feed("jd").check_signature(b"{}", {}, {})


def test_its_own_words():
    assert feed("jd").answer(TAKEN, PUSHED) == feed("jd").answer(UNREADABLE, PUSHED)
    assert json.loads(feed("jd").answer(TAKEN, PUSHED).body)["success"] is True
    assert feed("jd").answer(BAD_SIGNATURE, PUSHED).status == 401
