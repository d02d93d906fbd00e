"""Whatever is pushed: every feed plug-in reads it or calls it Unreadable, quickly, and one bad part spoils no
other."""

import gzip
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bench.multiplied import later, multiplied
from tests.plugins.feeds.junk import (
    JSON_PAYLOADS,
    PAYLOADS,
    PLUGINS,
    changed,
    opened,
    read_or_refuse,
    scans,
    spoiled,
    states,
    written,
)
from tests.plugins.feeds.reading import PUSHED, feed, payload, read
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE

# payloads that hold a list of scans or parcels, however short
TRACES = [place for place in JSON_PAYLOADS if multiplied(payload(*place), 1)]

BOMB = b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 999 + b'"><!ENTITY c "' + b"&b;" * 999 + b'">]><a>&c;</a>'
BODIES = {
    "empty": b"",
    "blank": b" \r\n\t",
    "NUL": b"\0" * 100,
    "only a mark": b"\xef\xbb\xbf",
    "null": b"null",
    "true": b"true",
    "a number": b"17",
    "a word": b'"parcel"',
    "an empty list": b"[]",
    "an empty object": b"{}",
    "a list of nothing": b"[null, [], {}, 7, true]",
    "half": b'{"data": [{"a": ',
    "no end of lists": b"[" * 100_000,
    "no end of objects": b'{"data":' * 100_000,
    "no end of digits": b'{"billCode": ' + b"9" * 100_000 + b"}",
    "no number": b'{"data": NaN, "billCode": Infinity, "x": 1e999}',
    "no encoding": b'{"data": "\xff\xfe\x80"}',
    "UTF-16": '{"billCode": "73109900000017"}'.encode("utf-16"),
    "half an emoji": b'{"event": "\\ud83d", "msg": {"tracking_number": "\\ud83d"}}',
    "a form of nothing": b"&&==&%zz&%ff=%fe&=&",
    "a thousand fields": b"&".join(b"f%d=%d" % (n, n) for n in range(1000)),
    "gzip": gzip.compress(b"[" + b" " * 1_000_000),
    "half a workbook": b"PK\x03\x04" + b"\0" * 400,
    "half an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 400,
    "XML that grows": BOMB,
    "a form of XML that grows": b"content=" + BOMB,
    "XML of a file": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><Request>&b;</Request>',
    "HTML": "<html><body>网关错误 502</body></html>".encode(),
}


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_push_is_no_event(plugin, name):
    parsed = read_or_refuse(plugin, BODIES[name])
    assert parsed is None or (parsed.events, parsed.complaints, parsed.pickup_codes) == ([], [], [])


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize("header", ["", "é", "\xff" * 40, "0" * 10_000])
def test_no_signature_is_too_strange_to_be_compared(plugin, header):
    names = [field.name for field in _card(plugin).settings if field.is_secret]
    headers = dict.fromkeys(("x-datadigest", "digest", "sign", "aftership-hmac-sha256", ":query"), header)
    for body in BODIES.values():
        answer = feed(plugin).check_signature(body, headers, dict.fromkeys(names, "s4lt"))
        assert answer is (not names)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_whatever_came_is_answered_in_the_sources_words(plugin):
    for body in BODIES.values():
        pushed = replace(PUSHED, body=body)
        for outcome, statuses in ((TAKEN, {200}), (UNREADABLE, {200}), (BAD_SIGNATURE, {200, 401})):
            answer = feed(plugin).answer(outcome, pushed)
            assert answer.status in statuses and answer.body and answer.content_type


def _card(plugin):
    return __import__(f"yishi.plugins.feeds.{plugin}.card", fromlist=["CARD"]).CARD


