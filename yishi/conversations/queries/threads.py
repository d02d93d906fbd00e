"""Conversations as they are shown: to the person who holds its token, to staff through one door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yishi.consignees.queries import phone_of_proof
from yishi.conversations.models.messages import Attachment, Message
from yishi.conversations.models.talk import Conversation, Participant
from yishi.conversations.queries.calls import UNPLAYED
from yishi.conversations.rules import Author, MessageKind, MessageState, State
from yishi.kit.errors import NotFound
from yishi.kit.hot import KeptQuery, hot_cursor
from yishi.kit.ids import token_hash
from yishi.kit.models import StoredFile
from yishi.kit.phrases import say
from yishi.people.queries import within_scope
from yishi.people.rules import Permission, Viewer

# what a person never sees: inner notes, and what is not sent
_HIDDEN = Q(kind=MessageKind.NOTE) | Q(state__in=[MessageState.HELD, MessageState.WITHDRAWN])
PAGE = 200


@dataclass(frozen=True)
class FileLine:
    """A file of a message; served only through a checked view."""

    file_id: UUID
    name: str
    content_type: str
    size: int
    words: str
    has_thumbnail: bool = False

    @property
    def is_played(self) -> bool:
        """Whether it is a sound that browsers play."""
        return self.content_type.startswith("audio/") and self.content_type not in UNPLAYED


@dataclass(frozen=True, kw_only=True)
class MessageLine:
    """One message as a page shows it."""

    id: int
    message_no: UUID
    author_kind: str
    author_name: str
    kind: str
    text: str
    options: Sequence[Any]
    data: dict[str, Any]
    external_id: str
    channel: str
    state: str
    failed_for: str
    is_automatic: bool
    at: datetime
    due_at: datetime | None
    files: tuple[FileLine, ...] = ()
    is_read: bool = False


@dataclass(frozen=True, kw_only=True)
class ConversationCard:
    """One conversation with who has it; `wait_of` is who it waits for."""

    id: int
    state: str
    channel: str
    language: str
    outlet_code: str
    outlet_name: str
    skill: str
    assignee_id: int | None
    assignee_name: str
    contact_id: int | None
    is_proven: bool
    shipment_id: int | None
    waybill_no: str
    subject: str
    priority: int
    handed_over_for: str
    handover: dict[str, Any] = field(default_factory=dict)
    opened_at: datetime
    last_message_at: datetime
    queued_at: datetime | None
    awaiting_since: datetime | None
    first_replied_at: datetime | None
    ended_at: datetime | None
    entry_point: str
    version: int

    @property
    def is_open(self) -> bool:
        return self.state != State.ENDED


_ANY_TOKEN = bytes(32)
_BY_ID = KeptQuery(lambda: _rows().filter(pk=-7001), -7001)
_BY_TOKEN = KeptQuery(lambda: _rows().filter(token_hash=_ANY_TOKEN), _ANY_TOKEN)


def get_conversation(conversation_id: int) -> ConversationCard:
    """For other rooms, without a look at who asks. Raises NotFound."""
    row = _BY_ID.first(conversation_id)
    if row is None:
        raise NotFound()
    return card_of(row)


def conversation_of_token(token: str) -> ConversationCard:
    """The one whose token somebody holds. Raises NotFound."""
    row = _BY_TOKEN.first(token_hash(token))
    if row is None:
        raise NotFound()
    return card_of(row)


def access_conversation(*, viewer: Viewer, conversation_id: int) -> ConversationCard:
    """The only door to a conversation on behalf of staff. NotFound for one out of sight."""
    row = visible(viewer).filter(pk=conversation_id).first()
    if row is None:
        raise NotFound()
    return card_of(row)


def visible(viewer: Viewer) -> "Any":
    """The conversations in a viewer's sight: of his outlets, and those that he has himself."""
    if not viewer.may(Permission.CASE_READ):
        return _rows().none()
    mine = Q(assignee_id=viewer.user_id) if viewer.user_id else Q()
    return _rows().filter(within_scope(viewer, "outlet__code") | mine)


def _rows() -> "Any":
    return Conversation.objects.select_related("outlet", "assignee")


def card_of(row: Conversation) -> ConversationCard:
    plain = {
        name: getattr(row, name)
        for name in ConversationCard.__dataclass_fields__
        if name not in ("id", "outlet_code", "outlet_name", "assignee_name")
    }
    return ConversationCard(
        id=row.pk,
        outlet_code=row.outlet.code if row.outlet else "",
        outlet_name=row.outlet.name if row.outlet else "",
        assignee_name=(row.assignee.name or row.assignee.username) if row.assignee else "",
        **plain,
    )


def list_messages(conversation_id: int, *, for_person: bool, after: int = 0) -> list[MessageLine]:
    """What was said after this message, oldest first, at most 200: the newest where there are more."""
    asked = _FOR_PERSON if for_person else _FOR_STAFF
    newest = asked.rows(conversation_id, after)[::-1]
    files = _files(conversation_id, newest[0].pk - 1) if newest else {}
    seen = seen_up_to(conversation_id, for_person=for_person)
    return [_line(row, tuple(files.get(row.pk, ())), seen) for row in newest]


def _after(hidden: Q) -> KeptQuery[Message]:
    def make() -> "Any":
        rows = Message.objects.filter(conversation_id=-7001, pk__gt=-7002).exclude(hidden)
        return rows.select_related("author").order_by("-pk")[:PAGE]

    return KeptQuery(make, -7001, -7002)


_FOR_PERSON, _FOR_STAFF = _after(_HIDDEN), _after(Q())


