"""What the paste box says: what is wanted, what a touch is called, and the text to copy back to the group."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.assistant.rules.group_asks import Ask, Asked
from yishi.automation.actions.group_chat import Touch
from yishi.kit.personal import without_phones
from yishi.kit.phrases import joined
from yishi.web.desk.choices import Text
from yishi.web.shared import words

ASKS: Mapping[str, tuple[Text, str]] = {
    Ask.URGE: (gettext_lazy("催件"), "bell"),
    Ask.INTERCEPT: (gettext_lazy("拦截"), "stop"),
    Ask.RETURN: (gettext_lazy("拒收退回"), "back"),
    Ask.WISH: (gettext_lazy("收货要求"), "home"),
    Ask.RESCHEDULE: (gettext_lazy("改时间"), "calendar"),
    Ask.REDIRECT: (gettext_lazy("改地址"), "route"),
    Ask.PICKUP_CODE: (gettext_lazy("取件码"), "lock"),
    Ask.DAMAGED: (gettext_lazy("破损"), "alert"),
    Ask.SHORT: (gettext_lazy("少件"), "alert"),
    Ask.NOT_RECEIVED: (gettext_lazy("没收到"), "alert"),
    Ask.LOST: (gettext_lazy("丢件"), "alert"),
    Ask.ATTITUDE: (gettext_lazy("态度"), "person"),
    Ask.CLAIM: (gettext_lazy("理赔"), "yuan"),
    Ask.CALL: (gettext_lazy("联系顾客"), "phone"),
    Ask.TRACK: (gettext_lazy("查件"), "search"),
    Ask.OVER: (gettext_lazy("说已解决"), "ok"),
    Ask.OTHER: (gettext_lazy("别的事"), "info"),
}
WISHES: Mapping[str, Text] = {
    "NO_LOCKER": gettext_lazy("不放快递柜"),
    "NO_STATION": gettext_lazy("不放驿站"),
    "DOOR": gettext_lazy("送货上门"),
    "CALL_FIRST": gettext_lazy("派前先打电话"),
    "GUARD": gettext_lazy("放门卫"),
    "NEIGHBOUR": gettext_lazy("放邻居家"),
}


def ask_word(asked: Asked) -> str:
    """What is wanted, in one word."""
    return str(WISHES.get(asked.value) or ASKS[asked.ask][0])


def touch_word(touch: Touch) -> str:
    """What the button says."""
    fixed = {"urge": _("催办"), "note": _("记备注"), "intercept": _("拦截"), "claim": _("理赔")}
    if touch.do in fixed:
        return fixed[touch.do]
    if touch.do == "wish":
        return _("记下：%s") % WISHES.get(touch.wish, touch.wish)
    return _("立工单：%s") % words.CATEGORIES.get(touch.category, touch.category)


def _done_word(touch: Touch) -> str:
    fixed = {
        "urge": _("已催办"),
        "note": _("已记下"),
        "intercept": _("已发起拦截"),
        "wish": _("收货要求已记下"),
        "claim": _("理赔已登记"),
    }
    return fixed.get(touch.do) or _("已登记处理")


def line_back(
    number: str, *, state: str, place: str, done: Iterable[Touch], refused: Sequence[str], is_ours: bool
) -> str:
    """One line about one number for a group that anybody reads: no phones, doors, codes or names."""
    if not is_ours:
        return _("%(number)s：没有这个单号，或不归我们网点") % {"number": number}
    stands = joined([state, place], "，")
    did = list(dict.fromkeys(_done_word(touch) for touch in done))
    return joined([_("%(number)s：%(state)s") % {"number": number, "state": stands}, *did, *refused], "；")


def refused_line(touch: Touch, why: str) -> str:
    """Why something was not done, for the same readers."""
    return _("%(what)s没办成：%(why)s") % {"what": touch_word(touch), "why": without_phones(why)}
