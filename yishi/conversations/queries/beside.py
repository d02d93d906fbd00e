"""What stands beside a conversation for the colleague who has it open: his draft, a file of it."""

from uuid import UUID

from yishi.conversations.models.messages import Attachment, Draft
from yishi.conversations.queries.threads import visible
from yishi.kit.errors import NotFound
from yishi.kit.models import StoredFile
from yishi.people.rules import Viewer


def draft_of(conversation_id: int, *, viewer: Viewer) -> str:
    """What this person has written and not sent."""
    rows = Draft.objects.filter(conversation_id=conversation_id, user_id=viewer.user_id or 0)
    row = rows.first()
    return row.text if row is not None else ""


def access_talk_file(*, viewer: Viewer, file_id: UUID) -> StoredFile:
    """The door to a file of a message: its conversation must be in sight. Raises NotFound."""
    links = Attachment.objects.filter(file_id=file_id, message__conversation__in=visible(viewer))
    found = links.select_related("file").first()
    if found is None:
        raise NotFound()
    return found.file
