"""What a macro, a bulk or a rule does to a case, step by step: which there are, whether they fit. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from yishi.knowledge.rules.replies import unknown_variables

# in the order in which they are done: giving the case away comes last, so that everything before is in sight
ORDER = ("note", "reply", "tag", "priority", "press", "task", "status", "assign", "settle")
HEAD_OFFICE = "HQ"
MOST_TEXT = 4000
MOST_HOURS = 24 * 30


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is done; which of the values count depends on `do`.

    `outlet` is a code, `HQ`, or empty for where the case stands; `user` 0 names nobody.
    """

    do: str
    text: str = ""
    reason: str = ""
    outlet: str = ""
    user: int = 0
    status: str = ""
    priority: int = 0
    title: str = ""
    within_h: int = 0
    tag: str = ""
    remedy: str = ""
    validity: str = ""
    root_cause: str = ""
    responsible: str = ""


_NAMES = {field.name: field.type for field in fields(Step)}

Fault = tuple[str, str, str]


def read_steps(said: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps as they are kept, in the order in which they are done. Words nobody knows are left out."""
    steps = [Step(**{name: _value(name, one[name]) for name in _NAMES if name in one}) for one in said]
    return tuple(sorted((s for s in steps if s.do in ORDER), key=lambda step: ORDER.index(step.do)))


def _value(name: str, value: Any) -> Any:
    if name not in ("user", "priority", "within_h"):
        return str(value).strip()
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def kept_steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as they are kept: only what says something, and the level of a priority step."""
    return [
        {name: value for name, value in asdict(step).items() if value or (name, step.do) == ("priority",) * 2}
        for step in steps
    ]


def faults_of(steps: Sequence[Step]) -> list[Fault]:
    """What is wrong with these steps, as (pointer, code, words); empty when they can be done."""
    kinds = [step.do for step in steps]
    faults: list[Fault] = []
    if not steps:
        faults.append(("/steps", "no_steps", "至少选一件要做的事"))
    if len(set(kinds)) < len(kinds):
        faults.append(("/steps", "twice", "同一件事只能做一次"))
    if "settle" in kinds and {"status", "assign", "task"} & set(kinds):
        faults.append(("/steps", "settled", "给了处理办法就不再转派、改状态或派任务"))
    return faults + [fault for step in steps for fault in _faults(step)]


_NEEDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "note": (("text", "备注里要写点什么"),),
    "reply": (("text", "回复里要写点什么"),),
    "tag": (("tag", "写上标签"),),
    "priority": (("reason", "写明为什么改级别"),),
    "press": (),
    "task": (("title", "写明任务要做什么"),),
    "status": (("status", "选一个状态"),),
    "assign": (("reason", "写明为什么转"),),
    "settle": (
        ("remedy", "选给了什么办法"),
        ("text", "写上对顾客怎么说"),
        ("validity", "选属实、部分属实或不属实"),
        ("reason", "写明核实的依据"),
    ),
}


def _faults(step: Step) -> list[Fault]:
    faults = [
        (f"/{step.do}/{name}", "missing_field", words)
        for name, words in _NEEDED[step.do]
        if not getattr(step, name)
    ]
    for name in ("text", "reason", "title"):
        if len(getattr(step, name)) > MOST_TEXT:
            faults.append((f"/{step.do}/{name}", "too_long", "最多 4,000 字"))
    if step.do in ("reply", "settle") and unknown_variables(step.text):
        faults.append((f"/{step.do}/text", "unknown_variable", "话里有不认识的变量"))
    if step.do == "task" and not 1 <= step.within_h <= MOST_HOURS:
        faults.append(("/task/within_h", "bad_time", "任务的时限是 1 小时到 30 天"))
    if step.do == "priority" and step.priority not in (0, 1, 2):
        faults.append(("/priority/priority", "unknown_priority", "没有这个级别"))
    return faults


def tells_consumer(steps: Iterable[Step]) -> bool:
    """Whether the person behind the case reads something of it."""
    return any(
        step.do in ("reply", "settle") or (step.do == "status" and step.status == "WAITING_CUSTOMER")
        for step in steps
    )
