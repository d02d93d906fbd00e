"""The words of the operator's pages: how a source stands, why a body could not be read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.feeds.queries.health import SourceHealth
from yishi.feeds.rules import DETAILS, MAPPABLE
from yishi.shipments.rules.milestones import MILESTONE_OF, RANK
from yishi.web.shared.words import EVENT_KINDS, MILESTONES, Sign

HEALTHS: dict[str, Sign] = {
    "WELL": Sign(_("正常"), "ok", "is-good"),
    "QUIET": Sign(_("一天没有数据"), "pause", "is-idle"),
    "TROUBLED": Sign(_("有读不懂的"), "alert", "is-warn"),
    "PAUSED": Sign(_("已暂停"), "stop", "is-bad"),
}

NEVER_CAME = Sign(_("还没有来过数据"), "pause", "is-idle")
SILENT = Sign(_("该来没来"), "alert", "is-bad")
UNSURE = Sign(_("有不认识的代码"), "alert", "is-warn")


def sign_of(source: SourceHealth) -> Sign:
    """The worst first; a source that never sent anything is not one that fell silent."""
    if source.health == "PAUSED":
        return HEALTHS["PAUSED"]
    if source.silent_since is not None:
        return SILENT
    if source.health == "TROUBLED":
        return HEALTHS["TROUBLED"]
    if source.unknown_codes:
        return UNSURE
    return (
        NEVER_CAME if source.health == "QUIET" and source.last_received_at is None else HEALTHS[source.health]
    )


REASONS: dict[str, str | Promise] = {
    "bad_json": _("不是完整的 JSON"),
    "bad_csv": _("表格的分隔或引号不对"),
    "bad_encoding": _("编码不对，应为 UTF-8"),
    "old_excel": _("旧版 Excel，请另存为 xlsx"),
    "empty": _("内容是空的"),
    "too_large": _("内容太大"),
    "missing_field": _("缺少必要的内容"),
    "not_framed": _("认不出是什么格式"),
    "unknown_push_state": _("推送的状态不认识"),
    "bad_signature": _("签名对不上"),
    "paused": _("来源已暂停"),
    "failed": _("程序没能处理"),
}

PROMISE_STATES: dict[str, Sign] = {
    "RUNNING": Sign(_("正在用"), "ok", "is-good"),
    "COMING": Sign(_("还没开始"), "clock", "is-idle"),
    "ENDED": Sign(_("已停用"), "stop", "is-idle"),
}

CHANNELS: dict[str, str | Promise] = {
    "EMAIL": _("邮件"),
    "SMS": _("短信"),
    "WECHAT": _("微信"),
    "VOICE": _("语音电话"),
}
AHEAD_MODES: dict[str, str | Promise] = {
    "OFF": _("不发"),
    "SOME": _("只发有要求、有承诺或有风险的"),
    "ALL": _("都发"),
}
CALL_STATES: dict[str, str | Promise] = {
    "ANSWERED": _("接了，没有按键"),
    "NO_ANSWER": _("没人接"),
    "BUSY": _("占线"),
    "FAILED": _("打不通"),
    "UNHEARD": _("不知道接没接"),
    "": _("正在打"),
}
CALL_KEYS: dict[str, str | Promise] = {
    "1": _("按了 1：在家等"),
    "2": _("按了 2：换个时间"),
    "3": _("按了 3：放门卫"),
}

NOTICE_KINDS: dict[str, str | Promise] = {
    "ACK": _("收到诉求"),
    "PUBLIC_STEP": _("处理进度"),
    "SETTLED": _("处理结果"),
    "RATING_REQUEST": _("邀请评价"),
    "CODE": _("验证码"),
    "ETA_SLIP": _("快递要晚到"),
    "INCIDENT": _("快递遇到问题"),
    "WISH": _("问收货偏好"),
    "AHEAD": _("今天派送"),
    "AHEAD_SLIP": _("今天要晚到"),
    "STAFF_WARNING": _("快到时限"),
    "STAFF_BREACH": _("已超时限"),
    "STAFF_ESCALATION": _("升级提醒"),
    "STAFF_WORK": _("请人处理"),
}


# ---- what codes mean

DETAIL_WORDS: dict[str, str | Promise] = {
    "unreachable": _("联系不上"),
    "out_of_area": _("超出派送范围"),
    "bad_address": _("地址不对"),
    "bad_phone": _("电话不对"),
    "business_closed": _("单位下班或没人"),
    "security": _("安检原因"),
    "other": _("其他原因"),
    "locker": _("快递柜"),
    "station": _("驿站"),
    "agent": _("代收点"),
    "sf_store": _("自营门店"),
    "locker_or_station": _("快递柜或驿站"),
    "self": _("本人签收"),
    "proxy": _("代签"),
    "pickup_point": _("代收点签收"),
    "after_exception": _("异常后签收"),
    "cod": _("货到付款签收"),
    "unknown": _("谁签的不明"),
    "pending": _("等待清关"),
    "processing": _("清关中"),
    "released": _("已放行"),
    "exception": _("清关异常"),
    "new_address": _("改了地址"),
    "other_carrier": _("转给别的快递公司"),
}


def meaning_word(kind: str, detail: str) -> str:
    """已签收 · 代签"""
    word = str(EVENT_KINDS.get(kind, kind))
    return f"{word} · {DETAIL_WORDS.get(detail, detail)}" if detail else word


def meaning_of_value(value: str) -> tuple[str, str]:
    """(kind, detail) of a choice `delivered/proxy`; what is no choice is refused by the action."""
    kind, _slash, detail = value.partition("/")
    return kind, detail


def meaning_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every meaning a code may be given, under the milestone that it moves a parcel to."""
    groups: dict[str, list[tuple[str, str]]] = {}
    kinds = sorted(MAPPABLE, key=lambda kind: (RANK.get(kind, 99), kind))
    for kind in kinds:
        milestone = MILESTONE_OF.get(kind)
        name = str(MILESTONES[milestone].word if milestone else UNMOVED)
        choices = groups.setdefault(name, [])
        choices.append((f"{kind}/", meaning_word(kind, "")))
        choices += [(f"{kind}/{detail}", meaning_word(kind, detail)) for detail in DETAILS.get(kind, ())]
    unmoved = groups.pop(str(UNMOVED))
    return [*groups.items(), (str(UNMOVED), unmoved)]


