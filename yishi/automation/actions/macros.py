"""Doing several steps to a case as one: all of them or none, by the person who pressed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from yishi.automation.models.macros import Macro, MacroScope
from yishi.automation.queries.filling import filled
from yishi.automation.queries.macros import macros_of
from yishi.automation.rules.steps import HEAD_OFFICE, Step, faults_of, kept_steps, read_steps
from yishi.cases.actions.assign import assign
from yishi.cases.actions.priority import change_priority
from yishi.cases.actions.reply import add_note, add_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status
from yishi.cases.actions.tasks import give_task, press_case
from yishi.cases.actions.views import add_tag
from yishi.cases.queries.cards import CaseCard, access_case
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.knowledge.rules.replies import variables_of
from yishi.network.queries import find_outlet
from yishi.people.queries import person_of, require
from yishi.people.rules import Permission, Viewer

_NAME = 30


class OpenVariable(Refusal):
    """这句话里还有没填上的变量"""

    code = "open_variable"
    status = 422


@transaction.atomic
def run_steps(
    *,
    case_no: str,
    steps: Sequence[Step],
    by: Viewer,
    at: datetime,
    name: str = "",
    version: int | None = None,
) -> None:
    """Does all steps to one case in sight, or none. A `name` is noted as what they were done under.

    Raises whatever one of its steps refuses, NotFound for a foreign case, Stale for another version.
    """
    case = access_case(viewer=by, case_no=case_no)
    if name:
        data = {"name": name, "count": len(steps)}
        add_note(case_id=case.id, text="", kind="MACRO", data=data, version=version, by=by, at=at)
    for step in steps:
        _DO[step.do](case, step, by, at)


class _Tried(Exception):
    """Ends a trial: everything it did is undone."""


def try_steps(*, case_no: str, steps: Sequence[Step], by: Viewer, at: datetime) -> Refusal | None:
    """What doing these steps would be refused for; None when they would be done. Nothing changes.

    They are really done and taken back, so that the trial knows all that the doing would.
    """
    try:
        with transaction.atomic():
            run_steps(case_no=case_no, steps=steps, by=by, at=at)
            raise _Tried()
    except _Tried:
        return None
    except Refusal as refusal:
        return refusal


def run_macro(*, macro_id: int, case_no: str, version: int | None, by: Viewer, at: datetime) -> None:
    """A saved macro on one case. Raises NotFound, and what `run_steps` raises; then nothing has changed."""
    with transaction.atomic():
        macro = macros_of(by).filter(pk=macro_id).first()
        if macro is None:
            raise NotFound()
        steps = read_steps(macro.steps)
        run_steps(case_no=case_no, steps=steps, by=by, at=at, name=macro.name, version=version)
        Macro.objects.filter(pk=macro_id).update(used=F("used") + 1)


@transaction.atomic
def save_macro(
    *,
    macro_id: int | None = None,
    name: str,
    steps: Iterable[Mapping[str, Any]],
    scope: str,
    outlet_code: str = "",
    categories: Sequence[str] = (),
    by: Viewer,
    at: datetime,
) -> int:
    """Keeps a macro; returns its id. PERSONAL is one's own, OUTLET needs the outlet in sight, OPERATOR the
    right to manage policies. Raises Invalid, NotAllowed, NotFound."""
    require(by, Permission.CASE_WRITE)
    said, read = " ".join(name.split()), read_steps(steps)
    errors = faults_of(read)
    if not said or len(said) > _NAME:
        errors.insert(0, ("/name", "missing_field", "起个名字，30 字以内"))
    if scope not in MacroScope.values:
        errors.append(("/scope", "unknown_scope", "选给谁用"))
    if errors:
        raise Invalid(errors)
    outlet_id = _outlet_of(scope, outlet_code, by)
    macro = _held(macro_id, by) if macro_id is not None else Macro(owner_id=person_of(by))
    macro.name, macro.steps, macro.scope, macro.outlet_id = said, kept_steps(read), scope, outlet_id
    macro.categories, macro.changed_at = list(categories), at
    macro.save()
    return macro.pk


@transaction.atomic
def archive_macro(*, macro_id: int, by: Viewer, at: datetime) -> None:
    """Takes it out of use. Raises NotFound, NotAllowed."""
    require(by, Permission.CASE_WRITE)
    macro = _held(macro_id, by)
    macro.archived_at = at
    macro.save(update_fields=["archived_at"])


def _held(macro_id: int, by: Viewer) -> Macro:
    macro = macros_of(by).select_for_update(of=("self",)).filter(pk=macro_id).first()
    if macro is None:
        raise NotFound()
    if macro.scope == MacroScope.OPERATOR and not by.may(Permission.POLICY_MANAGE):
        raise NotAllowed()
    return macro


def _outlet_of(scope: str, code: str, by: Viewer) -> int | None:
    if scope == MacroScope.OPERATOR and not by.may(Permission.POLICY_MANAGE):
        raise NotAllowed()
    if scope != MacroScope.OUTLET:
        return None
    if not by.sees_outlet(code):
        raise Invalid([("/outlet", "unknown_outlet", "没有这个网点")])
    return _outlet_id(code)


def _outlet_id(code: str) -> int | None:
    if code == HEAD_OFFICE:
        return None
    outlet = find_outlet(code)
    if outlet is None:
        raise Invalid([("/outlet", "unknown_outlet", "没有这个网点")])
    return outlet.id


def said_to(case: CaseCard, step: Step, by: Viewer, at: datetime) -> str:
    """What the person will read of this step. Raises OpenVariable."""
    text = filled(step.text, case=case, viewer=by, at=at)
    if variables_of(text):
        raise OpenVariable()
    return text


def _reply(case: CaseCard, step: Step, by: Viewer, at: datetime) -> None:
    add_reply(case_id=case.id, text=said_to(case, step, by, at), by=by, at=at)


def _note(case: CaseCard, step: Step, by: Viewer, at: datetime) -> None:
    add_note(case_id=case.id, text=filled(step.text, case=case, viewer=by, at=at), by=by, at=at)


def _tag(case: CaseCard, step: Step, by: Viewer, at: datetime) -> None:
    add_tag(case_id=case.id, tag=step.tag, by=by, at=at)


def _priority(case: CaseCard, step: Step, by: Viewer, at: datetime) -> None:
    change_priority(case_id=case.id, priority=step.priority, reason=step.reason, by=by, at=at)


def _press(case: CaseCard, step: Step, by: Viewer, at: datetime) -> None:
    press_case(case_id=case.id, text=step.text, by=by, at=at)


def _task(case: CaseCard, step: Step, by: Viewer, at: datetime) -> None:
    give_task(
        case_id=case.id,
        title=step.title,
        text=filled(step.text, case=case, viewer=by, at=at),
        outlet_id=_outlet_id(step.outlet) if step.outlet else case.outlet_id,
        who_id=step.user or None,
        due_at=at + timedelta(hours=step.within_h),
        by=by,
        at=at,
    )


def _status(case: CaseCard, step: Step, by: Viewer, at: datetime) -> None:
    change_status(case_id=case.id, status=step.status, reason=step.reason, by=by, at=at)


def _assign(case: CaseCard, step: Step, by: Viewer, at: datetime) -> None:
    assign(
        case_id=case.id,
        outlet_id=_outlet_id(step.outlet) if step.outlet else case.outlet_id,
        assignee_id=step.user or None,
        reason=step.reason,
        by=by,
        at=at,
    )


def _settle(case: CaseCard, step: Step, by: Viewer, at: datetime) -> None:
    resolve_case(
        case_id=case.id,
        remedy=step.remedy,
        text=said_to(case, step, by, at),
        finding=Finding(validity=step.validity, responsible=step.responsible, reason=step.reason),
        root_cause=step.root_cause,
        by=by,
        at=at,
    )


_DO = {
    "note": _note,
    "reply": _reply,
    "tag": _tag,
    "priority": _priority,
    "press": _press,
    "task": _task,
    "status": _status,
    "assign": _assign,
    "settle": _settle,
}
