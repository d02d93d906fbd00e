"""What the forms of a case offer: the next steps, states chosen by hand, remedies, findings."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.remedies import REMEDIES as REMEDIES
from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.status import CHOSEN_BY_HAND, may_move
from yishi.network.queries import OutletCard, list_outlets
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.web.desk.once import once
from yishi.web.shared import words

Text = str | Promise


def outlets_in_sight(viewer: Viewer) -> list[OutletCard]:
    """Out of all of them, which the page of a case reads for its hand-over and its tasks."""
    return [place for place in once(list_outlets, SYSTEM_VIEWER) if viewer.sees_outlet(place.code)]


class Pick(NamedTuple):
    """One thing that can be done now; `key` is its key on the keyboard."""

    step: str
    word: str
    icon: str
    key: str = ""


class Move(NamedTuple):
    value: str
    word: Text
    explain: Text


def steps(*, is_open: bool, may_assign: bool, has_macros: bool = False) -> list[Pick]:
    """The first is what the page opens with."""
    note = Pick("note", _("内部备注"), "lock", "N")
    if not is_open:
        return [note, Pick("reopen", _("重新办"), "undo")]
    assign = [Pick("assign", _("转给…"), "arrow", "A")] if may_assign else []
    return [
        Pick("reply", _("回复顾客"), "chat", "R"),
        note,
        *assign,
        Pick("status", _("改状态"), "flow"),
        Pick("settle", _("给处理办法"), "ok", "E"),
        *([Pick("macro", _("一键办理"), "play", "M")] if has_macros else []),
    ]


_MOVES: dict[str, Text] = {
    "IN_PROGRESS": gettext_lazy("正在办，时限照走"),
    "WAITING_CUSTOMER": gettext_lazy("等顾客补充或选择，处理时限暂停"),
    "WAITING_THIRD_PARTY": gettext_lazy("等转运中心、平台、派出所等答复，处理时限暂停"),
}


def moves(status: str) -> list[Move]:
    """The states that may be chosen by hand from this one."""
    return [
        Move(value, words.CASE_STATUSES[value].word, explain)
        for value, explain in _MOVES.items()
        if value in CHOSEN_BY_HAND and may_move(status, value)
    ]


def moves_by_hand() -> list[Move]:
    """All states that can be chosen by hand, for steps that meet cases in any state."""
    return [Move(value, words.CASE_STATUSES[value].word, explain) for value, explain in _MOVES.items()]


def scopes(viewer: Viewer, *, every: bool = False) -> list[tuple[str, str]]:
    """For whom something can be kept; `every` also where this person may not."""
    said = [("PERSONAL", _("只有我用")), ("OUTLET", _("网点一起用"))]
    may_all = every or viewer.may(Permission.POLICY_MANAGE)
    return [*said, ("OPERATOR", _("全公司一起用"))] if may_all else said


VALIDITIES: dict[str, Text] = {
    "VALID": gettext_lazy("属实"),
    "PARTLY": gettext_lazy("部分属实"),
    "INVALID": gettext_lazy("不属实"),
}


def findings() -> list[tuple[str, Text]]:
    """What it can turn out to be, which is more than what can be claimed."""
    return [(value, words.CATEGORIES.get(value, value)) for value in CATEGORIES]


def done_words(step: str) -> str:
    """What the page says after something has been done; '' for what nobody did."""
    said = {
        "reply": _("已发给顾客"),
        "note": _("备注记下了"),
        "assign": _("转过去了，时限照旧"),
        "status": _("状态改好了"),
        "regulator": _("记下了，邮政申诉的时限见“时限与依据”"),
        "settle": _("结果已发给顾客"),
        "reopen": _("重新办了，时限已开始"),
        "evidence": _("已加进证据"),
        "correct": _("更正记下了，原来那句照原样留着"),
        "macro": _("都办好了"),
        "task": _("任务派出去了"),
        "task_ended": _("任务的结果记下了"),
        "search_start": _("开始找了，任务已派给要去看的人"),
        "search_place": _("加上了，任务已派出去"),
        "search_look": _("记下了"),
        "search_note": _("记下了，只有内部看得到"),
        "search_end": _("找件的结果记下了，顾客会收到"),
        "search_recovered": _("记下了"),
        "remind": _("到时提醒你"),
        "reminded": _("提醒已勾掉"),
        "press": _("催过了"),
        "intercept": _("已经开始拦，扫描锁住了"),
        "too_late": _("来不及拦了，顾客会收到这个结果"),
        "claim": _("记下了"),
        "intercepted": _("拦截结果记下了，也告诉了顾客"),
        "freed": _("放行了，扫描照常"),
        "tag": _("标签改好了"),
        "priority": _("级别改好了"),
        "view": _("视图存好了"),
        "view_gone": _("视图删掉了"),
        "call": _("工单立好了，时限开始走"),
        "offer": _("已请对方接收，答复前仍由我们负责"),
        "accept": _("接收了，现在由你负责"),
        "not_ours": _("退回去了，凭证已记下"),
        "withdraw": _("收回了，还是我们办"),
        "join": _("已请它协同"),
        "leave": _("协同结束了"),
        "lead": _("现在由你们牵头"),
        "merge": _("合并好了，最急的时限接着走"),
        "unmerge": _("合并撤销了，时限接着原来的走"),
        "split": _("拆好了，另立了一件"),
    }
    return said.get(step, "")
