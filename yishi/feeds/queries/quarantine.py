"""Bodies that could not be read, and any raw body opened again."""

import zlib
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_noop as _

from yishi.feeds.models import RawInput, RawState
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.personal import decrypt, log_look
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class StoredBody:
    """A raw body as it came, opened again for a replay."""

    source_code: str
    body: bytes
    content_type: str
    received_at: datetime


def open_body(raw_id: int) -> StoredBody:
    """The body of a raw row. Raises NotFound."""
    row = RawInput.objects.select_related("source").filter(pk=raw_id).first()
    if row is None:
        raise NotFound
    body = zlib.decompress(decrypt(bytes(row.body)))
    return StoredBody(row.source.code, body, row.content_type, row.received_at)


def reveal_body(*, viewer: Viewer, raw_id: int, reason: str, at: datetime) -> StoredBody:
    """A quarantined body as it came, people and all; who looked and why is written down.

    Raises NotAllowed (needs FEEDS_MANAGE and REVEAL), Invalid without a reason, NotFound.
    """
    require(viewer, Permission.FEEDS_MANAGE)
    require(viewer, Permission.REVEAL)
    get_quarantined(viewer=viewer, raw_id=raw_id)
    if not reason.strip():
        raise Invalid([("/reason", "missing_field", _("写明查看的原因"))])
    subject, why = f"raw:{raw_id}", reason.strip()[:500]
    log_look(viewer=viewer.label, subject=subject, field="body", reason=why, is_silent=False, at=at)
    return open_body(raw_id)


@dataclass(frozen=True)
class QuarantineGroup:
    """Bodies of one source that could not be read for the same reason."""

    source: str
    reason: str
    count: int
    first_at: datetime
    last_at: datetime
    detail: str
    raw_ids: tuple[int, ...]


_GROUPS = """
SELECT s.code, g.reason, g.n, g.first, g.last, newest.details[1], newest.ids
FROM (SELECT source_id, reason, count(*) AS n, min(received_at) AS first, max(received_at) AS last
      FROM feeds_raw_input WHERE state = 'QUARANTINED' GROUP BY source_id, reason) g
JOIN feeds_source s ON s.id = g.source_id
CROSS JOIN LATERAL (
    SELECT array_agg(r.id ORDER BY r.id DESC) AS ids, array_agg(r.detail ORDER BY r.id DESC) AS details
    FROM (SELECT id, detail FROM feeds_raw_input
          WHERE state = 'QUARANTINED' AND reason = g.reason AND source_id = g.source_id
          ORDER BY id DESC LIMIT 20) r) newest
WHERE %(source)s::text IS NULL OR s.code = %(source)s
ORDER BY g.n DESC, s.code, g.reason LIMIT %(limit)s
"""


def list_quarantine(*, viewer: Viewer, source: str | None = None, limit: int = 50) -> list[QuarantineGroup]:
    """What waits in quarantine (of one source), the largest group first, each with its 20 latest rows.

    One statement however many groups. Needs FEEDS_MANAGE.
    """
    require(viewer, Permission.FEEDS_MANAGE)
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"source": source, "limit": limit})
        rows = cursor.fetchall()
    return [
        QuarantineGroup(code, reason, n, first, last, detail, tuple(ids))
        for code, reason, n, first, last, detail, ids in rows
    ]


@dataclass(frozen=True)
class Quarantined:
    """One body in quarantine; its text is read by `open_body`."""

    raw_id: int
    source: str
    received_at: datetime
    content_type: str
    reason: str
    detail: str
    times_received: int


def get_quarantined(*, viewer: Viewer, raw_id: int) -> Quarantined:
    """One row of quarantine. Needs FEEDS_MANAGE; raises NotFound for one that does not wait there."""
    require(viewer, Permission.FEEDS_MANAGE)
    row = RawInput.objects.select_related("source").filter(pk=raw_id, state=RawState.QUARANTINED).first()
    if row is None:
        raise NotFound
    return Quarantined(
        row.pk, row.source.code, row.received_at, row.content_type, row.reason, row.detail, row.times_received
    )
