"""What a case's way through its workflow tells, and what is wrong with a workflow, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yishi.cases.models.case import CaseStatus
from yishi.cases.queries.words.kinds import Say, Titles
from yishi.cases.rules.workflow_faults import MAX_HOURS, MAX_STEPS, Fault
from yishi.cases.rules.workflows import Workflow

TITLES: Titles = {
    "STEP": gettext_lazy("流程到了下一步"),
    "TYPE": gettext_lazy("改了工单类型"),
}

# what moves a case by itself (`rules.workflows.On`)
CAUSES: Mapping[str, object] = {
    "REPLIED": gettext_lazy("回复了顾客"),
    "EVIDENCE_ADDED": gettext_lazy("加了凭证"),
    "CONSUMER_WROTE": gettext_lazy("顾客来信"),
    "ASSIGNED": gettext_lazy("转交了"),
    "ESCALATED": gettext_lazy("顾客要求升级"),
    "IN_PROGRESS": gettext_lazy("状态改为处理中"),
    "WAITING_CUSTOMER": gettext_lazy("状态改为待客户回复"),
    "WAITING_THIRD_PARTY": gettext_lazy("状态改为待第三方"),
    "RESOLVED": gettext_lazy("给了处理办法"),
    "CLOSED": gettext_lazy("结案"),
    "WITHDRAWN": gettext_lazy("顾客撤诉"),
    "REOPENED": gettext_lazy("重新打开"),
    "TIME": gettext_lazy("这一步的时限到了"),
}


def _named(data: Mapping[str, Any], end: str) -> str:
    is_chinese = (get_language() or "zh").startswith("zh")
    return str(data[f"{end}_name"] if is_chinese else data.get(f"{end}_name_en") or data[f"{end}_name"])


def _step(data: Mapping[str, Any]) -> str:
    moved = _("从“%(from)s”到“%(to)s”") % {"from": _named(data, "from"), "to": _named(data, "to")}
    why = CAUSES.get(data.get("on", ""))
    if data.get("on") == "CHANGED":
        return _("%(moved)s：流程改了，原来那一步没有了") % {"moved": moved}
    return _("%(moved)s：%(why)s") % {"moved": moved, "why": why} if why else moved


def _type(data: Mapping[str, Any]) -> str:
    return _("从“%(from)s”改为“%(to)s”") % {"from": data["from_name"], "to": data["to_name"]}


SENTENCES: Say = {"STEP": _step, "TYPE": _type}


_FAULTS: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "bad_workflow_key": lambda v: _("流程代号用大写字母、数字和下划线，2 到 40 位，字母开头"),
    "no_name": lambda v: _("写个流程名称，200 字以内"),
    "no_steps": lambda v: _("流程里还没有步骤"),
    "too_many_steps": lambda v: _("最多 %(most)d 步") % {"most": MAX_STEPS},
    "no_start": lambda v: _("没有起点：选一个步骤作开始"),
    "start_not_open": lambda v: _("起点“%(step)s”的状态要是“待受理”") % v,
    "twice": lambda v: _("步骤代号 %(key)s 用了两次") % v,
    "bad_step_key": lambda v: _("步骤代号“%(key)s”不行：用大写字母、数字和下划线，字母开头") % v,
    "no_step_name": lambda v: _("步骤 %(key)s 要有名称，200 字以内") % v,
    "unknown_status": lambda v: _("步骤“%(step)s”的状态“%(raw)s”没有这一种") % v,
    "unknown_role": lambda v: _("步骤“%(step)s”的岗位“%(raw)s”没有这一种") % v,
    "bad_limit": lambda v: _("步骤“%(step)s”的时限要大于 0，最多 %(most)s 小时") % {**v, "most": MAX_HOURS},
    "unknown_evidence": lambda v: _("步骤“%(step)s”要的凭证“%(raw)s”没有这一种") % v,
    "bad_form_key": lambda v: _("步骤“%(step)s”要的填写项“%(raw)s”写法不对") % v,
    "unknown_cause": lambda v: _("步骤“%(step)s”自动走的原因“%(raw)s”没有这一种") % v,
    "cause_twice": lambda v: _("步骤“%(step)s”的“%(cause)s”写了两个去向，只能有一个") % v,
    "time_without_limit": lambda v: _("步骤“%(step)s”说时限到了自动走，可是没有时限") % v,
    "move_to_nowhere": lambda v: _("“%(step)s”要去的“%(raw)s”不在流程里") % v,
    "not_by_hand": lambda v: (
        _("从“%(step)s”不能用手走到“%(other)s”：那个状态要由回复、给处理办法、结案等动作带过去") % v
    ),
    "not_by_itself": lambda v: _("“%(step)s”在“%(cause)s”时到不了“%(other)s”：两边的状态接不上") % v,
    "wrong_status_for_verb": lambda v: (
        _("“%(step)s”在“%(cause)s”时要走到同一状态的步骤，“%(other)s”不是") % v
    ),
    "no_step_for_status": lambda v: _("少一个状态是“%(status)s”的步骤，否则这类动作之后工单没有位置") % v,
    "unreachable": lambda v: _("“%(step)s”走不到：没有哪一步通向它") % v,
    "dead_end": lambda v: _("“%(step)s”是死路：进去就出不来，加一个去向") % v,
    "no_way_out": lambda v: _("“%(step)s”在兜圈子：从它怎么走都到不了结案") % v,
}


def say_fault(fault: Fault, workflow: Workflow) -> str:
    """What is wrong, with the names that the person gave the steps."""
    names = {step.key: step.name or step.key for step in workflow.steps}
    values = {
        "key": fault.step,
        "step": names.get(fault.step, fault.step),
        "raw": fault.other,
        "other": names.get(fault.other, fault.other),
        "cause": str(CAUSES.get(fault.part, fault.part)),
        "status": str(dict(CaseStatus.choices).get(fault.other, fault.other)),
    }
    return _FAULTS[fault.code](values)
