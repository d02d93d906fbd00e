"""How a station's pages say states, kinds and steps."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    "OVERDUE": _("再打一次电话；三天还不来就退回"),
    "NORMAL": _("还在免费保管期"),
}
STEPS = {
    "BOOKED_IN": _("入库"),
    "UNDONE": _("撤销入库"),
    "SHELVED": _("换位置"),
    "EXTENDED": _("延期"),
    "CHOSEN": _("收件人选了怎么取"),
    "SENT_AGAIN": _("重发取件码"),
    "HANDED_OUT": _("出库"),
    "RETURNED": _("退回快递公司"),
    "MOVED": _("转出"),
    "LOST": _("品牌系统登记遗失或销毁"),
}
HOW = {
    "CODE": _("取件码对上了"),
    "DYNAMIC": _("动态码对上了"),
    "TAIL": _("尾号和姓名对上了"),
    "ID": _("看过证件"),
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
}
