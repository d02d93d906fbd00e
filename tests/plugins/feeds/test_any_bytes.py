"""Properties: no bytes, and no mutation of a valid payload, bring anything but events or Unreadable."""

import json
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugins.feeds.junk import PAYLOADS, PLUGINS, opened, read_or_refuse, scans, written
from tests.plugins.feeds.reading import payload

TRIES = settings(max_examples=40, deadline=None)
ALIKE = [b"{", b"[", b"param=", b"content=", b"data=", b"<Request>", b"\xef\xbb\xbf", b"\xff\xfe", b""]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("plugin", PLUGINS)
@TRIES
@given(start=st.sampled_from(ALIKE), rest=st.binary(max_size=400))
def test_any_bytes(plugin, start, rest):
    read_or_refuse(plugin, start + rest)


@pytest.mark.parametrize("plugin", PLUGINS)
@TRIES
@given(value=JSON)
def test_any_json(plugin, value):
    read_or_refuse(plugin, json.dumps(value).encode())


def test_bytes_that_were_found_so():
    assert read_or_refuse("head_office", b"\xff\xfe" + b"\0" * 8 + b"\0\xd8\0\0") is None
    assert read_or_refuse("kuaidi100", b'{"status": ["polling"]}') is None


@pytest.mark.parametrize(("plugin", "name"), PAYLOADS)
@TRIES
@given(data=st.data())
def test_a_payload_with_bytes_changed(plugin, name, data):
    body = bytearray(payload(plugin, name))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(body)))
        end = min(len(body), start + data.draw(st.integers(0, 12)))
        body[start:end] = data.draw(st.binary(max_size=12))
    read_or_refuse(plugin, bytes(body))


@pytest.mark.parametrize(("plugin", "name"), [place for place in PAYLOADS if place[1].endswith(".json")])
@TRIES
@given(data=st.data())
def test_a_payload_with_values_changed_is_taken_in_or_refused(plugin, name, data):
    said = {"": deepcopy(opened(plugin, name))}
    for _ in range(data.draw(st.integers(1, 4))):
        holder, key = said, ""
        while isinstance(holder[key], dict | list) and holder[key] and data.draw(st.integers(0, 5)):
            inner = holder[key]
            keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
            holder, key = inner, data.draw(st.sampled_from(keys))
        holder[key] = data.draw(JSON)
    parsed = read_or_refuse(plugin, written(said[""]))
    if parsed is not None:
        found, refused = scans(plugin, parsed)
        assert len(found) + len(refused) == len(parsed.events)
