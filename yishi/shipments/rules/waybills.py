"""Waybill numbers, times and lengths: what is taken in, and the reason when it is not."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

LONGEST_TEXT = 4_000
LONGEST_WORD = 100
LONGEST_CODE = 64
# nobody scanned for us before this; a scanner's clock may run ahead by a time zone and a day
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD_WITHIN = timedelta(days=2)

_SEPARATORS = re.compile(r"[\s\-‐-―−]+")
_NUMBER = re.compile(r"[A-Z0-9]{6,32}")


def normalise_waybill_no(text: str) -> str | None:
    """The number as it is kept: NFKC, spaces and hyphens removed, upper case, 6–32 of [A-Z0-9]; else None."""
    if _NUMBER.fullmatch(text):
        return text
    if len(text) > 200:
        return None
    folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return folded if _NUMBER.fullmatch(folded) else None


def reason_against_time(happened_at: datetime, *, at: datetime) -> str | None:
    """`time_without_offset` or `time_out_of_range` (before 2000, or over two days ahead), or None when it
    will do."""
    if happened_at.tzinfo is None:
        return "time_without_offset"
    return None if EARLIEST <= happened_at <= at + AHEAD_WITHIN else "time_out_of_range"


# control signs other than tab and line ends, and half surrogates, which PostgreSQL or the wire cannot carry
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def fit_text(text: str) -> str:
    """The text without signs that cannot be stored; everything else, direction marks and emoji too, stays."""
    return text if text.isprintable() else _UNFIT.sub("", text)
