"""Who waits for a person: the place in the queue and how long it takes at present."""

from datetime import timedelta
from typing import Any

from django.db.models import Avg, F

from yishi.conversations.models.talk import Conversation
from yishi.conversations.queries.threads import ConversationCard
from yishi.conversations.rules import State

_LATELY = timedelta(hours=2)


def place_in_queue(talk: ConversationCard) -> dict[str, Any] | None:
    """`place` counts from 1 among those who wait at the same outlet; `wait_s` is the mean first wait of the
    last two hours, None where nobody was answered."""
    if talk.queued_at is None or talk.state != State.QUEUED:
        return None
    waiting = Conversation.objects.filter(state=State.QUEUED, outlet__code=talk.outlet_code or None)
    before = waiting.filter(priority__gte=talk.priority, queued_at__lt=talk.queued_at).count()
    answered = Conversation.objects.filter(
        first_replied_at__gte=talk.queued_at - _LATELY, queued_at__isnull=False
    )
    mean = answered.aggregate(wait=Avg(F("first_replied_at") - F("queued_at")))["wait"]
    wait_s = max(0, round(mean.total_seconds())) if mean is not None else None
    return {"place": before + 1, "wait_s": wait_s}
