"""Where a case stands in its workflow: the chart, the next steps, its type and what was filled in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yishi.cases.actions.types import set_type
from yishi.cases.actions.workflows import move_step
from yishi.cases.queries.cards import CaseCard, access_case
from yishi.cases.queries.types import day_of, last_known, name_of, shelf
from yishi.cases.queries.workflows import Stand, stand_of
from yishi.cases.rules.flow_chart import chart_of
from yishi.cases.rules.types import tree
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.case import case_page
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import whole_number
from yishi.web.shared.flow_words import names_of_steps, notes_of_steps, steps_listed
from yishi.web.shared.type_fields import fields_of, typed_fields

DEPTH = "　"


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """What the case's page shows of its workflow."""
    stand = stand_of(case)
    workflow = stand.workflow
    may_write = viewer.may(Permission.CASE_WRITE) and case.is_open
    return {
        "workflow": {
            "name": name_of(workflow),
            "place": name_of(stand.place),
            "chart": chart_of(workflow, passed=stand.passed, now=stand.place.key),
            "names": names_of_steps(workflow),
            "notes": notes_of_steps(workflow),
            "steps": steps_listed(workflow, passed=stand.passed, now=stand.place.key),
            "moves": [(step.key, name_of(step)) for step in stand.moves] if may_write else [],
            "missing": stand.missing,
            "type_key": stand.terms.key,
            "type_name": name_of(stand.terms),
            "form": stand.form,
            "fields": fields_of(stand.terms.fields, _typed(stand, case)) if may_write else [],
            "choices": _choices(at) if may_write else [],
        }
    }


def _typed(stand: Stand, case: CaseCard) -> dict[str, str]:
    """What was filled in, as it is typed; telephone numbers only as far as they may be seen: not at all."""
    kinds = {field.key: field.kind for field in stand.terms.fields}
    return {
        key: _as_typed(kinds.get(key, ""), value)
        for key, value in case.form.items()
        if kinds.get(key) != "PHONE"
    }


def _as_typed(kind: str, value: Any) -> str:
    if kind == "MONEY":
        return f"{value / 100:.2f}"
    if kind == "YES_NO":
        return "YES" if value else "NO"
    return str(value)


def _choices(at: datetime) -> list[tuple[str, str]]:
    """Types that may be chosen today, as a tree of words."""
    day = day_of(at)
    # read by `stand_of` just before
    lines = tree(list(last_known().terms.values()))
    return [
        (terms.key, f"{DEPTH * (depth - 1)}{name_of(terms)}")
        for depth, terms in lines
        if terms.counts_on(day, terms.regions)
    ]


@staff_page(Permission.CASE_WRITE)
@require_POST
def move(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """To another step; what is missing or not allowed is said on the page, and nothing has changed."""
    case = access_case(viewer=viewer, case_no=case_no)
    try:
        move_step(
            case_id=case.id,
            to=request.POST.get("to", ""),
            reason=request.POST.get("reason", ""),
            version=whole_number(request.POST.get("version", "")),
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return case_page(request, viewer, case_no, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}#workflow")


@staff_page(Permission.CASE_WRITE)
@require_POST
def change_type(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """Another type, or what its form still lacks: both are told in the history with the reason."""
    case = access_case(viewer=viewer, case_no=case_no)
    key = request.POST.get("type_key", "")
    card = shelf().types.get(key)
    is_form = request.POST.get("what") == "form"
    form = typed_fields(request.POST, card.terms.fields) if card and is_form else None
    try:
        set_type(
            case_id=case.id,
            type_key=key,
            form=form,
            reason=request.POST.get("reason", ""),
            version=whole_number(request.POST.get("version", "")),
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return case_page(request, viewer, case_no, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}#workflow")
