"""Lists that somebody took out: his own, and their files."""

from dataclasses import dataclass
from datetime import datetime

from yishi.cases.models.views import Export
from yishi.kit.errors import NotFound
from yishi.kit.models import StoredFile
from yishi.people.rules import Viewer


@dataclass(frozen=True, kw_only=True)
class ExportCard:
    id: int
    reason: str
    rows: int
    format: str
    is_plain: bool
    state: str
    has_file: bool
    asked_at: datetime


def list_exports(*, viewer: Viewer) -> list[ExportCard]:
    """What this person took out, the newest first, at most thirty."""
    rows = Export.objects.filter(by_id=viewer.user_id or 0).order_by("-asked_at")[:30]
    return [_card(row) for row in rows]


def get_export(*, viewer: Viewer, export_id: int) -> ExportCard:
    """One of this person's. Raises NotFound for anybody else's."""
    return _card(_one(viewer, export_id))


def export_file(*, viewer: Viewer, export_id: int) -> StoredFile:
    """Its file, for whoever asked for it and nobody else. Raises NotFound."""
    found = _one(viewer, export_id).file
    if found is None:
        raise NotFound()
    return found


def _one(viewer: Viewer, export_id: int) -> Export:
    found = Export.objects.select_related("file").filter(pk=export_id, by_id=viewer.user_id or 0).first()
    if found is None:
        raise NotFound()
    return found


def _card(row: Export) -> ExportCard:
    return ExportCard(
        id=row.pk,
        reason=row.reason,
        rows=row.rows,
        format=row.format,
        is_plain=row.is_plain,
        state=row.state,
        has_file=row.file_id is not None,
        asked_at=row.asked_at,
    )
