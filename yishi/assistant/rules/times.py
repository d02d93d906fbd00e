"""Times as people name them, as windows: 后天下午三点以后, 今晚8点前, 昨天就该到, 三天了. Pure.

Everything is said relative to a moment and a zone. Where the words leave a doubt, what was taken is told
(`assumed`), so that the one who answers can say it; what no clock or calendar has is refused (`fault`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from yishi.assistant.rules import time_clocks, time_days, time_lengths
from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.time_clocks import DAY, NoSuchHour
from yishi.assistant.rules.time_days import Days, NoSuchDay
from yishi.assistant.rules.time_lengths import Length
from yishi.assistant.rules.time_phrases import Phrase, looks_back, read_phrase

LONGEST_TEXT = 2_000
MOST_TIMES = 8


class Tense(StrEnum):
    PAST = "PAST"
    FUTURE = "FUTURE"


class Fault(StrEnum):
    """Why a named time is no time: nothing may be done with it but ask."""

    NONSENSE = "NONSENSE"  # 25点, 2月30号, 晚上8点到下午3点
    PASSED = "PASSED"  # 今天上午, said in the afternoon, as a wish


class Assumed(StrEnum):
    """What was taken where the words leave a doubt: to be said back."""

    AM = "AM"
    PM = "PM"
    TODAY = "TODAY"
    TOMORROW = "TOMORROW"
    VAGUE = "VAGUE"  # 过两天, 月底
    BEFORE_DAY = "BEFORE_DAY"  # 周五前: until Thursday's end
    FROM_DAY = "FROM_DAY"  # 周三以后: from Wednesday on


@dataclass(frozen=True)
class TimeSaid:
    """A window in UTC, `start` ≤ `end`; None is an open side. A future window never begins before now.

    `is_unwanted`: 明天不在家; `is_repeated`: 每天晚上. With a `fault` both sides are None.
    """

    text: str
    span: tuple[int, int]
    start: datetime | None
    end: datetime | None
    tense: Tense
    certainty: float
    assumed: tuple[Assumed, ...] = ()
    fault: Fault | None = None
    is_unwanted: bool = False
    is_repeated: bool = False


_UNWANTED = re.compile(
    r"^[^,.;!?\n]{0,8}?(?:不在|没在|没空|没人|没时间|别[送派来]|不[要用]?[送派来收](?!货上门)|不方便|出差"
    r"|不行|不可以|上班没)"
)
_NONSENSE = re.compile(r"[^,.;!?\s\d]{0,6}[\d零一二两三四五六七八九十月号日点半分时:年./-]+")
_EXCEPT = re.compile(r"(?:除了?|避开)\s?$")
_EVERY = re.compile(r"(?:每个?|平时|平常|以后都)\s?$|每[天日晚周]")
_STARTS = (
    "零一二两三四五六七八九十半几数好下上本这大明今后昨前当听琴名周星礼月年凌清早晨朝"
    "中晌正午傍晚夜深过再等待稍迟元国端五六双圣平春除工放一都已快有整足拖走停卡滞超儿妇情劳"
)
_START = re.compile(rf"[\d{_STARTS}]")


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def times_in(text: str, *, at: datetime, zone: str) -> list[TimeSaid]:
    """The times that a message names, in order, at most MOST_TIMES; `at` is aware, `zone` an IANA name."""
    plain = folded(text[:LONGEST_TEXT])
    if not (
        time_days.HINT.search(plain) or time_lengths.HINT.search(plain) or re.search(r"点|时|:\d\d", plain)
    ):
        return []
    reader = _Reader(text, plain, at.astimezone(UTC), _zone(zone))
    found = []
    for said in reader.read():
        found.append(said)
        if len(found) == MOST_TIMES:
            break
    return found


def wish_in(text: str, *, at: datetime, zone: str) -> TimeSaid | None:
    """The one time at which a thing is wished: the surest that lies ahead and is wanted; else a faulty one to
    ask about; else None."""
    ahead = [said for said in times_in(text, at=at, zone=zone) if said.tense is Tense.FUTURE]
    wanted = [said for said in ahead if said.fault is None and not said.is_unwanted]
    if wanted:
        return max(wanted, key=lambda said: (said.certainty, len(said.text)))
    return next((said for said in ahead if said.fault is not None), None)


class _Reader:
    def __init__(self, text: str, plain: str, at: datetime, zone: ZoneInfo) -> None:
        self.text, self.plain, self.at, self.zone = text, plain, at, zone
        self.here = at.astimezone(zone)
        self.today = self.here.date()
        self.minute = self.here.hour * 60 + self.here.minute

    def read(self) -> Iterator[TimeSaid]:
        place = 0
        while found := _START.search(self.plain, place):
            place = found.start()
            try:
                said, end = self._at(place)
            except (NoSuchDay, NoSuchHour, OverflowError) as error:
                end = self._end_of_nonsense(place)
                said = (
                    self._faulty(place, end, Fault.NONSENSE) if not isinstance(error, OverflowError) else None
                )
            if said is not None:
                yield said
            place = max(end, place + 1)

    def _at(self, place: int) -> tuple[TimeSaid | None, int]:
        if length := time_lengths.read_length(self.plain, place):
            return self._from_length(place, *length), length[1]
        phrase = read_phrase(self.plain, place, self.today)
        if phrase is None:
            return None, place
        try:
            return self._from_phrase(phrase), phrase.end
        except (NoSuchDay, NoSuchHour):
            return self._faulty(phrase.begin, phrase.end, Fault.NONSENSE), phrase.end

    def _end_of_nonsense(self, place: int) -> int:
        found = _NONSENSE.match(self.plain, place)
        return found.end() if found else min(place + 2, len(self.plain))

    def _from_length(self, place: int, length: Length, end: int) -> TimeSaid:
        assumed = (Assumed.VAGUE,) if length.is_vague else ()
        sure = 0.5 if length.is_vague else 0.9
        start: datetime | None
        until: datetime | None
        if length.shape in ("SINCE", "AGO"):
            start, until = self.at - length.most, self.at
            if length.shape == "AGO":
                until = self.at - length.least
                if length.is_by_day:
                    start, until = self._day(start), self._day(until, next_day=1)
            return self._said(place, end, start, until, Tense.PAST, sure, assumed)
        if length.shape == "WITHIN":
            until = (
                self._day(self.at + length.most, next_day=1) if length.is_by_day else self.at + length.most
            )
            return self._said(place, end, self.at, until, Tense.FUTURE, sure, assumed)
        if length.is_by_day:
            start = self._day(self.at + length.least)
            until = self._day(self.at + length.most, next_day=1)
        else:
            start = self.at + length.least
            until = self.at + length.most if length.is_vague else None
        return self._said(place, end, start, until, Tense.FUTURE, sure, assumed)

    def _from_phrase(self, phrase: Phrase) -> TimeSaid:
        assumed: list[Assumed] = []
        sure = phrase.days.sure if phrase.days else 0.9
        if phrase.days and phrase.days.is_vague:
            assumed.append(Assumed.VAGUE)
        back = looks_back(self.plain, phrase.begin) or looks_back(self.plain, phrase.end - 2)
        if phrase.has_hours:
            first, last, guess = self._minutes(phrase)
            days = phrase.days or self._which_day(
                last if last is not None else first, first, back, assumed, phrase
            )
            assumed += [Assumed(guess)] if guess else []
            sure *= {"": 1.0, "PM": 0.85, "AM": 0.65}[guess]
            start: datetime | None = self._moment(days.first, first)
            last_day = (phrase.last_day or days).last
            until = self._moment(last_day, last, latest=True) if last is not None else None
            if phrase.edge in ("before", "latest"):
                start, until = None, self._moment(days.last, self._edge(phrase, first), latest=True)
            if phrase.edge == "about":
                start = self._moment(days.first, first - 30)
                until = self._moment(last_day, first + 30, latest=True)
        else:
            if phrase.days is None:
                raise NoSuchDay
            days = phrase.days
            start, until = self._whole_days(phrase, phrase.days, assumed)
        if until is not None and start is not None and until <= start:
            raise NoSuchHour
        return self._in_tense(phrase, start, until, days, back, sure, tuple(assumed))

    def _edge(self, phrase: Phrase, first: int) -> int:
        """中午前 is before twelve, 上午前 before its end, 晚上前 before it begins."""
        if phrase.clock is not None:
            return first
        if phrase.part in ("中午", "晌午"):
            return 12 * 60
        return time_clocks.span_of(phrase.part or "上午")[1] if phrase.part == "上午" else first

    def _minutes(self, phrase: Phrase) -> tuple[int, int | None, str]:
        """First and last minute of the day, and what was assumed of the half of the day."""
        guess = ""
        if phrase.clock is None:
            first, last = time_clocks.span_of(phrase.part or "")
        else:
            is_today = phrase.days is None or phrase.days.first == phrase.days.last == self.today
            back = looks_back(self.plain, phrase.end - 2)
            passed = self.minute if is_today and not back else -1
            latest = DAY if phrase.days else time_clocks.LATEST_EVENING_GUESS
            first, guess = time_clocks.minutes_of(phrase.clock, phrase.part, passed=passed, latest=latest)
            if phrase.clock.until is not None:
                last = first + (phrase.clock.until - phrase.clock.hour + 1) * 60
            else:
                last = first + 60
        if phrase.last is not None:
            part = phrase.last_part
            if phrase.last_day is not None:
                last, _ = time_clocks.minutes_of(phrase.last, part)
            else:
                if guess and part is None and phrase.last.hour > 12:
                    first, guess = self._nearer(phrase, phrase.last.hour * 60), ""
                if guess == "PM" and part in ("上午", "早上", "凌晨"):
                    first, guess = first - DAY // 2, "AM"
                last = time_clocks.after(first, phrase.last, part)
        elif phrase.last_part is not None:
            last = time_clocks.span_of(phrase.last_part)[1]
        return first, None if phrase.edge == "after" and phrase.last is None else last, guess

    def _nearer(self, phrase: Phrase, end: int) -> int:
        """3点到17点 began at 15:00, 9点到17点 at 9:00."""
        assert phrase.clock is not None
        early = phrase.clock.hour * 60 + phrase.clock.minute
        late = early + DAY // 2
        return late if phrase.clock.hour < time_clocks.LATEST_MORNING_GUESS and late < end else early

    def _which_day(self, last: int, first: int, back: bool, assumed: list[Assumed], phrase: Phrase) -> Days:
        """An hour without a day is today's, or tomorrow's when it is over."""
        over = first if phrase.edge in ("before", "latest") else last
        open_end = phrase.edge == "after"
        day = self.today
        if not back and not open_end and over <= self.minute:
            day += timedelta(days=1)
        assumed.append(Assumed.TODAY if day == self.today else Assumed.TOMORROW)
        return Days(day, day, 0.9)

    def _whole_days(
        self, phrase: Phrase, days: Days, assumed: list[Assumed]
    ) -> tuple[datetime | None, datetime | None]:
        last = (phrase.last_day or days).last
        start, until = self._moment(days.first, 0), self._moment(last, DAY, latest=True)
        if phrase.edge == "latest":
            return None, until
        if phrase.edge == "before":
            if days.is_vague or days.last <= self.today:
                return None, until
            assumed.append(Assumed.BEFORE_DAY)
            return None, self._moment(days.first, 0, latest=True)
        if phrase.edge == "after":
            if days.is_feast:
                return self._moment(days.last, DAY), None
            assumed.append(Assumed.FROM_DAY)
            return start, None
        return start, until

    def _in_tense(
        self, phrase: Phrase, start: datetime | None, until: datetime | None, days: Days, back: bool,
        sure: float, assumed: tuple[Assumed, ...],
    ) -> TimeSaid:  # fmt: skip
        ended = until is not None and until <= self.at
        if days.last < self.today or (ended and back) or (back and start is not None and start <= self.at):
            return self._said(
                phrase.begin, phrase.end, start, until and min(until, self.at), Tense.PAST, sure, assumed
            )
        if ended:
            return self._faulty(phrase.begin, phrase.end, Fault.PASSED)
        start = self.at if start is None else max(start, self.at)
        return self._said(phrase.begin, phrase.end, start, until, Tense.FUTURE, sure, assumed)

    def _said(
        self, begin: int, end: int, start: datetime | None, until: datetime | None, tense: Tense, sure: float,
        assumed: tuple[Assumed, ...],
    ) -> TimeSaid:  # fmt: skip
        before, behind = self.plain[max(0, begin - 4) : begin], self.plain[end : end + 16]
        unwanted = tense is Tense.FUTURE and bool(_UNWANTED.search(behind) or _EXCEPT.search(before))
        repeated = bool(_EVERY.search(before))
        if start is not None and until is not None and start > until:
            start = until
        return TimeSaid(
            self.text[begin:end], (begin, end), start, until, tense, round(sure, 2), assumed,
            is_unwanted=unwanted, is_repeated=repeated,
        )  # fmt: skip

    def _faulty(self, begin: int, end: int, fault: Fault) -> TimeSaid:
        return TimeSaid(self.text[begin:end], (begin, end), None, None, Tense.FUTURE, 0.0, fault=fault)

    def _day(self, moment: datetime, next_day: int = 0) -> datetime:
        return self._moment(moment.astimezone(self.zone).date(), next_day * DAY, latest=bool(next_day))

    def _moment(self, day: date, minutes: int, *, latest: bool = False) -> datetime:
        """The local minute as a moment. Where clocks change a minute may be twice or never: a beginning takes
        the earlier reading, an end the later one."""
        local = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
        both = [local.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
        return max(both) if latest else min(both)
