"""Read up to here, is typing, drafts, not to be sent: small marks that change no conversation."""

from datetime import datetime

from django.db import transaction

from yishi.conversations.actions.hold import checked_text, tell
from yishi.conversations.models.messages import Draft, Message
from yishi.conversations.models.talk import Conversation, Participant
from yishi.conversations.rules import Author, MessageState
from yishi.kit.live import nudge
from yishi.kit.personal import keyed_hash
from yishi.people.queries import person_of
from yishi.people.rules import Viewer


@transaction.atomic
def mark_read(*, conversation_id: int, message_id: int, by: Viewer | None, at: datetime) -> None:
    """The person (`by` None) or a colleague has seen everything up to this message; never goes back."""
    rows = Participant.objects.filter(conversation_id=conversation_id)
    if by is None:
        rows = rows.filter(kind=Author.CONSUMER)
    else:
        user_id = person_of(by)
        mark = keyed_hash("talk:staff", str(user_id))
        Participant.objects.get_or_create(
            conversation_id=conversation_id,
            channel="WEB",
            address_hash=mark,
            defaults={"kind": Author.AGENT, "user_id": user_id},
        )
        rows = rows.filter(user_id=user_id)
    if rows.filter(read_up_to__lt=message_id).update(read_up_to=message_id):
        nudge(f"conversation:{conversation_id}")


def tell_typing(*, conversation_id: int, is_staff: bool) -> None:
    """The other side's page shows for some seconds that somebody is writing; nothing is kept."""
    nudge(f"typing:{conversation_id}:{'staff' if is_staff else 'person'}")


@transaction.atomic
def keep_draft(*, conversation_id: int, text: str, by: Viewer, at: datetime) -> None:
    """What the colleague has written so far; an empty text forgets it."""
    user_id = person_of(by)
    if not text.strip():
        Draft.objects.filter(conversation_id=conversation_id, user_id=user_id).delete()
        return
    kept = checked_text(text)
    if Conversation.objects.filter(pk=conversation_id).exists():
        Draft.objects.update_or_create(
            conversation_id=conversation_id, user_id=user_id, defaults={"text": kept, "at": at}
        )


@transaction.atomic
def keep_unsaid(*, message_id: int, reason: str) -> None:
    """A message of ours that is not to go out, for a reason that we know: nothing went wrong."""
    message = Message.objects.select_for_update().get(pk=message_id)
    message.state, message.failed_for = MessageState.WITHDRAWN, reason
    message.save(update_fields=["state", "failed_for"])
    tell(message.conversation)
