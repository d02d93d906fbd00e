"""流程: steps and moves in a plain form, the chart drawn as it is edited, what is wrong named."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.cases.actions.workflow_versions import end_workflow, save_workflow
from yishi.cases.queries.type_history import Made
from yishi.cases.queries.types import name_of
from yishi.cases.queries.words.workflows import say_fault
from yishi.cases.queries.workflows import list_workflow_versions, list_workflows
from yishi.cases.rules.flow_chart import chart_of
from yishi.cases.rules.workflow_faults import faults_of
from yishi.cases.rules.workflows import Workflow
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.manage.type_words import step_choices
from yishi.web.manage.workflow_forms import read_workflow, typed_of
from yishi.web.shared.flow_words import names_of_steps, notes_of_steps, steps_listed

Versions = list[tuple[Made, Workflow]]


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def workflows(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    cards = [
        (card, name_of(card.workflow), chart_of(card.workflow), names_of_steps(card.workflow),
         notes_of_steps(card.workflow))
        for card in list_workflows()
    ]  # fmt: skip
    values = {"here": "manage", "tab": "types", "cards": cards, "done": request.GET.get("done", "")}
    return desk_page(request, viewer, "manage/workflows.html", values)


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A workflow that is not there yet, begun as a copy of another, so that nobody starts from nothing."""
    if request.method == "POST":
        return _keep(request, viewer, [])
    _made, model = list_workflow_versions(request.GET.get("like", "COMPLAINT"))[0]
    begun = Workflow(key="", name="", start=model.start, steps=model.steps)
    return _page(request, viewer, [], begun)


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    versions = list_workflow_versions(key)
    if request.method == "POST":
        return _keep(request, viewer, versions)
    return _page(request, viewer, versions, versions[0][1])


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def end(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    try:
        end_workflow(key=key, why=request.POST.get("why", ""), by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        versions = list_workflow_versions(key)
        return _page(request, viewer, versions, versions[0][1], refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:workflows')}?done=ended")


def _keep(request: HttpRequest, viewer: Viewer, versions: Versions) -> HttpResponse:
    """Saves what was typed, or only draws it; faults come back beside the steps, with everything typed."""
    workflow = read_workflow(request.POST)
    if request.POST.get("do") == "draw":
        return _page(request, viewer, versions, workflow, is_drawn=True)
    try:
        if versions and workflow.key != versions[0][1].key:
            raise Invalid([("/key", "fixed", "代号不能改，它写在类型里")])
        version = whole_number(request.POST.get("version", "")) if versions else 0
        save_workflow(
            workflow=workflow, why=request.POST.get("why", ""), version=version, by=viewer, at=now()
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, versions, workflow, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:workflow', args=[workflow.key])}?done=saved")


def _page(
    request: HttpRequest,
    viewer: Viewer,
    versions: Versions,
    workflow: Workflow,
    *,
    refusal: Refusal | None = None,
    is_drawn: bool = False,
) -> HttpResponse:
    faults: dict[str, list[str]] = {}
    if request.method == "POST":
        for fault in faults_of(workflow):
            faults.setdefault(fault.step, []).append(say_fault(fault, workflow))
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "types",
        "made": versions[0][0] if versions else None,
        "flow": workflow,
        "title": name_of(workflow),
        "rows": typed_of(workflow, faults),
        "steps": [(step.key, name_of(step) or step.key) for step in workflow.steps],
        "all_faults": [said for listed in faults.values() for said in listed],
        "chart": chart_of(workflow),
        "names": names_of_steps(workflow),
        "notes": notes_of_steps(workflow),
        "listed": steps_listed(workflow),
        "is_drawn": is_drawn,
        "why": request.POST.get("why", ""),
        "refused": _refused(refusal, bool(faults)),
        "history": _history(versions),
        "done": request.GET.get("done", ""),
        **step_choices(),
    }
    return desk_page(
        request, viewer, "manage/workflow.html", values, status=refusal.status if refusal else 200
    )


def _refused(refusal: Refusal | None, is_listed: bool) -> str:
    """What stands on top: faults are listed beside the chart, so they are only counted there."""
    if refusal is None:
        return ""
    return refusal.title if is_listed else words_of(refusal)


def _history(versions: Versions) -> list[tuple[Made, list[str], list[str], list[str]]]:
    """(who made it when and why, steps added, taken away, changed) of every version, the newest first."""
    older = [workflow for _made, workflow in versions[1:]]
    lines = []
    # not strict: a workflow that is only being made has no versions
    for (made, workflow), old in zip(versions, [*older, None], strict=False):
        before = {step.key: step for step in old.steps} if old else {}
        after = {step.key: step for step in workflow.steps}
        added = [step.name for key, step in after.items() if old and key not in before]
        gone = [step.name for key, step in before.items() if key not in after]
        changed = [step.name for key, step in after.items() if key in before and before[key] != step]
        lines.append((made, added, gone, changed))
    return lines
