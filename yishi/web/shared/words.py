"""The words that pages use for states, events, categories and clocks, with their icons and colours."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Sign(NamedTuple):
    """How a state is shown: always a word with an icon and a role of colour, never colour alone."""

    word: str | Promise
    icon: str
    role: str


UNKNOWN = Sign(_("情况不明"), "info", "is-idle")

MILESTONES: dict[str, Sign] = {
    "CREATED": Sign(_("已下单"), "parcel", "is-idle"),
    "ACCEPTED": Sign(_("已收件"), "parcel", "is-brand"),
    "IN_TRANSIT": Sign(_("运输中"), "route", "is-brand"),
    "AT_OUTLET": Sign(_("到网点了"), "station", "is-brand"),
    "OUT_FOR_DELIVERY": Sign(_("派送中"), "truck", "is-brand"),
    "AT_PICKUP_POINT": Sign(_("到了，可以取"), "locker", "is-good"),
    "DELIVERED": Sign(_("已签收"), "ok", "is-good"),
    "DELIVERY_FAILED": Sign(_("没送成"), "alert", "is-warn"),
    "RETURNING": Sign(_("退回途中"), "back", "is-warn"),
    "RETURNED": Sign(_("已退回"), "back", "is-idle"),
    "CANCELLED": Sign(_("已取消"), "x", "is-idle"),
    "LOST": Sign(_("已报遗失"), "alert", "is-bad"),
    "UNKNOWN": UNKNOWN,
}

WISHES: dict[str, Sign] = {
    "NO_LOCKER": Sign(_("不要放柜"), "locker", "is-plum"),
    "NO_STATION": Sign(_("不要放驿站"), "station", "is-plum"),
    "DOOR": Sign(_("送货上门"), "door", "is-plum"),
    "CALL_FIRST": Sign(_("先打电话"), "phone", "is-plum"),
    "GUARD": Sign(_("放门卫"), "lodge", "is-plum"),
    "TIME_WINDOW": Sign(_("只在这段时间送"), "clock", "is-plum"),
    "VOICE_CALL": Sign(_("打语音电话"), "phone", "is-plum"),
    "NEIGHBOUR": Sign(_("可交给邻居"), "people", "is-plum"),
}

CASE_STATUSES: dict[str, Sign] = {
    "OPEN": Sign(_("待受理"), "inbox", "is-info"),
    "IN_PROGRESS": Sign(_("处理中"), "search", "is-brand"),
    "WAITING_CUSTOMER": Sign(_("待客户回复"), "chat", "is-warn"),
    "WAITING_THIRD_PARTY": Sign(_("待第三方"), "pause", "is-idle"),
    "RESOLVED": Sign(_("已解决（待确认）"), "ok", "is-good"),
    "CLOSED": Sign(_("已关闭"), "check", "is-idle"),
    "WITHDRAWN": Sign(_("已撤诉"), "undo", "is-idle"),
}

# The same states in the words of the person who waits.
CASE_STATUSES_FOR_CONSUMER: dict[str, Sign] = {
    "OPEN": Sign(_("已收到，等人接手"), "inbox", "is-brand"),
    "IN_PROGRESS": Sign(_("正在处理"), "search", "is-brand"),
    "WAITING_CUSTOMER": Sign(_("等你回复"), "chat", "is-warn"),
    "WAITING_THIRD_PARTY": Sign(_("在等别处答复"), "pause", "is-idle"),
    "RESOLVED": Sign(_("有结果了"), "ok", "is-good"),
    "CLOSED": Sign(_("已结束"), "check", "is-idle"),
    "WITHDRAWN": Sign(_("你已撤回"), "undo", "is-idle"),
}

PRIORITIES: dict[int, Sign] = {
    0: Sign(_("普通"), "minus", "is-idle"),
    1: Sign(_("优先"), "flag", "is-warn"),
    2: Sign(_("特急"), "flag", "is-bad"),
}

EVENT_KINDS: dict[str, str | Promise] = {
    "created": _("已下单，等快递员上门"),
    "pickup_pending": _("等快递员上门取件"),
    "pickup_failed": _("这次没取到件"),
    "accepted": _("已收件"),
    "departed_origin_outlet": _("离开寄件网点"),
    "arrived_hub": _("到达中转场"),
    "departed_hub": _("离开中转场"),
    "in_transit": _("运输中"),
    "arrived_destination_city": _("到达目的城市"),
    "customs": _("海关处理中"),
    "forwarded": _("转给别的网点"),
    "missorted": _("走错了路，正在改正"),
    "address_changed": _("地址已改"),
    "intercepted": _("已拦截"),
    "arrived_at_outlet": _("到达派送网点"),
    "delivery_scheduled": _("约好了派送时间"),
    "redelivery_scheduled": _("约好了再送一次"),
    "out_for_delivery": _("快递员出发派送"),
    "retrieved_by_courier": _("快递员从代收点取回，准备再送"),
    "stored_at_pickup_point": _("放进了驿站或快递柜"),
    "delivered": _("已签收"),
    "delivery_failed": _("这次没送成"),
    "refused": _("收件人拒收"),
    "returning": _("正在退回"),
    "returned": _("已退回寄件人"),
    "cancelled": _("已取消"),
    "destroyed": _("已销毁"),
    "lost": _("已报遗失"),
    "delayed": _("快递公司说会晚到"),
    "stalled": _("有一阵没动静"),
    "pickup_overdue": _("放了很久还没取"),
    "no_info": _("还没有走件记录"),
    "damaged": _("快递公司记了破损"),
    "weight_changed": _("重量有更正"),
    "proof_available": _("签收凭证已上传"),
    "exception": _("快递公司记了异常"),
    "unknown": _("快递公司的一条记录"),
}
WARNING_EVENTS = {
    "missorted",
    "delivery_failed",
    "refused",
    "delayed",
    "stalled",
    "pickup_overdue",
    "exception",
}
BAD_EVENTS = {"damaged", "lost", "destroyed"}

CATEGORIES: dict[str, str | Promise] = {
    "SIGNED_NOT_RECEIVED": _("显示签收未收到"),
    "FALSE_SIGN_OFF": _("虚假签收"),
    "NO_DOOR_DELIVERY": _("未按需送货上门"),
    "UNCONSENTED_PLACEMENT": _("未经同意投柜、投站或放门口"),
    "LOST": _("疑似丢失"),
    "PARCEL_NOT_FOUND": _("驿站找不到件"),
    "SHORT": _("内件短少"),
    "CONTENT_MISMATCH": _("内件不符"),
    "DAMAGED": _("破损"),
    "MISDELIVERED": _("送错"),
    "TAKEN_BY_OTHER": _("错拿"),
    "DELAY": _("时效延误"),
    "ATTITUDE": _("服务态度"),
    "PICKUP_CODE": _("取件码问题"),
    "STATION_SERVICE": _("驿站服务"),
    "DELIVERY_SERVICE": _("其他派送问题"),
    "ACCEPTANCE": _("收寄服务"),
    "OVERCHARGE": _("违规收费"),
    "CASH_ON_DELIVERY": _("代收货款"),
    "PRIVACY": _("个人信息泄露"),
    "SAFETY": _("安全"),
    "URGE": _("催件"),
    "REDIRECT": _("改地址"),
    "RESCHEDULE": _("改派送时间"),
    "INTERCEPT": _("拦截"),
    "RETURN": _("退回"),
    "ENQUIRY": _("咨询查件"),
    "SUGGESTION": _("建议"),
    "PRAISE": _("表扬"),
    "OTHER": _("其他"),
}

CLOCKS: dict[str, str | Promise] = {
    "FIRST_RESPONSE": _("首次回复"),
    "NEXT_UPDATE": _("下次告诉顾客"),
    "RESOLUTION": _("处理办法"),
    "EXTERNAL": _("来源要求的期限"),
    "REGULATOR": _("邮政申诉（12305）期限"),
    "ARBITRATION": _("仲裁期限"),
    "APPEAL_RIGHT": _("七天答复投诉"),
}

SOURCES: dict[str, str | Promise] = {
    "SELF": _("网页"),
    "HQ": _("总部"),
    "CAINIAO": _("菜鸟"),
    "TAOTIAN": _("淘天"),
    "PINDUODUO": _("拼多多"),
    "DOUYIN": _("抖音"),
    "WECHAT": _("微信"),
    "REGULATOR_12305": _("邮政 12305"),
    "HOTLINE_12345": _("12345 热线"),
    "CONSUMER_12315": _("12315"),
    "MEDIA": _("媒体"),
    "PHONE": _("电话"),
    "WALK_IN": _("上门"),
    "GROUP_CHAT": _("群聊"),
    "COURIER_NOTE": _("快递员备注"),
    "SYSTEM": _("系统"),
}

# how likely a parcel that is out will be complained of
RISKS = {
    "HIGH": Sign(_("风险高"), "alert", "is-bad"),
    "MID": Sign(_("风险中"), "flag", "is-warn"),
    "LOW": Sign(_("风险低"), "ok", "is-idle"),
}

# why a number is thought to be a carrier's (`shipments.rules.recognition.Reason`)
RECOGNISED: dict[str, str | Promise] = {
    "prefix": _("开头字母是它的"),
    "pattern": _("位数和开头像它的"),
    "loose": _("见过这样的号"),
    "check_digit": _("校验位对得上"),
    "wrong_check_digit": _("像它的号，但校验位不对，可能抄错了一位"),
    "own_prefix": _("我们这样的号多是它的"),
    "own_share": _("我们的件常由它送"),
}
