"""The words of one time as they stand together: day, part of the day, hour, until, before or after. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from yishi.assistant.rules import time_clocks, time_days
from yishi.assistant.rules.time_clocks import Clock
from yishi.assistant.rules.time_days import Days

_BEFORE_IT = re.compile(r"(?:最晚|最迟|不晚于|不要晚于|截止到?)\s?$")
_AFTER_IT = re.compile(r"(?:最早|不早于|不要早于|晚于)\s?$")
_EDGE = re.compile(
    r"\s?(?:(?P<after>以后|之后|过后|往后|后(?![天日台面门备])|起(?!来|码)|开始)|(?P<before>之前|以前"
    r"|前(?![天日台面门]))"
    r"|(?P<about>左右|前后|上下)|(?P<within>之内|以内|内))"
)
_TO = re.compile(r"\s?(?:到|至|-|~)\s?")
_BACK = re.compile(
    r"^[^,.;!?\n]{0,6}?(?:[寄发拍买揽](?:出|货)?[的了]|下的?单|就(?:该|应该|说|到|显示|签|寄|发|已|在|没)"
    r"|签收|到的|送的|收到的|还没|没(?:送|来|到|人来|动|更新)"
    r"|开始就|打过|说(?:好|过|今|明|送)|预约的|约的|的快递)"
)


@dataclass
class Phrase:
    """What was read at one place, before it is put together."""

    begin: int
    end: int = 0
    days: Days | None = None
    part: str | None = None
    clock: Clock | None = None
    last_day: Days | None = None
    last_part: str | None = None
    last: Clock | None = None
    edge: str = ""

    @property
    def has_hours(self) -> bool:
        return self.part is not None or self.clock is not None


def looks_back(plain: str, place: int) -> bool:
    """Whether what follows the words tells of the past: 周三寄的, 12号下的单."""
    return _BACK.search(plain[place + 2 : place + 22]) is not None


def read_phrase(plain: str, place: int, today: date) -> Phrase | None:
    phrase = Phrase(place)
    end = place
    if days := time_days.read_days(plain, place, today, looks_back=looks_back(plain, place)):
        phrase.days, end = days
    phrase.part, phrase.clock, end = _hours(plain, end, after_day=phrase.days is not None)
    if phrase.days is None and not phrase.has_hours:
        return None
    if to := _TO.match(plain, end):
        end = _until(plain, phrase, to.end(), today) or end
    if edge := _EDGE.match(plain, end):
        phrase.edge, end = edge.lastgroup or "", edge.end()
    before = plain[max(0, place - 5) : place]
    if not phrase.edge:
        phrase.edge = "latest" if _BEFORE_IT.search(before) else "after" if _AFTER_IT.search(before) else ""
    phrase.end = end
    return phrase


def _hours(plain: str, place: int, *, after_day: bool) -> tuple[str | None, Clock | None, int]:
    part = clock = None
    end = place
    if read := time_clocks.read_part(plain, end, after_day=after_day):
        part, end = read
    start = end
    while after_day and start < len(plain) and plain[start] in " 的" and start - end < 2:
        start += 1
    if hour := time_clocks.read_clock(plain, start, is_bare=not after_day and part is None):
        clock, end = hour
    return part, clock, end


def _until(plain: str, phrase: Phrase, place: int, today: date) -> int | None:
    """What stands behind 到: a later hour, or a later day; where it ends."""
    end = place
    if days := time_days.read_days(plain, place, today, looks_back=looks_back(plain, place)):
        phrase.last_day, end = days
        if phrase.days and days[0].last < phrase.days.first:
            # 周一到周五, said on a Wednesday: the Friday after that Monday
            later = time_days.read_days(plain, place, phrase.days.first, looks_back=False)
            phrase.last_day = later[0] if later else days[0]
    part, clock, end = _hours(plain, end, after_day=phrase.last_day is not None)
    if phrase.last_day is None and (not phrase.has_hours or (clock is None and part is None)):
        return None
    phrase.last_part, phrase.last = part, clock
    return end
