"""How far remaps of codes have come, for the operator's pages."""

from dataclasses import dataclass
from datetime import datetime

from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.remaps import Remap


@dataclass(frozen=True)
class RemapLine:
    """One remap: `total` and `done` parcels of its present round; `events` told anew, `moved` parcels."""

    stage: str
    asked_at: datetime
    total: int
    done: int
    events: int
    moved: int
    finished_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.finished_at is None


def find_remap(*, viewer: Viewer, source_id: int, source_code: str) -> RemapLine | None:
    """The newest remap of this code, or None. Needs FEEDS_MANAGE."""
    require(viewer, Permission.FEEDS_MANAGE)
    row = Remap.objects.filter(source_id=source_id, source_code=source_code).order_by("-id").first()
    if row is None:
        return None
    return RemapLine(row.stage, row.asked_at, row.total, row.done, row.events, row.moved, row.finished_at)
