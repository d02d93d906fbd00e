"""Workflows are changed by new versions; cases on a step that is gone are given their place anew."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_may, check_text
from yishi.cases.actions.workflows import restand
from yishi.cases.models.case import Case
from yishi.cases.models.workflows import WorkflowVersion
from yishi.cases.queries.types import shelf, workflow_from
from yishi.cases.queries.words.workflows import say_fault
from yishi.cases.rules.status import OPEN_STATUSES
from yishi.cases.rules.types import CLASS_WORKFLOWS
from yishi.cases.rules.workflow_faults import faults_of
from yishi.cases.rules.workflows import Workflow
from yishi.kit.errors import Invalid, NotFound, Refusal, Stale
from yishi.kit.phrases import joined
from yishi.people.rules import Permission, Viewer


class WorkflowInUse(Refusal):
    """这些类型还用着这个流程：%(types)s；先给它们换一个"""

    code = "workflow_in_use"


class WorkflowMustStay(Refusal):
    """这是一类诉求的基本流程，不能停用；可以改它的内容"""

    code = "workflow_must_stay"


@transaction.atomic
def save_workflow(
    *, workflow: Workflow, why: str = "", version: int | None = None, by: Viewer, at: datetime
) -> int:
    """Makes a workflow, or its next version; cases follow the newest at once. Returns the version.

    Everything that is wrong is named at once. Cases that stand on a step that is gone are placed by their
    status, which their history says. Raises Invalid with a pointer a step, Stale, NotAllowed.
    """
    check_may(by, Permission.POLICY_MANAGE)
    reason, _note = check_text(why, pointer="/why", is_required=False)
    places = {step.key: f"/steps/{at_}" for at_, step in enumerate(workflow.steps)}
    faults = faults_of(workflow)
    if faults:
        raise Invalid(
            [(places.get(fault.step, "/"), fault.code, say_fault(fault, workflow)) for fault in faults]
        )
    old = WorkflowVersion.objects.select_for_update().filter(key=workflow.key, is_latest=True).first()
    if version is not None and version != (old.version if old else 0):
        raise Stale()
    if old and old.is_active and workflow_from(old) == workflow:
        return old.version
    before = workflow_from(old) if old else None
    saved = _write(workflow, old, is_active=True, why=reason, by=by, at=at)
    if before is not None:
        _place_anew(before, workflow, by=by, at=at)
    return saved


@transaction.atomic
def end_workflow(*, key: str, why: str = "", by: Viewer, at: datetime) -> None:
    """Ends a workflow that no type uses. Raises WorkflowInUse, WorkflowMustStay, NotFound."""
    check_may(by, Permission.POLICY_MANAGE)
    reason, _note = check_text(why, pointer="/why", is_required=False)
    old = WorkflowVersion.objects.select_for_update().filter(key=key, is_latest=True, is_active=True).first()
    if old is None:
        raise NotFound()
    if key in CLASS_WORKFLOWS.values():
        raise WorkflowMustStay()
    users = [terms.name for terms in shelf().terms.values() if terms.workflow == key]
    if users:
        raise WorkflowInUse(types=joined(users[:5]))
    _write(workflow_from(old), old, is_active=False, why=reason, by=by, at=at)


def _write(
    workflow: Workflow,
    old: WorkflowVersion | None,
    *,
    is_active: bool,
    why: str,
    by: Viewer,
    at: datetime,
) -> int:
    if old is not None:
        WorkflowVersion.objects.filter(pk=old.pk).update(is_latest=False)
    row = WorkflowVersion.objects.create(
        key=workflow.key,
        version=old.version + 1 if old else 1,
        is_active=is_active,
        name=workflow.name,
        name_en=workflow.name_en,
        made_by_id=by.user_id,
        made_at=at,
        why=why,
        start=workflow.start,
        steps=[asdict(step) for step in workflow.steps],
    )
    return row.version


def _place_anew(before: Workflow, after: Workflow, *, by: Viewer, at: datetime) -> None:
    """Cases that stand by name on a step that is gone."""
    gone = {step.key for step in before.steps} - {step.key for step in after.steps}
    lost = Case.objects.filter(status__in=OPEN_STATUSES, step__in=gone).order_by("pk")
    for case_id in list(lost.values_list("pk", flat=True)):
        restand(case_id=case_id, workflow=before, by=by, at=at)
