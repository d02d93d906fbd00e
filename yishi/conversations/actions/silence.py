"""A conversation in which our word was the last ends by itself when its person stays silent."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from yishi.conversations.actions.hold import hold_conversation, keep, outlet_code
from yishi.conversations.actions.lines import add_line
from yishi.conversations.facts import ConversationEnded
from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Conversation
from yishi.conversations.rules import MessageState, Patience, Silence, State, silent_after
from yishi.kit.facts import announce


def waits_until(held: Conversation, *, is_check: bool, at: datetime) -> datetime | None:
    """When it ends unless the person answers what is said to him now."""
    environment = settings.ENVIRONMENT
    return silent_after(
        held.state,
        channel=held.channel,
        is_check=is_check,
        awaits_us=held.awaiting_since is not None,
        at=at,
        patience=Patience(
            after_check=timedelta(minutes=environment.talk_ends_after_minutes),
            after_word=timedelta(hours=environment.talk_silent_hours),
        ),
    )


@transaction.atomic
def end_silent(*, conversation_id: int, at: datetime) -> bool:
    """Ends it with its reason where nobody has spoken since; False where somebody has.

    Whoever writes again goes on with the same conversation, as after any other end. While a message of ours
    is held for a later time nothing ends: that message waits for an answer of its own.
    """
    held = hold_conversation(conversation_id=conversation_id)
    if held.silent_at is None or held.silent_at > at:
        return False
    held.silent_at = None
    if Message.objects.filter(conversation=held, state=MessageState.HELD).exists() or not held.is_open:
        keep(held, "silent_at")
        return False
    before, held.ended_for = held.state, _why(held)
    held.state, held.ended_at, held.queued_at = State.ENDED, at, None
    keep(held, "state", "ended_at", "queued_at", "ended_for", "silent_at")
    add_line(held, {"deed": "ENDED", "why": held.ended_for}, at=at)
    announce(
        ConversationEnded(
            conversation_id=held.pk,
            outlet_code=outlet_code(held),
            state_before=before,
            reason=held.ended_for,
            at=at,
        )
    )
    return True


def _why(held: Conversation) -> Silence:
    if held.state != State.ASSISTANT:
        return Silence.NOTHING_MORE
    last = Message.objects.filter(conversation=held, author_kind="ASSISTANT").order_by("-pk").first()
    return Silence.NOT_DENIED if last is not None and last.data.get("is_check") else Silence.NOT_ANSWERED
