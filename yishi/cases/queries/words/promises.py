"""What the clocks and the regulator tell: moved deadlines, levels of the chain, notices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.core import clock_name
from yishi.cases.queries.words.kinds import Say, Titles
from yishi.kit.phrases import joined

TITLES: Titles = {
    "CLOCKS_MOVED": gettext_lazy("时限改变"),
    "PAUSE_GOES_ON": gettext_lazy("接着暂停"),
    "CLOCKS_REST": gettext_lazy("时限暂停"),
    "REGULATOR_NOTICE": gettext_lazy("收到邮政申诉转告"),
    "REGULATOR_LIFTED": gettext_lazy("邮政申诉已答复"),
}


def _why(data: Mapping[str, Any]) -> str:
    reasons = {
        "POLICY": _("处理时限的规定改了"),
        "CALENDAR": _("工作时间表改了"),
        "CALENDAR_GONE": _("网点自己的工作时间表撤了，按全公司的算"),
        "TYPE": _("工单类型改了"),
        "PRIORITY": _("紧急程度改了"),
        "OUTLET": _("换了网点"),
        "EVENT": _("大范围延误过去了，停的时间补上"),
        "UNMERGED": _("合并撤销，时限按这件自己的"),
    }
    return reasons.get(data.get("why", ""), _("规定改了"))


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(timezone.get_current_timezone()):%m-%d %H:%M}"


def _moved(data: Mapping[str, Any]) -> str:
    each = [
        _("“%(clock)s”从 %(old)s 改到 %(new)s")
        % {"clock": clock_name(move), "old": _moment(move["old"]), "new": _moment(move["new"])}
        for move in data["moves"]
    ]
    return _("%(why)s：%(moves)s") % {"why": _why(data), "moves": joined(each, "；")}


def _goes_on(data: Mapping[str, Any]) -> str:
    each = joined(clock_name({"clock": clock}) for clock in data["clocks"])
    said = _("合并撤销，%(clocks)s从 %(since)s 起接着暂停")
    return joined([said % {"clocks": each, "since": _moment(data["since"])}, data["reason"] or None], "：")


def _rest(data: Mapping[str, Any]) -> str:
    each = joined(clock_name({"clock": clock}) for clock in data["clocks"])
    said = _("大范围延误“%(said)s”，%(clocks)s最长停到 %(until)s，过后补上")
    return said % {"said": data["said"], "clocks": each, "until": _moment(data["until"])}


def _notice(data: Mapping[str, Any]) -> str:
    said = _("%(moment)s 收到") % {"moment": _moment(data["received_at"])}
    if data.get("notice_no"):
        said = _("%(said)s，文号 %(no)s") % {"said": said, "no": data["notice_no"]}
    if data.get("days"):
        said = _("%(said)s，写明 %(days)d 天内答复") % {"said": said, "days": data["days"]}
    return said


def _escalated(data: Mapping[str, Any]) -> str:
    names = {
        "ON_DUTY": _("当班的人"),
        "OUTLET_MANAGER": _("网点负责人"),
        "REGION": _("片区"),
        "HEAD_OFFICE": _("总部质控"),
        "OWNER": _("老板"),
    }
    old = _("网点负责人") if data.get("level") == 1 else _("总部")
    to = names.get(data.get("who", ""), old)
    return _("“%(clock)s”超时，已升级到%(to)s") % {"clock": clock_name(data), "to": to}


SENTENCES: Say = {
    "CLOCKS_MOVED": _moved,
    "PAUSE_GOES_ON": _goes_on,
    "CLOCKS_REST": _rest,
    "REGULATOR_NOTICE": _notice,
    "CLOCK_ESCALATED": _escalated,
}
