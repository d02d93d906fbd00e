"""Bodies that came while their channel was paused are taken in afterwards; unreadable ones are put aside."""

import json
from datetime import datetime

from django.db import transaction

from yishi.conversations.actions.take_in import incoming_of, read_body
from yishi.conversations.models.messages import RawMessage
from yishi.conversations.queries.accounts import account_card
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.personal import decrypt
from yishi.people.rules import Permission, Viewer

LONGEST_REASON = 300


@transaction.atomic
def take_in_waiting(*, account_id: int, at: datetime) -> bool:
    """Takes in the oldest body that waits; False where none does, or the channel is paused (again).

    Whoever comes at the same time waits for this one and then finds nothing: the order stays.
    """
    waiting = RawMessage.objects.select_for_update(of=("self",)).select_related("account__outlet")
    mine = waiting.filter(account_id=account_id, account__is_paused=False, state="WAITING")
    raw = mine.order_by("pk").first()
    if raw is None:
        return False
    raw.state = "TAKEN"
    raw.save(update_fields=["state"])
    card = account_card(raw.account)
    incoming = incoming_of(
        card,
        body=decrypt(bytes(raw.body)),
        content_type=raw.content_type,
        headers=json.loads(raw.headers or "{}"),
        at=raw.received_at,
    )
    read_body(raw, card, incoming, at=at)
    return True


@transaction.atomic
def discard_unread(*, raw_id: int, reason: str, by: Viewer, at: datetime) -> None:
    """Puts a body aside that could not be read: it stays as it is until retention, and is read no more.

    Raises NotFound, NotAllowed, Invalid without a reason.
    """
    if not by.may(Permission.FEEDS_MANAGE):
        raise NotAllowed()
    raw = RawMessage.objects.select_for_update().filter(pk=raw_id, state="QUARANTINED").first()
    if raw is None:
        raise NotFound()
    if not reason.strip():
        raise Invalid([("/reason", "missing_field", "写一句为什么不要了")])
    raw.state, raw.settled_by = "DISCARDED", by.label
    raw.settled_for, raw.settled_at = reason.strip()[:LONGEST_REASON], at
    raw.save(update_fields=["state", "settled_by", "settled_for", "settled_at"])
