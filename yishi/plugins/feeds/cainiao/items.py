"""Items of Cainiao's bodies: logistics reports, and actions at lockers and stations with their codes."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from yishi.feeds.port import Parsed, ParsedEvent, ParsedPickupCode, Rejected, Unreadable
from yishi.plugins.common.reading import load_json, moment, word
from yishi.plugins.feeds.cainiao.mapping import KIND_OF, kind_of_action

Item = Mapping[str, Any]


def read_items(content: Any, zone: tzinfo) -> Parsed:
    """All items of a list, or the one item that stands alone. Raises Unreadable where there can be none."""
    items = content if isinstance(content, list) else [content]
    if not all(isinstance(item, dict) for item in items[:1]):
        raise Unreadable("bad_json", "neither an object nor a list of objects")
    parsed = Parsed()
    for index, item in enumerate(items):
        reason = _read(item, parsed, zone)
        if reason:
            parsed.rejected.append(Rejected(index, reason))
    return parsed


def _read(item: Any, parsed: Parsed, zone: tzinfo) -> str:
    """Adds what the item says; the reason where it says nothing that can be read."""
    if not isinstance(item, dict):
        return "bad_json"
    if (wrapped := item.get("track_info") or item.get("trackInfo")) is not None:
        item = _inner(wrapped)
    if "action_code" in item:
        return _read_action(item, parsed, zone)
    return _read_report(item, parsed, zone)


def _inner(said: Any) -> Item:
    """An object inside an object, also where it was sent as a text."""
    if isinstance(said, str):
        try:
            said = load_json(said)
        except Unreadable:
            return {}
    return said if isinstance(said, dict) else {}


def _read_report(item: Item, parsed: Parsed, zone: tzinfo) -> str:
    number, code = word(item.get("mailNo")), word(item.get("logisticsStatus"))
    said_at = item.get("logisticsGmtModified")
    if not number or not code or not said_at:
        return "missing_field"
    happened_at = moment(said_at, zone)
    if happened_at is None:
        return "bad_time"
    kind, detail = KIND_OF.get(code, ("unknown", ""))
    parsed.events.append(
        ParsedEvent(
            waybill_no=number,
            carrier=word(item.get("cpCode")),
            kind=kind,
            detail=detail,
            happened_at=happened_at,
            city=word(item.get("city")),
            text=word(item.get("lastLogisticDetail")) or word(item.get("logisticsStatusDesc")),
            source_code=code,
        )
    )
    return ""


def _read_action(item: Item, parsed: Parsed, zone: tzinfo) -> str:
    """The action, and with a deposit the code that opens the door again."""
    number, code = word(item.get("mail_no")), word(item.get("action_code"))
    if not number or not code or not item.get("action_time"):
        return "missing_field"
    happened_at = moment(item.get("action_time"), zone)
    if happened_at is None:
        return "bad_time"
    carrier = word(item.get("cp_code"))
    kind, detail = kind_of_action(code)
    # a station's number is no outlet's: it must never be looked up among them
    station = word(item.get("station_no")) or word(item.get("station_id"))
    parsed.events.append(
        ParsedEvent(
            waybill_no=number,
            carrier=carrier,
            kind=kind,
            detail=detail,
            happened_at=happened_at,
            source_code=code,
            position=f"station:{station}" if station else "",
        )
    )
    extra = _inner(item.get("extra"))
    if kind == "stored_at_pickup_point" and (opens := word(extra.get("auth_code"))):
        place = " ".join(part for part in (station, word(extra.get("shelf_id"))) if part)
        phone = word(item.get("getter_phone"))
        parsed.pickup_codes.append(
            ParsedPickupCode(number, opens, happened_at, carrier=carrier, place=place, phone=phone)
        )
    return ""
