"""A colleague is called to a conversation: a row that stays until he has looked, and a nudge."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from yishi.conversations.models.beside import Mention
from yishi.kit.live import nudge
from yishi.people.queries import person_of
from yishi.people.rules import Viewer


@transaction.atomic
def call_colleagues(
    *,
    conversation_id: int,
    user_ids: Collection[int],
    kind: str,
    at: datetime,
    by_user_id: int | None = None,
    message_id: int | None = None,
) -> None:
    """Each of them sees it on his list until he opens the conversation; oneself is not called."""
    called = sorted(set(user_ids) - {by_user_id})
    Mention.objects.bulk_create(
        Mention(
            conversation_id=conversation_id,
            user_id=user_id,
            kind=kind,
            message_id=message_id,
            by_id=by_user_id,
            at=at,
        )
        for user_id in called
    )
    if called:
        nudge(*(f"user:{user_id}" for user_id in called))


@transaction.atomic
def note_seen(*, conversation_id: int, by: Viewer, at: datetime) -> None:
    """He has opened it: nothing of it calls him any more."""
    mine = Mention.objects.filter(
        conversation_id=conversation_id, user_id=person_of(by), seen_at__isnull=True
    )
    if mine.update(seen_at=at):
        nudge(f"user:{by.user_id}")
