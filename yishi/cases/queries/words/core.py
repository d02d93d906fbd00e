"""What every case tells: opened, placed, answered, settled, reopened, its clocks."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yishi.cases.models.case import CaseStatus, Category, Validity
from yishi.cases.queries.words.kinds import Say, Titles
from yishi.kit.phrases import joined, say

TITLES: Titles = {
    "OPENED": gettext_lazy("收到诉求"),
    "REPEAT": gettext_lazy("重复诉求"),
    "ASSIGNED": gettext_lazy("转交"),
    "REPLY": gettext_lazy("网点回复"),
    "NOTE": gettext_lazy("内部备注"),
    "CONSUMER": gettext_lazy("客户留言"),
    "EVIDENCE": gettext_lazy("补充凭证"),
    "STATUS": gettext_lazy("状态变化"),
    "RESOLVED": gettext_lazy("处理结果"),
    "FINDING": gettext_lazy("核实结果"),
    "REOPENED": gettext_lazy("重新打开"),
    "ESCALATED": gettext_lazy("要求升级"),
    "WITHDRAWN": gettext_lazy("撤回诉求"),
    "CLOSED": gettext_lazy("工单关闭"),
    "CLOCK_WARNED": gettext_lazy("时限提醒"),
    "CLOCK_BREACHED": gettext_lazy("超时"),
    "CLOCK_ESCALATED": gettext_lazy("超时升级"),
    "PAUSE_OVER": gettext_lazy("暂停到期"),
    "RATED": gettext_lazy("客户评价"),
}


def _status(data: Mapping[str, Any]) -> str:
    return _("状态改为“%(status)s”") % {"status": CaseStatus(data["status"]).label}


def _finding(data: Mapping[str, Any]) -> str:
    found = f"{Validity(data['validity']).label} · {Category(data['category']).label}"
    return f"{found} · {data['responsible']}" if data.get("responsible") else found


def _escalated(data: Mapping[str, Any]) -> str:
    return _("已请网点负责人处理") if data.get("level") == 1 else _("已请总部处理")


def _closed(data: Mapping[str, Any]) -> str:
    return _("72 小时内没有异议，工单自动关闭") if data.get("why") == "time" else _("已确认，工单关闭")


def _files(data: Mapping[str, Any]) -> str:
    count = int(data.get("files") or 0)
    return (
        ngettext("补充了 %(count)d 个附件", "补充了 %(count)d 个附件", count) % {"count": count}
        if count
        else ""
    )


def _rated(data: Mapping[str, Any]) -> str:
    score = int(data["score"])
    return ngettext("客户给了 %(score)d 星", "客户给了 %(score)d 星", score) % {"score": score}


def clock_name(data: Mapping[str, Any]) -> str:
    names = {
        "FIRST_RESPONSE": _("首次回复"),
        "NEXT_UPDATE": _("下次告诉顾客"),
        "RESOLUTION": _("处理办法"),
        "EXTERNAL": _("外部工单时限"),
        "REGULATOR": _("邮政申诉答复"),
        "ARBITRATION": _("仲裁举证"),
        "STEP": _("流程步骤"),
        "TASK": _("任务"),
        "HANDOVER": _("转交待接收"),
        "CLAIM": _("理赔"),
        "INTERCEPT": _("拦截"),
        "APPEAL_RIGHT": _("可向邮政管理部门申诉"),
    }
    title = say(data.get("said")) or data.get("title")
    return joined([names.get(data.get("clock", ""), ""), title], "：")


def _warned(data: Mapping[str, Any]) -> str:
    return _("“%(clock)s”的时限已用去 %(share)d%%") % {"clock": clock_name(data), "share": data["share"]}


def _breached(data: Mapping[str, Any]) -> str:
    return _("“%(clock)s”超过了时限") % {"clock": clock_name(data)}


def _pause_over(data: Mapping[str, Any]) -> str:
    return _("“%(clock)s”暂停已到上限，继续计时") % {"clock": clock_name(data)}


def _repeat(data: Mapping[str, Any]) -> str:
    return _("30 天内第 %(count)d 次，上一件是 %(case_no)s") % {
        "count": data["count"] + 1,
        "case_no": data["case_no"],
    }


SENTENCES: Say = {
    "REPEAT": _repeat,
    "STATUS": _status,
    "FINDING": _finding,
    "ESCALATED": _escalated,
    "WITHDRAWN": lambda data: _("客户撤回了诉求"),
    "REOPENED": lambda data: _("工单重新打开，继续处理"),
    "CLOSED": _closed,
    "CONSUMER": _files,
    "EVIDENCE": _files,
    "CLOCK_WARNED": _warned,
    "CLOCK_BREACHED": _breached,
    "PAUSE_OVER": _pause_over,
    "RATED": _rated,
}


def _told_status(data: Mapping[str, Any]) -> str:
    told = {
        "WAITING_CUSTOMER": _("等你补充或回复，才能接着办"),
        "WAITING_THIRD_PARTY": _("在等别处答复，有结果马上告诉你"),
    }
    return told.get(data["status"], _("有人接手了，正在处理"))


def _told_closed(data: Mapping[str, Any]) -> str:
    return _("72 小时内没有异议") if data.get("why") == "time" else _("你说解决了")


TOLD: Say = {
    "STATUS": _told_status,
    "WITHDRAWN": lambda data: "",
    "REOPENED": lambda data: "",
    "CLOSED": _told_closed,
}