UNMOVED = _("只记一笔，不改变物流状态")

REFUSALS: dict[str, str | Promise] = {
    "bad_waybill_no": _("运单号不对"),
    "unknown_kind": _("不认识的节点类型"),
    "bad_time": _("时间读不懂"),
    "time_without_offset": _("时间没有时区"),
    "time_out_of_range": _("时间太早或在将来"),
    "too_long": _("内容太长"),
    "missing_field": _("缺少必要的内容"),
    "bad_amount": _("金额不对"),
}

# how often a source may be asked about a parcel, in minutes
POLLED: tuple[tuple[int, str | Promise], ...] = (
    (0, _("不查，只等推送")),
    (30, _("每 30 分钟")),
    (60, _("每小时")),
    (120, _("每 2 小时")),
    (240, _("每 4 小时")),
    (720, _("每 12 小时")),
    (1440, _("每天")),
)

EXPECTED: tuple[tuple[int, str | Promise], ...] = (
    (0, _("不盯，多久没有都不报警")),
    (1, _("1 小时")),
    (2, _("2 小时")),
    (6, _("6 小时")),
    (12, _("12 小时")),
    (24, _("1 天")),
    (72, _("3 天")),
    (168, _("7 天")),
)

# what programs are told by webhooks, and why they were not
CALL_EVENTS: dict[str, str | Promise] = {
    "case.opened": _("新工单"),
    "case.updated": _("工单有变化"),
    "case.resolved": _("工单已解决"),
    "shipment.incident": _("快递异常"),
    "rating.received": _("收到评价"),
    "parcel.booked_in": _("驿站入库"),
    "parcel.handed_out": _("驿站出库"),
    "parcel.returned": _("驿站退回"),
    "webhook.test": _("测试"),
}
CALL_ERRORS: dict[str, str | Promise] = {
    "unknown host": _("域名解析不到"),
    "address not allowed": _("域名指向内网地址，没有允许"),
    "ConnectError": _("连不上"),
    "ConnectTimeout": _("连接超时"),
    "ReadTimeout": _("5 秒内没有应答"),
    "RemoteProtocolError": _("应答不是正常的 HTTP"),
    "nobody answered the call before": _("前一条没人应答，这条也先等着"),
    "removed": _("回调已删除"),
}
PAUSED_CALLS: dict[str, str | Promise] = {
    "410": _("对方说这个地址不再用了（410），已停"),
    "3 days": _("连着三天一条都没送到，已停"),
    "by hand": _("有人按了暂停"),
}
