"""Bodies that could not be read, and any raw body opened again."""

import zlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min
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


def list_quarantine(*, viewer: Viewer, limit: int = 50) -> list[QuarantineGroup]:
    """What waits in quarantine, the largest group first, each with its latest rows. Needs FEEDS_MANAGE."""
    require(viewer, Permission.FEEDS_MANAGE)
    waiting = RawInput.objects.filter(state=RawState.QUARANTINED)
    groups = (
        waiting.values("source_id", "source__code", "reason")
        .annotate(n=Count("id"), first=Min("received_at"), last=Max("received_at"))
        .order_by("-n", "source__code", "reason")[:limit]
    )
    return [
        QuarantineGroup(
            source=group["source__code"],
            reason=group["reason"],
            count=group["n"],
            first_at=group["first"],
            last_at=group["last"],
            detail=rows[0][1] if rows else "",
            raw_ids=tuple(row[0] for row in rows),
        )
        for group in groups
        for rows in [
            list(
                waiting.filter(source_id=group["source_id"], reason=group["reason"])
                .order_by("-id")
                .values_list("id", "detail")[:20]
            )
        ]
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
