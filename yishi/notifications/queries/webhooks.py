"""Webhooks as their keepers see them, and what could not be told."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from yishi.kit.errors import NotFound
from yishi.notifications.models import Webhook, WebhookCall
from yishi.notifications.rules import TEST_EVENT
from yishi.people.queries import require
from yishi.people.rules import Permission, Role, Viewer


@dataclass(frozen=True)
class WebhookCard:
    """One webhook; never its secret. `waiting` and `dead` calls are counted over all that is kept."""

    id: int
    url: str
    events: tuple[str, ...]
    outlet_codes: tuple[str, ...] | None
    paused_reason: str
    created_at: datetime
    last_sent_at: datetime | None
    waiting: int
    dead: int


@dataclass(frozen=True)
class CallCard:
    """One call that was set aside, or waits to be tried again."""

    id: int
    event: str
    delivery_id: str
    state: str
    tries: int
    last_status: int | None
    last_error: str
    created_at: datetime
    due_at: datetime | None


def within(viewer: Viewer) -> Q:
    """Webhooks that tell no more than this viewer sees; of a merchant's program those that it made itself."""
    own = Q(made_by=viewer.label) if viewer.role == Role.INTEGRATOR else Q()
    if viewer.outlet_codes is None:
        return own
    return own & Q(outlet_codes__isnull=False, outlet_codes__contained_by=sorted(viewer.outlet_codes))


def is_anybody_told() -> bool:
    """Whether there is any webhook at all."""
    return Webhook.objects.filter(removed_at__isnull=True).exists()


def list_webhooks(*, viewer: Viewer) -> list[WebhookCard]:
    """Those in sight, the oldest first; one statement. Needs WEBHOOKS."""
    require(viewer, Permission.WEBHOOKS)
    rows = (
        Webhook.objects.filter(within(viewer), removed_at__isnull=True)
        .annotate(
            last_sent_at=Max("calls__sent_at"),
            waiting=Count("calls", filter=Q(calls__due_at__isnull=False)),
            dead=Count("calls", filter=Q(calls__state=WebhookCall.State.DEAD)),
        )
        .order_by("pk")
    )
    return [
        WebhookCard(
            id=row.pk,
            url=row.url,
            events=tuple(row.events),
            outlet_codes=None if row.outlet_codes is None else tuple(row.outlet_codes),
            paused_reason=row.paused_reason,
            created_at=row.created_at,
            last_sent_at=row.last_sent_at,
            waiting=row.waiting,
            dead=row.dead,
        )
        for row in rows
    ]


def get_webhook(*, viewer: Viewer, webhook_id: int) -> WebhookCard:
    """Raises NotFound, also for one that is not in sight."""
    found = next((card for card in list_webhooks(viewer=viewer) if card.id == webhook_id), None)
    if found is None:
        raise NotFound()
    return found


def last_test(*, viewer: Viewer, webhook_id: int) -> CallCard | None:
    """The newest test call, whatever came of it; None where nobody has tested."""
    get_webhook(viewer=viewer, webhook_id=webhook_id)
    rows = WebhookCall.objects.filter(webhook_id=webhook_id, event=TEST_EVENT).defer("body")
    row = rows.order_by("-created_at", "-pk").first()
    return _call_card(row) if row else None


def list_calls(*, viewer: Viewer, webhook_id: int, limit: int = 100) -> list[CallCard]:
    """What a webhook has not been told: set aside or to be tried again, the newest first."""
    get_webhook(viewer=viewer, webhook_id=webhook_id)
    rows = WebhookCall.objects.filter(webhook_id=webhook_id).exclude(state=WebhookCall.State.SENT)
    return [_call_card(row) for row in rows.defer("body").order_by("-created_at", "-pk")[:limit]]


def _call_card(row: WebhookCall) -> CallCard:
    return CallCard(
        id=row.pk,
        event=row.event,
        delivery_id=str(row.delivery_id),
        state=row.state,
        tries=row.tries,
        last_status=row.last_status,
        last_error=row.last_error,
        created_at=row.created_at,
        due_at=row.due_at,
    )
