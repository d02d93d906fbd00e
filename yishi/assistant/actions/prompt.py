"""A push that wants its answer at once: who wrote is answered before the push is."""

from collections.abc import Sequence
from datetime import datetime

from yishi.assistant.actions.turn import take_turn
from yishi.assistant.models import Turn
from yishi.conversations.port import Incoming
from yishi.conversations.queries.accounts import AccountCard
from yishi.conversations.queries.windows import heard_as


def answer_heard(*, card: AccountCard, incoming: Incoming, at: datetime) -> Sequence[int]:
    """Takes the assistant's turn for what the push holds, also where it came before; our messages' ids.

    The worker has the same to do and does it where this dies: each message is answered once.
    """
    numbers = [said.external_id for said in card.reader.read(incoming).said]
    heard = heard_as(card.id, numbers)
    for message_id in heard:
        take_turn(message_id=message_id, at=at)
    turns = Turn.objects.filter(message_id__in=heard).order_by("pk")
    return [each for ids in turns.values_list("reply_ids", flat=True) for each in ids]
