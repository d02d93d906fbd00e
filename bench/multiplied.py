"""A source's own payload made large: its outermost list of scans or parcels repeated, each copy a minute
later."""

import copy
import re
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

import msgspec

_TEXT = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})([ T])(\d{1,2}):(\d{2})(.*)")
_SECONDS = range(1_000_000_000, 4_000_000_000)


def multiplied(body: bytes, items: int) -> bytes | None:
    """The payload with that many items in its list; None where it is no JSON or has no list of them."""
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    holder = {"": said}
    place = _list_in(holder)
    if place is None:
        return None
    parent, key = place
    copies = islice(cycle(parent[key]), items)
    parent[key] = [later(copy.deepcopy(item), minutes) for minutes, item in enumerate(copies)]
    return msgspec.json.encode(holder[""])


def _list_in(value: Any) -> tuple[Any, Any] | None:
    """Where the outermost list stands whose items tell times."""
    places = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in places:
        if isinstance(inner, list) and _tells_time(inner[:1]):
            return value, key
        if found := _list_in(inner):
            return found
    return None


def _tells_time(items: list[Any]) -> bool:
    return any(isinstance(item, dict) for item in items) and later(items, 1) != items


def later(value: Any, minutes: int) -> Any:
    """The value with every time in it so much later, in its own form."""
    if isinstance(value, dict):
        return {key: later(inner, minutes) for key, inner in value.items()}
    if isinstance(value, list):
        return [later(inner, minutes) for inner in value]
    if isinstance(value, str) and (found := _TEXT.fullmatch(value)):
        year, sign, month, day, gap, hour, minute, rest = found.groups()
        parts = (int(part) for part in (year, month, day, hour, minute))
        moment = datetime(*parts, tzinfo=UTC) + timedelta(minutes=minutes)
        return moment.strftime(f"%Y{sign}%m{sign}%d{gap}%H:%M") + rest
    if isinstance(value, str) and value.isdecimal() and len(value) in (10, 13):
        return str(later(int(value), minutes))
    if isinstance(value, int) and not isinstance(value, bool):
        if value in _SECONDS:
            return value + 60 * minutes
        if value // 1000 in _SECONDS and len(str(value)) == 13:
            return value + 60_000 * minutes
    return value
