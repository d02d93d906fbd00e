"""Wishes and consents in the person's own words; what he agrees to is kept exactly as it stands here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

WISHES: dict[str, Text] = {
    "NO_LOCKER": _("不放快递柜"),
    "NO_STATION": _("不放驿站"),
    "DOOR": _("送货上门"),
    "CALL_FIRST": _("派前先打电话"),
    "VOICE_CALL": _("打语音电话通知"),
    "GUARD": _("放门卫"),
    "NEIGHBOUR": _("交给邻居"),
    "TIME_WINDOW": _("只在这段时间送"),
}
AT_ONE_TOUCH = ("NO_LOCKER", "NO_STATION", "DOOR", "CALL_FIRST", "VOICE_CALL")
AT_A_PLACE = ("GUARD", "NEIGHBOUR")
SOURCES: dict[str, Text] = {
    "CONSUMER": _("你自己说的"),
    "ASSISTANT": _("你在聊天里说的"),
    "LEARNED": _("从你的投诉里知道，你确认过的"),
    "COURIER": _("快递员记下的"),
    "GROUP_CHAT": _("网点群里说的"),
}
NOTED: Text = _("客服或网点记下的")
ENDS: dict[str, Text] = {
    "CHANGED": _("改过了"),
    "CONTRADICTED": _("后来说了相反的"),
    "OVERRULED": _("和你自己说的相反，没有采用"),
    "OLDER": _("已经有更新的说法，没有采用"),
    "WITHDRAWN": _("删掉了"),
    "REPLACED": _("整份重写了"),
}
OVER: Text = _("过期了")
PLACEMENTS: dict[str, Text] = {
    "LOCKER": _("快递柜"),
    "STATION": _("驿站"),
    "GUARD": _("门卫"),
    "NEIGHBOUR": _("邻居"),
}
WORDINGS: dict[str, Text] = {
    "LOCKER": _("我不在时，同意把快递放进快递柜，随时可以撤回"),
    "STATION": _("我不在时，同意把快递放到驿站，随时可以撤回"),
    "GUARD": _("我不在时，同意把快递交给门卫，随时可以撤回"),
    "NEIGHBOUR": _("我不在时，同意把快递交给邻居，随时可以撤回"),
}
DAYS: dict[str, Text] = {"每天": _("每天"), "工作日": _("工作日"), "周末": _("周末")}
UNTIL: dict[str, Text] = {"": _("一直算数"), "7": _("7 天"), "30": _("30 天"), "90": _("90 天")}
