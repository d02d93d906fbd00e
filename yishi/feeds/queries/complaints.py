"""Complaints that platforms handed on, read again for whoever opens their cases."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from yishi.feeds.models import Complaint, ComplaintState
from yishi.feeds.port import ParsedComplaint
from yishi.feeds.queries.sources import plugins
from yishi.kit.errors import NotFound
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True, kw_only=True)
class ReceivedComplaint:
    """One complaint as it was handed on; `filed_as` is the source of its case."""

    source_code: str
    filed_as: str
    external_no: str
    said: ParsedComplaint
    is_waiting: bool
    received_at: datetime


def get_complaint(complaint_id: int) -> ReceivedComplaint:
    """The complaint, its row locked until the transaction ends. Raises NotFound."""
    row = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("source")
        .filter(pk=complaint_id)
        .first()
    )
    if row is None:
        raise NotFound
    return ReceivedComplaint(
        source_code=row.source.code,
        filed_as=plugins()[row.source.plugin][0].complaints_as,
        external_no=row.external_no,
        said=msgspec.json.decode(row.body, type=ParsedComplaint),
        is_waiting=row.state == ComplaintState.WAITING,
        received_at=row.received_at,
    )


@dataclass(frozen=True)
class RefusedComplaint:
    """One that waits for an operator; what it says stays sealed."""

    id: int
    source: str
    external_no: str
    reason: str
    received_at: datetime


def list_refused(*, viewer: Viewer, limit: int = 50) -> list[RefusedComplaint]:
    """Complaints for which no case could be opened, the oldest first. Needs FEEDS_MANAGE."""
    require(viewer, Permission.FEEDS_MANAGE)
    rows = Complaint.objects.filter(state=ComplaintState.REFUSED).order_by("received_at", "pk")[:limit]
    fields = ("pk", "source__code", "external_no", "reason", "received_at")
    return [RefusedComplaint(*row) for row in rows.values_list(*fields)]
