"""Webhooks for integrations: made with a secret that is shown once, listed, paused, removed, sent again."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from yishi.api.auth import viewer_of
from yishi.api.problems import Problem
from yishi.api.schemas import Strict
from yishi.kit.clock import now
from yishi.notifications.actions.webhooks import add_webhook, remove_webhook, send_again
from yishi.notifications.queries.webhooks import WebhookCard, get_webhook, list_webhooks
from yishi.people.rules import Permission

router = Router(tags=["webhooks"])
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)


class WebhookIn(Strict):
    url: str
    events: list[str]


class WebhookOut(Schema):
    """`dead` calls were set aside after three days; `paused_reason` says why nothing is sent at present."""

    id: int
    url: str
    events: list[str]
    outlets: list[str] | None
    paused_reason: str
    created_at: datetime
    last_sent_at: datetime | None
    waiting: int
    dead: int


class WebhookMade(WebhookOut):
    secret: str


class WebhookListOut(Schema):
    items: list[WebhookOut]
    next_cursor: str | None


class RetriedOut(Schema):
    retried: int


@router.post("/webhooks", response={201: WebhookMade, **REFUSALS})
def post_webhook(request: HttpRequest, body: WebhookIn) -> Any:
    """Tells that address from now on. The secret signs each call and is said only here."""
    viewer = viewer_of(request, Permission.WEBHOOKS)
    webhook_id, secret = add_webhook(url=body.url, events=body.events, by=viewer, at=now())
    return Status(201, {**_shape(get_webhook(viewer=viewer, webhook_id=webhook_id)), "secret": secret})


@router.get("/webhooks", response={200: WebhookListOut, **REFUSALS})
def get_webhooks(request: HttpRequest) -> Any:
    """Those in sight, with how they stand."""
    viewer = viewer_of(request, Permission.WEBHOOKS)
    return {"items": [_shape(card) for card in list_webhooks(viewer=viewer)], "next_cursor": None}


@router.delete("/webhooks/{webhook_id}", response={204: None, **REFUSALS})
def delete_webhook(request: HttpRequest, webhook_id: int) -> Any:
    """Nothing is told there any more."""
    viewer = viewer_of(request, Permission.WEBHOOKS)
    remove_webhook(webhook_id=webhook_id, by=viewer, at=now())
    return Status(204, None)


@router.post("/webhooks/{webhook_id}/retry", response={200: RetriedOut, **REFUSALS})
def post_retry(request: HttpRequest, webhook_id: int) -> Any:
    """Sends what was set aside once more."""
    viewer = viewer_of(request, Permission.WEBHOOKS)
    return {"retried": send_again(webhook_id=webhook_id, by=viewer, at=now())}


def _shape(card: WebhookCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "url": card.url,
        "events": list(card.events),
        "outlets": None if card.outlet_codes is None else list(card.outlet_codes),
        "paused_reason": card.paused_reason,
        "created_at": card.created_at,
        "last_sent_at": card.last_sent_at,
        "waiting": card.waiting,
        "dead": card.dead,
    }
