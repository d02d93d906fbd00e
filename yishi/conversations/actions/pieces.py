"""What comes in pieces: a long short-message is joined, files that the channel keeps are fetched."""

import io
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.conversations.actions.hold import tell
from yishi.conversations.models.messages import Attachment, Message
from yishi.conversations.models.pieces import MessagePart, PendingFile
from yishi.conversations.models.talk import ChannelAccount
from yishi.conversations.port import GivenFile, Said
from yishi.kit.errors import Refusal
from yishi.kit.files import Upload, store_upload
from yishi.kit.personal import keyed_hash
from yishi.kit.texts import clean_text

WAITED_FOR = timedelta(minutes=3)
"""How long the other pieces are waited for; gateways send them within seconds."""
_AGAIN = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))


def keep_part(*, account: ChannelAccount, said: Said, at: datetime) -> Said | None:
    """The whole message once all its pieces are there; None while some are missing."""
    part = said.part
    assert part is not None
    of_what = keyed_hash("talk:part", f"{said.address}/{part.of_what}").hex()
    MessagePart.objects.get_or_create(
        account=account,
        of_what=of_what,
        no=part.no,
        defaults={
            "external_id": said.external_id,
            "address": said.address,
            "of": part.of,
            "text": clean_text(said.text)[0],
            "at": said.said_at or at,
            "due_at": at + WAITED_FOR,
        },
    )
    return join_parts(account_id=account.pk, of_what=of_what, at=at)


def join_parts(*, account_id: int, of_what: str, at: datetime) -> Said | None:
    """The pieces in their order, once all are there or their time is up (then it says what is missing)."""
    rows = MessagePart.objects.select_for_update().filter(account_id=account_id, of_what=of_what)
    parts = list(rows.order_by("no"))
    if not parts or (len(parts) < parts[0].of and parts[0].due_at > at):
        return None
    by_no = {part.no: part.text for part in parts}
    text = "".join(by_no.get(no, _("［缺第 %(no)s 段］") % {"no": no}) for no in range(1, parts[0].of + 1))
    rows.delete()
    return Said(external_id=parts[0].external_id, address=parts[0].address, text=text, said_at=parts[0].at)


def want_files(*, message_id: int, files: tuple[GivenFile, ...], at: datetime) -> None:
    """Notes what must be fetched for a message."""
    PendingFile.objects.bulk_create(
        PendingFile(
            message_id=message_id,
            name=each.name[:120],
            content_type=each.content_type[:100],
            reference=each.reference[:500],
            due_at=at,
        )
        for each in files
        if each.reference and not each.body
    )


@transaction.atomic
def keep_file(*, pending_id: int, given: GivenFile, at: datetime) -> bool:
    """A file that was fetched belongs to its message; one that we cannot keep is named there. False where
    somebody else has fetched it."""
    pending = PendingFile.objects.select_for_update().filter(pk=pending_id).first()
    if pending is None:
        return False
    upload = Upload(
        name=given.name or pending.name,
        content_type=given.content_type or pending.content_type,
        stream=io.BytesIO(given.body),
    )
    try:
        with transaction.atomic():
            file = store_upload(upload=upload, retention_class="EVIDENCE", at=at)
    except Refusal as refused:
        return _give_up(pending, str(refused.title))
    Attachment.objects.create(message=pending.message, file=file)
    tell(pending.message.conversation)
    pending.delete()
    return True


@transaction.atomic
def note_not_fetched(*, pending_id: int, reason: str, is_final: bool, at: datetime) -> None:
    """Tried again three times; then the message says that the file did not come."""
    pending = PendingFile.objects.select_for_update().filter(pk=pending_id).first()
    if pending is None:
        return
    if is_final or pending.tries >= len(_AGAIN):
        _give_up(pending, reason)
        return
    pending.due_at = at + _AGAIN[pending.tries]
    pending.tries += 1
    pending.save(update_fields=["due_at", "tries"])


def _give_up(pending: PendingFile, reason: str) -> bool:
    message = Message.objects.select_for_update().get(pk=pending.message_id)
    line = _("［附件 %(name)s 没有收下：%(why)s］") % {"name": pending.name, "why": reason[:120]}
    message.text = f"{message.text}\n{line}".strip()
    message.save(update_fields=["text"])
    tell(message.conversation)
    pending.delete()
    return False
