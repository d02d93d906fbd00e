"""What we say in a conversation goes out as a Delivery, where its channel is not our own page."""

from datetime import datetime, timedelta

from yishi.conversations.actions.marks import keep_unsaid
from yishi.conversations.actions.say import AT_ONCE, note_receipt
from yishi.conversations.queries.accounts import find_account
from yishi.conversations.queries.threads import files_of, get_conversation, get_message, recipient_of
from yishi.conversations.queries.windows import deeds_before
from yishi.conversations.rules import GROUPS, NO_ADDRESS, ONLY_IN_GROUP, MessageState, why_no_answer
from yishi.notifications.actions.queue import queue_delivery
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import Letter
from yishi.notifications.rules import EMAIL, MESSAGE, clean, one_line

IN_THE_PUSH_WITHIN = timedelta(seconds=10)
"""So long the answer to a push may carry it; then it goes out by itself."""


def send_message(*, message_id: int, at: datetime) -> bool:
    """Promises its sending in the present transaction; False where it is said on our own page.

    A message whose person cannot be reached there, or no longer, is FAILED at once, visibly. Who wrote to a
    group's robot alone is not answered before all: the answer stays with us.
    """
    conversation_id, message = get_message(message_id)
    if message.channel in AT_ONCE:
        return False
    whom = recipient_of(message_id)
    if whom is None:
        note_receipt(message_id=message_id, state=MessageState.FAILED, reason=NO_ADDRESS, at=at)
        return False
    account = find_account(whom.account_id) if whom.account_id else None
    if account is not None and not whom.room and account.channel in GROUPS and not account.answers_alone:
        keep_unsaid(message_id=message_id, reason=ONLY_IN_GROUP)
        return False
    deeds = deeds_before(message_id) if account is not None and account.windows else {}
    why_late = why_no_answer(account.windows, deeds, at=at) if account is not None else ""
    if account is not None and why_late and not account.answers_late:
        note_receipt(message_id=message_id, state=MessageState.FAILED, reason=why_late, at=at)
        return False
    is_prompt = account is not None and account.prompt is not None and message.author_kind == "ASSISTANT"
    talk = get_conversation(conversation_id)
    heading = one_line(whom.subject or message.text, 150) if message.channel == EMAIL else ""
    queue_delivery(
        kind=Delivery.Kind.MESSAGE,
        subject_kind=MESSAGE,
        subject_id=message_id,
        channel=message.channel,
        to=whom.address,
        letter=Letter(heading, clean(message.text)),
        language=talk.language,
        at=at,
        due_at=at + IN_THE_PUSH_WITHIN if is_prompt else at,
        account_id=whom.account_id,
        # the same number in our answer and in what answers it
        notice_id=message.message_no,
        extra={
            "room": whom.room,
            "answers": list(whom.answers),
            "options": list(message.options),
            "is_person": message.author_kind == "AGENT",
            "files": files_of(message_id),
            "is_late": bool(why_late),
        },
    )
    return True
