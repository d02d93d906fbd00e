"""Kept events told anew: the plug-in's own words are found again, an override shows, order is nothing."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.feeds.port import ParsedEvent
from yishi.feeds.rules import DETAILS, KINDS
from yishi.shipments.rules.remapping import Kept, Reading, retold, said_of, told_anew
from yishi.shipments.rules.scans import ready_scans
from yishi.shipments.rules.states import Scan, state_of

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NO = "YT12345678"
BACK = "快件正在退回寄件人途中"
DOOR = {"9999": ("delivered", "proxy")}


def scan(overrides=None, minutes=0, plugin="kuaidi100", **values):
    said = {"waybill_no": NO, "kind": "unknown", "source_code": "9999"} | values
    event = ParsedEvent(**said, happened_at=AT + timedelta(minutes=minutes))
    (found,), _ = ready_scans(
        [event], source_id=7, plugin=plugin, carrier="", at=AT, overrides=overrides or {}
    )
    return found


def kept(scan: Scan) -> Kept:
    return Kept(
        scan.identity,
        scan.happened_ms,
        7,
        scan.kind,
        scan.source_code,
        scan.detail,
        scan.city,
        scan.outlet,
        scan.text,
    )


def test_an_override_changes_what_is_shown_not_what_it_is_known_by():
    plain, over = scan(), scan(DOOR)
    assert (over.kind, over.detail, over.milestone) == ("delivered", "proxy", "DELIVERED")
    assert (plain.kind, plain.milestone) == ("unknown", "")
    assert plain.identity == over.identity


@pytest.mark.parametrize(
    ("code", "kind", "overrides", "milestone"),
    [
        ("304", "delivered", {}, "AT_PICKUP_POINT"),
        # said by the operator himself, a signature is a signature
        ("304", "delivered", {"304": ("delivered", "")}, "DELIVERED"),
        ("3", "delivered", {"304": ("lost", "")}, "DELIVERED"),
        ("", "unknown", {"9999": ("lost", "")}, ""),
    ],
)
def test_only_the_code_that_was_mapped_means_something_else(code, kind, overrides, milestone):
    assert scan(overrides, source_code=code, kind=kind).milestone == milestone


def test_a_text_that_says_on_its_way_back_is_heard_over_a_silent_code():
    assert scan({"9999": ("in_transit", "")}, text=BACK).kind == "returning"
    assert scan(DOOR, text=BACK).kind == "delivered"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_the_plugin_said_is_found_again_under_any_override(kind):
    for detail in ("", *DETAILS.get(kind, ())):
        hidden = kept(scan({"9999": ("lost", "x")}, kind=kind, detail=detail, text=BACK, city="南京市"))
        assert said_of(hidden, NO) == (kind, detail)


def test_an_unusual_detail_is_found_when_it_was_remembered():
    hidden = kept(scan({"9999": ("lost", "")}, kind="exception", detail="retained_at_outlet"))
    assert said_of(hidden, NO) is None
    assert said_of(hidden, NO, ["retained_at_outlet"]) == ("exception", "retained_at_outlet")


def test_ended_it_shows_what_it_would_have_shown_without():
    for text, kind in itertools.product(["", BACK], ["in_transit", "delivered", "stalled"]):
        before = scan(kind=kind, text=text)
        hidden = kept(scan(DOOR, kind=kind, text=text))
        assert told_anew(hidden, NO, Reading("kuaidi100", {})) == (
            before.kind,
            before.detail,
            before.milestone,
        )


CODES = {"9999": "unknown", "304": "delivered", "5": "out_for_delivery", "0": "in_transit"}
pushes = st.lists(
    st.tuples(st.sampled_from(sorted(CODES)), st.integers(0, 5), st.booleans()), min_size=1, max_size=12
)


@given(pushes, st.sampled_from(sorted(CODES)), st.sampled_from(["delivered", "returning", "lost", "stalled"]))
def test_pushes_before_and_after_an_override_end_as_if_it_had_always_held(said, code, kind):
    overrides = {code: (kind, "")}
    stored: dict[bytes, Kept] = {}
    for source_code, minutes, is_after in said:
        found = scan(
            overrides if is_after else None, minutes, kind=CODES[source_code], source_code=source_code
        )
        stored.setdefault(found.identity, kept(found))
    always = {
        s.identity: s
        for c, minutes, _ in said
        for s in [scan(overrides, minutes, kind=CODES[c], source_code=c)]
    }
    again = retold(stored.values(), NO, {7: Reading("kuaidi100", overrides)}, source_id=7, source_code=code)
    assert set(stored) == set(always)
    assert again.state == state_of(always.values())
    undone = retold(stored.values(), NO, {7: Reading("kuaidi100", {})}, source_id=7, source_code=code)
    never = [scan(None, minutes, kind=CODES[c], source_code=c) for c, minutes, _ in said]
    assert undone.state == state_of(never)
