"""One record, as JSON or a row of a file has it, to an event or a parcel's master data; or the reason
against it."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from yishi.feeds.port import ParsedEvent, ParsedShipment

_TEXTS = ("carrier", "detail", "courier", "text", "source_code", "signed_by")


class Place(msgspec.Struct):
    city: str | None = None
    outlet: str | None = None


class WireEvent(msgspec.Struct):
    """One event as the API takes it; the quick way in, for events that have the right form."""

    waybill_no: str | int
    kind: str
    happened_at: datetime
    carrier: str | None = None
    detail: str | None = None
    place: Place | None = None
    courier: str | None = None
    text: str | None = None
    source_code: str | None = None
    signed_by: str | None = None
    consent: bool | None = None
    position: Any = None


_NOWHERE = Place()


def plain(wire: WireEvent) -> ParsedEvent:
    """The event in the port's form."""
    w = wire
    place = w.place or _NOWHERE
    return ParsedEvent(
        w.waybill_no if type(w.waybill_no) is str else str(w.waybill_no),
        w.kind,
        w.happened_at,
        w.carrier or "",
        w.detail or "",
        place.city or "",
        place.outlet or "",
        w.courier or "",
        w.text or "",
        w.source_code or "",
        w.signed_by or "",
        w.consent,
        _position(w.position) if w.position is not None else "",
    )


def _position(said: Any) -> str:
    return said if isinstance(said, str) else msgspec.json.encode(said).decode()


def event_of(record: Any, zone: tzinfo | None = None) -> ParsedEvent | str:
    """The event of one record of any form, or the reason against it. Times without a zone are in `zone`,
    if given."""
    if not isinstance(record, Mapping):
        return "bad_json"
    if any(record.get(name) is None for name in ("waybill_no", "kind", "happened_at")):
        return "missing_field"
    number = record["waybill_no"]
    if isinstance(number, bool) or not isinstance(number, str | int):
        return "bad_waybill_no"
    if not isinstance(record["kind"], str):
        return "unknown_kind"
    happened_at = moment_of(record["happened_at"], zone)
    if happened_at is None:
        return "bad_time"
    place = record.get("place") or {}
    if not isinstance(place, Mapping):
        return "bad_json"
    texts = {name: _text(record.get(name)) for name in _TEXTS}
    texts |= {name: _text(place.get(name, record.get(name))) for name in ("city", "outlet")}
    consent, position = record.get("consent"), record.get("position")
    if None in texts.values() or not isinstance(consent, bool | None):
        return "bad_json"
    return ParsedEvent(
        waybill_no=str(number),
        kind=record["kind"],
        happened_at=happened_at,
        consent=consent,
        position="" if position is None else _position(position),
        **{name: text or "" for name, text in texts.items()},
    )


def _text(value: Any) -> str | None:
    """'' where nothing was said, None where it is no text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment_of(value: Any, zone: tzinfo | None) -> datetime | None:
    """The moment that a text (or a cell) names; without offset it is in `zone`, or stays naive."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace("/", "-"))
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=zone) if value.tzinfo is None and zone is not None else value


def shipment_of(record: Any, zone: tzinfo | None = None) -> ParsedShipment | str:
    """The master data of one record, or the reason against it."""
    if not isinstance(record, Mapping):
        return "bad_json"
    number = record.get("waybill_no")
    if number is None:
        return "missing_field"
    if isinstance(number, bool) or not isinstance(number, str | int):
        return "bad_waybill_no"
    said = _said(record) | {"waybill_no": str(number)}
    for holder, name in ((said, "promised_at"), (said.get("consignee"), "valid_until")):
        if isinstance(holder, dict) and name in holder:
            holder[name] = moment_of(holder[name], zone)
            if holder[name] is None:
                return "bad_time"
    try:
        return msgspec.convert(said, ParsedShipment, strict=False)
    except msgspec.ValidationError:
        return "bad_json"


_NUMBERS_AS_TEXT = frozenset({"phone", "phone_tail", "virtual", "extension", "merchant"})


def _said(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record without what was not said, at every depth; telephone numbers sent as numbers become text."""
    return {
        name: _said(value) if isinstance(value, Mapping)
        else str(value) if name in _NUMBERS_AS_TEXT and isinstance(value, int) else value
        for name, value in record.items()
        if value not in (None, "")
    }  # fmt: skip
