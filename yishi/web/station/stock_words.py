"""How the pages of counting, finding and figures say differences, steps and reasons."""

from django.utils.translation import gettext_lazy as _

from yishi.web.station.words import Mark

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
MOVES = {
    "BOOKED_IN": _("入库"),
    "UNDONE": _("撤销入库"),
    "SHELVED": _("移位"),
    "EXTENDED": _("延期"),
    "CHOSEN": _("改取件方式"),
    "SENT_AGAIN": _("重发通知"),
    "HANDED_OUT": _("出库"),
    "RETURNED": _("退回"),
    "MOVED": _("转出"),
    "LOST": _("品牌系统登记遗失或销毁"),
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
