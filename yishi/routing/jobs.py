"""Conversations that wait are tried again; those whose person's shift has ended go back."""

from datetime import datetime

from django.db import transaction

from yishi.conversations.models.talk import Conversation
from yishi.conversations.rules import State
from yishi.routing.actions.talks import find_person, return_if_gone
from yishi.routing.models import TalkPlace


def sweep_talks(*, at: datetime, limit: int = 100) -> int:
    """Looks at conversations that are due, the longest waiting first; returns how many."""
    due = TalkPlace.objects.filter(due_at__lte=at).order_by("due_at").values_list("pk", flat=True)
    return sum(_look_at(pk, at) for pk in list(due[:limit]))


@transaction.atomic
def _look_at(conversation_id: int, at: datetime) -> int:
    """The conversation before its place, as everybody takes them; what somebody holds is left to him."""
    rows = Conversation.objects.select_for_update(skip_locked=True).filter(pk=conversation_id)
    state = rows.values_list("state", flat=True).first()
    if state is None:
        return 0
    if state == State.QUEUED:
        find_person(conversation_id=conversation_id, at=at)
    elif state == State.WITH_AGENT:
        return_if_gone(conversation_id=conversation_id, at=at)
    else:
        TalkPlace.objects.filter(pk=conversation_id).update(due_at=None)
    return 1
