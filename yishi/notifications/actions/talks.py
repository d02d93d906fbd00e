"""What we say in a conversation goes out as a Delivery, where its channel is not our own page."""

from datetime import datetime

from yishi.conversations.actions.say import AT_ONCE, note_receipt
from yishi.conversations.queries.accounts import find_account
from yishi.conversations.queries.threads import files_of, get_conversation, get_message, recipient_of
from yishi.conversations.rules import MessageState
from yishi.notifications.actions.queue import queue_delivery
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import Letter
from yishi.notifications.rules import EMAIL, MESSAGE, clean, one_line


def send_message(*, message_id: int, at: datetime) -> bool:
    """Promises its sending in the present transaction; False where it is said on our own page.

    A message whose person cannot be reached there, or no longer, is FAILED at once, visibly.
    """
    conversation_id, message = get_message(message_id)
    if message.channel in AT_ONCE:
        return False
    whom = recipient_of(message_id)
    if whom is None:
        note_receipt(message_id=message_id, state=MessageState.FAILED, reason="no_address", at=at)
        return False
    account = find_account(whom.account_id) if whom.account_id else None
    if account is not None and not account.takes_answer(wrote_at=whom.last_wrote_at, at=at):
        note_receipt(message_id=message_id, state=MessageState.FAILED, reason="window_over", at=at)
        return False
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
        account_id=whom.account_id,
        # the same number in our answer and in what answers it
        notice_id=message.message_no,
        extra={
            "room": whom.room,
            "answers": list(whom.answers),
            "options": list(message.options),
            "is_person": message.author_kind == "AGENT",
            "files": files_of(message_id),
            "is_late": account is not None and account.is_late(wrote_at=whom.last_wrote_at, at=at),
        },
    )
    return True
