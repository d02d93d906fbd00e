"""What we say in the very answer to a push: then it has gone out, and is not sent again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from yishi.conversations.actions.say import note_sent
from yishi.conversations.port import Answer, Incoming, PromptPlugin, ToSay
from yishi.conversations.queries.threads import get_message
from yishi.conversations.queries.windows import IN_THE_PUSH
from yishi.notifications.models import Delivery, DeliveryAttempt
from yishi.notifications.rules import MESSAGE


@transaction.atomic
def say_in_answer(
    *, plugin: PromptPlugin, incoming: Incoming, message_ids: list[int], at: datetime
) -> Answer | None:
    """The answer that holds as many of these as fit and have not gone out otherwise; None where none does.

    A channel that pushes the same again has not heard it: the same answer again.
    """
    waits = Q(state=Delivery.State.QUEUED, tries=0)
    said_so = Q(state=Delivery.State.SENT, extra__by=IN_THE_PUSH)
    rows = list(
        Delivery.objects.select_for_update(skip_locked=True)
        .filter(waits | said_so, subject_kind=MESSAGE, subject_id__in=[str(each) for each in message_ids])
        .order_by("pk")
    )
    said = [ToSay(row.body, get_message(int(row.subject_id))[1].options) for row in rows]
    answer, taken = plugin.say(incoming, said)
    for row in rows[:taken]:
        if row.state == Delivery.State.QUEUED:
            _note(row, at)
    return answer if taken else None


def _note(row: Delivery, at: datetime) -> None:
    row.state, row.due_at, row.sent_at = Delivery.State.SENT, None, at
    row.extra = {**row.extra, "by": IN_THE_PUSH}
    row.save(update_fields=["state", "due_at", "sent_at", "extra"])
    DeliveryAttempt.objects.create(
        delivery=row, at=at, outcome=DeliveryAttempt.Outcome.ACCEPTED, error="", took_ms=0
    )
    note_sent(message_id=int(row.subject_id), sent_as=IN_THE_PUSH, error="", at=at)
