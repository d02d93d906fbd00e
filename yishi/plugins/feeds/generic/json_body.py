"""JSON arrays and NDJSON: a whole body read at once where all is well, item by item where something is
not."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

import msgspec

from yishi.feeds.port import NotFramed, Parsed, ParsedEvent, ParsedShipment, Rejected
from yishi.plugins.feeds.generic.records import WireEvent, event_of, plain, shipment_of

_ARRAY = msgspec.json.Decoder(list[WireEvent])
_LINES = msgspec.json.Decoder(WireEvent)
_RAW_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_ANY = msgspec.json.Decoder()
_TROUBLE = (msgspec.DecodeError, UnicodeError, RecursionError, ValueError)


def parse_json(body: bytes, expects: str, zone: tzinfo | None) -> Parsed:
    """Events, master data, or whichever each item is when `expects` is empty. Raises NotFramed."""
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise NotFramed("empty")
    if expects != "shipments":
        try:
            return Parsed(events=[plain(wire) for wire in _wires(body)])
        except _TROUBLE:
            pass  # something is not as it should be, or no event: find out what, item by item
    return _one_by_one(items_of(body), expects, zone)


def _wires(body: bytes) -> list[WireEvent]:
    return _ARRAY.decode(body) if body.startswith(b"[") else _LINES.decode_lines(body)


def items_of(body: bytes) -> list[bytes]:
    """The items of a body as they stand. Raises NotFramed where there is no array and not one readable
    line."""
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if body.startswith(b"["):
        try:
            return [bytes(raw) for raw in _RAW_ARRAY.decode(body)]
        except _TROUBLE as error:
            raise NotFramed(str(error)) from None
    if isinstance(_decoded(body), dict):
        return [body]
    lines = [line for line in body.splitlines() if line.strip()]
    if not any(isinstance(_decoded(line), dict) for line in lines):
        raise NotFramed("neither a JSON array nor JSON lines")
    return lines


def _decoded(item: bytes) -> Any:
    """The item as plain values; None when it is no JSON."""
    try:
        return _ANY.decode(item)
    except _TROUBLE:
        return None


def _one_by_one(items: Sequence[bytes], expects: str, zone: tzinfo | None) -> Parsed:
    parsed = Parsed()
    for index, item in enumerate(items):
        add_record(parsed, index, _decoded(item), expects, zone)
    return parsed


def add_record(parsed: Parsed, index: int, record: Any, expects: str, zone: tzinfo | None) -> None:
    """Adds one record to what was read, or its refusal."""
    is_shipment = expects == "shipments" or (
        not expects and isinstance(record, dict) and "kind" not in record and "happened_at" not in record
    )
    found: ParsedEvent | ParsedShipment | str
    found = shipment_of(record, zone) if is_shipment else event_of(record, zone)
    if isinstance(found, str):
        parsed.rejected.append(Rejected(index, found))
    elif isinstance(found, ParsedShipment):
        parsed.master_data.append(found)
    else:
        parsed.events.append(found)
