"""What became of notices, for pages and operators."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from yishi.kit.personal import mask_email, mask_phone
from yishi.notifications.models import Delivery
from yishi.notifications.rules import EMAIL, VOICE


@dataclass(frozen=True, kw_only=True)
class DeliveryCard:
    """One notice as staff see it: its address masked, how often it was tried, what came of it."""

    kind: str
    channel: str
    to: str
    state: str
    tries: int
    error: str
    created_at: datetime
    sent_at: datetime | None
    case_id: int | None = None
    receipt: str = ""


def list_deliveries(*, subject_kind: str, subject_id: str | int) -> list[DeliveryCard]:
    """All notices about one thing, oldest first."""
    rows = Delivery.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("id")
    return [_card(row) for row in rows.prefetch_related("attempts")]


def _card(row: Delivery) -> DeliveryCard:
    errors = [attempt.error for attempt in row.attempts.all() if attempt.error]
    return DeliveryCard(
        kind=row.kind,
        channel=row.channel,
        to=mask_email(row.to) if row.channel == EMAIL else mask_phone(row.to),
        state=row.state,
        tries=row.tries,
        error=errors[-1] if errors else "",
        created_at=row.created_at,
        sent_at=row.sent_at,
        case_id=int(row.subject_id) if row.subject_kind == "CASE" else None,
        receipt=row.receipt,
    )


def count_failed(*, since: datetime) -> int:
    """How many notices were given up since then: what an operator must look at. Not those whose chain went
    on."""
    return _given_up(since).count()


def _given_up(since: datetime) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(state=Delivery.State.FAILED, created_at__gte=since)
    return rows.exclude(Exists(Delivery.objects.filter(after=OuterRef("pk"))))


def list_failed(*, since: datetime, limit: int = 100) -> list[DeliveryCard]:
    """Notices that were given up since then, newest first."""
    rows = _given_up(since).order_by("-id")
    return [_card(row) for row in rows.prefetch_related("attempts")[:limit]]


def oldest_due_at() -> datetime | None:
    """When the notice that waits longest should have gone out; None when nothing waits."""
    waiting = Delivery.objects.filter(due_at__isnull=False, state=Delivery.State.QUEUED)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


@dataclass(frozen=True, kw_only=True)
class CallCard:
    """One call that was made, masked, and what came of it; `next_channel` is the way taken after it."""

    kind: str
    to: str
    sent_at: datetime
    receipt: str
    pressed: str
    next_channel: str


def list_calls(*, since: datetime, limit: int = 50) -> list[CallCard]:
    """Calls that went out since then, newest first."""
    rows = Delivery.objects.filter(channel=VOICE, sent_at__isnull=False, created_at__gte=since)
    after = Delivery.objects.filter(after=OuterRef("pk")).values("channel")[:1]
    found = rows.annotate(then=Subquery(after)).order_by("-pk")[:limit]
    return [
        CallCard(
            kind=row.kind,
            to=mask_phone(row.to),
            sent_at=row.sent_at,
            receipt=row.receipt.partition(":")[0],
            pressed=row.receipt.partition(":")[2],
            next_channel=row.then or "",
        )
        for row in found
        if row.sent_at is not None
    ]
