"""Days as people name them: 大后天, 下周一, 12.5号, 月底, 五一. Pure; `times.py` puts the hours to them."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from yishi.assistant.rules.numerals import SMALL, small


@dataclass(frozen=True)
class Days:
    """From `first` to `last`, both within. `is_fixed`: the words leave no doubt on which side of today."""

    first: date
    last: date
    sure: float = 1.0
    is_vague: bool = False
    is_feast: bool = False


class NoSuchDay(ValueError):
    """13月5号, 2月30号: the words name a day that no calendar has."""


_NO_HOUSE = (
    r"(?!楼|栋|幢|线|门|柜|店|院|口|单元|室|机|码|快递|库|仓|桌|窗|岗|车|地块|公寓|铺|厂|货架|货|架|格|箱)"
)
_MONTH = r"(?P<month>下下个?月|下个?月|这个?月|本月|当月|上个?月)"
_WEEK = r"(?P<which>上上|下下|上|下|这|本)?个?(?:周|星期|礼拜)"
_RELATIVE = {
    "大后天": 3, "大后日": 3, "后天": 2, "后日": 2, "后儿": 2, "明天": 1, "明日": 1, "明儿": 1, "名天": 1,
    "听日": 1,
    "今天": 0, "今日": 0, "今儿": 0, "当天": 0, "当日": 0, "昨天": -1, "昨日": -1, "昨儿": -1, "琴日": -1,
    "前天": -2, "前日": -2, "大前天": -3, "大前日": -3, "明": 1, "今": 0, "昨": -1,
}  # fmt: skip
_SEVERAL = {"今明两天": (0, 1), "今明": (0, 1), "明后两天": (1, 2), "明后天": (1, 2), "这两天": (0, 2),
"这几天": (0, 3),
            "前两天": (-3, -1), "前几天": (-7, -2), "前段时间": (-30, -7), "前阵子": (-30, -7)}  # fmt: skip
_FIXED = {"元旦": (1, 1, 1), "情人节": (2, 14, 1), "妇女节": (3, 8, 1), "清明": (4, 4, 3), "劳动节": (5, 1,
5),
          "五一": (5, 1, 5), "儿童节": (6, 1, 1), "六一": (6, 1, 1), "618": (6, 18, 1), "国庆": (10, 1, 7),
          "十一": (10, 1, 7), "双十一": (11, 11, 1), "双11": (11, 11, 1), "双十二": (12, 12, 1),
          "双12": (12, 12, 1),
          "平安夜": (12, 24, 1), "圣诞": (12, 25, 1)}  # fmt: skip
# by the moon: public calendars; beyond them nothing is guessed
_MOON = {
    "春节": "2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11",
    "端午": "2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05",
    "中秋": "2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12",
    "元宵": "2025-02-12 2026-03-03 2027-02-20 2028-02-09 2029-02-27 2030-02-17",
}
_MOON_NAMES = {
    "过年": "春节",
    "大年初一": "春节",
    "年": "春节",
    "春节": "春节",
    "端午": "端午",
    "中秋": "中秋",
    "元宵": "元宵",
}
_WEEKDAYS = {**dict(zip("一二三四五六日1234567", [*range(7), *range(7)], strict=True)), "天": 6}

Read = Callable[["re.Match[str]", date, bool], Days]


def _relative(found: "re.Match[str]", today: date, back: bool) -> Days:
    day = today + timedelta(days=_RELATIVE[found[0]])
    return Days(day, day, 0.9 if found[0] in ("当天", "当日", "名天") else 1.0)


def _several(found: "re.Match[str]", today: date, back: bool) -> Days:
    first, last = _SEVERAL[found[0]]
    return Days(today + timedelta(days=first), today + timedelta(days=last), 0.7, is_vague=True)


def _weekday(found: "re.Match[str]", today: date, back: bool) -> Days:
    """The week begins on Monday. Without 这 / 下 it is the next such day, today included; the last one when
    the sentence looks back."""
    monday = today - timedelta(days=today.weekday())
    which, named = found["which"], found["weekday"]
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(which or "", 0)
    if named == "末":
        first = monday + timedelta(days=5 + 7 * weeks)
        if back and which is None and first > today:
            first -= timedelta(days=7)
        return Days(first, first + timedelta(days=1), 0.9)
    day = monday + timedelta(days=_WEEKDAYS[named] + 7 * weeks)
    if which is None:
        if back and day > today:
            day -= timedelta(days=7)
        elif not back and day < today:
            day += timedelta(days=7)
    return Days(day, day, 1.0 if which else 0.9)


def _week(found: "re.Match[str]", today: date, back: bool) -> Days:
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(found["which"], 0)
    monday = today - timedelta(days=today.weekday() - 7 * weeks)
    return Days(monday, monday + timedelta(days=6), 0.9)


def _workdays(found: "re.Match[str]", today: date, back: bool) -> Days:
    monday = today - timedelta(days=today.weekday() - (7 if today.weekday() > 4 else 0))
    return Days(monday, monday + timedelta(days=4), 0.7, is_vague=True)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDay from error


def _in_year(found: "re.Match[str]", today: date, back: bool) -> Days:
    month, day = small(found["m"]), small(found["d"])
    if month is None or day is None or not 1 <= month <= 12:
        raise NoSuchDay
    if found["y"]:
        named = _day(int(found["y"]), month, day)
        return Days(named, named)
    years = (0, -1) if back else (0, 1)
    # 2月29号 is no day of this year, perhaps of the next
    days = [date(today.year + year, month, day) for year in years if _is_day(today.year + year, month, day)]
    if not days:
        raise NoSuchDay
    named = days[0]
    if (back and named > today and len(days) > 1) or (
        not back and today - named > timedelta(days=183) and len(days) > 1
    ):
        named = days[1]
    return Days(named, named, 0.95)


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= day <= monthrange(year, month)[1]


def _shifted(today: date, months: int) -> tuple[int, int]:
    place = today.year * 12 + today.month - 1 + months
    return place // 12, place % 12 + 1


def _months(word: str | None) -> int | None:
    return None if not word else -1 if word[0] == "上" else word.count("下")


def _of_month(found: "re.Match[str]", today: date, back: bool) -> Days:
    day, months = small(found["d"]), _months(found["month"])
    if day is None or not 1 <= day <= 31:
        raise NoSuchDay
    if months is not None:
        named = _day(*_shifted(today, months), day)
        return Days(named, named)
    # the next month that has such a day, or the last one
    for step in range(4):
        try:
            named = date(*_shifted(today, -step if back else step), day)
        except ValueError:
            continue
        if (named <= today) if back else (named >= today):
            return Days(named, named, 0.9)
    raise NoSuchDay


_PARTS_OF_MONTH = {"底": (25, 31), "末": (25, 31), "初": (1, 5), "中": (11, 20), "上旬": (1, 10),
"中旬": (11, 20),
                   "下旬": (21, 31)}  # fmt: skip


def _part_of_month(found: "re.Match[str]", today: date, back: bool) -> Days:
    first, last = _PARTS_OF_MONTH[found["part"]]
    months = _months(found["month"])
    if months is None:
        months = 1 if today.day > last and not back else 0
    year, month = _shifted(today, months)
    longest = monthrange(year, month)[1]
    return Days(
        date(year, month, min(first, longest)), date(year, month, min(last, longest)), 0.7, is_vague=True
    )


def _month(found: "re.Match[str]", today: date, back: bool) -> Days:
    year, month = _shifted(today, _months(found["month"]) or 0)
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]), 0.8, is_vague=True)


def _year_end(found: "re.Match[str]", today: date, back: bool) -> Days:
    return Days(date(today.year, 12, 15), date(today.year, 12, 31), 0.6, is_vague=True)


def _feast(found: "re.Match[str]", today: date, back: bool) -> Days:
    name = found["feast"]
    if name in _FIXED:
        month, day, length = _FIXED[name]
        first = date(today.year, month, day)
        if not back and first + timedelta(days=length - 1) < today:
            first = first.replace(year=today.year + 1)
        return Days(first, first + timedelta(days=length - 1), 0.9, is_feast=True)
    known = [date.fromisoformat(day) for day in _MOON[_MOON_NAMES[name]].split()]
    length = 8 if _MOON_NAMES[name] == "春节" else 1
    to_come = [day for day in known if day + timedelta(days=length - 1) >= today]
    if not to_come:
        raise NoSuchDay
    return Days(to_come[0], to_come[0] + timedelta(days=length - 1), 0.9, is_feast=True)


_FEASTS = "|".join(sorted(filter(lambda name: name != "十一", _FIXED), key=len, reverse=True))
_MOONS = "春节|端午|中秋|元宵|过年|大年初一"
_ROWS: list[tuple[re.Pattern[str], Read]] = [
    (re.compile("|".join(sorted(_SEVERAL, key=len, reverse=True))), _several),
    (re.compile("大后[天日]|大前[天日]|[后明今昨前当][天日]|[后明今昨]儿|名天|听日|琴日"), _relative),
    (re.compile("[明今昨](?=早|晚|晨|上午|下午|中午|夜|凌晨|傍晚)"), _relative),
    (re.compile(rf"(?:(?<=[周期拜][一二三四五六日天末])"
                rf"|(?<![一两二三四五六七八九十几\d每半整])){_WEEK}(?P<weekday>[一二三四五六日天末1-7])"
                r"(?![次件个年岁\d])"), _weekday),
    (re.compile(r"(?P<which>上上|下下|上|下|这|本)个?(?:周|星期|礼拜)(?!到|边|围)"), _week),
    (re.compile("工作日|周内"), _workdays),
    (re.compile(rf"(?:(?P<y>20\d\d)\s?[年/.-]\s?)?(?<![\d./-])(?P<m>{SMALL})\s?月\s?(?:份)?(?P<d>{SMALL})(?:\s?[号日])?"
                r"(?![\d个])"), _in_year),
    (re.compile(r"(?<![\d./-])(?P<y>20\d\d)[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})(?![\d/.-])"), _in_year),
    (re.compile(rf"(?<![\d./-])(?P<y>20\d\d)?(?P<m>\d{{1,2}})[/.-](?P<d>\d{{1,2}})\s?[号日]{_NO_HOUSE}"),
    _in_year),
    (re.compile(r"(?<![\d./-])(?P<y>20\d\d)?(?P<m>1[0-2]|0?[1-9])[/.](?P<d>[12]\d|3[01]|0?[1-9])"
                r"(?=\s?(?:以?前|之前|送|到货|派|上午|下午|晚上|早上))"), _in_year),
    (re.compile(rf"{_MONTH}?(?P<part>[上中下]旬)"), _part_of_month),
    (re.compile(rf"(?:{_MONTH}|月)(?P<part>[底末初中])"), _part_of_month),
    (re.compile(rf"{_MONTH}?\s?(?<![\d路街巷弄道村镇区里园第.-])(?P<d>\d{{1,2}}"
                rf"|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s?号"
                rf"{_NO_HOUSE}"), _of_month),
    (re.compile(_MONTH), _month),
    (re.compile("年底"), _year_end),
    (re.compile(rf"(?P<feast>{_FEASTS}|{_MOONS})(?:节|假期?|放假)?(?![路街村大广小巷桥镇])"), _feast),
    (re.compile("(?P<feast>年)(?=[前后](?!面|台))"), _feast),
    (re.compile("(?<![\\d二三四五六七八九])(?P<feast>十一)(?=假|放假|之?前|以前|之?后|以后|期间"
                "|长假)"), _feast),
]  # fmt: skip

HINT = re.compile(
    r"[天日儿早晚晨夜午]|周|星期|礼拜|月|号|工作日|年[底前后]|[/.-]\d|节|五一|十一|六一|国庆|元旦|中秋"
    r"|端午|清明|圣诞|双1|618|前阵|前段"
)


def read_days(text: str, place: int, today: date, *, looks_back: bool) -> tuple[Days, int] | None:
    """The days named at that place of a folded text, and where the words end; None where no day is named.

    Raises NoSuchDay for a day that no calendar has.
    """
    for pattern, read in _ROWS:
        if found := pattern.match(text, place):
            return read(found, today, looks_back), found.end()
    return None
