"""Who made which version of a case type or a workflow, when and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yishi.cases.models.types import CaseType
from yishi.cases.models.workflows import WorkflowVersion
from yishi.cases.queries.types import terms_from
from yishi.cases.rules.types import TypeTerms
from yishi.people.queries import staff_names


@dataclass(frozen=True, kw_only=True)
class Made:
    """One version: who made it, when and why. `by` is '' for what was shipped."""

    version: int
    is_active: bool
    at: datetime
    by: str
    why: str


def list_type_versions(key: str) -> list[tuple[Made, TypeTerms]]:
    """Every version of a type, the newest first."""
    rows = list(CaseType.objects.filter(key=key).order_by("-version"))
    return list(zip(made_by(rows), map(terms_from, rows), strict=True))


def made_by(rows: Iterable[CaseType | WorkflowVersion]) -> list[Made]:
    listed = list(rows)
    names = staff_names({row.made_by_id for row in listed if row.made_by_id})
    return [
        Made(
            version=row.version,
            is_active=row.is_active,
            at=row.made_at,
            by=names.get(row.made_by_id or 0, ""),
            why=row.why,
        )
        for row in listed
    ]
