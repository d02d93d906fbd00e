"""Lengths of time as people name them: 半小时后, 过两天, 三天了, 24小时内. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta

from yishi.assistant.rules.numerals import SMALL, small

_MANY = "一个半|半个?|两三|三四|四五|五六|十几|十来|好几|几|数"
_UNITS = "分钟|小时|钟头|钟|工作日|天|日|夜|晚上?|周|星期|礼拜|月"


def _of(tail: str = "") -> str:
    """The pattern of a length, its groups named with that tail."""
    return (
        rf"(?P<n{tail}>{_MANY}|\d{{1,3}}(?:\.5)?|{SMALL})"
        rf"\s?(?:多)?个?(?P<half{tail}>半)?(?:多)?(?P<unit{tail}>{_UNITS})(?P<plus{tail}>半|多)?"
    )


_LENGTH = _of()
_WITHIN = re.compile(rf"{_LENGTH}\s?(?:之内|以内|内)")
_BEFORE = re.compile(rf"{_LENGTH}\s?(?:之前|以前|前)(?!台|面|门)")
_LATER = re.compile(rf"(?:再?过|再等|等)?{_LENGTH}\s?(?:之后|以后|后)(?!台|面|门|备)")
_PASSING = re.compile(rf"(?:(?<!超)过|再过|再等){_LENGTH}(?!了|没)")
_LASTED = "等了?|拖了?|过了|走了|停了?|卡了?|放了?|滞留了?|晚了|超了?|都|已经|已|快|有|整整|足足"
_STILL = "了|还?都?没|还?未|不动|不更新|不送|不派|都不|也不|还不|还在"
_SINCE = re.compile(rf"(?:{_LASTED})+\s?(?P<all>{_LENGTH})|{_of('2')}(?=\s?(?:{_STILL}))")
_SOON = re.compile(
    r"一会儿?|等会儿?|待会儿?|等一?下再?(?=送|来|派|取|到)|稍后|晚点(?=再?[送来派取到])|迟点(?=再?[送来派])"
)
_HOURS = {"分钟": 1 / 60, "小时": 1.0, "钟头": 1.0, "钟": 1.0, "天": 24.0, "日": 24.0, "夜": 24.0,
"晚": 24.0, "晚上": 24.0,
          "工作日": 24.0, "周": 168.0, "星期": 168.0, "礼拜": 168.0, "月": 720.0}  # fmt: skip
_COUNTS = {"一个半": (1.5, 1.5), "半": (0.5, 0.5), "半个": (0.5, 0.5), "两三": (2, 3), "三四": (3, 4),
"四五": (4, 5),
           "五六": (5, 6), "十几": (11, 19), "十来": (10, 12), "好几": (3, 7), "几": (3, 7), "数": (3,
           7)}  # fmt: skip
LONGEST = timedelta(days=400)

HINT = re.compile(r"分钟|小时|钟|天|[日夜晚周月]|星期|礼拜|一会|等会|待会|等下|等一下|稍后|晚点|迟点")


@dataclass(frozen=True)
class Length:
    """`shape`: WITHIN (24小时内), AGO (三天前), LATER (半小时后), SINCE (三天了). A day and more: by days."""

    shape: str
    least: timedelta
    most: timedelta
    is_by_day: bool
    is_vague: bool


def read_length(text: str, place: int) -> tuple[Length, int] | None:
    """The length of time named at that place of a folded text, what it is for, and where its words end."""
    if found := _SOON.match(text, place):
        late = found[0][0] in "晚迟"
        return Length(
            "LATER", timedelta(hours=1 if late else 0), timedelta(hours=4 if late else 2), False, True
        ), found.end()
    for pattern, shape in ((_WITHIN, "WITHIN"), (_BEFORE, "AGO"), (_LATER, "LATER"), (_PASSING, "LATER")):
        if found := pattern.match(text, place):
            return _length(found, shape)
    if (found := _SINCE.match(text, place)) and _is_over(found, text):
        return _length(found, "SINCE", "" if found["all"] else "2")
    return None


def _is_over(found: "re.Match[str]", text: str) -> bool:
    """等了三天, 三天没动; but neither 还要等几天 nor 能放三天吗."""
    if found["all"] is None:
        return True
    before = found[0][: -len(found["all"])]
    return re.search("[了都已整足]", before) is not None or text[found.end() :].lstrip()[:1] in tuple(
        "了还没不未才也"
    )


def _length(found: "re.Match[str]", shape: str, tail: str = "") -> tuple[Length, int] | None:
    number, unit = found[f"n{tail}"], found[f"unit{tail}"]
    if unit == "日" and number not in _COUNTS and not number.isdecimal():
        return None
    exact = float(number) if number.replace(".", "").isdecimal() else small(number)
    least, most = _COUNTS.get(number) or (exact or 0, exact or 0)
    if found[f"half{tail}"] or found[f"plus{tail}"] == "半":
        least, most = least + 0.5, most + 0.5
    # 过两天: a few
    vague = number in _COUNTS and least != most
    if shape == "LATER" and number in ("两", "2") and unit == "天" and found[0].startswith(("过", "再过")):
        most, vague = 3, True
    hours = _HOURS[unit]
    by_day = hours >= 24 and least * hours >= 24
    shortest, longest = (min(timedelta(hours=count * hours), LONGEST) for count in (least, most))
    return Length(shape, shortest, longest, by_day, vague), found.end()
