"""Work orders that differ from their cases, for whoever reconciles them."""

from dataclasses import dataclass
from datetime import datetime

from yishi.cases.models.work_orders import WorkOrderDifference
from yishi.cases.queries.work_order_sources import require_any
from yishi.people.rules import Permission, Viewer

MOST_LISTED = 500


@dataclass(frozen=True, kw_only=True)
class DifferenceLine:
    """One difference as it stands; `noted_at` where somebody has said why."""

    id: int
    kind: str
    source_label: str
    external_no: str
    state_word: str
    due_at: datetime | None
    seen_at: datetime
    case_no: str
    category: str
    status: str
    answered_there_at: datetime | None
    outlet_name: str
    found_at: datetime
    note: str
    noted_by: str
    noted_at: datetime | None


def list_differences(*, viewer: Viewer) -> list[DifferenceLine]:
    """What stands open, the unexplained first, the oldest first; at most 500."""
    require_any(viewer, Permission.FEEDS_MANAGE, Permission.POLICY_MANAGE)
    rows = WorkOrderDifference.objects.filter(ended_at__isnull=True).select_related(
        "work_order__source", "work_order__case__outlet", "noted_by"
    )
    lines = [_line(row) for row in rows.order_by("found_at", "pk")[:MOST_LISTED]]
    return sorted(lines, key=lambda line: line.noted_at is not None)


def _line(row: WorkOrderDifference) -> DifferenceLine:
    order = row.work_order
    case = order.case
    return DifferenceLine(
        id=row.pk,
        kind=row.kind,
        source_label=order.source.label or order.source.code,
        external_no=order.external_no,
        state_word=order.state_word,
        due_at=order.due_at,
        seen_at=order.seen_at,
        case_no=case.case_no,
        category=case.category,
        status=case.status,
        answered_there_at=case.answered_there_at,
        outlet_name=case.outlet.name if case.outlet else "",
        found_at=row.found_at,
        note=row.note,
        noted_by=row.noted_by.name if row.noted_by else "",
        noted_at=row.noted_at,
    )