_FILES = KeptQuery(
    lambda: (
        Attachment.objects.filter(message__conversation_id=-7001, message_id__gt=-7002)
        .select_related("file")
        .order_by("pk")
    ),
    -7001,
    -7002,
)


def _files(conversation_id: int, after: int) -> dict[int, list[FileLine]]:
    files: dict[int, list[FileLine]] = {}
    for each in _FILES.rows(conversation_id, after):
        file = each.file
        line = FileLine(file.pk, file.name, file.content_type, file.size, each.words, file.has_thumbnail)
        files.setdefault(each.message_id, []).append(line)
    return files


_SEEN = """
SELECT coalesce(max(read_up_to), 0) FROM conversations_participant
 WHERE conversation_id = %s AND (kind = 'CONSUMER') <> %s
"""


def seen_up_to(conversation_id: int, *, for_person: bool) -> int:
    """How far the other side has read."""
    row = hot_cursor().execute(_SEEN, [conversation_id, for_person], prepare=True).fetchone()
    return int(row[0]) if row else 0


def _line(row: Message, files: tuple[FileLine, ...], seen: int) -> MessageLine:
    return MessageLine(
        id=row.pk,
        message_no=row.message_no,
        author_kind=row.author_kind,
        author_name=(row.author.name or row.author.username) if row.author else "",
        kind=row.kind,
        text=say(row.data.get("phrase")) or row.text,
        options=row.options,
        data=row.data,
        external_id=row.external_id,
        channel=row.channel,
        state=row.state,
        failed_for=row.failed_for,
        is_automatic=row.is_automatic,
        at=row.at,
        due_at=row.due_at,
        files=files,
        is_read=row.pk <= seen,
    )


_MESSAGE = KeptQuery(lambda: Message.objects.select_related("author").filter(pk=-7001), -7001)


def get_message(message_id: int) -> tuple[int, MessageLine]:
    """A message with its conversation's id, for other rooms. Raises NotFound."""
    row = _MESSAGE.first(message_id)
    if row is None:
        raise NotFound()
    return row.conversation_id, _line(row, (), 0)


def files_of(message_id: int) -> list[str]:
    """The ids of a message's files."""
    rows = Attachment.objects.filter(message_id=message_id).order_by("pk")
    return [str(each) for each in rows.values_list("file_id", flat=True)]


def proven_phone(proof: str) -> str:
    """The phone that a proof shows; '' where it counts no more."""
    return phone_of_proof(proof) if proof else ""


@dataclass(frozen=True)
class Recipient:
    """Where an answer goes: by which way in, to which address, in answer to which ids of the channel."""

    account_id: int | None
    account_code: str
    address: str
    room: str
    subject: str
    answers: tuple[str, ...]


def recipient_of(message_id: int) -> Recipient | None:
    """Whom a message of ours goes to: who wrote last by its channel; None where nobody did."""
    message = Message.objects.select_related("conversation").get(pk=message_id)
    people = Participant.objects.filter(
        conversation_id=message.conversation_id, kind=Author.CONSUMER, channel=message.channel
    ).select_related("account")
    whom = people.order_by("-wrote_at", "-pk").first()
    if whom is None or not whom.address:
        return None
    theirs = Message.objects.filter(
        conversation_id=message.conversation_id, channel=message.channel, pk__lt=message.pk
    ).exclude(external_id="")
    return Recipient(
        account_id=whom.account_id,
        account_code=whom.account.code if whom.account else "",
        address=whom.address,
        room=whom.room,
        subject=message.conversation.subject,
        answers=tuple(theirs.order_by("-pk").values_list("external_id", flat=True)[:10]),
    )


def file_for_person(conversation_id: int, file_id: UUID) -> StoredFile:
    """A file that the person sent or was sent in his conversation. Raises NotFound."""
    shown = Message.objects.filter(conversation_id=conversation_id).exclude(_HIDDEN)
    found = Attachment.objects.filter(message__in=shown, file_id=file_id).select_related("file").first()
    if found is None:
        raise NotFound()
    return found.file


@dataclass(frozen=True)
class Speaker:
    """Who wrote a message, by which way in."""

    account_id: int
    address: str
    room: str


def speaker_of(message_id: int) -> Speaker | None:
    """Who wrote it by a channel; None for what was written on our own page."""
    row = Message.objects.select_related("participant").get(pk=message_id)
    if row.participant is None or row.account_id is None:
        return None
    return Speaker(row.account_id, row.participant.address, row.participant.room)


def list_files_of_person(conversation_id: int) -> list[UUID]:
    """The files that the person has given in this conversation, oldest first."""
    rows = Attachment.objects.filter(
        message__conversation_id=conversation_id, message__author_kind=Author.CONSUMER
    )
    return list(rows.order_by("pk").values_list("file_id", flat=True))


def count_other_contacts(
    *, conversation_id: int, contact_id: int | None, waybill_no: str, since: datetime, until: datetime
) -> int:
    """Other conversations, by any channel, in which the same person or somebody about the same parcel wrote
    after `since` up to `until`."""
    addresses = Participant.objects.filter(conversation_id=conversation_id, kind=Author.CONSUMER).values_list(
        "address_hash", flat=True
    )
    same = Q(participants__address_hash__in=list(addresses))
    same |= Q(contact_id=contact_id) if contact_id else Q()
    same |= Q(waybill_no=waybill_no) if waybill_no else Q()
    wrote = Q(
        messages__author_kind=Author.CONSUMER,
        messages__is_automatic=False,
        messages__at__gt=since,
        messages__at__lte=until,
    )
    return Conversation.objects.exclude(pk=conversation_id).filter(same).filter(wrote).distinct().count()
