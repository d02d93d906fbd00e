"""Payloads of every feed plug-in, found by walking, and ways to spoil them."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from tests.plugins.feeds.reading import FOLDER, payload, read
from yishi.feeds.port import Parsed, Unreadable
from yishi.shipments.rules.scans import ready_scans
from yishi.shipments.rules.states import State

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PLUGINS = sorted(path.parent.name for path in FOLDER.glob("*/card.py"))
# what sources answer to calls of ours: `parse` never sees these
ANSWERS = {("kuaidi100", "pickup_code.json")}
PAYLOADS = [
    (plugin, path.name)
    for plugin in PLUGINS
    for path in sorted((FOLDER / plugin / "payloads").glob("*"))
    if path.is_file() and (plugin, path.name) not in ANSWERS
]
JSON_PAYLOADS = [(plugin, name) for plugin, name in PAYLOADS if name.endswith(".json")]


def read_or_refuse(plugin: str, body: bytes) -> Parsed | None:
    """What a body holds, or None where it is Unreadable. Nothing else may come of any body."""
    try:
        parsed = read(plugin, body)
    except Unreadable as refusal:
        assert refusal.reason
        return None
    assert isinstance(parsed, Parsed)
    for event in parsed.events:
        assert event.happened_at.tzinfo is not None or plugin == "generic"
        assert all(
            isinstance(word, str) for word in (event.waybill_no, event.kind, event.text, event.carrier)
        )
    indexes = [refusal.index for refusal in parsed.rejected]
    assert indexes == sorted(set(indexes))
    return parsed


def scans(plugin: str, parsed: Parsed) -> tuple[list[Any], list[tuple[int, str]]]:
    """What ingest would make of it, without a database: scans, and refusals with their reasons."""
    found, refused = ready_scans(parsed.events, source_id=1, plugin=plugin, carrier="", at=AT)
    return found, [(refusal.index, refusal.reason) for refusal in refused]


def states(plugin: str, parsed: Parsed) -> dict[tuple[str, str], Any]:
    """The state of every parcel in it."""
    found: dict[tuple[str, str], State] = {}
    for scan in scans(plugin, parsed)[0]:
        found.setdefault((scan.waybill_no, scan.carrier), State()).add(scan)
    return {key: (state.milestone, state.moved, state.city, state.courier) for key, state in found.items()}


def changed(said: Any, change: Any) -> Any:
    """The JSON value with `change` done to each value within it, leaves first."""
    if isinstance(said, dict):
        said = {key: changed(value, change) for key, value in said.items()}
    elif isinstance(said, list):
        said = [changed(value, change) for value in said]
    return change(said)


def opened(plugin: str, name: str) -> Any:
    """A payload as plain values; where it holds JSON as a text, the value that the text means."""
    return changed(json.loads(payload(plugin, name)), _inner)


def _inner(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def spoiled(said: Any, junk: Any) -> Iterator[Any]:
    """The JSON value once for each place in it, with junk there."""
    places = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, inner in list(places):
        for worse in (junk, *spoiled(inner, junk)):
            copy = deepcopy(said)
            copy[key] = worse
            yield copy


def written(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")
