"""Somebody goes away for a while and comes back: what waits for him does not wait alone."""

from datetime import datetime, timedelta

from django.db import transaction

from yishi.conversations.models.talk import Conversation
from yishi.conversations.rules import State
from yishi.kit.errors import Invalid
from yishi.kit.texts import clean_text
from yishi.people.queries import person_of
from yishi.people.rules import Viewer
from yishi.routing.actions.talks import fill_room, return_if_gone
from yishi.routing.models import Away

LONGEST = timedelta(hours=24)


@transaction.atomic
def go_away(*, until_at: datetime, reason: str, by: Viewer, at: datetime) -> int:
    """He is not there until then; who waits for him goes back into the queue. Returns how many.

    Raises Invalid for a moment that is past or more than a day away.
    """
    if not at < until_at <= at + LONGEST:
        raise Invalid([("/until", "time_out_of_range", "选 24 小时以内、现在以后的时间")])
    me = person_of(by)
    values = {"until_at": until_at, "from_at": at, "reason": clean_text(reason)[0][:60]}
    Away.objects.update_or_create(user_id=me, defaults=values)
    waiting = Conversation.objects.filter(
        assignee_id=me, state=State.WITH_AGENT, awaiting_since__isnull=False
    )
    ids = list(waiting.order_by("awaiting_since").values_list("pk", flat=True))
    return sum(return_if_gone(conversation_id=pk, at=at) for pk in ids)


@transaction.atomic
def come_back(*, outlet_ids: list[int], by: Viewer, at: datetime) -> None:
    """He is there again, and gets what waits at his outlets."""
    Away.objects.filter(user_id=person_of(by)).delete()
    for outlet_id in outlet_ids:
        fill_room(outlet_id=outlet_id, at=at)
