"""One push of 快递鸟: many parcels, each with its whole trace so far and where it stands now."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from msgspec.structs import replace

from yishi.feeds.port import ENDED, LOST, Parsed, ParsedEvent, Rejected, SubscriptionNews, Unreadable
from yishi.plugins.common.reading import load_json, moment, word
from yishi.plugins.common.words import failure_of, kind_of_text
from yishi.plugins.feeds.kdniao.mapping import AT_THE_END, KIND_OF

Record = Mapping[str, Any]

# put into a locker or station: called signed, and yet somebody has to fetch it
_PUT_DOWN = "311"

_PHONE = re.compile(r"(?<![0-9])(?:1[0-9]{10}|0[0-9]{2,3}[- ]?[0-9]{7,8}|1[0-9]{2}\*+[0-9]{4})(?![0-9])")
_STAFF_NO = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{0,4}[0-9]{3,10}(?![0-9])")


def read_push(data: bytes, zone: tzinfo) -> Parsed:
    """The parcels of a push, or the one of a query's answer. Refusals count traces, and a parcel that cannot
    be read as one. Raises Unreadable where there is none."""
    push = load_json(data)
    if not isinstance(push, dict):
        raise Unreadable("bad_json", "RequestData is no object")
    parcels = push.get("Data")
    if isinstance(parcels, str):
        parcels = load_json(parcels)
    if parcels is None and "LogisticCode" in push:
        parcels = [push]
    if not isinstance(parcels, list):
        raise Unreadable("missing_field", "Data")
    parsed, pushed_at = Parsed(), moment(push.get("PushTime"), zone)
    for parcel in parcels:
        if reason := _read_parcel(parcel, pushed_at, zone, parsed):
            _refuse(parsed, reason)
    return parsed


def _refuse(parsed: Parsed, reason: str) -> None:
    parsed.rejected.append(Rejected(len(parsed.events) + len(parsed.rejected), reason))


def _read_parcel(parcel: Any, pushed_at: datetime | None, zone: tzinfo, parsed: Parsed) -> str:
    """Adds the events of one parcel; the reason where it cannot be read as one."""
    if not isinstance(parcel, dict):
        return "bad_json"
    number = word(parcel.get("LogisticCode"))
    if not number:
        return "missing_field"
    traces = parcel.get("Traces") or []
    if not isinstance(traces, list):
        return "bad_json"
    carrier = word(parcel.get("ShipperCode"))
    if news := _news(parcel, number, carrier):
        parsed.subscriptions.append(news)
    first = len(parsed.events)
    for trace in traces:
        found = _event(trace, number, carrier, zone)
        if isinstance(found, str):
            _refuse(parsed, found)
        else:
            parsed.events.append(found)
    _tell_the_newest(parsed.events, first, parcel)
    if state := _state(parcel, number, carrier, parsed.events[first:], pushed_at if not traces else None):
        parsed.events.append(state)
    return ""


def _news(parcel: Record, number: str, carrier: str) -> SubscriptionNews | None:
    """It pushes no more after a final state; a parcel that it gave up says Success false and why."""
    if parcel.get("Success") is False:
        return SubscriptionNews(number, LOST, carrier, word(parcel.get("Reason")))
    code = word(parcel.get("StateEx")) or word(parcel.get("State"))
    is_final = KIND_OF.get(code, ("", ""))[0] in ("delivered", "returned", "cancelled")
    return SubscriptionNews(number, ENDED, carrier) if is_final and code != _PUT_DOWN else None


def _event(trace: Any, number: str, carrier: str, zone: tzinfo) -> ParsedEvent | str:
    if not isinstance(trace, dict):
        return "bad_json"
    if not (time := word(trace.get("AcceptTime"))):
        return "missing_field"
    happened_at = moment(time, zone)
    if happened_at is None:
        return "bad_time"
    code, text = word(trace.get("Action")), word(trace.get("AcceptStation"))
    kind, detail = KIND_OF.get(code, ("unknown", "")) if code else kind_of_text(text)
    if kind == "delivery_failed":
        detail = detail or failure_of(f"{text} {word(trace.get('Remark'))}")
    return ParsedEvent(
        waybill_no=number,
        carrier=carrier,
        kind=kind,
        detail=detail,
        happened_at=happened_at,
        city=word(trace.get("Location")),
        text=text,
        source_code=code,
    )


def _tell_the_newest(events: list[ParsedEvent], first: int, parcel: Record) -> None:
    """Courier and outlet are said of the parcel as it stands: they belong to its newest event.

    The next push says all events again without them, so they are no part of the event's identity.
    """
    if len(events) == first:
        return
    index = max(range(first, len(events)), key=lambda i: (events[i].happened_at, i))
    if events[index].kind in AT_THE_END:
        courier, outlet = _courier(word(parcel.get("DeliveryMan"))), word(parcel.get("Station"))
        events[index] = replace(events[index], courier=courier, outlet_hint=outlet)


def _courier(said: str) -> str:
    """The courier's number where it is said, else his name; never his telephone."""
    plain = _PHONE.sub("", said)
    found = _STAFF_NO.search(plain)
    return found[0] if found else plain.strip(" ()（）/,，-")


def _state(
    parcel: Record, number: str, carrier: str, events: Sequence[ParsedEvent], pushed_at: datetime | None
) -> ParsedEvent | None:
    """Where the source says the parcel stands, as an event of its own without text, at its newest trace's
    time; None where the traces say it already.

    Judgements come only so (402, 403, 412), and the states of accounts whose traces have no `Action`. Each
    push says the whole trace: were the state told of its newest trace, that trace would be another event in
    the next push. A parcel without traces stands so since the push.
    """
    newest_at = max((e.happened_at for e in events), default=pushed_at)
    code = word(parcel.get("StateEx")) or word(parcel.get("State"))
    newest = [e for e in events if e.happened_at == newest_at]
    kind, detail = KIND_OF.get(code, ("unknown", ""))
    # "on its way" and "no trace" say less than any trace
    if code in ("", "0") or newest_at is None or (code == "2" and any(e.kind != "unknown" for e in newest)):
        return None
    if any(e.kind == kind or e.source_code.startswith(code) for e in newest):
        return None
    return ParsedEvent(
        waybill_no=number,
        carrier=carrier,
        kind=kind,
        detail=detail,
        happened_at=newest_at,
        city=word(parcel.get("Location")),
        source_code=code,
    )
