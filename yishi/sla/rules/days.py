"""A year's list of holidays and adjusted working days (调休), and hours, as people write them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

MOST_DAYS = 800
_LINE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s*(?:至|到|~|—|–)\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?)?"
)
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至到]\s*(\d{1,2})[:：](\d{2})")
_REST, _WORK = ("休", "假", "放假"), ("班", "上班", "调休上班")

Pairs = list[list[str]]


@dataclass
class Days:
    """What a list said; `unread` are lines nobody could read, with their numbers."""

    holidays: dict[str, str] = field(default_factory=dict)
    adjusted: dict[str, Pairs] = field(default_factory=dict)
    unread: list[tuple[int, str]] = field(default_factory=list)


def read_days(text: str, *, workday: Sequence[Sequence[str]]) -> Days:
    """Lines such as `2027-02-06 休 春节`, `2027-02-05至2027-02-11 休 春节`, `2027-02-14 班`.

    A working day may have hours of its own (`班 09:00-12:00 13:00-18:00`), else those of `workday`. Empty
    lines and lines with # are passed over; of two lines about a day the later counts.
    """
    told = Days()
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip().replace(",", " ").replace("，", " ").replace("\t", " ")
        if said and not said.startswith("#") and not _read_line(said, told, workday):
            told.unread.append((number, line.strip()[:80]))
    return told


def _read_line(said: str, told: Days, workday: Sequence[Sequence[str]]) -> bool:
    found = _LINE.match(said)
    if found is None:
        return False
    rest = said[found.end() :].strip().split(maxsplit=1)
    sign, words = (rest[0], rest[1] if len(rest) > 1 else "") if rest else ("", "")
    try:
        first = date(*(int(part) for part in found.groups()[:3]))
        last = date(*(int(part) for part in found.groups()[3:])) if found.group(4) else first
        spans = read_spans(words) if sign in _WORK else []
    except ValueError:
        return False
    if last < first or (last - first).days > 60 or sign not in (*_REST, *_WORK):
        return False
    for offset in range((last - first).days + 1):
        day = (first + timedelta(days=offset)).isoformat()
        told.holidays.pop(day, None)
        told.adjusted.pop(day, None)
        if sign in _REST:
            told.holidays[day] = words[:40] or sign
        else:
            told.adjusted[day] = spans or [list(pair) for pair in workday]
    return True


def read_spans(text: str) -> Pairs:
    """`09:00-12:00 13:00-18:00` as pairs; nothing in it = no work. ValueError when they cannot be hours.

    `24:00` is midnight at the day's end.
    """
    pairs: Pairs = []
    left = _SPAN.sub("", text).strip(" ,，、;；")
    for opens_h, opens_m, closes_h, closes_m in _SPAN.findall(text):
        closes = time.min if closes_h == "24" and closes_m == "00" else time(int(closes_h), int(closes_m))
        opens = time(int(opens_h), int(opens_m))
        if closes != time.min and closes <= opens:
            raise ValueError("a shift ends after it begins")
        if pairs and opens < time.fromisoformat(pairs[-1][1]):
            raise ValueError("shifts stand in order and do not overlap")
        if pairs and pairs[-1][1] == "00:00":
            raise ValueError("nothing follows midnight")
        pairs.append([f"{opens:%H:%M}", f"{closes:%H:%M}"])
    if not pairs and left:
        raise ValueError("not hours")
    return pairs


def write_spans(pairs: Sequence[Sequence[str]]) -> str:
    """Hours as a person reads and types them."""
    return " ".join(f"{opens}-{'24:00' if closes == '00:00' else closes}" for opens, closes in pairs)


def is_ever_open(weekly: Mapping[str, Pairs]) -> bool:
    """A calendar without any weekly hours has no due moments: it is refused."""
    return any(weekly.values())
