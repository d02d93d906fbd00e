"""A pasted piece of group chat, read as `understand` reads a line."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from django.conf import settings

from yishi.assistant.queries.model import current_model
from yishi.assistant.queries.vectors import vector_of
from yishi.assistant.rules.group_chat import GroupChat, read_group_chat
from yishi.assistant.rules.understanding import understand_line
from yishi.assistant.rules.understood import Understanding

# so many lines without a sure word may ask the process that makes vectors; the weights decide the rest
_BY_VECTORS = 20


def read_pasted(text: str, *, at: datetime) -> GroupChat:
    """Its table: each number, who named it, what is wanted, how surely. Never raises."""
    return read_group_chat(text, understand=_reader(), at=at, zone=settings.TIME_ZONE)


def _reader() -> Callable[[str], Understanding]:
    model, left = current_model(), [_BY_VECTORS]

    def vectors(text: str) -> Sequence[float] | None:
        left[0] -= 1
        return vector_of(text) if left[0] >= 0 else None

    return cache(lambda text: understand_line(text, model=model, vectors=vectors))
