"""A conversation belongs to a case: what was said there is part of the matter."""

from datetime import datetime

from django.db import transaction

from yishi.cases.models.talks import CaseConversation
from yishi.kit.live import nudge


@transaction.atomic
def link_conversation(*, case_id: int, conversation_id: int, at: datetime) -> None:
    """From now on the conversation is about this case; twice is once."""
    CaseConversation.objects.update_or_create(
        conversation_id=conversation_id, defaults={"case_id": case_id, "linked_at": at}
    )
    nudge(f"conversation:{conversation_id}")
