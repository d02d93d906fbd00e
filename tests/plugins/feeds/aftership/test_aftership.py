"""Pushes of AfterShip in, literal events out; its signature and its words."""

import hmac
import json
from base64 import b64encode

import pytest

from tests.plugins.feeds.reading import PUSHED, at, domain_rows, feed, needs_domain, payload, read, refusals
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Unreadable

BODY = payload("aftership", "update.json")


def push(*checkpoints, slug="usps", **msg):
    told = {"tracking_number": "9400000000000017", "slug": slug, "checkpoints": checkpoints, **msg}
    return json.dumps({"event": "tracking_update", "event_id": "1", "msg": told}).encode()


def checkpoint(**values):
    return {"checkpoint_time": "2026-11-20T10:00:00", "message": "x", **values}


def test_a_push_is_read_literally():
    parsed = read("aftership", BODY)
    assert parsed.rejected == []
    assert parsed.events[1] == ParsedEvent(
        waybill_no="SF9900000000171",
        carrier="sf-express",
        kind="customs",
        detail="released",
        happened_at=at(2026, 10, 11, 21, 15),
        city="Lyon, France",
        text="Cleared customs",
        source_code="InTransit_005",
    )


def test_open_tags_are_unknown_and_never_refused():
    flown = read("aftership", BODY).events[2]
    assert (flown.kind, flown.source_code, flown.text) == ("unknown", "SkyTransit_001", "Drone took off")


def test_a_verdict_without_a_checkpoint_is_one_more_event():
    verdict = read("aftership", BODY).events[3]
    assert (verdict.kind, verdict.detail, verdict.source_code, verdict.text) == (
        "stalled",
        "30d",
        "Expired_001",
        "",
    )


def test_the_same_event_again_is_the_same_events():
    again = BODY.replace(b"1795169400", b"1795173000")
    assert read("aftership", again) == read("aftership", BODY)


def test_a_tag_without_subtag_means_its_general_one():
    (event,) = read("aftership", push(checkpoint(tag="OutForDelivery"))).events
    assert (event.kind, event.source_code) == ("out_for_delivery", "OutForDelivery")


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("aftership")
    assert len(rows) == 31
    for code, (_, kind, detail) in rows.items():
        (event,) = read("aftership", push(checkpoint(subtag=code.replace("*", "001")))).events
        assert (event.kind, event.detail) == (kind, detail)


def test_one_bad_checkpoint_is_one_refusal():
    parsed = read("aftership", push(checkpoint(), None, checkpoint(checkpoint_time="soon")))
    assert (len(parsed.events), refusals(parsed)) == (1, [(1, "bad_json"), (2, "bad_time")])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad_json"),
        (b"null", "missing_field"),
        (b'{"msg": []}', "missing_field"),
        (b'{"msg": {"tracking_number": ""}}', "missing_field"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("aftership", body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "secret", "is_right"),
    [(BODY, b"s4lt", True), (BODY, b"other", False), (BODY + b" ", b"s4lt", False), (b"", b"s4lt", False)],
)
def test_the_hmac_is_over_the_bytes_as_sent(body, secret, is_right):
    headers = {"aftership-hmac-sha256": b64encode(hmac.digest(secret, BODY, "sha256")).decode()}
    assert feed("aftership").check_signature(body, headers, {"secret": "s4lt"}) is is_right


def test_a_missing_hmac_is_a_wrong_one():
    assert not feed("aftership").check_signature(BODY, {}, {"secret": "s4lt"})
    assert feed("aftership").check_signature(BODY, {}, {})


def test_its_own_words():
    assert feed("aftership").answer(TAKEN, PUSHED) == feed("aftership").answer(UNREADABLE, PUSHED)
    assert feed("aftership").answer(TAKEN, PUSHED).status == 200
    assert feed("aftership").answer(BAD_SIGNATURE, PUSHED).status == 401
