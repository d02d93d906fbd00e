"""What the history says of work orders of others: their news, and our answer there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.kinds import Say, Titles

TITLES: Titles = {
    "EXTERNAL_DUE": gettext_lazy("来源改了时限"),
    "EXTERNAL_STATE": gettext_lazy("来源的状态"),
    "EXTERNAL_TEXT": gettext_lazy("来源补充"),
    "ANSWERED_THERE": gettext_lazy("已在来源系统填写"),
    "NOT_ANSWERED_THERE": gettext_lazy("取消“已填写”"),
    "ANSWER_NOT_TAKEN": gettext_lazy("回填没有提交成"),
}


def _moment(said: str) -> str:
    if not said:
        return _("没有时限")
    return f"{datetime.fromisoformat(said).astimezone(ZoneInfo(settings.TIME_ZONE)):%m-%d %H:%M}"


def _due(data: Mapping[str, Any]) -> str:
    return _("外部工单时限从 %(old)s 改到 %(new)s，按新的时限重新计时") % {
        "old": _moment(data.get("old", "")),
        "new": _moment(data["due_at"]),
    }


def _state(data: Mapping[str, Any]) -> str:
    return _("来源系统里现在是“%(state)s”") % {"state": data["state"]}


def _answered(data: Mapping[str, Any]) -> str:
    return _("由接口提交，对方收下了") if data.get("by_api") else _("有人在来源系统里填好了")


def _not_taken(data: Mapping[str, Any]) -> str:
    if data.get("unsure"):
        return _("不确定对方收到没有，请到来源系统看一眼：%(error)s") % {"error": data.get("error", "")}
    return _("对方没有收，请到来源系统填写：%(error)s") % {"error": data.get("error", "")}


SENTENCES: Say = {
    "EXTERNAL_DUE": _due,
    "EXTERNAL_STATE": _state,
    "ANSWERED_THERE": _answered,
    "ANSWER_NOT_TAKEN": _not_taken,
}