@pytest.mark.parametrize(("plugin", "name"), PAYLOADS)
def test_a_body_cut_short_anywhere(plugin, name):
    body = payload(plugin, name)
    whole = read(plugin, body)
    for end in range(0, len(body) - 2, max(1, len(body) // 40)):
        parsed = read_or_refuse(plugin, body[:end])
        assert parsed is None or len(parsed.events) <= len(whole.events)


@pytest.mark.parametrize(("plugin", "name"), PAYLOADS)
def test_other_encodings_say_the_same(plugin, name):
    text = payload(plugin, name).decode()
    assert read(plugin, b"\xef\xbb\xbf" + text.encode()) == read(plugin, text.encode())
    if plugin != "generic":  # an interface of ours: it is documented to be UTF-8
        assert read(plugin, text.encode("gb18030")) == read(plugin, text.encode())


@pytest.mark.parametrize(("plugin", "name"), JSON_PAYLOADS)
def test_of_a_name_said_twice_the_last_counts(plugin, name):
    class Twice(dict):
        def items(self):
            return [pair for key, value in super().items() for pair in ((key, [None, 7]), (key, value))]

    said = json.loads(payload(plugin, name), object_pairs_hook=Twice)
    assert read(plugin, written(said)) == read(plugin, payload(plugin, name))


def _number(value):
    is_plain = isinstance(value, str) and value.isdecimal() and len(value) < 18 and value == str(int(value))
    return int(value) if is_plain else value


@pytest.mark.parametrize(("plugin", "name"), JSON_PAYLOADS)
@pytest.mark.parametrize(
    "change",
    [_number, lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v],
    ids=["numbers for texts", "texts for numbers"],
)
def test_numbers_and_texts_for_each_other_say_the_same(plugin, name, change):
    said = json.loads(payload(plugin, name))
    assert read(plugin, written(changed(said, change))) == read(plugin, written(said))


@pytest.mark.parametrize("junk", [None, True, 7, -1.5, "", "x", [], {}, [[]], [None], {"a": {}}], ids=repr)
@pytest.mark.parametrize(("plugin", "name"), JSON_PAYLOADS)
def test_junk_in_any_one_place(plugin, name, junk):
    for worse in spoiled(json.loads(payload(plugin, name)), junk):
        read_or_refuse(plugin, written(worse))


@pytest.mark.parametrize(("plugin", "name"), JSON_PAYLOADS)
def test_lists_for_objects(plugin, name):
    said = json.loads(payload(plugin, name))
    read_or_refuse(plugin, written(changed(said, lambda v: [v] if isinstance(v, dict) else v)))
    read_or_refuse(plugin, written(changed(said, lambda v: {"0": v} if isinstance(v, list) else v)))


@pytest.mark.parametrize(("plugin", "name"), JSON_PAYLOADS)
@pytest.mark.parametrize("year", [1970, 2099])
def test_times_beyond_sense_are_refused_one_by_one(plugin, name, year):
    away = datetime(year, 1, 2, tzinfo=UTC) - datetime(2026, 11, 20, tzinfo=UTC)
    parsed = read(plugin, written(later(opened(plugin, name), round(away.total_seconds() / 60))))
    whole = read(plugin, payload(plugin, name))
    found, refused = scans(plugin, parsed)
    assert found == [] and {reason for _, reason in refused} <= {"time_out_of_range"}
    assert len(refused) + len(parsed.rejected) == len(whole.events) + len(whole.rejected)


@pytest.mark.parametrize(("plugin", "name"), JSON_PAYLOADS)
def test_a_time_without_zone_is_in_the_sources_own(plugin, name):
    body, zones = payload(plugin, name), (ZoneInfo("Asia/Shanghai"), ZoneInfo("UTC"))
    here, there = (feed(plugin).parse(body, "", {}, zone).events for zone in zones)
    hours = {(b.happened_at - a.happened_at).total_seconds() / 3600 for a, b in zip(here, there, strict=True)}
    assert hours <= {0, 8}


@pytest.mark.parametrize(("plugin", "name"), JSON_PAYLOADS)
@pytest.mark.parametrize("sign", ["件", "驿站", "派件中", "到-", "1"])
def test_endless_texts_are_read_at_once_and_refused(plugin, name, sign):
    for size in (20_000, 200_000):
        long = sign * (size // len(sign))
        worse = changed(opened(plugin, name), lambda v, long=long: v + long if _is_text(v) else v)
        began = time.perf_counter()
        parsed = read_or_refuse(plugin, written(worse))
        assert time.perf_counter() - began < 2
        assert parsed is None or all(len(scan.text) <= 4_000 for scan in scans(plugin, parsed)[0])


def _is_text(value):
    return isinstance(value, str) and not value.isascii()


@pytest.mark.parametrize(("plugin", "name"), JSON_PAYLOADS)
def test_emoji_direction_marks_and_zero_widths_in_texts_stay(plugin, name):
    mark = "👩‍👩‍👧\u202e\u200b\u2066"
    said = opened(plugin, name)
    parsed = read(plugin, written(changed(said, lambda v: v + mark if _is_text(v) else v)))
    texts = [event.text for event in read(plugin, written(said)).events]
    assert [event.text.removesuffix(mark) for event in parsed.events] == texts
    assert scans(plugin, parsed)[1] == []


@pytest.mark.parametrize(("plugin", "name"), TRACES)
def test_twenty_one_events_newest_first_and_oldest_first_are_one_state(plugin, name):
    said = json.loads(multiplied(payload(plugin, name), 21))
    there, back = (read(plugin, written(way)) for way in (said, changed(said, _turned)))
    assert len(there.events) + len(there.rejected) >= 21
    assert states(plugin, there) == states(plugin, back)


def _turned(value):
    return value[::-1] if isinstance(value, list) else value


@pytest.mark.parametrize(("plugin", "name"), TRACES)
def test_of_a_thousand_one_is_broken(plugin, name):
    said = json.loads(multiplied(payload(plugin, name), 1000))
    whole = read(plugin, written(said))
    next(found for found in _lists(said) if len(found) == 1000)[500] = "scanned by a cat"
    parsed = read(plugin, written(said))
    assert 0 <= len(whole.events) - len(parsed.events) <= len(whole.events) // 100
    assert {refusal.reason for refusal in parsed.rejected} >= {"bad_json"}


def _lists(said):
    inner = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    held = [found for value in inner for found in _lists(value)]
    return [said, *held] if isinstance(said, list) else held
