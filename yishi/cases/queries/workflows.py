"""Where a case stands in its workflow, for its pages; workflows and their history, for who edits them."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yishi.cases.models.history import Evidence, EvidenceKind, TimelineEntry
from yishi.cases.models.workflows import WorkflowVersion
from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.type_history import Made, made_by
from yishi.cases.queries.types import (
    Shelf,
    name_of,
    shelf,
    told_of,
    type_of_case,
    workflow_from,
)
from yishi.cases.rules.type_forms import missing_fields
from yishi.cases.rules.types import FieldKind, TypeTerms
from yishi.cases.rules.workflows import (
    MOVING_KINDS,
    Step,
    Workflow,
    next_steps,
    place_of,
    usual_way,
    walked,
)
from yishi.kit.errors import NotFound
from yishi.kit.personal import mask_phone, unseal

EVIDENCE_NAMES = dict(EvidenceKind.choices)


@dataclass(frozen=True)
class FormLine:
    """One answer of a case's form; `plain` is the whole telephone number, for whom sees the contact."""

    name: str
    said: str
    plain: str = ""


@dataclass(frozen=True)
class Stand:
    """Where a case stands: `passed` ends with its step; `missing` is what the step still asks for."""

    terms: TypeTerms
    workflow: Workflow
    place: Step
    passed: list[str]
    moves: list[Step]
    missing: list[str]
    form: list[FormLine]


def stand_of(case: CaseCard) -> Stand:
    """Where a case that was got through a door stands, and how it came there."""
    terms, workflow, place = _place(case)
    lines = TimelineEntry.objects.filter(case_id=case.id, kind__in=MOVING_KINDS).order_by("id")
    passed = walked(workflow, lines.values_list("kind", "data"))
    if passed[-1] != place.key:
        passed.append(place.key)
    return Stand(
        terms,
        workflow,
        place,
        passed,
        next_steps(workflow, place) if case.is_open else [],
        lacking(case.id, place, terms, case.form) if case.is_open else [],
        form_lines(terms, case.form),
    )


def lacking(case_id: int, place: Step, terms: TypeTerms, form: Mapping[str, Any]) -> list[str]:
    """What must still be there before the step is left: kinds of evidence and form fields, by name."""
    given: set[str] = set()
    if place.evidence:
        given = set(Evidence.objects.filter(case_id=case_id).values_list("kind", flat=True))
    missing = [str(EvidenceKind(kind).label) for kind in place.evidence if kind not in given]
    return missing + missing_fields(terms.fields, place.form, form)


def _place(case: CaseCard, known: Shelf | None = None) -> tuple[TypeTerms, Workflow, Step]:
    books = known or shelf()
    terms = type_of_case(
        category=case.category,
        type_key=case.type_key,
        type_version=case.type_version,
        opened_at=case.opened_at,
        outlet_id=case.outlet_id,
        books=books,
    )
    workflow = books.workflow_of(terms, case.case_class)
    return terms, workflow, place_of(workflow, step=case.step, status=case.status)


def consumer_way(case: CaseCard) -> list[tuple[str, str]]:
    """The workflow in small: (what the consumer reads, done | now | next), without what he is not told."""
    _terms, workflow, place = _place(case)
    whole = [workflow.start, *usual_way(workflow, workflow.start)]
    before = whole[: whole.index(place.key)] if place.key in whole else _before(workflow, place, whole)
    after = [] if place.is_end else usual_way(workflow, place.key, before)
    way = [*((key, "done") for key in before), (place.key, "now"), *((key, "next") for key in after)]
    if place.is_end:
        way[-1] = (place.key, "done")
    told = ((told_of(workflow.get(key)), state) for key, state in way)
    return [(word, state) for word, state in told if word]


def _before(workflow: Workflow, place: Step, whole: list[str]) -> list[str]:
    """Off the usual way (waiting, withdrawn): what lies before the first step that leads here."""
    leading = [at for at, key in enumerate(whole) if place.key in workflow.get(key).ways]
    return whole[: leading[0] + 1] if leading else whole[:1]


def form_lines(terms: TypeTerms, form: Mapping[str, Any]) -> list[FormLine]:
    """What was filled in, in words and in the order of the form."""
    return [
        _line(name_of(field), field.kind, form[field.key])
        for field in terms.fields
        if form.get(field.key) is not None
    ]


def _line(name: str, kind: str, value: Any) -> FormLine:
    if kind == FieldKind.PHONE and isinstance(value, dict):
        phone = unseal(base64.b64decode(value["sealed"]))
        return FormLine(name, mask_phone(phone), phone)
    if kind == FieldKind.MONEY:
        return FormLine(name, _("%(yuan)s 元") % {"yuan": f"{value / 100:,.2f}"})
    if kind == FieldKind.YES_NO:
        return FormLine(name, _("是") if value else _("否"))
    return FormLine(name, str(value))


@dataclass(frozen=True)
class WorkflowCard:
    workflow: Workflow
    made: Made
    types: list[str]


def list_workflows() -> list[WorkflowCard]:
    """The newest version of each, with the names of the types that follow it."""
    known = shelf()
    rows = list(WorkflowVersion.objects.filter(is_latest=True).order_by("pk"))
    return [
        WorkflowCard(workflow_from(row), made, _users(known, row.key))
        for row, made in zip(rows, made_by(rows), strict=True)
    ]


def _users(known: Shelf, key: str) -> list[str]:
    users: Iterable[TypeTerms] = (terms for terms in known.terms.values() if terms.category)
    return [name_of(terms) for terms in users if known.workflow_of(terms).key == key]


def list_workflow_versions(key: str) -> list[tuple[Made, Workflow]]:
    """Every version of a workflow, the newest first. Raises NotFound."""
    rows = list(WorkflowVersion.objects.filter(key=key).order_by("-version"))
    if not rows:
        raise NotFound()
    return list(zip(made_by(rows), map(workflow_from, rows), strict=True))
