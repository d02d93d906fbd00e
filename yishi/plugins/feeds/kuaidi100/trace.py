"""One push of 快递100: the whole trace each time, newest first, of one parcel and perhaps its second leg
abroad."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from yishi.feeds.port import (
    ENDED,
    LOST,
    CarrierCorrection,
    Parsed,
    ParsedEvent,
    Rejected,
    SubscriptionNews,
    Unreadable,
)
from yishi.plugins.common.reading import load_json, moment, word
from yishi.plugins.feeds.kuaidi100.mapping import CODE_OF_WORD, KIND_OF, PUSH_STATES


def read_push(param: bytes, zone: tzinfo) -> Parsed:
    """The events of a push. Raises Unreadable where it is no push of this source."""
    push = load_json(param)
    if not isinstance(push, dict):
        raise Unreadable("bad_json", "param is no object")
    if "nu" in push and "lastResult" not in push:
        push = _as_push(push)
    if (state := word(push.get("status"))) not in PUSH_STATES:
        raise Unreadable("unknown_push_state", f"status is {state[:50]!r}")
    parsed = Parsed(carrier_correction=_correction(push), subscriptions=_news(push))
    legs = [
        leg
        for leg in (push.get("lastResult"), push.get("destResult"))
        if isinstance(leg, dict) and word(leg.get("nu"))
    ]
    if not legs and state != "abort":
        raise Unreadable("missing_field", "lastResult.nu")
    index = 0
    for leg in legs:
        index = _read_leg(leg, parsed, index, zone)
    return parsed


def _as_push(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer to a query is what a push calls its last result; a signed parcel will bring no more."""
    is_over = word(answer.get("ischeck")) == "1"
    return {"status": "shutdown" if is_over else "polling", "message": "", "lastResult": answer}


def _news(push: Mapping[str, Any]) -> list[SubscriptionNews]:
    """`shutdown`: the parcel is signed; `abort`: nothing was found or nothing moved, it may be asked for
    again."""
    state = {"shutdown": ENDED, "abort": LOST}.get(word(push.get("status")))
    result = push.get("lastResult")
    if state is None or not isinstance(result, dict) or not (number := word(result.get("nu"))):
        return []
    carrier = word(push.get("comNew")) or word(result.get("com"))
    return [SubscriptionNews(number, state, carrier, word(push.get("message")))]


def _correction(push: Mapping[str, Any]) -> CarrierCorrection | None:
    """The source found out the real carrier: autoCheck is 1 and comNew differs from comOld."""
    old, new = (word(push.get(name)).lower() for name in ("comOld", "comNew"))
    result = push.get("lastResult")
    number = word(result.get("nu")) if isinstance(result, dict) else ""
    if word(push.get("autoCheck")) != "1" or not (old and new and number) or old == new:
        return None
    return CarrierCorrection(number, old, new)


def _read_leg(leg: Mapping[str, Any], parsed: Parsed, index: int, zone: tzinfo) -> int:
    """Adds the events of one trace, refusals counted from `index`; the next index."""
    trace = leg.get("data") or []
    if not isinstance(trace, list):
        raise Unreadable("bad_json", "data is no list")
    number, carrier = word(leg["nu"]), word(leg.get("com"))
    correction = parsed.carrier_correction
    if correction is not None and (number, carrier) == (correction.waybill_no, correction.old):
        carrier = correction.new
    for entry in trace:
        found = _event(entry, number, carrier, zone)
        if isinstance(found, str):
            parsed.rejected.append(Rejected(index, found))
        else:
            parsed.events.append(found)
        index += 1
    return index


def _event(entry: Any, number: str, carrier: str, zone: tzinfo) -> ParsedEvent | str:
    if not isinstance(entry, dict):
        return "bad_json"
    happened_at = moment(entry.get("ftime") or entry.get("time"), zone)
    if happened_at is None:
        return "bad_time" if entry.get("ftime") or entry.get("time") else "missing_field"
    said = word(entry.get("status"))
    code = word(entry.get("statusCode")) or CODE_OF_WORD.get(said, said)
    kind, detail = KIND_OF.get(code, ("unknown", ""))
    return ParsedEvent(
        waybill_no=number,
        carrier=carrier,
        kind=kind,
        detail=detail,
        happened_at=happened_at,
        city=_city(entry),
        text=word(entry.get("context")),
        source_code=code,
    )


def _city(entry: Mapping[str, Any]) -> str:
    """The city of areaName (广东,深圳市,南山区): its second part, or a municipality's first; else the
    location."""
    parts = [part.strip() for part in word(entry.get("areaName")).split(",") if part.strip()]
    if not parts:
        return word(entry.get("location"))
    if len(parts) == 1:
        return parts[0]
    return parts[0] if parts[1].endswith("区") else parts[1]
