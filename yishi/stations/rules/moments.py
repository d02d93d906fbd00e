"""What a scanner's own clock is worth, and one-time codes that last a minute. Pure."""

import hashlib
import hmac
import re
from datetime import datetime, time, timedelta

STEP_S = 60
LATEST = timedelta(hours=48)
"""A scan kept through a network cut for longer than this is dated with its arrival."""
OFF_BY_MS = 120_000
"""From here on a clock is said to be wrong."""

_DYNAMIC = re.compile(r"YQ(\d{1,12})[.-]?(\d{8})", re.IGNORECASE)


def scanned_at(*, scanned: datetime | None, sent: datetime | None, at: datetime) -> datetime:
    """When a scan really was: our clock, less how long the scanner held it by its own clock."""
    if scanned is None or sent is None:
        return at
    held = sent - scanned
    return at - held if timedelta(0) <= held <= LATEST else at


def offset_ms(*, sent: datetime | None, at: datetime) -> int | None:
    """How far the scanner's clock is ahead of ours."""
    return None if sent is None else round((sent - at).total_seconds() * 1000)


def step_of(at: datetime) -> int:
    return int(at.timestamp()) // STEP_S


def seconds_left(at: datetime) -> int:
    """How long the present one-time code lasts."""
    return STEP_S - int(at.timestamp()) % STEP_S


def one_time(secret: bytes, parcel_id: int, step: int) -> str:
    """The eight digits of one parcel in one minute (RFC 4226's truncation, over SHA-256)."""
    digest = hmac.digest(secret, f"{parcel_id}:{step}".encode(), hashlib.sha256)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**8:08}"


def shown(secret: bytes, parcel_id: int, at: datetime) -> str:
    """What stands in the QR of the person's page."""
    return f"YQ{parcel_id}.{one_time(secret, parcel_id, step_of(at))}"


def read_shown(text: str) -> tuple[int, str] | None:
    """Parcel and digits of what a scanner read; None where it is no one-time code."""
    found = _DYNAMIC.fullmatch(text.strip())
    return (int(found[1]), found[2]) if found else None


def is_of_now(secret: bytes, parcel_id: int, digits: str, at: datetime) -> bool:
    """Whether these are the digits of this minute or of the one before; never of the next."""
    now = step_of(at)
    return any(
        hmac.compare_digest(one_time(secret, parcel_id, step).encode(), digits.encode())
        for step in (now, now - 1)
    )


def opening_hours(opens: time | None, closes: time | None) -> range:
    """The hours in which a station is open; eight to nine in the evening where nobody said."""
    first = opens.hour if opens else 8
    last = 21 if not closes or closes == time(0) else closes.hour + bool(closes.minute)
    return range(first, last) if last > first else range(24)
