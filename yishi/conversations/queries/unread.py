"""Bodies that could not be read, for those who keep the channels; and those that were put aside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from yishi.conversations.models.messages import RawMessage
from yishi.kit.errors import NotFound
from yishi.kit.personal import decrypt
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MOST_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A body that could not be read; `settled_*` where it was put aside. What is in it is not here."""

    id: int
    channel_code: str
    channel_label: str
    plugin: str
    reason: str
    detail: str
    content_type: str
    size: int
    times_received: int
    received_at: datetime
    settled_by: str
    settled_for: str
    settled_at: datetime | None


def list_unread(*, viewer: Viewer, code: str = "") -> list[Unread]:
    """The newest ones of a channel, or of all; at most 100. Raises NotAllowed."""
    return _list(viewer, Q(state="QUARANTINED") & _of(code), "-received_at")


def list_discarded(*, viewer: Viewer, code: str = "") -> list[Unread]:
    """What was put aside last, by whom and why. Raises NotAllowed."""
    return _list(viewer, Q(state="DISCARDED") & _of(code), "-settled_at")


def count_unread(*, viewer: Viewer) -> int:
    """How many wait for somebody. Raises NotAllowed."""
    require(viewer, Permission.FEEDS_MANAGE)
    return RawMessage.objects.filter(state="QUARANTINED").count()


def get_unread(*, viewer: Viewer, raw_id: int) -> tuple[Unread, bytes]:
    """One, with its body. Raises NotFound, NotAllowed."""
    require(viewer, Permission.FEEDS_MANAGE)
    row = _rows().filter(pk=raw_id, state="QUARANTINED").first()
    if row is None:
        raise NotFound()
    return _unread(row), decrypt(bytes(row.body))


def _of(code: str) -> Q:
    return Q(account__code=code) if code else Q()


def _rows() -> Any:
    return RawMessage.objects.select_related("account").annotate(size=Length("body"))


def _list(viewer: Viewer, which: Q, order: str) -> list[Unread]:
    require(viewer, Permission.FEEDS_MANAGE)
    rows = _rows().defer("body", "headers").filter(which).order_by(order, "-pk")
    return [_unread(row) for row in rows[:MOST_SHOWN]]


def _unread(row: Any) -> Unread:
    return Unread(
        id=row.pk,
        channel_code=row.account.code,
        channel_label=row.account.label,
        plugin=row.account.plugin,
        reason=row.reason,
        detail=row.detail,
        content_type=row.content_type,
        size=row.size,
        times_received=row.times_received,
        received_at=row.received_at,
        settled_by=row.settled_by,
        settled_for=row.settled_for,
        settled_at=row.settled_at,
    )
