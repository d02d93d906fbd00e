"""What the stopping of a parcel tells: who has it, until when it can be stopped, how it came out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.kinds import Say, Titles
from yishi.cases.rules.interceptions import Chance
from yishi.kit.phrases import joined, remarked

TITLES: Titles = {
    "INTERCEPT_ASKED": gettext_lazy("拦截包裹"),
    "INTERCEPT_MOVED": gettext_lazy("拦截换人办"),
    "INTERCEPT_HELD": gettext_lazy("扫描时拦下"),
    "INTERCEPT_CARRIED_ON": gettext_lazy("拦截未拦"),
    "INTERCEPT_FOUND": gettext_lazy("拦截怎么办的"),
    "INTERCEPT_ENDED": gettext_lazy("拦截结果"),
    "INTERCEPT_FREED": gettext_lazy("拦截放行"),
    "INTERCEPT_KNOWN": gettext_lazy("已在拦截"),
}


def holder_words(holder: str, outlet: str) -> str:
    """Who has the parcel, by its record."""
    names = {
        "ORIGIN": _("发件网点"),
        "ROAD": _("路上"),
        "HUB": _("转运中心"),
        "DESTINATION": _("派件网点"),
        "COURIER": _("快递员手里"),
        "STATION": _("驿站或快递柜"),
        "NOBODY": _("不在我们手里"),
    }
    name = names.get(holder, _("还没有扫描，不知道在哪里"))
    if outlet and holder in ("ROAD", "HUB"):
        return _("%(place)s（下一站%(outlet)s）") % {"place": name, "outlet": outlet}
    return remarked(name, outlet)


def asked_words(asked: str) -> str:
    return {"RETURN": _("退回寄件人"), "NEW_ADDRESS": _("改送别处")}.get(asked, _("先留住"))


def until_words(data: Mapping[str, Any]) -> str:
    """Until when it can still be stopped, and why then."""
    if not data.get("until"):
        return ""
    local = datetime.fromisoformat(data["until"]).astimezone(timezone.get_current_timezone())
    said = {
        "BEFORE_DEPARTURE": _("%(moment)s 发车前还拦得住"),
        "BEFORE_ROUND": _("%(moment)s 出仓派件前还拦得住"),
    }.get(data.get("why", ""), _("已经在派或待取，要马上拦（%(moment)s 前答复）"))
    return said % {"moment": f"{local:%m-%d %H:%M}"}


def chance_words(chance: Chance, outlet: str) -> str:
    """Whether a parcel can still be stopped, as anybody may be told; never more than its record says."""
    if chance.until is None:
        return _("来不及了：包裹%(why)s") % {"why": _why_late(chance.why)}
    until = {"until": chance.until.isoformat(), "why": chance.why}
    said = {"holder": holder_words(chance.holder, outlet), "until": until_words(until)}
    return _("包裹在%(holder)s，%(until)s") % said


def result_words(state: str, why: str, asked: str) -> str:
    """How an interception came out, in a sentence."""
    return _ended({"state": state, "why": why, "asked": asked})


def _standing(data: Mapping[str, Any]) -> str:
    where = _("包裹在%(holder)s") % {"holder": holder_words(data["holder"], data.get("outlet", ""))}
    return joined((where, until_words(data)), "，")


def _asked(data: Mapping[str, Any]) -> str:
    said = {"asked": asked_words(data["asked"]), "standing": _standing(data)}
    return _("要求%(asked)s，扫描已锁住：%(standing)s") % said


def _told_asked(data: Mapping[str, Any]) -> str:
    said = {"asked": asked_words(data["asked"]), "standing": _standing(data)}
    return _("已经通知拦下（%(asked)s）：%(standing)s；拦没拦住都会告诉你") % said


def _why_late(why: str) -> str:
    return {
        "SIGNED": _("已经签收"),
        "GOES_BACK": _("已经在退回的路上"),
        "CANCELLED": _("已经取消"),
        "LOST": _("已经报丢失"),
    }.get(why, "")


def _ended(data: Mapping[str, Any]) -> str:
    why = _why_late(data.get("why", ""))
    said = {
        "STOPPED": _("包裹拦住了，接着%(asked)s") % {"asked": asked_words(data["asked"])},
        "TOO_LATE": _("来不及了：要求拦截时包裹%(why)s") % {"why": why},
        "MISSED": _("没拦住：拦截以后包裹还是送出去了"),
        "REFUSED": _("这件不能拦"),
        "WITHDRAWN": _("不用拦了，包裹照常走"),
    }
    return said.get(data["state"], "")


def _told_ended(data: Mapping[str, Any]) -> str:
    more = {
        "TOO_LATE": _("拦不了，可以和收件人商量，或告诉我们想怎么办"),
        "MISSED": _("是我们没办好，负责人会联系你商量怎么补救"),
        "REFUSED": _("原因请看网点的回复"),
    }.get(data["state"])
    return _("。").join(part for part in (_ended(data), more) if part)


def _held(data: Mapping[str, Any]) -> str:
    who = data.get("courier") or data.get("station") or _("扫描枪")
    kinds = {"OUT_FOR_DELIVERY": _("派件出仓"), "SIGN": _("签收"), "HAND_OUT": _("出库")}
    return _("%(who)s 扫“%(kind)s”，已拦下") % {"who": who, "kind": kinds.get(data["kind"], "")}


SENTENCES: Say = {
    "INTERCEPT_ASKED": _asked,
    "INTERCEPT_MOVED": _standing,
    "INTERCEPT_HELD": _held,
    "INTERCEPT_CARRIED_ON": lambda data: _("已要求拦截，包裹还是出仓或入站了，正在追"),
    "INTERCEPT_ENDED": _ended,
    "INTERCEPT_KNOWN": lambda data: _("这一件已经在拦，见工单 %(case_no)s") % {"case_no": data["case_no"]},
}

TOLD: Say = {
    "INTERCEPT_ASKED": _told_asked,
    "INTERCEPT_CARRIED_ON": lambda data: _("要求拦截以后，包裹还是往下走了；已请负责人马上追"),
    "INTERCEPT_ENDED": _told_ended,
}
