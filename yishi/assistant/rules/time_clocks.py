"""Hours as people name them: 下午三点半, 8:30, 晚上, 下班后. Pure; `times.py` puts them to a day."""

import re
from dataclasses import dataclass

from yishi.assistant.rules.numerals import SMALL, small

DAY = 24 * 60
LATEST_MORNING_GUESS = 7
"""A bare hour from here to 11 is taken for the morning, one below it for the afternoon: nobody delivers at
three at night."""
LATEST_EVENING_GUESS = 20 * 60
"""11点, said at two in the afternoon, is tomorrow's morning and not tonight's end."""

# name, first and last minute of the day; beyond 24 h is the next day
_PARTS = {
    "凌晨": (0, 6 * 60), "清晨": (5 * 60, 8 * 60), "大清早": (5 * 60, 8 * 60), "一大早": (5 * 60, 8 * 60),
    "早上": (6 * 60, 10 * 60), "早晨": (6 * 60, 10 * 60), "朝早": (6 * 60, 10 * 60), "早": (6 * 60, 10 * 60),
    "晨": (6 * 60, 10 * 60), "上班前": (6 * 60, 9 * 60), "上午": (8 * 60, 12 * 60), "上昼": (8 * 60, 12 * 60),
    "中午": (11 * 60, 14 * 60), "晌午": (11 * 60, 14 * 60), "正午": (12 * 60, 13 * 60), "午休": (12 * 60,
    14 * 60),
    "下午": (12 * 60, 18 * 60), "午后": (12 * 60, 18 * 60), "下昼": (12 * 60, 18 * 60), "晏昼": (12 * 60,
    18 * 60),
    "傍晚": (17 * 60, 19 * 60), "晚上": (18 * 60, 22 * 60), "夜晚": (18 * 60, 22 * 60), "晚间": (18 * 60,
    22 * 60),
    "晚": (18 * 60, 22 * 60), "夜里": (22 * 60, 29 * 60), "夜间": (18 * 60, 24 * 60), "深夜": (22 * 60,
    26 * 60),
    "半夜": (23 * 60, 29 * 60), "午夜": (23 * 60, 25 * 60), "夜": (18 * 60, 24 * 60), "下班": (18 * 60,
    22 * 60),
}  # fmt: skip
_EARLY = {"凌晨", "清晨", "大清早", "一大早", "早上", "早晨", "朝早", "早", "晨", "上午", "上昼", "上班前"}
_NIGHT = {"晚上", "夜晚", "晚间", "晚", "夜里", "夜间", "深夜", "半夜", "午夜", "夜"}
_NOON = {"中午", "晌午", "正午", "午休"}

_PART_WORDS = "|".join(
    sorted((name for name in _PARTS if len(name) > 1 and name != "下班"), key=len, reverse=True)
)
_PART = re.compile(
    rf"(?P<after>(?:晚上|傍晚)?(?:下班(?:以?后|之后|了(?!吗|没)|(?=再?[送来取派]))|放学后))|(?P<name>{_PART_WORDS})"
)
_PART_OF_DAY = re.compile(
    r"的?\s?(?:(?P<after>(?:晚上|傍晚)?下班(?:以?后|之后)?)|(?P<name>" + _PART_WORDS + r"|早|晚|晨|夜))"
)
_PAIRS = "一两|两三|三四|四五|五六|六七|七八|八九"
_CLOCK = re.compile(
    rf"(?<![\d.:第])(?:(?P<h>\d{{1,2}})\s?:\s?(?P<m>\d{{2}})(?::\d{{2}})?(?![\d:])"
    rf"|(?P<pair>{_PAIRS})点(?:钟|多)?"
    rf"|(?P<hour>{SMALL})\s?(?:点钟?|时(?!候|间|效|常|不时|左))"
    rf"(?:(?P<half>半)|整|(?P<quarter>[一三])刻|(?P<more>多)|(?P<minute>\d{{2}}"
    rf"|{SMALL})\s?分?(?![\d元块折万]))?)"
)
_NO_CLOCK_AFTER = re.compile(
    r"(?:\d?折|[几折数评赞击心燃意建要问]|(?:个)?(?:问题|建议|要求|意见|原因|都|也|不|儿|水|点))"
)
# 有一点, 快一点, 早点: a little, not one o'clock
_A_LITTLE = re.compile(r"[有快慢早晚好差多少大小便贵轻重高低近远近宜气子心这那了这么够]$")


