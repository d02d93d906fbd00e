"""What a cell says: numbers of parcels, moments, money and rates, as spreadsheets spoil them. Pure."""

import re
import unicodedata
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from yishi.plugins.common import reading

# Excel keeps fifteen digits of a number
EXACT_DIGITS = 15
_SCIENTIFIC = re.compile(r"([0-9](?:\.[0-9]+)?)[eE]\+?([0-9]{1,2})")
_PROTECTED = re.compile(r'="(.*)"')
_BRACKETS = re.compile(r"[(\[【〔<《].*?[)\]】〕>》]")
_SIGNS = re.compile(r"[\s_*#:,、;。.\-—/\\'\"·]+")
# days since the last of December 1899, from 2000 to 2100
_FIRST_DAY, _LAST_DAY = 36_526, 73_050
_MONEY = re.compile(r"[¥$元圆块,\s]|RMB|CNY", re.IGNORECASE)
MOST_FEN = 10_000_000_000
NOTHING = frozenset({"", "-", "--", "—", "/", "无", "null", "none", "nan", "n/a", "\\n", "#n/a"})


def text_of(cell: Any) -> str:
    """The cell as a person sees it: protection against Excel taken off, whole numbers without `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell).strip().lstrip("'").replace("\u200b", "").strip()
        return found[1] if (found := _PROTECTED.fullmatch(text)) else text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell.strftime("%Y-%m-%d %H:%M:%S") if isinstance(cell, datetime) else str(cell)


def said(cell: Any) -> str:
    """The same, '' where a dash or 无 stands for nothing."""
    text = text_of(cell)
    return "" if text.lower() in NOTHING else text


def plain_heading(cell: Any) -> str:
    """A heading by which columns are compared: no width, spaces, signs, or brackets with their words."""
    folded = unicodedata.normalize("NFKC", str(cell or "")).lower()
    return _SIGNS.sub("", _BRACKETS.sub("", folded))


def waybill_of(cell: Any) -> tuple[str, str]:
    """(number, '') or ('', reason): `missing_waybill_no`, `precision_lost` (digits are gone for good) …"""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if isinstance(cell, float) and not cell.is_integer():
            return "", "bad_waybill_no"
        digits = str(int(cell))
        return (digits, "") if len(digits) <= EXACT_DIGITS else ("", "precision_lost")
    text = said(cell)
    if not text:
        return "", "missing_waybill_no"
    if found := _SCIENTIFIC.fullmatch(text):
        length = int(found[2]) + 1
        if len(found[1].replace(".", "")) < length:
            return "", "precision_lost"
        return str(int(Decimal(text))), ""
    # a number that went through Excel as a number: 771200000017402.0
    return (text[:-2] if re.fullmatch(r"[0-9]+\.0", text) else text), ""


def moment_of(cell: Any, zone: tzinfo) -> datetime | None:
    """The moment of a date cell, a text, or the days that Excel counts; None when it is none."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=zone) if cell.tzinfo is None else cell
    text = said(cell)
    try:
        days = float(text)
    except ValueError:
        return reading.moment(text, zone) if text else None
    if _FIRST_DAY <= days < _LAST_DAY:
        # to the second: the fraction of a day is not exact
        seconds = round(days * 86_400)
        return datetime(1899, 12, 30, tzinfo=zone) + timedelta(seconds=seconds)
    return reading.moment(text, zone)


def fen_of(cell: Any) -> int | None:
    """Money in fen: 50, `¥50.00`, `1,234.5元`; None when it is none or beyond sense."""
    text = _MONEY.sub("", said(cell))
    try:
        fen = Decimal(text) * 100
        return int(fen.to_integral_value()) if fen.is_finite() and abs(fen) <= MOST_FEN else None
    except InvalidOperation:
        return None


def rate_of(cell: Any) -> float | None:
    """A rate as a fraction: 0.93, `93%` and 93 are the same; None when it is none or over 100 %.

    A bare 1 is the whole: files that write percents without their sign say 1 hardly ever.
    """
    text = said(cell)
    try:
        number = Decimal(text.rstrip("%").replace(",", "").strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or number < 0:
        return None
    if text.endswith("%") or number > 1:
        number /= 100
    return float(number) if number <= 1 else None
