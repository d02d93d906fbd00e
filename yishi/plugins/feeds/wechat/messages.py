"""WeChat's three messages: a waybill's path, its state, and a complaint about it."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from hashlib import sha256
from typing import Any

from yishi.feeds.port import Parsed, ParsedComplaint, ParsedEvent, Rejected, Unreadable
from yishi.plugins.common.reading import moment, word
from yishi.plugins.feeds.wechat.mapping import CATEGORY, kind_of_action, kind_of_state

Message = Mapping[str, Any]


def read_message(message: Message, zone: tzinfo) -> Parsed:
    """What a message holds. Raises Unreadable for an event that is not about parcels."""
    read = _READERS.get(word(message.get("Event")))
    if read is None:
        raise Unreadable("unknown_event", f"Event is {word(message.get('Event'))!r}")
    return read(message, zone)


def _path(message: Message, zone: tzinfo) -> Parsed:
    """`add_express_path`: the parcel's nodes so far."""
    actions = message.get("Actions") or []
    actions = actions if isinstance(actions, list) else [actions]
    parsed = Parsed()
    for index, action in enumerate(actions):
        found = _action(action, message, zone)
        if isinstance(found, str):
            parsed.rejected.append(Rejected(index, found))
        else:
            parsed.events.append(found)
    return parsed


def _action(action: Any, message: Message, zone: tzinfo) -> ParsedEvent | str:
    if not isinstance(action, dict):
        return "bad_json"
    happened_at = moment(action.get("ActionTime"), zone)
    number = word(message.get("WayBillId"))
    if happened_at is None or not number:
        return "bad_time" if number and action.get("ActionTime") else "missing_field"
    code, text = word(action.get("ActionType")), word(action.get("ActionMsg"))
    kind, detail = kind_of_action(code, text)
    return ParsedEvent(
        waybill_no=number,
        carrier=word(message.get("DeliveryID")),
        kind=kind,
        detail=detail,
        happened_at=happened_at,
        text=text,
        source_code=code,
    )


def _state(message: Message, zone: tzinfo) -> Parsed:
    """`ewaybill_push_path`: one state of one parcel. Code and text are both kept, even in conflict."""
    said = message.get("waybill_info")
    if not isinstance(said, dict):
        raise Unreadable("missing_field", "waybill_info")
    happened_at = moment(said.get("update_time"), zone)
    number = word(said.get("waybill_id"))
    if happened_at is None or not number:
        reason = "bad_time" if number and said.get("update_time") else "missing_field"
        return Parsed(rejected=[Rejected(0, reason)])
    code, text = word(said.get("status")), word(said.get("desc"))
    kind, detail = kind_of_state(code, text)
    event = ParsedEvent(
        waybill_no=number,
        carrier=word(said.get("delivery_id")),
        kind=kind,
        detail=detail,
        happened_at=happened_at,
        text=text,
        source_code=code,
    )
    return Parsed(events=[event])


def _complaint(message: Message, zone: tzinfo) -> Parsed:
    """`waybill_complaint`. A kind that we do not know is handed on as it is: somebody must read it anyway."""
    kind, text = word(message.get("ComplainType")), word(message.get("Content"))
    complaint = ParsedComplaint(
        external_no=_number_of(message),
        category=CATEGORY.get(kind, kind),
        text=text,
        waybill_no=word(message.get("WayBillID") or message.get("WayBillId")),
        phone=word(message.get("Phone")),
        name=word(message.get("Name")),
        pictures=tuple(url for url in map(str.strip, word(message.get("Pic")).split("|")) if url),
        happened_at=moment(message.get("CreateTime"), zone),
    )
    return Parsed(complaints=[complaint])


def _number_of(message: Message) -> str:
    """WeChat numbers orders, not complaints, and tells its repeats by sender and second: both make the
    number."""
    order = word(message.get("Token")) or word(message.get("OrderID")) or word(message.get("WayBillID"))
    order = order or word(message.get("FromUserName"))
    number = f"{order}-{word(message.get('CreateTime'))}"
    return number if len(number) <= 100 else sha256(number.encode()).hexdigest()


_READERS: Mapping[str, Callable[[Message, tzinfo], Parsed]] = {
    "add_express_path": _path,
    "ewaybill_push_path": _state,
    "waybill_complaint": _complaint,
}