@dataclass(frozen=True)
class Clock:
    """An hour as said; `minute` None where only the hour is. `until` is the later hour of 三四点."""

    hour: int
    minute: int
    is_plain: bool = False
    until: int | None = None


class NoSuchHour(ValueError):
    """25点, 8:75, 上午15点: no clock shows it."""


_GREETING = re.compile(r"(?:早上|上午|中午|下午|晚上)好(?![好多像几])")


def read_part(text: str, place: int, *, after_day: bool) -> tuple[str, int] | None:
    """A part of the day (its name) and where the words end; 早 and 晚 alone only behind a day."""
    found = (_PART_OF_DAY if after_day else _PART).match(text, place)
    if found is None or _GREETING.match(text, place):
        return None
    return ("下班" if found["after"] else found["name"]), found.end()


def read_clock(text: str, place: int, *, is_bare: bool) -> tuple[Clock, int] | None:
    """A clock time and where its words end. `is_bare`: nothing before says that a time comes."""
    found = _CLOCK.match(text, place)
    if found is None or (found["h"] is None and _NO_CLOCK_AFTER.match(text, found.end())):
        return None
    if found["pair"]:
        first, later = small(found["pair"][0]), small(found["pair"][1])
        return Clock(first or 0, 0, until=later), found.end()
    hour = small(found["h"] or found["hour"])
    if hour is None or (is_bare and _is_a_little(text, found, hour)):
        return None
    minute = 30 if found["half"] else 15 * (small(found["quarter"]) or 0) if found["quarter"] else 0
    minute = small(found["m"] or found["minute"] or "") or minute
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise NoSuchHour
    return Clock(hour, minute, is_plain=bool(found["h"] and found["h"].startswith("0"))), found.end()


def _is_a_little(text: str, found: "re.Match[str]", hour: int) -> bool:
    if hour != 1 or found["h"]:
        return False
    after = text[found.end() : found.end() + 2]
    if _A_LITTLE.search(text[: found.start()]):
        return True
    return not (
        found[0].endswith("钟") or found["half"] or found["minute"] or after[:1] in "前后到-~至以之左开来送"
    )


def span_of(part: str) -> tuple[int, int]:
    """First and last minute of a part of the day."""
    return _PARTS[part]


def minutes_of(clock: Clock, part: str | None, *, passed: int = -1, latest: int = DAY) -> tuple[int, str]:
    """Minutes from the day's midnight (over 24 h: the next day), and what was assumed: `AM`, `PM` or ''.

    `passed` is the minute of the day up to which a bare hour cannot be meant, `latest` the one to which it is
    then moved into the evening. Raises NoSuchHour for 上午15点.
    """
    hour, minutes = clock.hour, clock.hour * 60 + clock.minute
    if part in _EARLY:
        if hour > 12:
            raise NoSuchHour
        return (clock.minute if part == "凌晨" and hour == 12 else minutes), ""
    if part in _NIGHT:
        if hour <= 4 or hour == 12:
            return clock.minute + (DAY if hour in (0, 12) else DAY + hour * 60), ""
        return (minutes + DAY // 2 if hour < 12 else minutes), ""
    if part in _NOON:
        return (minutes + DAY // 2 if hour <= 4 else minutes), ""
    if part is not None:
        return (minutes + DAY // 2 if 0 < hour < 12 else minutes), ""
    if clock.is_plain or not 1 <= hour <= 11:
        return minutes, ""
    if hour < LATEST_MORNING_GUESS or (minutes <= passed and minutes + DAY // 2 <= latest):
        return minutes + DAY // 2, "PM"
    return minutes, "AM"


def after(first: int, clock: Clock, part: str | None) -> int:
    """The minute of the hour that ends a span begun at `first`: the next that this clock can show."""
    if part is not None:
        minutes, _ = minutes_of(clock, part)
        if minutes <= first:
            raise NoSuchHour
        return minutes
    minutes = clock.hour * 60 + clock.minute
    if clock.hour > 12 and minutes <= first:
        raise NoSuchHour
    for turn in (0, DAY // 2, DAY, DAY + DAY // 2):
        if minutes + turn > first and (turn == 0 or clock.hour <= 12):
            return minutes + turn
    raise NoSuchHour
