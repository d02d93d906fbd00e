"""Case types and workflows read: the tree as it is now, one version, its history, the type of a case.

They are kept in memory by version, so that reading them costs one small statement when nothing changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.utils.translation import get_language

from yishi.cases.models.case import Case
from yishi.cases.models.types import CaseType, TypesSetup
from yishi.cases.models.workflows import WorkflowVersion
from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.status import OPEN_STATUSES
from yishi.cases.rules.types import CLASS_WORKFLOWS, FormField, TypeTerms, choose_type, keys_up
from yishi.cases.rules.workflows import Step, Workflow
from yishi.kit.errors import NotFound
from yishi.network.models import Outlet, Region


@dataclass(frozen=True, kw_only=True)
class TypeCard:
    terms: TypeTerms
    version: int
    is_active: bool


@dataclass(frozen=True)
class Shelf:
    """All types (the newest version of each, ended ones too) and workflows, as of one version of both."""

    version: int
    types: Mapping[str, TypeCard]
    workflows: Mapping[str, Workflow]
    active_workflows: frozenset[str]

    @property
    def terms(self) -> dict[str, TypeTerms]:
        """What counts now, by key, in the order of the tree."""
        return {key: card.terms for key, card in self.types.items() if card.is_active}

    @property
    def has_regions(self) -> bool:
        return any(card.terms.regions for card in self.types.values() if card.is_active)

    @property
    def has_first_limits(self) -> bool:
        """Whether any workflow gives its first step a time of its own: else opening a case asks nothing."""
        return any(_limit_of_start(workflow) is not None for workflow in self.workflows.values())

    def workflow_of(self, terms: TypeTerms, case_class: str = "") -> Workflow:
        """The workflow of a type; where it is gone, that of the class."""
        key = terms.workflow_key if terms.workflow_key in self.workflows else ""
        by_class: Mapping[Any, str] = CLASS_WORKFLOWS
        return self.workflows[key or by_class.get(case_class) or "COMPLAINT"]


def _limit_of_start(workflow: Workflow) -> float | None:
    start = workflow.find(workflow.start)
    return start.limit_hours if start else None


_kept: Shelf | None = None


def shelf() -> Shelf:
    """Types and workflows as they are now."""
    heed(TypesSetup.objects.values_list("version", flat=True).first() or 0)
    assert _kept is not None
    return _kept


def heed(version: int) -> None:
    """Somebody has just read the version, as part of a statement of his own."""
    global _kept
    if _kept is None or _kept.version != version:
        _kept = _read(version)


def last_known() -> Shelf:
    """What this process read last; up to date right after `heed` or `shelf`."""
    return _kept or shelf()


def _read(version: int) -> Shelf:
    rows = CaseType.objects.filter(is_latest=True).order_by("position", "pk")
    flows = list(WorkflowVersion.objects.filter(is_latest=True).order_by("pk"))
    return Shelf(
        version,
        {row.key: _card(row) for row in rows},
        {row.key: workflow_from(row) for row in flows},
        frozenset(row.key for row in flows if row.is_active),
    )


def _card(row: CaseType) -> TypeCard:
    return TypeCard(terms=terms_from(row), version=row.version, is_active=row.is_active)


def terms_from(row: CaseType) -> TypeTerms:
    return TypeTerms(
        key=row.key,
        name=row.name,
        name_en=row.name_en,
        parent=row.parent_key,
        category=row.category,
        regulator_group=row.regulator_group,
        regulator_item=row.regulator_item,
        fields=tuple(msgspec.convert(row.fields, list[FormField])),
        role=row.role,
        evidence=tuple(row.evidence),
        workflow=row.workflow_key,
        compensation=row.compensation_key,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        regions=tuple(row.regions),
    )


def workflow_from(row: WorkflowVersion) -> Workflow:
    return Workflow(
        key=row.key,
        name=row.name,
        name_en=row.name_en,
        start=row.start,
        steps=tuple(msgspec.convert(row.steps, list[Step])),
    )


def get_type(key: str) -> TypeCard:
    """The newest version of a type. Raises NotFound."""
    found = shelf().types.get(key)
    if found is None:
        raise NotFound()
    return found


def above(terms: TypeTerms) -> list[str]:
    """Keys of the types that it stands under, the nearest first."""
    parents = {key: card.terms.parent for key, card in shelf().types.items()} | {terms.key: terms.parent}
    return list(keys_up(terms.key, parents)[1:])


def count_open_cases(key: str) -> int:
    """Open cases that stand under this type, named or implied by their category."""
    cases = Case.objects.filter(status__in=OPEN_STATUSES)
    named = cases.filter(type_key=key).count()
    return named + (cases.filter(type_key="", category=key).count() if key in shelf().types else 0)


def regions_of(outlet_id: int | None) -> frozenset[str]:
    """Codes of the region of an outlet and of those around it; none for head office."""
    if outlet_id is None:
        return frozenset()
    region_id = Outlet.objects.filter(pk=outlet_id).values_list("region_id", flat=True).first()
    return _around(region_id)


def _around(region_id: int | None) -> frozenset[str]:
    known = {pk: (code, up) for pk, code, up in Region.objects.values_list("pk", "code", "parent_id")}
    codes: set[str] = set()
    while region_id in known and known[region_id][0] not in codes:
        code, region_id = known[region_id]
        codes.add(code)
    return frozenset(codes)


def list_regions() -> list[tuple[str, str]]:
    """(code, name) of every region."""
    return list(Region.objects.order_by("code").values_list("code", "name"))


def type_of_case(
    *,
    category: str,
    type_key: str,
    type_version: int,
    opened_at: datetime,
    outlet_id: int | None,
    books: Shelf | None = None,
) -> TypeTerms:
    """The type that a case has: the version it was given, else what its category implies on its day.

    Where nothing counts (every type of the category has ended) it is the newest that was called so.
    """
    known = books or shelf()
    if type_key:
        newest = known.types.get(type_key)
        if newest and newest.version == type_version:
            return newest.terms
        row = CaseType.objects.filter(key=type_key, version=type_version).first()
        if row is not None:
            return terms_from(row)
    return implied_type(known, category, day=day_of(opened_at), outlet_id=outlet_id)


def keys_of_case(
    *, category: str, type_key: str, opened_at: datetime, outlet_id: int | None, books: Shelf
) -> tuple[str, ...]:
    """The type that a case has, named or implied by its category, and those above it, the nearest first."""
    if not type_key:
        type_key = implied_type(books, category, day=day_of(opened_at), outlet_id=outlet_id).key
    return keys_up(type_key, {key: card.terms.parent for key, card in books.types.items()})


def implied_type(known: Shelf, category: str, *, day: date, outlet_id: int | None) -> TypeTerms:
    """The type of a case for which nobody named one."""
    regions = regions_of(outlet_id) if known.has_regions else frozenset()
    key = choose_type(known.terms.values(), category=category, day=day, regions=regions)
    found = known.types.get(key or category)
    return found.terms if found else TypeTerms(key=category, name=category, category=category)


def fields_of_category(category: str, *, at: datetime) -> tuple[FormField, ...]:
    """What is asked of whoever complains of this, before anybody knows where the case will stand."""
    if category not in CATEGORIES:
        return ()
    return implied_type(shelf(), category, day=day_of(at), outlet_id=None).fields


def day_of(at: datetime) -> date:
    """The day of the installation on which a moment falls: by it types count."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def name_of(thing: TypeTerms | Workflow | Step | FormField) -> str:
    """The name in the reader's language, the Chinese one where there is no other."""
    return thing.name if _is_chinese() else thing.name_en or thing.name


def told_of(step: Step) -> str:
    """What the consumer reads of a step; '' where he is not shown it."""
    return step.told if _is_chinese() else step.told_en or step.told


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
