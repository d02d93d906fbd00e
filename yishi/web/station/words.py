"""How a station's pages say states, kinds, steps, differences and waits."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yishi.stations.rules.queue import LONGEST_MIN, Expected

Text = str | Promise


class Mark(NamedTuple):
    """An icon, a word, a colour."""

    icon: str
    word: Text
    role: str = "is-idle"


STATES = {
    "INSIDE": Mark("ok", _("在架上"), "is-good"),
    "HANDED_OUT": Mark("hand", _("已取走"), "is-idle"),
    "RETURNED": Mark("back", _("已退回"), "is-idle"),
    "MOVED": Mark("arrow", _("已转出"), "is-idle"),
    "LOST": Mark("alert", _("遗失或销毁"), "is-bad"),
    "UNDONE": Mark("undo", _("已撤销"), "is-idle"),
}
KINDS = {
    "PROBLEM": Mark("alert", _("问题件"), "is-bad"),
    "RELEASED": Mark("eye", _("已签收还在架上"), "is-bad"),
    "TO_RETURN": Mark("back", _("要退回"), "is-warn"),
    "UNKNOWN": Mark("phone", _("联系不上"), "is-warn"),
    "OVERDUE": Mark("clock", _("超期"), "is-warn"),
    "NORMAL": Mark("ok", _("正常"), "is-good"),
}
WHAT_NOW = {
    "PROBLEM": _("先别给人，按原因找网点；有破损的看工单"),
    "RELEASED": _("轨迹说已经取走，东西还在：核对是不是拿错了别的件"),
    "TO_RETURN": _("勾上，交给快递员，让对方签收"),
    "UNKNOWN": _("没有电话或发不出短信：看面单，补上手机号"),
    "OVERDUE": _("提醒过了；到时候打电话，再不来就退回"),
    "NORMAL": _("还在免费保管期"),
}
STEPS = {
    "BOOKED_IN": _("入库"),
    "UNDONE": _("撤销入库"),
    "SHELVED": _("换位置"),
    "EXTENDED": _("延期"),
    "CHOSEN": _("收件人选了怎么取"),
    "SENT_AGAIN": _("重发取件码"),
    "REMINDED": _("提醒来取"),
    "CALLED": _("打了电话"),
    "HANDED_OUT": _("出库"),
    "RETURNED": _("退回快递公司"),
    "MOVED": _("转出"),
    "LOST": _("品牌系统登记遗失或销毁"),
    "PHONE_SET": _("补了手机号"),
}
HOW = {
    "CODE": _("取件码对上了"),
    "DYNAMIC": _("动态码对上了"),
    "TAIL": _("尾号和姓名对上了"),
    "ID": _("要看证件"),
    "PROXY": _("代取链接对上了"),
}
COLLECT = {
    "SELF": _("自己来取"),
    "PROXY": _("请人代取"),
    "DOOR": _("要送上门"),
    "NOT_WANTED": _("不要了，退回"),
}
ASKS = {
    "signed": _("确认是这一件，入库"),
    "over": _("确认是这一件，入库"),
    "consent_needed": _("问过了，同意放驿站"),
    "carrier_unsure": _("看不清，先入库"),
}
HEARD = {
    "OK": Mark("ok", _("对"), "is-good"),
    "AGAIN": Mark("refresh", _("扫过了")),
    "WRONG_SHELF": Mark("shelf", _("放错架"), "is-warn"),
    "UNEXPECTED": Mark("alert", _("账上没有"), "is-bad"),
    "ELSEWHERE": Mark("station", _("别的驿站的"), "is-bad"),
    "UNREADABLE": Mark("barcode", _("看不清"), "is-warn"),
}
DIFFERENCES = {
    "MISSING": Mark("search", _("账有实无"), "is-bad"),
    "UNEXPECTED": Mark("alert", _("实有账无"), "is-bad"),
    "ELSEWHERE": Mark("station", _("该在别处"), "is-bad"),
    "WRONG_SHELF": Mark("shelf", _("放错架"), "is-warn"),
    "TWICE": Mark("refresh", _("两处都扫到"), "is-warn"),
    "UNREADABLE": Mark("barcode", _("条码看不清"), "is-warn"),
}
WAYS = {
    "FOUND": Mark("ok", _("找到了，在原位")),
    "MOVED": Mark("shelf", _("改账到扫到的位置")),
    "BOOKED_IN": Mark("parcel", _("去入库")),
    "SENT_ON": Mark("truck", _("已交给那个驿站")),
    "LOOKED": Mark("eye", _("看过了")),
}
SETTLED = {
    "FOUND": _("找到了"),
    "MOVED": _("已改账"),
    "BOOKED_IN": _("已去入库"),
    "SENT_ON": _("已转交"),
    "LOOKED": _("看过了"),
}
WHYS = {
    "SAME_TAIL": _("单号后四位一样"),
    "SAME_PERSON": _("同一个人的"),
    "SAME_NAME": _("名字像"),
    "SAME_CODE": _("取件码尾号一样"),
    "TOGETHER": _("同一会儿入库"),
    "SAME_PLACE": _("同一层"),
    "NEXT_LAYER": _("上下层"),
}
REASONS: dict[str, Text] = {
    "PARCEL_NOT_FOUND": _("上次没找到你的件，这次先办"),
    "PICKUP_CODE": _("取件码出过错，这次先办"),
    "TAKEN_BY_OTHER": _("你的件被错拿过，这次先办"),
}
REASONS_FOR_KEEPER: dict[str, Text] = {
    "PARCEL_NOT_FOUND": _("上次没找到件"),
    "PICKUP_CODE": _("取件码出过错"),
    "TAKEN_BY_OTHER": _("件被错拿过"),
}
MACHINES: dict[str, tuple[Text, Text, str]] = {
    "SCREEN": (_("叫号屏"), _("在电视的浏览器里打开，挂在进门看得到的地方"), "eye"),
    "KIOSK": (_("自助取件机"), _("在触摸屏上打开，接上扫码枪"), "ticket"),
    "LINE": (_("扫码取号"), _("贴在门口，叫号屏上也会显示"), "qr"),
}


def wait_words(expected: Expected | None) -> str:
    """约 3–5 分钟; '' where nothing can be promised."""
    if expected is None:
        return ""
    if expected.is_now:
        return gettext("马上轮到")
    if expected.is_long:
        return gettext("%(most)s 分钟以上") % {"most": LONGEST_MIN}
    if expected.low_min == 0:
        return ngettext("%(most)s 分钟以内", "%(most)s 分钟以内", expected.high_min) % {
            "most": expected.high_min
        }
    if expected.low_min == expected.high_min:
        return ngettext("约 %(most)s 分钟", "约 %(most)s 分钟", expected.high_min) % {
            "most": expected.high_min
        }
    return gettext("约 %(least)s–%(most)s 分钟") % {"least": expected.low_min, "most": expected.high_min}


def minutes_words(seconds: float) -> str:
    """3 分 20 秒 as people say it: 不到 1 分钟, 3 分钟."""
    if seconds < 45:
        return gettext("不到 1 分钟")
    minutes = round(seconds / 60) or 1
    return ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}


CALLS = {
    "REACHED": _("打通了"),
    "NO_ANSWER": _("没人接"),
    "WRONG_NUMBER": _("号码不对"),
}
