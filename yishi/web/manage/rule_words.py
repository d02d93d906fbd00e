"""The words of rules: when, if, and what came of it."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.automation.rules.conditions import FIELDS, NUMBER, TEXT, WORD, YES_NO, Condition
from yishi.web.shared import words
from yishi.web.shared.words import Sign

Text = str | Promise

TRIGGER_WORDS: dict[str, Text] = {
    "case_opened": gettext_lazy("有新工单"),
    "case_replied": gettext_lazy("我们回复了顾客"),
    "consumer_wrote": gettext_lazy("顾客补充了"),
    "case_status_changed": gettext_lazy("状态变了"),
    "case_assigned": gettext_lazy("转给了别人"),
    "case_urged": gettext_lazy("顾客催了"),
    "case_escalated": gettext_lazy("顾客要求升级"),
    "case_resolved": gettext_lazy("给了处理办法"),
    "case_reopened": gettext_lazy("重新打开"),
    "case_closed": gettext_lazy("工单关闭"),
    "clock_warned": gettext_lazy("时限快到"),
    "clock_breached": gettext_lazy("超时"),
    "rating_given": gettext_lazy("收到评价"),
}
FIELD_WORDS: dict[str, Text] = {
    "category": gettext_lazy("诉求类型"),
    "case_class": gettext_lazy("类别（E 异常、C 投诉、R 请求、Q 咨询、P 表扬）"),
    "status": gettext_lazy("状态"),
    "source": gettext_lazy("来源"),
    "outlet": gettext_lazy("网点代号（HQ 是总部）"),
    "carrier": gettext_lazy("快递公司"),
    "entry_point": gettext_lazy("入口"),
    "language": gettext_lazy("语言"),
    "priority": gettext_lazy("级别（0 普通、1 优先、2 加急）"),
    "repeats_in_3_days": gettext_lazy("3 天内重复次数"),
    "repeats_in_30_days": gettext_lazy("30 天内重复次数"),
    "open_h": gettext_lazy("已开多少小时"),
    "is_repeat": gettext_lazy("是重复诉求"),
    "is_verified": gettext_lazy("手机号核实过"),
    "has_person": gettext_lazy("有人在办"),
    "is_before_regulator": gettext_lazy("在邮政申诉（12305）"),
    "is_in_arbitration": gettext_lazy("在仲裁"),
    "text": gettext_lazy("顾客的话"),
    "clock": gettext_lazy("哪个时限"),
    "share": gettext_lazy("时限用去百分之几"),
    "score": gettext_lazy("评了几星"),
}
OP_WORDS: dict[str, Text] = {
    "is": gettext_lazy("等于"),
    "is_not": gettext_lazy("不等于"),
    "at_least": gettext_lazy("不小于"),
    "at_most": gettext_lazy("不大于"),
    "contains": gettext_lazy("含有"),
    "contains_not": gettext_lazy("不含"),
}
_KIND_WORDS: dict[str, Text] = {
    WORD: gettext_lazy("等于、不等于"),
    NUMBER: gettext_lazy("不小于、不大于"),
    YES_NO: gettext_lazy("等于，写“是”或“否”"),
    TEXT: gettext_lazy("含有、不含"),
}
OUTCOMES: dict[str, Sign] = {
    "DONE": Sign(gettext_lazy("办了"), "ok", "is-good"),
    "NO_MATCH": Sign(gettext_lazy("不合条件"), "minus", "is-idle"),
    "REFUSED": Sign(gettext_lazy("没办成"), "alert", "is-warn"),
    "BROKEN": Sign(gettext_lazy("规则坏了"), "stop", "is-bad"),
}


def _known(field: str) -> dict[str, str]:
    """code → how people say it, for fields whose values the house has words for."""
    if field == "status":
        return {code: str(sign.word) for code, sign in words.CASE_STATUSES.items()}
    if FIELDS.get(field) == YES_NO:
        return {"yes": _("是"), "no": _("否")}
    known = {"category": words.CATEGORIES, "source": words.SOURCES, "clock": words.CLOCKS}.get(field, {})
    return {code: str(word) for code, word in known.items()}


def value_word(field: str, value: str) -> str:
    """A value as people say it, where the house has a word for it."""
    return _known(field).get(value, value)


def value_code(field: str, said: str) -> str:
    """The other way round; what is no such word stays as it was said."""
    return next((code for code, word in _known(field).items() if word == said), said)


def unknown_values(field: str, values: Iterable[str]) -> list[str]:
    """Words that would never match: they are refused, for a rule is never silently "no match"."""
    known = _known(field) if field in {"category", "status", "source"} else {}
    return [value for value in values if known and value not in known]


def condition_words(conditions: Iterable[Condition]) -> list[str]:
    """Each condition in a line."""
    said = []
    for each in conditions:
        values = _("或").join(value_word(each.field, value) for value in each.values)
        field, op = FIELD_WORDS.get(each.field, each.field), OP_WORDS.get(each.op, each.op)
        said.append(f"{field} {op} {values}")
    return said


def field_choices() -> list[tuple[str, Text, Text]]:
    return [(name, FIELD_WORDS[name], _KIND_WORDS[kind]) for name, kind in FIELDS.items()]


def op_choices() -> list[tuple[str, Text]]:
    return list(OP_WORDS.items())
