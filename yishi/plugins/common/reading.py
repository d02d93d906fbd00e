"""How bodies from outside are read whatever their sender thinks of JSON, encodings and times: pure, and never
with any error but Unreadable."""

import hmac
import json
import re
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes

import msgspec

from yishi.feeds.port import Unreadable

# decimals stay the text that was sent; whole numbers are exact anyway
_JSON = msgspec.json.Decoder(float_hook=str)
_MARK = b"\xef\xbb\xbf"
_MOST_FIELDS = 50

_EPOCH = re.compile(r"([0-9]{1,11}|[0-9]{13})(?:\.([0-9]{1,9}))?")
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_LOOSE = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
    r"(?:[ T]*([0-9]{1,2})[:时]([0-9]{1,2})(?:[:分]([0-9]{1,2})秒?)?)?"
)


def as_text(body: bytes) -> str:
    """The body's text: UTF-8, with or without its mark, or GB 18030. Raises Unreadable `bad_encoding`.

    Texts cut within a character are common and must not cost a whole push: what is UTF-8 but for one sign in
    ten is read as such, the broken signs replaced.
    """
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        damaged = body.decode("utf-8-sig", errors="replace")
    broken = damaged.count("\ufffd")
    if broken * 10 <= len(damaged) - len(damaged.encode("ascii", "ignore")):
        return damaged
    try:
        return body.decode("gb18030")
    except UnicodeDecodeError:
        raise Unreadable("bad_encoding", "neither UTF-8 nor GB 18030") from None


def load_json(body: bytes | str) -> Any:
    """The JSON value of a body in UTF-8 (with or without mark) or GB 18030; of a name said twice the last
    counts.

    Whole numbers come as int, decimals as the text that was sent: `word` reads both. Raises Unreadable
    `bad_json`, also for what is nested or counted beyond sense.
    """
    if isinstance(body, bytes):
        body = body.removeprefix(_MARK)
    try:
        return _JSON.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError):
        return _patiently(body)


def _patiently(body: bytes | str) -> Any:
    """The same for other encodings, line ends within texts and halves of an emoji, as careless senders have
    them."""
    try:
        text = as_text(body) if isinstance(body, bytes) else body
        return json.loads(text, strict=False, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json", str(error)[:200]) from None
    except Unreadable as error:
        raise Unreadable("bad_json", error.detail) from None


def word(value: Any) -> str:
    """What a value says as text: numbers sent without quotes too, '' for all that is no single word."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def moment(said: Any, zone: tzinfo) -> datetime | None:
    """The moment that a text or number names, in `zone` where it has none; None when it is no time at all.

    Read are ISO 8601, `2026-11-20 10:15:30`, `2026/11/20 10:15`, `2026年11月20日 10:15`, `20261120101530`
    (14, 12 or 8 digits), and seconds or (13 digits) milliseconds since 1970. Whether a time makes sense is
    asked by whoever takes it in.
    """
    text = word(said)
    if not text:
        return None
    try:
        found = _digits(text, zone) if text.replace(".", "", 1).isdecimal() else _calendar(text, zone)
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=zone) if found is not None and found.tzinfo is None else found


def _digits(text: str, zone: tzinfo) -> datetime | None:
    if form := _COMPACT.get(len(text)):
        return datetime.strptime(text, form).replace(tzinfo=zone)
    if not (found := _EPOCH.fullmatch(text)):
        return None
    whole = int(found[1])
    if len(found[1]) == 13:
        return datetime.fromtimestamp(whole // 1000, UTC).replace(microsecond=whole % 1000 * 1000)
    return datetime.fromtimestamp(whole, UTC).replace(microsecond=int((found[2] or "").ljust(6, "0")[:6]))


def _calendar(text: str, zone: tzinfo) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        found = _LOOSE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def form_fields(body: bytes) -> dict[bytes, bytes]:
    """The first fields of a form as bytes: a signature is over what was sent, readable or not."""
    fields = (pair.partition(b"=") for pair in body.strip().split(b"&", _MOST_FIELDS)[:_MOST_FIELDS])
    return {_plain(name): _plain(value) for name, _, value in fields}


def _plain(quoted: bytes) -> bytes:
    return unquote_to_bytes(quoted.replace(b"+", b" "))


def same(one: str | bytes, other: str | bytes) -> bool:
    """Whether two signatures are equal, in a time that does not tell how far they are."""
    left, right = (part.encode() if isinstance(part, str) else part for part in (one, other))
    return hmac.compare_digest(left, right)


def query_value(query: str, name: str) -> str:
    """The first value of a name in an address' query; '' where it says none, or beyond sense many."""
    return parse_qs(query, max_num_fields=50).get(name, [""])[0] if query.count("&") < 50 else ""


def is_fresh(second: str, at: datetime, *, within_s: int) -> bool:
    """Whether this second since 1970 lies near `at`, before or after: what is older was sent again."""
    return second.isascii() and second.isdigit() and abs(at.timestamp() - int(second[:15])) <= within_s
