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
    "STATION": Mark("station", _("放驿站，已同意")),
    "HOME": Mark("home", _("现在在家")),
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
OUTCOMES: Mapping[str, Text] = {
    "dialled": _("自动记录"),
    "not_home": _("家里没人"),
    "arrived": _("到了门口"),
    "answered": _("接通了"),
    "no_answer": _("没人接"),
    "busy": _("占线"),
    "sent": _("由平台代发"),
    "bad_number": _("空号或停机"),
}
CALLED: Mapping[str, Text] = {key: OUTCOMES[key] for key in ("answered", "no_answer", "bad_number")}
"""One tap after a call."""
RECEIVED: Mapping[str, Text] = {
    "SELF": _("本人收"),
    "FAMILY": _("家人收"),
    "COLLEAGUE": _("同事、前台收"),
    "NEIGHBOUR": _("邻居代收"),
    "GUARD": _("门卫代收"),
    "LOCKER": _("放快递柜"),
    "STATION": _("放驿站"),
}
FAILED: Mapping[str, Text] = {
    "not_home": _("家里没人"),
    "refused": _("不要了，拒收"),
    "bad_address": _("地址不对"),
    "bad_phone": _("电话打不通"),
    "closed": _("单位没上班"),
    "security": _("小区不让进"),
    "later": _("改天再送"),
    "other": _("别的原因"),
}
MESSAGES: Mapping[str, Text] = {
    "COMING": _("半小时左右到"),
    "AT_DOOR": _("到门口了，电话没打通"),
    "WHERE": _("问问放哪儿合适"),
}
"""The approved texts, by what they say."""
DONE: Mapping[str, Text] = {
    "contact": _("记下了"),
    "visit": _("记下了，下次的时间已经告诉收件人"),
    "TO_DOOR": _("好，送上门"),
    "AGREED": _("记下了：收件人同意"),
    "message": _("发给收件人了"),
    "proof": _("交件记下了"),
    "failed": _("没交成，原因记下了"),
    "order": _("照你排的顺序"),
    "out": _("领好了"),
    "answer": _("答复已交给网点"),
    "settled": _("已经问了收件人，等他点一下"),
}
PLACED: Mapping[str, Text] = {
    "AGREED": _("要放%(where)s，答：收件人同意"),
    "TO_DOOR": _("要放%(where)s，答：不放了，送上门"),
    "LATER": _("要放%(where)s，答：约个时间再来"),
}
