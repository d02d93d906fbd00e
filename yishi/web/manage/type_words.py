"""The words of the pages of case types and workflows, and what their forms offer."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.types import name_of, shelf
from yishi.cases.queries.words.workflows import CAUSES
from yishi.cases.queries.workflows import EVIDENCE_NAMES
from yishi.cases.rules.types import TypeTerms
from yishi.kit.phrases import joined, remarked
from yishi.web.shared.flow_words import ROLES
from yishi.web.shared.words import CASE_STATUSES, CATEGORIES

Text = str | Promise

KINDS: dict[str, Text] = {
    "TEXT": gettext_lazy("文字"),
    "CHOICE": gettext_lazy("单选"),
    "NUMBER": gettext_lazy("数字"),
    "DATE": gettext_lazy("日期"),
    "MONEY": gettext_lazy("金额"),
    "PHONE": gettext_lazy("电话"),
    "YES_NO": gettext_lazy("是或否"),
}

GROUPS: dict[str, Text] = {
    "DELIVERY": gettext_lazy("投递服务"),
    "DELAY": gettext_lazy("延误"),
    "LOSS": gettext_lazy("丢失短少"),
    "DAMAGE": gettext_lazy("损毁"),
    "ACCEPTANCE": gettext_lazy("收寄服务"),
}

PARTS: dict[str, Text] = {
    "key": gettext_lazy("代号"),
    "name": gettext_lazy("名称"),
    "name_en": gettext_lazy("英文名称"),
    "parent": gettext_lazy("上级"),
    "category": gettext_lazy("诉求类型"),
    "regulator_group": gettext_lazy("邮政申诉第一级"),
    "regulator_item": gettext_lazy("邮政申诉第二级"),
    "fields": gettext_lazy("要填的内容"),
    "role": gettext_lazy("负责的岗位"),
    "evidence": gettext_lazy("要留的凭证"),
    "workflow": gettext_lazy("流程"),
    "compensation": gettext_lazy("赔付规则"),
    "valid_from": gettext_lazy("开始"),
    "valid_until": gettext_lazy("到"),
    "regions": gettext_lazy("省区或片区"),
}


def choices() -> dict[str, Any]:
    """What the form of a type offers."""
    known = shelf()
    return {
        "parents": [(key, name_of(terms)) for key, terms in known.terms.items()],
        "categories": [(key, word) for key, word in CATEGORIES.items() if key != "FALSE_SIGN_OFF"],
        "groups": list(GROUPS.items()),
        "roles": list(ROLES.items()),
        "kinds": list(KINDS.items()),
        "evidence_kinds": list(EVIDENCE_NAMES.items()),
        "workflows": [
            (key, name_of(flow)) for key, flow in known.workflows.items() if key in known.active_workflows
        ],
    }


def step_choices() -> dict[str, Any]:
    """What the form of a workflow's step offers."""
    return {
        "statuses": [(key, sign.word) for key, sign in CASE_STATUSES.items()],
        "roles": list(ROLES.items()),
        "causes": list(CAUSES.items()),
        "evidence_kinds": list(EVIDENCE_NAMES.items()),
    }


def said(part: str, value: Any) -> str:
    """A value of a version in words, for its history."""
    if value in ("", None, (), []):
        return _("没有")
    words: Mapping[str, Mapping[str, Any]] = {
        "category": CATEGORIES,
        "role": ROLES,
        "regulator_group": GROUPS,
    }
    if part in words:
        return str(words[part].get(value, value))
    if part == "evidence":
        return joined(EVIDENCE_NAMES.get(kind, kind) for kind in value)
    if part == "fields":
        return joined(
            (remarked(field["name"], KINDS.get(field["kind"], field["kind"])) for field in value), "；"
        )
    if part == "regions":
        return joined(value)
    if part == "workflow":
        flow = shelf().workflows.get(value)
        return name_of(flow) if flow else str(value)
    if part == "parent":
        above = shelf().types.get(value)
        return name_of(above.terms) if above else str(value)
    return str(value)


def validity(terms: TypeTerms) -> str:
    """从 5 月起, or '' for ever."""
    if terms.valid_from and terms.valid_until:
        return _("%(start)s 到 %(end)s") % {"start": terms.valid_from, "end": terms.valid_until}
    if terms.valid_from:
        return _("%s 起") % terms.valid_from
    return _("到 %s") % terms.valid_until if terms.valid_until else ""
