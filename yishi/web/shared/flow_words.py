"""A workflow in words: the names in its chart, who has a step for how long, and the chart as a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.types import name_of
from yishi.cases.queries.words.workflows import CAUSES
from yishi.cases.rules.workflows import Step, Workflow

ROLES: dict[str, str | Promise] = {
    "AGENT": gettext_lazy("客服"),
    "OUTLET_MANAGER": gettext_lazy("网点负责人"),
    "QUALITY": gettext_lazy("总部质控"),
    "OPERATOR": gettext_lazy("运维"),
    "COURIER": gettext_lazy("快递员"),
    "STATION_KEEPER": gettext_lazy("驿站人员"),
}


@dataclass(frozen=True)
class StepLine:
    """A step in words: `ways` are (where to, when by itself or '' by hand)."""

    name: str
    state: str
    note: str
    ways: list[tuple[str, str]]


def names_of_steps(workflow: Workflow) -> dict[str, str]:
    return {step.key: name_of(step) or step.key for step in workflow.steps}


def notes_of_steps(workflow: Workflow) -> dict[str, str]:
    """How long, for steps that have a time of their own: who has it stands in the list."""
    return {step.key: limit_words(step) for step in workflow.steps if step.limit_hours is not None}


def limit_words(step: Step) -> str:
    hours = f"{step.limit_hours:g}"
    if step.is_in_service_hours:
        return _("%(hours)s 服务小时内") % {"hours": hours}
    return _("%(hours)s 小时内") % {"hours": hours}


def steps_listed(workflow: Workflow, *, passed: Sequence[str] = (), now: str = "") -> list[StepLine]:
    """The chart as a list for whom cannot see it: every step, its state, and where it leads."""
    names = names_of_steps(workflow)
    return [
        StepLine(
            name=names[step.key],
            state="now" if step.key == now else "done" if step.key in passed else "",
            note=_note(step),
            ways=[
                *((names.get(to, to), "") for to in step.moves),
                *((names.get(a.to, a.to), str(CAUSES.get(a.on, a.on))) for a in step.autos),
            ],
        )
        for step in workflow.steps
    ]


def _note(step: Step) -> str:
    owner = str(ROLES.get(step.owner, ""))
    limit = limit_words(step) if step.limit_hours is not None else ""
    return " · ".join(word for word in (owner, limit) if word)
