"""What the courier's pages call wishes, goods that want care, places and answers, with their icons."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.shipments.rules.special import FRESH, VALUABLE

Text = str | Promise


class Mark(NamedTuple):
    """A word with its icon."""

    icon: str
    word: Text


WISHES: Mapping[str, Mark] = {
    "NO_LOCKER": Mark("locker", _("不要放柜")),
    "NO_STATION": Mark("station", _("不要放驿站")),
    "DOOR": Mark("door", _("送货上门")),
    "CALL_FIRST": Mark("phone", _("先打电话")),
    "GUARD": Mark("lodge", _("可放门卫")),
    "TIME_WINDOW": Mark("moon", _("约了时间")),
    "VOICE_CALL": Mark("elder", _("老人，请打电话说")),
    "NEIGHBOUR": Mark("people", _("可交给邻居")),
}
SPECIAL: Mapping[str, Mark] = {
    FRESH: Mark("fresh", _("生鲜，10 点前送到")),
    VALUABLE: Mark("shield", _("贵重，当面开箱验")),
}
PLACES: Mapping[str, Mark] = {
    "LOCKER": Mark("locker", _("快递柜")),
    "STATION": Mark("station", _("驿站")),
    "GUARD": Mark("lodge", _("门卫室")),
}
ATTEMPTS: Mapping[str, Text] = {
    "CALL": _("打了电话"),
    "SMS": _("发了短信"),
    "KNOCK": _("敲了门"),
    "PHOTO": _("拍了照"),
}
OUTCOMES: Mapping[str, Text] = {"dialled": _("自动记录"), "not_home": _("家里没人")}
DONE: Mapping[str, Text] = {
    "contact": _("记下了"),
    "visit": _("记下了，下次的时间已经告诉收件人"),
    "TO_DOOR": _("好，送上门"),
    "AGREED": _("记下了：收件人同意"),
    "answer": _("答复已交给网点"),
    "settled": _("已经问了收件人，等他点一下"),
}
PLACED: Mapping[str, Text] = {
    "AGREED": _("要放%(where)s，答：收件人同意"),
    "TO_DOOR": _("要放%(where)s，答：不放了，送上门"),
    "LATER": _("要放%(where)s，答：约个时间再来"),
}
