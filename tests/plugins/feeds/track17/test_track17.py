"""Pushes of 17TRACK in, literal events out; its signature and its words."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from tests.plugins.feeds.reading import PUSHED, domain_rows, feed, needs_domain, payload, read, refusals
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Unreadable

BODY = payload("track17", "updated.json")


def push(events, status="", provider="UPS"):
    info = {
        "latest_status": {"status": status.partition("_")[0], "sub_status": status},
        "tracking": {"providers": [{"provider": {"name": provider}, "events": events}]},
    }
    return json.dumps(
        {"event": "TRACKING_UPDATED", "data": {"number": "RR990000017CN", "track_info": info}}
    ).encode()


def scan(**values):
    return {"time_utc": "2026-11-20T08:00:00Z", "description": "x", **values}


def test_a_push_is_read_literally():
    parsed = read("track17", BODY)
    assert parsed.rejected == []
    assert parsed.events[2] == ParsedEvent(
        waybill_no="RR990000017CN",
        carrier="chinapost",
        kind="in_transit",
        detail="departed_origin_country",
        happened_at=datetime(2026, 11, 12, 2, 0, tzinfo=UTC),
        city="NANJING",
        text="Departed from Nanjing",
        source_code="InTransit_Departure",
    )
    assert [(e.kind, e.source_code) for e in parsed.events] == [
        ("unknown", ""),
        ("out_for_delivery", "OutForDelivery"),
        ("in_transit", "InTransit_Departure"),
        ("accepted", "PickedUp"),
        ("delivery_failed", "DeliveryFailure_NoBody"),
    ]


def test_the_verdict_over_the_parcel_is_one_more_event_without_text():
    verdict = read("track17", BODY).events[-1]
    assert (verdict.text, verdict.detail, verdict.happened_at.day) == ("", "unreachable", 20)


def test_a_verdict_that_the_newest_scan_bears_out_adds_nothing():
    events = [scan(stage="Delivered"), scan(stage="OutForDelivery", time_utc="2026-11-20T01:00:00Z")]
    assert [e.kind for e in read("track17", push(events, "Delivered_Other")).events] == [
        "delivered",
        "out_for_delivery",
    ]


def test_tracking_stopped_holds_no_events():
    assert read("track17", payload("track17", "stopped.json")).events == []


def test_several_carriers_of_one_parcel():
    both = json.loads(push([scan(stage="Departure")], provider="SF Express"))
    both["data"]["track_info"]["tracking"]["providers"].append(
        {"provider": {"name": "La Poste"}, "events": [scan(stage="Arrival"), "junk"]}
    )
    parsed = read("track17", json.dumps(both).encode())
    assert [e.carrier for e in parsed.events] == ["sfexpress", "laposte"]
    assert refusals(parsed) == [(2, "bad_json")]


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("17track")
    assert len(rows) == 29
    for code, (_, kind, detail) in rows.items():
        (event,) = read("track17", push([scan(sub_status=code.replace("*", "Other"))])).events
        assert (event.kind, event.detail) == (kind, detail)


@pytest.mark.parametrize("status", ["NotFound_Other", "NotFound_InvalidCode"])
def test_a_family_of_codes_stands_for_its_members(status):
    assert read("track17", push([scan(sub_status=status)])).events[0].kind == "no_info"


def test_an_unknown_status_is_unknown_with_its_code():
    assert [(e.kind, e.source_code) for e in read("track17", push([scan()], "Teleported_Other")).events] == [
        ("unknown", ""),
        ("unknown", "Teleported_Other"),
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad_json"),
        (b"[]", "unknown_push_state"),
        (b'{"event": "DANCED"}', "unknown_push_state"),
        (b'{"event": ["TRACKING_UPDATED"]}', "unknown_push_state"),
        (b'{"event": "TRACKING_UPDATED", "data": {"number": "RR1", "track": {"z0": {}}}}', "missing_field"),
        (b'{"event": "TRACKING_UPDATED", "data": []}', "missing_field"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("track17", body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "key", "is_right"),
    [(BODY, b"k3y", True), (BODY, b"other", False), (BODY + b"\n", b"k3y", False), (b"", b"k3y", False)],
)
def test_the_signature_is_over_the_bytes_as_sent(body, key, is_right):
    sign = sha256(BODY + b"/" + key).hexdigest()
    assert feed("track17").check_signature(body, {"sign": sign}, {"key": "k3y"}) is is_right


def test_a_missing_signature_is_a_wrong_one():
    assert not feed("track17").check_signature(BODY, {}, {"key": "k3y"})
    assert feed("track17").check_signature(BODY, {}, {})


def test_its_own_words():
    assert feed("track17").answer(TAKEN, PUSHED) == feed("track17").answer(UNREADABLE, PUSHED)
    assert feed("track17").answer(TAKEN, PUSHED).status == 200
    assert feed("track17").answer(BAD_SIGNATURE, PUSHED).status == 401
