"""Bulks that are too long to wait for go on here."""

from datetime import datetime

from yishi.automation.actions.bulk import advance
from yishi.automation.models.macros import Bulk


def sweep_bulks(*, at: datetime, limit: int) -> int:
    """Takes the bulk that waits longest up to `limit` rows further; returns how many rows."""
    busy = Bulk.objects.filter(due_at__lte=at, state__in=["CHECKING", "RUNNING", "UNDOING"])
    bulk_id = busy.order_by("due_at").values_list("pk", flat=True).first()
    return advance(bulk_id=bulk_id, at=at, most=limit) if bulk_id is not None else 0
