"""Lines of a case's history: how the verbs write them, and how Yishi's own are put into words when read."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yishi.cases.models import Audience, Author, Case, CaseStatus, Category, TimelineEntry, Validity
from yishi.people.rules import Viewer


def write_entry(
    case: Case,
    kind: str,
    audience: Audience,
    *,
    by: Viewer | None,
    at: datetime,
    author: Author | None = None,
    text: str = "",
    data: Mapping[str, Any] | None = None,
) -> TimelineEntry:
    """Adds a line to the case's history. Without `author`: staff for a viewer, else the consumer."""
    return TimelineEntry.objects.create(
        case=case,
        kind=kind,
        audience=audience,
        text=text,
        data=dict(data or {}),
        author_kind=author or author_of(by),
        author_id=by.user_id if by else None,
        at=at,
    )


def author_of(by: Viewer | None) -> Author:
    if by is None:
        return Author.CONSUMER
    return Author.SYSTEM if by.kind == "SYSTEM" else Author.STAFF


# why a case stands where it stands (`routing.rules`)
_REASONS: Mapping[str, Callable[[], str]] = {
    "LAST_HELD": lambda: _("包裹最近在这个网点，或由它派送"),
    "DESTINATION": lambda: _("这个网点是目的网点"),
    "SERVICE_AREA": lambda: _("收件地址在这个网点的服务范围"),
    "UNKNOWN_PARCEL": lambda: _("还没有这个单号的物流信息，先由总部核实"),
    "NO_OUTLET": lambda: _("物流信息里没有我们的网点，先由总部核实"),
}


def title_of(kind: str) -> str:
    """A few words that say what a line is."""
    titles = {
        "OPENED": _("收到诉求"),
        "REPEAT": _("重复诉求"),
        "ROUTED": _("送到网点"),
        "ASSIGNED": _("转交"),
        "REPLY": _("网点回复"),
        "NOTE": _("内部备注"),
        "CONSUMER": _("客户留言"),
        "EVIDENCE": _("补充凭证"),
        "STATUS": _("状态变化"),
        "RESOLVED": _("处理结果"),
        "FINDING": _("核实结果"),
        "REOPENED": _("重新打开"),
        "ESCALATED": _("要求升级"),
        "WITHDRAWN": _("撤回诉求"),
        "CLOSED": _("工单关闭"),
        "CLOCK_WARNED": _("时限提醒"),
        "CLOCK_BREACHED": _("超时"),
        "CLOCK_ESCALATED": _("超时升级"),
        "PAUSE_OVER": _("暂停到期"),
        "RATED": _("客户评价"),
    }
    return titles.get(kind, kind)


def sentence_of(kind: str, data: Mapping[str, Any]) -> str:
    """What a line says where nobody wrote a text; '' when the title says it all."""
    say = _SENTENCES.get(kind)
    return say(data) if say else ""


def told_of(kind: str, data: Mapping[str, Any]) -> str:
    """The same for the person whose case it is: no words of the house, and nobody calls him a customer."""
    say = _TOLD.get(kind)
    return say(data) if say else sentence_of(kind, data)


def _routed(data: Mapping[str, Any]) -> str:
    to = _("已送到%(outlet)s") % {"outlet": data["outlet"]} if data.get("outlet") else _("已送到总部客服")
    why = _REASONS.get(data.get("reason", ""))
    return f"{to}：{why()}" if why else to


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
    return _("补充了 %(count)d 个附件") % {"count": data["files"]} if data.get("files") else ""


def _clock(data: Mapping[str, Any]) -> str:
    names = {
        "FIRST_RESPONSE": _("首次回复"),
        "NEXT_UPDATE": _("下次告诉顾客"),
        "RESOLUTION": _("处理办法"),
        "EXTERNAL": _("外部工单时限"),
        "REGULATOR": _("邮政申诉答复"),
        "ARBITRATION": _("仲裁举证"),
    }
    return names.get(data.get("clock", ""), "")


def _warned(data: Mapping[str, Any]) -> str:
    return _("“%(clock)s”的时限已用去 %(share)d%%") % {"clock": _clock(data), "share": data["share"]}


def _breached(data: Mapping[str, Any]) -> str:
    return _("“%(clock)s”超过了时限") % {"clock": _clock(data)}


def _clock_escalated(data: Mapping[str, Any]) -> str:
    to = _("网点负责人") if data.get("level") == 1 else _("总部")
    return _("“%(clock)s”超时，已升级到%(to)s") % {"clock": _clock(data), "to": to}


def _pause_over(data: Mapping[str, Any]) -> str:
    return _("“%(clock)s”暂停已到上限，继续计时") % {"clock": _clock(data)}


def _repeat(data: Mapping[str, Any]) -> str:
    return _("30 天内第 %(count)d 次，上一件是 %(case_no)s") % {
        "count": data["count"] + 1,
        "case_no": data["case_no"],
    }


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "REPEAT": _repeat,
    "ROUTED": _routed,
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
    "CLOCK_ESCALATED": _clock_escalated,
    "PAUSE_OVER": _pause_over,
    "RATED": lambda data: _("客户给了 %(score)d 星") % {"score": data["score"]},
}


def _told_status(data: Mapping[str, Any]) -> str:
    told = {
        "WAITING_CUSTOMER": _("等你补充或回复，才能接着办"),
        "WAITING_THIRD_PARTY": _("在等别处答复，有结果马上告诉你"),
    }
    return told.get(data["status"], _("有人接手了，正在处理"))


def _told_closed(data: Mapping[str, Any]) -> str:
    return _("72 小时内没有异议") if data.get("why") == "time" else _("你说解决了")


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "STATUS": _told_status,
    "WITHDRAWN": lambda data: "",
    "REOPENED": lambda data: "",
    "CLOSED": _told_closed,
}
