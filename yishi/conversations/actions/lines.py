"""A line of the house in a conversation: who got it, who gave it back and why. Only colleagues see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Conversation
from yishi.conversations.rules import Author, MessageKind, MessageState


def add_line(held: Conversation, data: Mapping[str, Any], *, at: datetime) -> None:
    """Kept beside what was said; it is no word of anybody, so the conversation's times stay."""
    Message.objects.create(
        conversation=held,
        author_kind=Author.SYSTEM,
        channel=held.channel,
        kind=MessageKind.NOTE,
        data=dict(data),
        state=MessageState.SENT,
        at=at,
    )
