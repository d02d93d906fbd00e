"""Words of the inbox: channels, why somebody has a conversation or nobody, what a wait comes to."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yishi.consignees.queries import Preference
from yishi.conversations.queries.accounts import windows_of
from yishi.conversations.rules import ANSWERS_OVER, NO_ADDRESS, ONLY_IN_GROUP, PRESS, WINDOW_OVER, Did
from yishi.web.shared.clocks import words_for
from yishi.web.shared.times import day_words
from yishi.web.shared.words import UNKNOWN, WISHES, Sign

Text = str | Promise

CHANNELS: Mapping[str, Sign] = {
    "WEB": Sign(gettext_lazy("网页"), "chat", "is-idle"),
    "EMAIL": Sign(gettext_lazy("邮件"), "copy", "is-idle"),
    "WECHAT": Sign(gettext_lazy("微信"), "chat", "is-idle"),
    "SMS": Sign(gettext_lazy("短信"), "bell", "is-idle"),
    "WECOM": Sign(gettext_lazy("企业微信群"), "people", "is-idle"),
    "DINGTALK": Sign(gettext_lazy("钉钉群"), "people", "is-idle"),
    "FEISHU": Sign(gettext_lazy("飞书群"), "people", "is-idle"),
    "PHONE": Sign(gettext_lazy("电话"), "phone", "is-idle"),
    "GROUP_CHAT": Sign(gettext_lazy("群里"), "people", "is-idle"),
    "WALK_IN": Sign(gettext_lazy("到店"), "person", "is-idle"),
}
STATES: Mapping[str, Sign] = {
    "ASSISTANT": Sign(gettext_lazy("智能助手接待"), "lantern", "is-info"),
    "QUEUED": Sign(gettext_lazy("等人工"), "clock", "is-warn"),
    "WITH_AGENT": Sign(gettext_lazy("人工接待"), "agent", "is-brand"),
    "ENDED": Sign(gettext_lazy("已结束"), "ok", "is-idle"),
}
MESSAGE_STATES: Mapping[str, Sign] = {
    "HELD": Sign(gettext_lazy("定时发送"), "clock", "is-warn"),
    "QUEUED": Sign(gettext_lazy("发送中"), "clock", "is-idle"),
    "SENT": Sign(gettext_lazy("已发送"), "check", "is-idle"),
    "DELIVERED": Sign(gettext_lazy("已送达"), "check", "is-idle"),
    "READ": Sign(gettext_lazy("已读"), "eye", "is-good"),
    "FAILED": Sign(gettext_lazy("没有送达"), "alert", "is-bad"),
    "WITHDRAWN": Sign(gettext_lazy("已取消"), "x", "is-idle"),
}
ONLY_HERE = Sign(gettext_lazy("只在群里回答"), "people", "is-idle")
HANDED: Mapping[str, Text] = {
    "ASKED": gettext_lazy("要找人工"),
    "NOT_UNDERSTOOD": gettext_lazy("智能助手没听懂"),
    "ANGRY": gettext_lazy("很生气"),
    "RISK": gettext_lazy("有风险，先看"),
    "POLICY": gettext_lazy("这类事由人办"),
}
PLACES: Mapping[str, Text] = {
    "WANTED": gettext_lazy("从这个网点来的"),
    "PARCEL": gettext_lazy("包裹在这个网点"),
    "RISK": gettext_lazy("涉及风险，总部先看"),
    "ONLY_OUTLET": gettext_lazy("只有这一个网点"),
    "NO_PARCEL": gettext_lazy("没有包裹，总部先看"),
    "WENT_UP": gettext_lazy("超时没人回，到了总部"),
}
REASONS: Mapping[str, Text] = {
    "SAME_PERSON": gettext_lazy("三天内接待过他"),
    "SKILLED": gettext_lazy("在班，擅长这一类"),
    "LEAST_LOAD": gettext_lazy("在班，手上最少"),
    "ONLY_ONE": gettext_lazy("在班"),
    "FALLBACK": gettext_lazy("后备"),
    "SHARED_LIST": gettext_lazy("没有排班，谁有空谁接"),
    "NOBODY_ON_SHIFT": gettext_lazy("这会儿没人在班"),
    "ALL_AWAY": gettext_lazy("在班的都暂时离开了"),
    "ALL_FULL": gettext_lazy("在班的都接满了"),
    "SKILLED_FULL": gettext_lazy("擅长这一类的都接满了，先等几分钟"),
}
BACK: Mapping[str, Text] = {
    "GIVEN_BACK": gettext_lazy("放回排队"),
    "AWAY": gettext_lazy("暂时离开，放回排队"),
    "SHIFT_OVER": gettext_lazy("下班了，放回排队"),
}
SILENT: Mapping[str, Text] = {
    "NOT_DENIED": gettext_lazy("问了是否解决，没有再说话，会话自动结束"),
    "NOT_ANSWERED": gettext_lazy("等他回话等过了时间，会话自动结束"),
    "NOTHING_MORE": gettext_lazy("我们回复后他没有再说话，会话自动结束"),
}
CALLED: Mapping[str, Text] = {
    "NOTE": gettext_lazy("备注里提到你"),
    "GIVEN": gettext_lazy("转给了你"),
    "LATE": gettext_lazy("超时没人回"),
}
SAID_TO: Mapping[str, Text] = {
    "assistant": gettext_lazy("跟智能助手说的"),
    "group_chat": gettext_lazy("群里说的，没有核对身份"),
}


class Wished(NamedTuple):
    """A wish as it is read: what, and around it where, until when and to whom it was said."""

    word: str
    icon: str
    around: tuple[str, ...]


def wished(one: Preference, at: datetime) -> Wished:
    """A wish with its time or place, and how long it counts."""
    sign = WISHES.get(one.kind, UNKNOWN)
    until = _("到%s为止") % day_words(one.valid_until, at) if one.valid_until else _("一直有效")
    around = (one.address, until, str(SAID_TO.get(one.source, "")))
    return Wished(f"{sign.word} {one.value}".strip(), sign.icon, tuple(said for said in around if said))


def how_long(seconds: float | None) -> str:
    """A wait in whole minutes; '' where it is not known."""
    if seconds is None:
        return ""
    minutes = max(1, round(seconds / 60))
    return ngettext("%s 分钟", "%s 分钟", minutes) % minutes


def why_words(place_reason: str, reason: str) -> str:
    """Why it stands here and why this person has it, or nobody."""
    said = [PLACES.get(place_reason, ""), REASONS.get(reason, "")]
    return " · ".join(str(one) for one in said if one)


def state_sign(state: str, failed_for: str) -> Sign:
    """How a message of ours stands; what is said to nobody alone has not failed."""
    return ONLY_HERE if failed_for == ONLY_IN_GROUP else MESSAGE_STATES.get(state, UNKNOWN)


def why_unsent(failed_for: str, channel: str) -> str:
    """Why a message did not go out: in our words where we know it, else as the gateway says."""
    if failed_for == ONLY_IN_GROUP:
        return _("单独问机器人的，机器人只能在群里说话，答案没有发出去")
    if failed_for == NO_ADDRESS:
        return _("没有能发到的地址")
    did = Did.PRESSED if failed_for.startswith(PRESS) else Did.WROTE
    window = next((one for one in windows_of(channel) if one.after == did), None)
    if window is None:
        return failed_for
    words: Mapping[str, str] = {
        WINDOW_OVER: _("对方说话后 %(time)s 内才能回复，已经过了"),
        ANSWERS_OVER: _("对方说话后 %(time)s 内最多回复 %(most)s 条，已经用完，等对方再说话"),
        PRESS + WINDOW_OVER: _("对方只点了菜单、扫了码或关注，%(time)s 内才能回复，已经过了"),
        PRESS + ANSWERS_OVER: _("对方只点了菜单、扫了码或关注，%(time)s 内最多回复 %(most)s 条，已经用完"),
    }
    said = words.get(failed_for)
    return said % {"time": words_for(window.within), "most": window.most} if said else failed_for


def line_words(data: Mapping[str, object], names: Mapping[int, str]) -> str:
    """What a line of the house says: who got it, who gave it back, who ended it."""

    def name(key: str) -> str:
        number = data.get(key)
        return names.get(number, "") if isinstance(number, int) else ""

    deed, why = data.get("deed"), str(data.get("why", ""))
    if deed == "GIVEN" and data.get("by") == data.get("to"):
        return _("%s接待") % name("to")
    if deed == "GIVEN" and name("by"):
        return _("%(by)s转给%(to)s") % {"by": name("by"), "to": name("to")}
    if deed == "GIVEN":
        said = _("给了%s") % name("to")
        return f"{said} · {REASONS[why]}" if why in REASONS else said
    if deed == "BACK":
        said = str(BACK.get(why, BACK["GIVEN_BACK"]))
        return f"{name('by') or name('from')} {said}".strip()
    if deed == "ENDED" and why in SILENT:
        return str(SILENT[why])
    if deed == "ENDED":
        return _("%s结束了会话") % name("by")
    return ""


def away_choices() -> list[tuple[int, str]]:
    """How long somebody goes away for, in minutes."""
    return [(m, ngettext("%s 分钟", "%s 分钟", m) % m) for m in (10, 30, 60, 120)]
